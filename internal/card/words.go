package card

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// mostMissing is how many letters of a hundred may be missing from a text that is drawn
// all the same.
const mostMissing = 10

// most is how many letters are looked at: more than any picture holds.
const most = 400

// drawable is a text as the typeface can draw it, on one line. Pictures, signs and marks that it
// has not are left out; if letters are missing, too, so that words could no longer be read, it is empty.
func (t *typeface) drawable(text string) string {
	var made strings.Builder
	letters, missing := 0, 0
	for _, r := range beginning(norm.NFC.String(text)) {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if letter {
			letters++
		}
		switch found := t.plainer(r); {
		case unicode.IsSpace(r):
			made.WriteByte(' ')
		case found != "":
			made.WriteString(found)
		case letter:
			missing++
		}
	}
	if letters == missing || missing*100 > letters*mostMissing {
		return ""
	}
	return strings.Join(strings.Fields(made.String()), " ")
}

func beginning(text string) string {
	count := 0
	for at := range text {
		if count++; count > most {
			return text[:at]
		}
	}
	return text
}

// plainer is a letter itself or, where no font has it, what it means (𝐀 is A, ﹪ is %) or its
// letter without the marks, or nothing.
func (t *typeface) plainer(r rune) string {
	for _, tried := range []string{string(r), norm.NFKC.String(string(r)), unmarked(r)} {
		if !strings.ContainsFunc(tried, func(each rune) bool { return !t.has(each) }) {
			return tried
		}
	}
	return ""
}

func unmarked(r rune) string {
	return strings.Map(func(each rune) rune {
		if unicode.IsMark(each) {
			return -1
		}
		return each
	}, norm.NFKD.String(string(r)))
}

// fromRight tells whether a text's first letter with a direction is written from right to left.
func fromRight(text string) bool {
	for _, r := range text {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

const (
	leftMark  = "\u200e" // a letter from left to right that is not seen
	rightMark = "\u200f"
)

// asSeen is one line of a text in the order in which its letters stand, from the left. The mark
// before it says how the whole text goes, of which the line may be an odd part.
func asSeen(line string, right bool) string {
	mark := leftMark
	if right {
		mark = rightMark
	}
	var paragraph bidi.Paragraph
	if _, err := paragraph.SetString(mark + line); err != nil {
		return line
	}
	order, err := paragraph.Order()
	if err != nil {
		return line
	}
	var runs []string
	for i := range order.NumRuns() {
		run := order.Run(i)
		text := run.String()
		if run.Direction() == bidi.RightToLeft {
			text = bidi.ReverseString(text)
		}
		runs = append(runs, text)
	}
	if right {
		slices.Reverse(runs)
	}
	return strings.NewReplacer(leftMark, "", rightMark, "").Replace(strings.Join(runs, ""))
}
