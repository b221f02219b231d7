package sqlite

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// preset is a column's DEFAULT, which rows have that are older than the column (2.1). SQLite adds a
// column to a table with rows only if this is a literal.
type preset struct {
	is         bool // there is one
	literal    token
	isNegative bool
	isOther    bool // than a literal
}

// byDefault is the column's value in a row that has none. Where its default is no plain literal
// that is not known here.
func (c *column) byDefault(most int64) (Value, error) {
	if !c.isKnown {
		return Value{}, fmt.Errorf("%w: the default of column %q is no literal", ErrUnsupported, c.name)
	}
	if text, ok := c.absent.Data.(string); ok && int64(len(text)) > most {
		return Value{Kind: Text}, nil
	}
	return c.absent, nil
}

// readPreset reads a literal after DEFAULT, with a sign or in parentheses. Of anything else it goes
// past what is in parentheses.
func (p *parser) readPreset() (made preset) {
	depth := 0
	for made.is = true; p.is("(", "+", "-"); p.advance() {
		switch {
		case p.is("("):
			depth++
		case p.is("-"):
			made.isOther = made.isNegative // twice
			made.isNegative = true
		}
	}
	made.literal = p.token
	for p.advance(); depth > 0 && p.is(")"); depth-- {
		p.advance()
	}
	if depth > 0 {
		made.isOther = true
		p.leaveParentheses(depth)
	}
	return made
}

// leaveParentheses goes past the end of so many of them.
func (p *parser) leaveParentheses(depth int) {
	for ; depth > 0 && p.kind != endToken; p.advance() {
		switch {
		case p.is("("):
			depth++
		case p.is(")"):
			depth--
		}
	}
}

// value is what a column makes of the literal, or a null without one. A word is a text.
func (d preset) value(like affinity) (Value, bool) {
	t := d.literal
	switch {
	case !d.is:
		return Value{Kind: Null}, true
	case d.isOther:
		return Value{}, false
	case t.kind == numberToken:
		return numberLiteral(strings.ReplaceAll(t.text, "_", ""), d.isNegative, like)
	case d.isNegative, t.is("CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"):
		return Value{}, false
	case t.is("NULL"):
		return Value{Kind: Null}, true
	case t.is("TRUE"):
		return like.ofInteger(1), true
	case t.is("FALSE"):
		return like.ofInteger(0), true
	case t.kind == blobToken:
		return Value{Kind: Blob}, true
	case t.isName():
		return like.ofText(t.text), true
	}
	return Value{}, false
}

// numberLiteral reads a number. One that is no integer of 64 bits stays as it is written where the
// column likes texts.
func numberLiteral(text string, isNegative bool, like affinity) (Value, bool) {
	if hex, ok := strings.CutPrefix(strings.ToLower(text), "0x"); ok {
		bits, err := strconv.ParseUint(hex, 16, 64)
		return like.ofInteger(int64(bits)), err == nil && !isNegative
	}
	if isNegative {
		text = "-" + text
	}
	if whole, err := strconv.ParseInt(text, 10, 64); err == nil {
		return like.ofInteger(whole), true
	}
	if like == textAffinity {
		return Value{Text, text}, isNumber.MatchString(text)
	}
	number, ok := parseReal(text)
	if like == blobAffinity {
		return Value{Real, number}, ok
	}
	return like.ofReal(number), ok
}

// ofInteger is what a column of that affinity makes of a whole number (sqlite.org/datatype3.html, 3.1).
func (a affinity) ofInteger(whole int64) Value {
	switch a {
	case textAffinity:
		return Value{Text, strconv.FormatInt(whole, 10)}
	case realAffinity:
		return Value{Real, float64(whole)}
	}
	return Value{Integer, whole}
}

// ofReal is what a column that likes numbers makes of one: an integer if that is the same.
func (a affinity) ofReal(number float64) Value {
	isWhole := number == math.Trunc(number) && number > math.MinInt64 && number < math.MaxInt64
	if a != realAffinity && isWhole {
		return Value{Integer, int64(number)}
	}
	return Value{Real, number}
}

// isNumber is how SQLite writes a number within a text.
var isNumber = regexp.MustCompile(`^[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t\n\v\f\r]*$`)

func parseReal(text string) (number float64, ok bool) {
	if !isNumber.MatchString(text) {
		return 0, false
	}
	number, _ = strconv.ParseFloat(strings.TrimSpace(text), 64) // out of range it is infinite, as in SQLite
	return number, true
}

// ofText is what a column makes of a text: a number, if it likes those and the text is one.
func (a affinity) ofText(text string) Value {
	if a == blobAffinity || a == textAffinity {
		return Value{Text, text}
	}
	if whole, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil && isNumber.MatchString(text) {
		return a.ofInteger(whole)
	}
	if number, ok := parseReal(text); ok {
		return a.ofReal(number)
	}
	return Value{Text, text}
}
