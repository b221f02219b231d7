// Package merge brings two texts together that grew from one: what was changed in
// only one of them is taken over, what was changed in both is shown as a clash.
package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Side says where a piece of a merged text comes from.
type Side int

// The sides of a piece.
const (
	Same   Side = iota // unchanged, or changed alike by both
	Mine               // changed by me only
	Theirs             // changed by them only
	Clash              // changed by both, differently
)

// Piece is a stretch of a merged text. In a clash Mine and Theirs are the two
// readings and Text is empty; else Text is what stands in the result and Base
// what stood there before.
type Piece struct {
	Side         Side
	Base, Text   string
	Mine, Theirs string
}

// As is what one side, Mine or Theirs, has in the place of the piece.
func (p Piece) As(side Side) string {
	switch {
	case p.Side == Clash && side == Mine:
		return p.Mine
	case p.Side == Clash:
		return p.Theirs
	case p.Side == Same || p.Side == side:
		return p.Text
	}
	return p.Base
}

// Result is a merge, piece by piece from the beginning to the end.
type Result []Piece

// Clashes tells whether both sides changed the same place differently.
func (r Result) Clashes() bool {
	for _, piece := range r {
		if piece.Side == Clash {
			return true
		}
	}
	return false
}

// Text is the merged text. In a clash, mine stands first and theirs after it, so
// that no word of either is missing.
func (r Result) Text() string {
	var text strings.Builder
	for _, piece := range r {
		if piece.Side == Clash {
			text.WriteString(piece.Mine)
			text.WriteString(apart(piece.Mine, piece.Theirs))
			text.WriteString(piece.Theirs)
			continue
		}
		text.WriteString(piece.Text)
	}
	return text.String()
}

// apart keeps the last word of mine and the first of theirs from growing together.
func apart(mine, theirs string) string {
	last, _ := utf8.DecodeLastRuneInString(mine)
	first, _ := utf8.DecodeRuneInString(theirs)
	if mine == "" || theirs == "" || unicode.IsSpace(last) || unicode.IsSpace(first) {
		return ""
	}
	if strings.Contains(mine, "\n") || strings.Contains(theirs, "\n") {
		return "\n"
	}
	return " "
}

// maxFine bounds, in bytes of all texts together, the second and finer look at one
// changed place: more is no sentence, and a clash loses nothing.
const maxFine = 1 << 18

// Three merges by lines and, where both changed the same lines, by words. Where that
// clashes too, whole sentences clash: two readings of a sentence can be read, their
// shuffled words cannot.
func Three(base, mine, theirs string) Result {
	var result Result
	for _, piece := range three(lines(base), lines(mine), lines(theirs)) {
		if piece.Side == Clash {
			result = append(result, within(piece)...)
			continue
		}
		result = append(result, piece)
	}
	return result
}

// within merges lines that both changed: by words, else sentence by sentence.
func within(clash Piece) (result Result) {
	if len(clash.Base)+len(clash.Mine)+len(clash.Theirs) > maxFine {
		return Result{clash}
	}
	if merged := byWords(clash); !merged.Clashes() {
		return merged
	}
	for _, piece := range three(sentences(clash.Base), sentences(clash.Mine), sentences(clash.Theirs)) {
		if piece.Side == Clash {
			result = append(result, byWords(piece)...)
			continue
		}
		result = append(result, piece)
	}
	return result
}

// byWords merges what both changed, or leaves it a clash as a whole.
func byWords(clash Piece) Result {
	merged := three(words(clash.Base), words(clash.Mine), words(clash.Theirs))
	if merged.Clashes() {
		return Result{clash}
	}
	return merged
}

// three is diff3 (Khanna, Kunal and Pierce, "A formal investigation of diff3",
// 2007): the base is cut where it is unchanged in both, and each stretch between
// two cuts is judged by itself.
func three(base, mine, theirs []string) (result Result) {
	atBase, atMine, atTheirs := 0, 0, 0
	for _, s := range stable(align(base, mine), align(base, theirs)) {
		result = judge(result, base[atBase:s.base], mine[atMine:s.mine], theirs[atTheirs:s.theirs])
		same := join(base[s.base : s.base+s.n])
		result = append(result, Piece{Side: Same, Base: same, Text: same})
		atBase, atMine, atTheirs = s.base+s.n, s.mine+s.n, s.theirs+s.n
	}
	return judge(result, base[atBase:], mine[atMine:], theirs[atTheirs:])
}

func judge(result Result, base, mine, theirs []string) Result {
	b, m, t := join(base), join(mine), join(theirs)
	switch {
	case b == "" && m == "" && t == "":
		return result
	case m == t:
		return append(result, Piece{Side: Same, Base: b, Text: m})
	case m == b:
		return append(result, Piece{Side: Theirs, Base: b, Text: t})
	case t == b:
		return append(result, Piece{Side: Mine, Base: b, Text: m})
	}
	return append(result, Piece{Side: Clash, Base: b, Mine: m, Theirs: t})
}

// stretch is n tokens that are the same in all three.
type stretch struct{ base, mine, theirs, n int }

// stable intersects what the base shares with each side.
func stable(withMine, withTheirs []run) (common []stretch) {
	for len(withMine) > 0 && len(withTheirs) > 0 {
		m, t := withMine[0], withTheirs[0]
		from, to := max(m.A, t.A), min(m.A+m.N, t.A+t.N)
		if from < to {
			common = append(common, stretch{from, m.B + from - m.A, t.B + from - t.A, to - from})
		}
		if m.A+m.N <= t.A+t.N {
			withMine = withMine[1:]
		} else {
			withTheirs = withTheirs[1:]
		}
	}
	return common
}
