package main

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"testing"
)

var token = regexp.MustCompile(`--([a-z-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)`)

// WCAG 2.2: 1.4.3 asks 4.5:1 of text, 1.4.11 3:1 of a control's border.
func TestColoursKeepTheirContrastInBothSchemes(t *testing.T) {
	t.Parallel()
	css, err := fs.ReadFile(assetsDir, "css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	schemes := [2]map[string]string{{}, {}}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		schemes[0][m[1]], schemes[1][m[1]] = m[2], m[3]
	}
	grounds := []string{"paper", "raised", "tint", "wrong-wash", "kept-wash"}
	least := map[string]float64{"ink": 4.5, "soft": 4.5, "accent": 4.5, "wrong": 4.5, "kept": 4.5, "name": 4.5, "edge": 3}
	for i, scheme := range []string{"light", "dark"} {
		for colour, want := range least {
			for _, ground := range grounds {
				got := contrast(t, schemes[i][colour], schemes[i][ground])
				if got < want {
					t.Errorf("%s: %s on %s has %.2f:1, want %.1f:1", scheme, colour, ground, got, want)
				}
			}
		}
	}
}

// contrast is WCAG's ratio of two colours' relative luminance.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(hex, 16, 24)
	if err != nil {
		t.Fatalf("colour %q: %v", hex, err)
	}
	linear := func(shift uint) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
