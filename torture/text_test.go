package torture

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
)

// text is what an author typed. Its line ends are LF.
type text struct{ title, body string }

// scripts are what a torn or wrongly decoded text would show in.
var scripts = []string{
	"The tide left a line of weed along the harbour wall.",
	"Où est passé l’été ? Ça alors — déjà l’automne.",
	"Η θάλασσα ήταν ήσυχη εκείνο το πρωί.",
	"Съешь ещё этих мягких французских булок, да выпей чаю.",
	"وصلت السفينة إلى الميناء قبل الفجر.",
	"הספינה הגיעה לנמל לפני עלות השחר.",
	"नाव सुबह होने से पहले बंदरगाह पहुँची।",
	"เรือมาถึงท่าเรือก่อนรุ่งสาง",
	"船は夜明け前に港に着いた。\u3000波は静かだった。",
	"한 척의 배가 새벽에 항구에 닿았다.",
	"e\u0301 and \u00e9, 👩🏽‍🚀 and 🏴󠁧󠁢󠁳󠁣󠁴󠁿, \u200bno width, \"quotes\" & <b>tags</b> \\ 'and' $1 %s",
	"𝔘𝔫𝔦𝔠𝔬𝔡𝔢 beyond the first plane: 𠮷野家 🜁 𓂀",
}

// next is what the author makes of a text by typing on: a new first paragraph, which
// tells this text from all others by its name, and another one.
func (t text) next(dice *rand.Rand, name string) text {
	paragraphs := strings.Split(t.body, "\n\n")
	paragraphs[0] = name + ". " + scripts[dice.IntN(8)]
	if at := 1 + dice.IntN(len(paragraphs)); at < len(paragraphs) {
		paragraphs[at] = paragraph(dice)
	} else if at < 12 {
		paragraphs = append(paragraphs, paragraph(dice))
	}
	return text{title: name + " " + scripts[dice.IntN(len(scripts))], body: strings.Join(paragraphs, "\n\n")}
}

// sharedText has a paragraph for each of two authors, and nothing that both change.
var sharedText = text{title: "Two write this", body: "It begins.\n\n[0]\n\nThe middle.\n\n[1]\n\nIt ends."}

// nextShared changes the paragraph of one of two authors.
func (t text) nextShared(dice *rand.Rand, name string, side int) text {
	paragraphs := strings.Split(t.body, "\n\n")
	for i, each := range paragraphs {
		if mark := fmt.Sprintf("[%d]", side); strings.HasPrefix(each, mark) {
			paragraphs[i] = mark + " " + name + " " + scripts[dice.IntN(len(scripts))]
		}
	}
	return text{title: t.title, body: strings.Join(paragraphs, "\n\n")}
}

// paragraph is a line or some and, seldom, more than a page of PostgreSQL's and a
// packet hold.
func paragraph(dice *rand.Rand) string {
	lines := 1 + dice.IntN(3)
	if dice.IntN(100) == 0 {
		lines = 300
	}
	var written strings.Builder
	for i := range lines {
		fmt.Fprintf(&written, "%d %s\n", i, scripts[dice.IntN(len(scripts))])
	}
	return strings.TrimSuffix(written.String(), "\n")
}

// typed is the body as browsers send it.
func (t text) typed() string { return strings.ReplaceAll(t.body, "\n", "\r\n") }

// hash names a text.
type hash [sha256.Size]byte

func (t text) hash() hash { return hashOf(t.title, t.body) }

// hashOf is the hash that a version promises: of the title, a line end and the body.
func hashOf(title, body string) hash { return sha256.Sum256([]byte(title + "\n" + body)) }
