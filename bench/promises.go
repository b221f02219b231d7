package main

import (
	"fmt"
	"strings"
)

// promise is a bound that a figure is to keep.
type promise struct {
	what         string // such as "home: of nginx's rate"
	value, bound float64
	atMost       bool // else at least
}

func (p promise) kept() bool {
	if p.atMost {
		return p.value <= p.bound
	}
	return p.value >= p.bound
}

// promises is a list of what was promised and what came of it.
func promises(all ...promise) string {
	var text strings.Builder
	text.WriteString("\n")
	for _, p := range all {
		side, verdict := "at least", "kept"
		if p.atMost {
			side = "at most"
		}
		if !p.kept() {
			verdict = "**not kept**"
		}
		fmt.Fprintf(&text, "- %s **%.2f**; promised is %s %.4g: %s.\n", p.what, p.value, side, p.bound, verdict)
	}
	return text.String()
}
