package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// scripts is a text in which whatever changes one byte would show: emoji of several
// code points, marks that combine, both writing directions, wide characters, blanks
// at the ends of lines, tabs, and line ends without text.
const scripts = "👩🏽‍🚀🏴󠁧󠁢󠁳󠁣󠁴󠁿 e\u0301 é n\u0303\u0323 שָׁלוֹם\u200f مرحبا \u202bא-ב\u202c 潮の干満 한글 ไทย \u00a0\u200b\ufeff\tA\t  \n \n\n\t\n"

// fullText is as long as a text may be, to the byte.
func fullText() string {
	text := "\n" + strings.Repeat(scripts, blog.MaxBodyBytes/len(scripts))
	return text + strings.Repeat(" ", blog.MaxBodyBytes-len(text))
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// pastes replaces what is in a field at once: a megabyte is not typed.
func (b *tab) pastes(e element, text string) {
	b.t.Helper()
	id, err := b.find(e)
	b.must(id, err)
	b.must(ask[chromedp.Void](b, id, `function (text) {
		this.focus();
		this.value = text;
		this.dispatchEvent(new Event("input", { bubbles: true }));
	}`, text))
}

// holdsAll is holds for a text too long to be shown in a report.
func (b *tab) holdsAll(e element, want string) {
	b.t.Helper()
	b.until(func() error {
		id, err := b.find(e)
		if err != nil {
			return err
		}
		got, err := ask[string](b, id, `function () { return this.value }`)
		if err == nil && got != want {
			err = fmt.Errorf("%s holds %d other bytes, want %d", e, len(got), len(want))
		}
		return err
	})
}

// wantHashes compares the SHA-256 of every text that the database has of the one
// post, worked out by itself: as shown, and of the newest version.
func (s *site) wantHashes(t *testing.T, want string) {
	t.Helper()
	shown := dbtest.One[string](t, s.store, "SELECT encode(sha256(convert_to(body, 'UTF8')), 'hex') FROM posts")
	kept := dbtest.One[string](t, s.store,
		"SELECT encode(sha256(convert_to(body, 'UTF8')), 'hex') FROM versions ORDER BY number DESC LIMIT 1")
	if shown != want || kept != want {
		t.Errorf("the post has %s, its newest version %s, want %s", shown, kept, want)
	}
}

func TestAMebibyteOfAllScriptsIsKeptToTheByte(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		text := fullText()
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		b.pastes(field("Title"), "Low water")
		b.pastes(field("Body"), text)
		if b.js {
			b.isKept()
			s.wantHashes(t, hashOf(text))
		}
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantHashes(t, hashOf(text))
		b.opens("/posts/" + dbtest.One[string](t, s.store, "SELECT id::text FROM posts") + "/edit")
		b.holdsAll(field("Body"), text)
		b.presses(button("Save"))
		b.isAt("/@ada/low-water")
		s.wantHashes(t, hashOf(text))
		if saves := dbtest.One[int](t, s.store, "SELECT count(*) FROM versions WHERE kind = 'saved'"); saves != 1 {
			t.Errorf("%d saved versions, want 1", saves)
		}
	})
}

func TestATextThatIsAByteTooLongStaysInItsEditor(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		text := fullText() + "!"
		dbtest.User(t, s.store, "ada")
		b.expects("422")
		b.hasSession("ada")
		b.opens("/new")
		b.pastes(field("Body"), text) // before the title, which would be kept alone if this took longer than a second
		b.pastes(field("Title"), "Low water")
		if b.js {
			b.reading("Not saved: the text is 1 byte longer than 1 MiB. Split it into two posts.")
			s.wantPosts(t)
		}
		b.presses(button("Publish"))
		b.isToldAt(field("Body"), "The text is longer than 1 MiB: it has 1025 KiB, and 1024 fit. Split it into two posts.")
		b.holdsAll(field("Body"), text)
		s.wantPosts(t)
		b.pastes(field("Body"), strings.TrimSuffix(text, "!"))
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantHashes(t, hashOf(fullText()))
	})
}
