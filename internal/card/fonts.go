package card

import (
	_ "embed"
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The fonts and where they are from: fonts/README.md.
var (
	//go:embed fonts/newsreader.ttf
	newsreader []byte
	//go:embed fonts/figtree.ttf
	figtree []byte
	//go:embed fonts/sourceserif.ttf
	sourceSerif []byte
	//go:embed fonts/frankruhl.ttf
	frankRuhl []byte
)

// A letter is drawn in the first font that has it.
var (
	serif = sync.OnceValue(func() []*sfnt.Font { return parsed(newsreader, sourceSerif, frankRuhl) })
	sans  = sync.OnceValue(func() []*sfnt.Font { return parsed(figtree, sourceSerif, frankRuhl) })
)

func parsed(files ...[]byte) (fonts []*sfnt.Font) {
	for _, file := range files {
		made, err := sfnt.Parse(file)
		if err != nil { // a fault in the program's own files, which its tests read
			panic(fmt.Sprintf("card: %v", err))
		}
		fonts = append(fonts, made)
	}
	return fonts
}

// typeface is fonts in one size. It serves one drawing at a time.
type typeface struct {
	fonts  []*sfnt.Font
	faces  []font.Face
	buffer sfnt.Buffer
}

// inSize makes a typeface of so many pixels a line's body.
func inSize(fonts []*sfnt.Font, pixels float64) *typeface {
	made := &typeface{fonts: fonts}
	for _, each := range fonts {
		face, err := opentype.NewFace(each, &opentype.FaceOptions{Size: pixels, DPI: 72, Hinting: font.HintingNone})
		if err != nil { // it returns none
			panic(fmt.Sprintf("card: %v", err))
		}
		made.faces = append(made.faces, face)
	}
	return made
}

// faceOf is the face that has a letter, or nil.
func (t *typeface) faceOf(r rune) font.Face {
	for i, each := range t.fonts {
		if index, err := each.GlyphIndex(&t.buffer, r); err == nil && index != 0 {
			return t.faces[i]
		}
	}
	return nil
}

func (t *typeface) has(r rune) bool { return t.faceOf(r) != nil }

// width is how far a text goes. A letter that no font has takes no room.
func (t *typeface) width(text string) fixed.Int26_6 {
	var end fixed.Int26_6
	t.each(text, func(_ font.Face, _ rune, _, after fixed.Int26_6) { end = after })
	return end
}

// each goes along a text as it is seen, from the left: a letter's face, and how far the
// text goes before and after it.
func (t *typeface) each(text string, visit func(face font.Face, r rune, before, after fixed.Int26_6)) {
	var at fixed.Int26_6
	var last font.Face
	lastRune := rune(-1)
	for _, r := range text {
		face := t.faceOf(r)
		if face == nil {
			continue
		}
		if face == last {
			at += face.Kern(lastRune, r)
		}
		advance, _ := face.GlyphAdvance(r)
		visit(face, r, at, at+advance)
		at, last, lastRune = at+advance, face, r
	}
}
