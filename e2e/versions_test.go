package e2e

import (
	"slices"
	"testing"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// wantSaved compares what all posts were saved as, step by step, with lines such as
// "saved: Title / Body". What was autosaved in between is a matter of time.
func (s *site) wantSaved(t *testing.T, want ...string) {
	t.Helper()
	got := dbtest.One[[]string](t, s.store, `
		SELECT coalesce(array_agg(kind || ': ' || title || ' / ' || body ORDER BY post_id, number), '{}')
		FROM versions
		WHERE kind <> 'autosaved'`)
	if !slices.Equal(got, want) {
		t.Errorf("the saved versions are\n%q, want\n%q", got, want)
	}
}

// wantKept asserts that some version holds the body.
func (s *site) wantKept(t *testing.T, body string) {
	t.Helper()
	if !dbtest.One[bool](t, s.store, "SELECT EXISTS (SELECT FROM versions WHERE body = $1)", body) {
		t.Errorf("no version holds %q", body)
	}
}

// twoParagraphs is what two tabs edit.
func twoParagraphs(p *dbtest.NewPost) {
	p.Body = "Every harbour keeps two clocks.\n\nNobody winds the second."
}

// inTwoTabs opens the editor of ada's post in both.
func inTwoTabs(t *testing.T, do func(t *testing.T, s *site, first, second *tab)) {
	t.Helper()
	inBothModes(t, func(t *testing.T, s *site, first *tab) {
		post := s.post(t, twoParagraphs)
		first.hasSession("ada")
		second := first.another()
		for _, b := range []*tab{first, second} {
			b.opens("/posts/" + post.ID.String() + "/edit")
			b.focusIsOn(field("Title"))
		}
		do(t, s, first, second)
	})
}

func TestTwoTabsThatEditDifferentParagraphsAreBothKept(t *testing.T) {
	inTwoTabs(t, func(t *testing.T, s *site, first, second *tab) {
		first.types(field("Body"), "Every harbour keeps three clocks.\n\nNobody winds the second.")
		second.types(field("Body"), "Every harbour keeps two clocks.\n\nNobody winds the last.")
		first.pauses()
		second.pauses()
		first.presses(button("Save"))
		first.isAt("/@ada/the-tide-tables-were-wrong-again")
		second.presses(button("Save"))
		merged := element{role: "region", name: "What was merged"}
		second.sees(merged)
		second.reads("Saved. This post was changed while you were writing, and both changes are kept.")
		second.sees(element{role: "insertion"}.in(merged))
		second.reads("Every harbour keeps twothree clocks. Nobody winds the last.")
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 3: The tide tables were wrong again / "+
			"Every harbour keeps three clocks.\n\nNobody winds the last.")
		s.wantSaved(t,
			"saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.",
			"saved: The tide tables were wrong again / Every harbour keeps three clocks.\n\nNobody winds the second.",
			"merged: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the last.",
			"saved: The tide tables were wrong again / Every harbour keeps three clocks.\n\nNobody winds the last.")
	})
}

func TestTwoTabsThatEditOneSentenceLoseNeitherText(t *testing.T) {
	inTwoTabs(t, func(t *testing.T, s *site, first, second *tab) {
		second.expects("409")
		first.types(field("Body"), "Every harbour keeps three clocks.\n\nNobody winds the second.")
		second.types(field("Body"), "Every harbour keeps four clocks.\n\nNobody winds the last.")
		first.pauses()
		second.pauses()
		first.presses(button("Save"))
		first.isAt("/@ada/the-tide-tables-were-wrong-again")
		second.presses(button("Save"))
		both := element{role: "region", name: "The two texts"}
		second.sees(both)
		second.reads("Yours The tide tables were wrong again Every harbour keeps four clocks. Nobody winds the last.")
		second.reads("Every harbour keeps three clocks. Nobody winds the second.")
		second.holds(field("Title"), tideTables)
		second.holds(field("Body"), "Every harbour keeps four clocks.\nEvery harbour keeps three clocks.\n\nNobody winds the last.")
		second.focusIsOn(field("Title"))
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were wrong again / "+
			"Every harbour keeps three clocks.\n\nNobody winds the second.")
		second.types(field("Body"), "Every harbour keeps three or four clocks.\n\nNobody winds the last.")
		second.presses(button("Save"))
		second.isAt("/@ada/the-tide-tables-were-wrong-again")
		s.wantSaved(t,
			"saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.",
			"saved: The tide tables were wrong again / Every harbour keeps three clocks.\n\nNobody winds the second.",
			"saved: The tide tables were wrong again / Every harbour keeps three or four clocks.\n\nNobody winds the last.")
		s.wantKept(t, "Every harbour keeps four clocks.\n\nNobody winds the last.")
	})
}

func TestAnOldTextIsFoundComparedAndRestored(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.post(t, twoParagraphs)
		s.revise(t, blog.Draft{Title: tideTables, Body: "For once."})
		b.hasSession("ada")
		b.opens("/@ada/the-tide-tables-were-wrong-again")
		b.presses(link("History"))
		b.sees(heading("History"))
		b.presses(button("Compare"))
		b.sees(heading("From version 1 to version 2"))
		b.reads("Every harbour keeps two clocks. Nobody winds the second.For once.")
		b.presses(button("Restore"))
		b.sees(radio("From version 3"))
		b.presses(link(tideTables))
		b.reads("Every harbour keeps two clocks. Nobody winds the second.")
		s.wantSaved(t,
			"saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.",
			"saved: The tide tables were wrong again / For once.",
			"saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.")
	})
}
