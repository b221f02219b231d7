package card

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/math/fixed"
)

// mostBytes is what a picture may weigh.
const mostBytes = 60_000

// hard are words that are hard to draw.
var hard = map[string]Words{
	"plain":    {"The tide tables were wrong again", "Ada Lovelace", "Harbour Notes"},
	"long":     {strings.Repeat("Every harbour keeps two clocks, and one of them is wrong. ", 40), strings.Repeat("Ada ", 100), strings.Repeat("Notes ", 100)},
	"one word": {strings.Repeat("Donaudampfschifffahrt", 50), strings.Repeat("a", 400), strings.Repeat("b", 400)},
	"narrow":   {strings.Repeat("i", 5000), "i", "i"},
	"marks":    {"e" + strings.Repeat("\u0301", 3000), "Z\u0351\u0352\u0353algo", "\u202eevil\u2066"},
	"dense":    {strings.Repeat("@#%&8B ", 60), strings.Repeat("@#%&8B ", 5), strings.Repeat("@#%&8B ", 5)},
	"hebrew":   {"שלום עולם: 12 דברים על PostgreSQL", "עדה", "Harbour Notes"},
	"damaged":  {"\xff\xfe\x00\n\t", "\xff", "\x00"},
	"nothing":  {},
}

func drawn(t *testing.T, words Words) image.Image {
	t.Helper()
	file, err := Draw(words)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > mostBytes {
		t.Errorf("%d bytes", len(file))
	}
	made, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// marked is the part of a picture that is not paper, in a part of it.
func marked(made image.Image, within image.Rectangle) (found image.Rectangle) {
	for y := within.Min.Y; y < within.Max.Y; y++ {
		for x := within.Min.X; x < within.Max.X; x++ {
			if made.At(x, y) != paper {
				found = found.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return found
}

var (
	whole    = image.Rect(0, 0, Width, Height)
	titled   = image.Rect(0, barTop+barHeight, Width, footLine-footSize)
	ofAuthor = image.Rect(0, footLine-footSize, Width/2, Height)
	ofBlog   = image.Rect(Width/2, footLine-footSize, Width, Height)
)

func TestWhateverTheWordsThePictureKeepsItsSizeItsWeightAndItsMargins(t *testing.T) {
	t.Parallel()
	for name, words := range hard {
		t.Run(name, func(t *testing.T) {
			made := drawn(t, words)
			if made.Bounds() != whole {
				t.Errorf("it is %v", made.Bounds())
			}
			// The edge of a letter may lean out a little, and reaches below its line.
			within := image.Rect(margin-12, barTop, Width-margin+12, footLine+footSize/2)
			if inked := marked(made, whole); !inked.In(within) {
				t.Errorf("it is drawn on at %v", inked)
			}
		})
	}
}

func TestATitleStandsAboveItsAuthorAndTheBlog(t *testing.T) {
	t.Parallel()
	made := drawn(t, hard["plain"])
	for part, within := range map[string]image.Rectangle{"title": titled, "author": ofAuthor, "blog": ofBlog} {
		if marked(made, within).Empty() {
			t.Errorf("there is no %s", part)
		}
	}
	if left := marked(made, titled).Min.X; left < margin-5 || left > margin+10 {
		t.Errorf("the title begins at %d", left)
	}
}

func TestATitleFromRightToLeftStandsAtTheRight(t *testing.T) {
	t.Parallel()
	made := drawn(t, hard["hebrew"])
	if right := marked(made, titled).Max.X; right < Width-margin-10 || right > Width-margin+5 {
		t.Errorf("the title ends at %d", right)
	}
	if bar := marked(made, image.Rect(0, barTop, Width, barTop+barHeight)); bar.Max.X != Width-margin {
		t.Errorf("the bar is at %v", bar)
	}
}

func TestLettersStandInTheOrderInWhichTheyAreRead(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"plain, 12":        "plain, 12",
		"שלום עולם":        "םלוע םולש",
		"12 דברים":         "םירבד 12",
		"על PostgreSQL":    "PostgreSQL לע",
		"(ועוד)":           "(דועו)",
		"PostgreSQL בבית!": "!תיבב PostgreSQL",
	} {
		if got := asSeen(line, want != line); got != want {
			t.Errorf("%q is seen as %q, not %q", line, got, want)
		}
	}
	if got := asSeen("see שלום, now", false); got != "see םולש, now" {
		t.Errorf("within a line it is seen as %q", got)
	}
}

func TestWhatCannotBeDrawnIsLeftOutAndATitleInUnknownLettersIsNotDrawn(t *testing.T) {
	t.Parallel()
	face := inSize(serif(), 40)
	for text, want := range map[string]string{
		"Sail 🎉 on  ⛵️!":       "Sail on !",
		"e\u0301te\u0301":      "été",
		"𝐁𝐨𝐥𝐝 ﬁne":             "Bold ﬁne",
		"Здравствуй, Ἀθήνα":    "Здравствуй, Αθήνα",
		"שָׁלוֹם":              "שלום",
		"潮の満ち引き":               "",
		"مرحبا بالعالم":        "",
		"Twelve words and a 潮": "Twelve words and a",
		"Half of it 潮の満ち引き":    "",
		"🎉":                    "",
		"12:30":                "12:30",
		"\u202eevil\x00":       "evil",
		"":                     "",
	} {
		if got := face.drawable(text); got != want {
			t.Errorf("%q is drawn as %q, not %q", text, got, want)
		}
	}
	unknown, blog := drawn(t, Words{"潮の満ち引き", "Ada", "Harbour Notes"}), drawn(t, Words{Blog: "Harbour Notes"})
	if !bytes.Equal(unknown.(*image.Paletted).Pix, blog.(*image.Paletted).Pix) || marked(blog, titled).Empty() {
		t.Error("instead of such a title the blog's name is not drawn alone")
	}
}

func TestLinesAreFewAndAboutAsLongAsOneAnother(t *testing.T) {
	t.Parallel()
	face, width := inSize(serif(), 84), fixed.I(inner)
	lines := face.wrap("The harbour keeps two clocks and one of them is wrong", width)
	if len(lines) != 3 {
		t.Fatalf("%q", lines)
	}
	if strings.Join(lines, " ") != "The harbour keeps two clocks and one of them is wrong" {
		t.Errorf("words were lost: %q", lines)
	}
	for _, line := range lines {
		if got := face.width(line); got > width || got < width/3 {
			t.Errorf("%q is %v wide", line, got)
		}
	}
	plain := face.fill("The harbour keeps two clocks and one of them is wrong", width)
	if face.width(lines[2]) <= face.width(plain[2]) {
		t.Errorf("the last line of %q is no longer than that of %q", lines, plain)
	}
}

func TestATitleThatIsTooLongEndsInAnEllipsis(t *testing.T) {
	t.Parallel()
	face, width := inSize(serif(), 62), fixed.I(inner)
	for _, text := range []string{hard["long"].Title, hard["one word"].Title} {
		cut := face.cut(text, width)
		lines := face.shorten(face.fill(cut, width), 5, width)
		if len(lines) != 5 || !strings.HasSuffix(lines[4], ellipsis) || !face.fit(lines, width) {
			t.Errorf("%q", lines)
		}
		if strings.ReplaceAll(cut, " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Error("cutting lost letters")
		}
	}
	if short := face.shorten([]string{"Why"}, 5, width); len(short) != 1 || short[0] != "Why" {
		t.Errorf("%q", short)
	}
}

func FuzzAnyWordsCanBeDrawn(f *testing.F) {
	for _, words := range hard {
		f.Add(words.Title, words.Author, words.Blog)
	}
	f.Fuzz(func(t *testing.T, title, author, blog string) {
		drawn(t, Words{title, author, blog})
	})
}

func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		if _, err := Draw(hard["plain"]); err != nil {
			b.Fatal(err)
		}
	}
}
