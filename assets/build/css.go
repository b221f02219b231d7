package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// The cascade, lowest first. Each name is both a file in css and its cascade
// layer, so a rule in a later file wins over any rule in an earlier one whatever
// their selectors are. The files need no @layer of their own.
var layers = []string{"reset", "tokens", "base", "layout", "components", "editor", "states"}

// stylesheet joins css/*.css into one stripped sheet: the fonts, then the
// layers. hashed tells a font's name with its hash, and whether there is such a
// font.
func stylesheet(src fs.FS, hashed func(font string) (string, bool)) ([]byte, error) {
	if err := onlyKnown(src); err != nil {
		return nil, err
	}
	fonts, err := fs.ReadFile(src, "css/fonts.css")
	if err != nil {
		return nil, err
	}
	fonts, err = linkFonts(fonts, hashed)
	if err != nil {
		return nil, err
	}
	var sheet bytes.Buffer
	sheet.Write(fonts)
	for _, layer := range layers {
		content, err := fs.ReadFile(src, "css/"+layer+".css")
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&sheet, "@layer %s {%s}\n", layer, content)
	}
	return stripCSS(sheet.Bytes())
}

// onlyKnown refuses a file that would otherwise be left out without a word.
func onlyKnown(src fs.FS) error {
	paths, err := fs.Glob(src, "css/*.css")
	if err != nil {
		return err
	}
	for _, p := range paths {
		name := strings.TrimSuffix(path.Base(p), ".css")
		if !strings.Contains(" fonts "+strings.Join(layers, " ")+" ", " "+name+" ") {
			return fmt.Errorf("%s is no cascade layer: merge it into one of %v", p, layers)
		}
	}
	return nil
}

var fontURL = regexp.MustCompile(`url\("\.\./fonts/([^"]+)"\)`)

// linkFonts replaces the fonts' source paths by their hashed names. These stand
// beside the stylesheet, so a bare name finds them.
func linkFonts(css []byte, hashed func(font string) (string, bool)) ([]byte, error) {
	var faults []error
	out := fontURL.ReplaceAllFunc(css, func(match []byte) []byte {
		font := string(fontURL.FindSubmatch(match)[1])
		name, ok := hashed(font)
		if !ok {
			faults = append(faults, fmt.Errorf("css/fonts.css names fonts/%s, which does not exist", font))
		}
		return []byte("url(" + name + ")")
	})
	return out, errors.Join(faults...)
}

// stripCSS removes comments and the whitespace that no parser needs. It knows
// strings, comments and url(), and nothing of selectors or values: a blank goes
// only where a neighbour makes it meaningless in every context. So "a :hover"
// and "1px + 2px" keep theirs.
func stripCSS(css []byte) ([]byte, error) {
	out := make([]byte, 0, len(css))
	blank := false
	for i := 0; i < len(css); {
		c := css[i]
		switch {
		case bytes.HasPrefix(css[i:], []byte("/*")):
			end := bytes.Index(css[i:], []byte("*/"))
			if end < 0 {
				return nil, errors.New("css: a comment is not closed")
			}
			i += end + 2
			// A comment parts two tokens as a blank would not: a/**/b is no descendant.
			// Ours stand between blanks or punctuation, so say so instead of guessing.
			if !blank && len(out) > 0 && i < len(css) && nameByte(out[len(out)-1]) && nameByte(css[i]) {
				return nil, errors.New("css: put a blank beside the comment that parts two words")
			}
			continue
		case isBlank(c):
			blank = true
			i++
			continue
		}
		token, err := tokenAt(css[i:])
		if err != nil {
			return nil, err
		}
		if blank && len(out) > 0 && needsBlank(out[len(out)-1], c) {
			out = append(out, ' ')
		}
		blank = false
		if c == '}' {
			out = bytes.TrimSuffix(out, []byte(";"))
		}
		out = append(out, token...)
		i += len(token)
	}
	return out, nil
}

// tokenAt returns what must be copied as it stands: a string, an unquoted url(),
// or else one byte.
func tokenAt(css []byte) ([]byte, error) {
	switch {
	case css[0] == '"' || css[0] == '\'':
		for i := 1; i < len(css); i++ {
			if css[i] == '\\' {
				i++
			} else if css[i] == css[0] {
				return css[:i+1], nil
			}
		}
		return nil, errors.New("css: a string is not closed")
	case css[0] == '\\' && len(css) > 1:
		return css[:2], nil
	case bytes.HasPrefix(css, []byte("url(")):
		end := bytes.IndexByte(css, ')')
		if end < 0 {
			return nil, errors.New("css: a url() is not closed")
		}
		return css[:end+1], nil
	}
	return css[:1], nil
}

// needsBlank reports whether the blank between two bytes may carry meaning.
// Before ":" it is a descendant combinator, before "(" it keeps "and (" from
// becoming a function; after ":" and "(" it is nothing.
func needsBlank(before, after byte) bool {
	return !strings.ContainsRune("{};,>:(", rune(before)) && !strings.ContainsRune("{};,>)", rune(after))
}

func isBlank(c byte) bool { return strings.IndexByte(" \t\r\n\f", c) >= 0 }

func nameByte(c byte) bool {
	return c == '-' || c == '_' || c >= 0x80 || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
