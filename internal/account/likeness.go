package account

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookalikes are letters of Greek and Cyrillic and the Latin letters and digits that a reader
// takes them for, and Latin letters without a dot or with a stroke: the single characters of
// Unicode's confusables (UTS #39) for a to z, after folding.
var lookalikes = strings.NewReplacer(
	"а", "a", "α", "a", "ɑ", "a", "в", "b", "ь", "b", "ꮟ", "b", "с", "c", "ϲ", "c", "ԁ", "d", "ɗ", "d",
	"е", "e", "ҽ", "e", "є", "e", "ε", "e", "ғ", "f", "ϝ", "f", "ɡ", "g", "ց", "g", "һ", "h", "н", "h", "հ", "h",
	"і", "i", "ι", "i", "ı", "i", "ɩ", "i", "ӏ", "l", "ј", "j", "ϳ", "j", "к", "k", "κ", "k", "м", "m", "μ", "m",
	"п", "n", "η", "n", "ո", "n", "о", "o", "ο", "o", "σ", "o", "ѳ", "o", "օ", "o", "р", "p", "ρ", "p", "ԛ", "q", "զ", "q",
	"г", "r", "ѕ", "s", "ꜱ", "s", "т", "t", "τ", "t", "υ", "u", "ս", "u", "ʋ", "u", "ѵ", "v", "ν", "v", "ԝ", "w", "ω", "w", "ѡ", "w",
	"х", "x", "χ", "x", "у", "y", "γ", "y", "ү", "y", "ζ", "z", "ᴢ", "z", "з", "3", "б", "6", string(emojiStyle), "",
)

// likeness is what a reader sees of a name: two that have the same are taken for one another.
// Forms of a letter are that letter (NFKC), capitals are small, lookalikes are what they look
// like, and blanks between words are one.
func likeness(name string) string {
	return strings.Join(strings.Fields(lookalikes.Replace(fold(norm.NFKC.String(name)))), " ")
}

// mixesAlphabets tells whether a word has letters of Latin beside some of Greek or Cyrillic:
// no language writes so, and whoever wants to pass for another does.
func mixesAlphabets(name string) bool {
	for word := range strings.FieldsFuncSeq(norm.NFKC.String(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		scripts := 0
		for _, script := range []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic} {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(script, r) }) {
				scripts++
			}
		}
		if scripts > 1 {
			return true
		}
	}
	return false
}

// ignorable are characters that a font leaves out (Unicode's Default_Ignorable_Code_Point)
// or that are blank by design, such as the empty pattern of Braille.
var ignorable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00ad, Hi: 0x00ad, Stride: 1}, {Lo: 0x034f, Hi: 0x034f, Stride: 1}, {Lo: 0x061c, Hi: 0x061c, Stride: 1},
		{Lo: 0x115f, Hi: 0x1160, Stride: 1}, {Lo: 0x17b4, Hi: 0x17b5, Stride: 1}, {Lo: 0x180b, Hi: 0x180f, Stride: 1},
		{Lo: 0x200b, Hi: 0x200f, Stride: 1}, {Lo: 0x202a, Hi: 0x202e, Stride: 1}, {Lo: 0x2060, Hi: 0x206f, Stride: 1},
		{Lo: 0x2800, Hi: 0x2800, Stride: 1}, {Lo: 0x3164, Hi: 0x3164, Stride: 1}, {Lo: 0xfe00, Hi: 0xfe0f, Stride: 1},
		{Lo: 0xfeff, Hi: 0xfeff, Stride: 1}, {Lo: 0xffa0, Hi: 0xffa0, Stride: 1}, {Lo: 0xfff0, Hi: 0xfff8, Stride: 1},
	},
	R32:         []unicode.Range32{{Lo: 0x1bca0, Hi: 0x1bca3, Stride: 1}, {Lo: 0x1d173, Hi: 0x1d17a, Stride: 1}, {Lo: 0xe0000, Hi: 0xe0fff, Stride: 1}},
	LatinOffset: 1,
}

// emojiStyle asks for a symbol in colours, and hides after anything else.
const emojiStyle = '\ufe0f'

// hidesSomething tells whether a name has a character that shows nothing, or turns what is around it.
func hidesSomething(name string) bool {
	before := rune(0)
	for _, r := range name {
		hidden := r != ' ' && unseen(r) || unicode.Is(ignorable, r)
		if hidden && (r != emojiStyle || !unicode.IsSymbol(before)) {
			return true
		}
		before = r
	}
	return false
}
