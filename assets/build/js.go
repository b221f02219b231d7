package main

import (
	"bytes"
	"errors"
	"fmt"
)

// stripJS removes from our own scripts the lines that are comment only, blank
// lines and indentation. It works by lines, since telling a regular expression
// from a division takes a parser; the price is that it refuses the two places
// where a line's start is content: a template literal or string that spans
// lines.
func stripJS(js []byte) ([]byte, error) {
	var out bytes.Buffer
	inComment := false
	for i, line := range bytes.Split(js, []byte("\n")) {
		line = bytes.TrimSpace(line)
		switch {
		case inComment:
			inComment = !bytes.HasSuffix(line, []byte("*/"))
			continue
		case bytes.HasPrefix(line, []byte("/*")):
			inComment = !bytes.HasSuffix(line, []byte("*/"))
			continue
		case len(line) == 0 || bytes.HasPrefix(line, []byte("//")):
			continue
		case bytes.Count(line, []byte("`"))%2 == 1 || bytes.HasSuffix(line, []byte(`\`)):
			return nil, fmt.Errorf("line %d: a text that spans lines would lose its indentation", i+1)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	if inComment {
		return nil, errors.New("a comment is not closed at the end of a line")
	}
	return out.Bytes(), nil
}
