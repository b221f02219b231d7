package card

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// The colours of the light page (assets/css/tokens.css).
var (
	paper  = color.RGBA{0xfb, 0xfa, 0xf7, 0xff}
	ink    = color.RGBA{0x1d, 0x1f, 0x23, 0xff}
	soft   = color.RGBA{0x5d, 0x60, 0x68, 0xff}
	accent = color.RGBA{0xa8, 0x32, 0x1f, 0xff}
)

// Measures in pixels.
const (
	margin    = 84
	inner     = Width - 2*margin
	barTop    = 84
	barWidth  = 72
	barHeight = 8
	titleTop  = 128 // the room of the title
	titleEnd  = 508
	footLine  = 556 // on which the names stand
	footSize  = 32
	gap       = 48 // between them
)

// sizes are what a title is set in, and how many lines of it there may be: the longer, the smaller.
var sizes = []struct {
	pixels float64
	lines  int
}{{96, 2}, {84, 3}, {72, 4}, {62, 5}}

// leading is a line's height in hundredths of its size.
const leading = 112

// steps are how many shades the edge of a letter has. Fewer make a smaller picture.
const steps = 20

// Draw makes the picture: a PNG of Width and Height.
func Draw(words Words) ([]byte, error) {
	sheet := newSheet()
	names := inSize(sans(), footSize)
	title, author, blog := inSize(serif(), 1).drawable(words.Title), names.drawable(words.Author), names.drawable(words.Blog)
	if title == "" {
		title, author, blog = inSize(serif(), 1).drawable(words.Blog), "", ""
	}
	right := fromRight(title)
	sheet.bar(right)
	sheet.title(title, right)
	sheet.foot(names, author, blog, right)
	return sheet.encoded()
}

// sheet is where a picture is drawn: for each colour how much of it covers each pixel.
type sheet struct{ ink, soft, accent *image.Alpha }

func newSheet() *sheet {
	whole := image.Rect(0, 0, Width, Height)
	return &sheet{image.NewAlpha(whole), image.NewAlpha(whole), image.NewAlpha(whole)}
}

func (s *sheet) bar(right bool) {
	left := margin
	if right {
		left = Width - margin - barWidth
	}
	draw.Draw(s.accent, image.Rect(left, barTop, left+barWidth, barTop+barHeight), image.Opaque, image.Point{}, draw.Src)
}

// title sets the title in the largest size that holds it, in the middle of its room.
func (s *sheet) title(text string, right bool) {
	if text == "" {
		return
	}
	var face *typeface
	var lines []string
	var height int
	for _, size := range sizes {
		face, height = inSize(serif(), size.pixels), int(size.pixels)*leading/100
		lines = face.wrap(face.cut(text, fixed.I(inner)), fixed.I(inner))
		if len(lines) <= size.lines {
			break
		}
		lines = face.shorten(face.fill(face.cut(text, fixed.I(inner)), fixed.I(inner)), size.lines, fixed.I(inner))
	}
	baseline := titleTop + (titleEnd-titleTop-len(lines)*height)/2 + height*78/100
	for _, line := range lines {
		s.line(s.ink, face, line, baseline, right, right)
		baseline += height
	}
}

// foot names the author where a line begins, and the blog where it ends.
func (s *sheet) foot(face *typeface, author, blog string, right bool) {
	half := fixed.I((inner - gap) / 2)
	room := func(other string) fixed.Int26_6 { // that the other name leaves, at least half
		return max(half, fixed.I(inner-gap)-face.width(other))
	}
	name := face.shortened(author, room(blog))
	s.line(s.ink, face, name, footLine, right, fromRight(name))
	blog = face.shortened(blog, room(name))
	s.line(s.soft, face, blog, footLine, !right, fromRight(blog))
}

// shortened is as much of a text as the width holds.
func (t *typeface) shortened(text string, width fixed.Int26_6) string {
	if t.width(text) <= width {
		return text
	}
	return t.head(text, width-t.width(ellipsis)) + ellipsis
}

// line draws one line at the left margin or the right one.
func (s *sheet) line(to *image.Alpha, face *typeface, text string, baseline int, atRight, fromRight bool) {
	seen := asSeen(text, fromRight)
	start := fixed.I(margin)
	if atRight {
		start = fixed.I(Width-margin) - face.width(seen)
	}
	face.each(seen, func(each font.Face, r rune, before, _ fixed.Int26_6) {
		box, mask, from, _, ok := each.Glyph(fixed.Point26_6{X: start + before, Y: fixed.I(baseline)}, r)
		if ok {
			draw.DrawMask(to, box, image.Opaque, image.Point{}, mask, from, draw.Over)
		}
	})
}

// encoded is the sheet as a PNG with few colours.
func (s *sheet) encoded() ([]byte, error) {
	palette := color.Palette{paper}
	made := image.NewPaletted(image.Rect(0, 0, Width, Height), nil)
	for _, layer := range []struct {
		cover *image.Alpha
		color color.RGBA
	}{{s.ink, ink}, {s.soft, soft}, {s.accent, accent}} {
		for i, cover := range layer.cover.Pix {
			if shade := shadeOf(cover); shade > 0 {
				made.Pix[i] = uint8(len(palette) - 1 + shade)
			}
		}
		palette = append(palette, shades(layer.color)...)
	}
	made.Palette = palette
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	err := encoder.Encode(&file, made)
	return file.Bytes(), err
}

func shadeOf(cover uint8) int { return (int(cover)*steps + 127) / 255 }

// shades lead from the paper to a colour, without the paper.
func shades(to color.RGBA) (made color.Palette) {
	mixed := func(a, b uint8, step int) uint8 { return uint8((int(a)*(steps-step) + int(b)*step) / steps) }
	for step := 1; step <= steps; step++ {
		made = append(made, color.RGBA{mixed(paper.R, to.R, step), mixed(paper.G, to.G, step), mixed(paper.B, to.B, step), 0xff})
	}
	return made
}
