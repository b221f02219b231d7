package e2e

import (
	"slices"
	"testing"

	"miniblog/internal/dbtest"
)

// wantVersions compares what all posts have had with lines such as "1 saved: Title / Body".
func (s *site) wantVersions(t *testing.T, want ...string) {
	t.Helper()
	got := dbtest.One[[]string](t, s.store, `
		SELECT coalesce(array_agg(concat_ws(' ', number, kind) || ': ' || title || ' / ' || body ORDER BY post_id, number), '{}')
		FROM versions`)
	if !slices.Equal(got, want) {
		t.Errorf("the versions are\n%q, want\n%q", got, want)
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
		first.presses(button("Save"))
		first.isAt("/@ada/the-tide-tables-were-wrong-again")
		second.presses(button("Save"))
		merged := element{role: "region", name: "What was merged"}
		second.sees(merged)
		second.reads("Saved. This post was changed while you were writing, and both changes are kept.")
		second.sees(element{role: "insertion"}.in(merged))
		second.reads("Every harbour keeps twothree clocks. Nobody winds the last.")
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, version 4: The tide tables were wrong again / "+
			"Every harbour keeps three clocks.\n\nNobody winds the last.")
		s.wantVersions(t,
			"1 saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.",
			"2 saved: The tide tables were wrong again / Every harbour keeps three clocks.\n\nNobody winds the second.",
			"3 merged: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the last.",
			"4 saved: The tide tables were wrong again / Every harbour keeps three clocks.\n\nNobody winds the last.")
	})
}

func TestTwoTabsThatEditOneSentenceLoseNeitherText(t *testing.T) {
	inTwoTabs(t, func(t *testing.T, s *site, first, second *tab) {
		second.expects("409")
		first.types(field("Body"), "Every harbour keeps three clocks.\n\nNobody winds the second.")
		second.types(field("Body"), "Every harbour keeps four clocks.\n\nNobody winds the last.")
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
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, version 2: The tide tables were wrong again / "+
			"Every harbour keeps three clocks.\n\nNobody winds the second.")
		second.types(field("Body"), "Every harbour keeps three or four clocks.\n\nNobody winds the last.")
		second.presses(button("Save"))
		second.isAt("/@ada/the-tide-tables-were-wrong-again")
		s.wantVersions(t,
			"1 saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.",
			"2 saved: The tide tables were wrong again / Every harbour keeps three clocks.\n\nNobody winds the second.",
			"3 autosaved: The tide tables were wrong again / Every harbour keeps four clocks.\n\nNobody winds the last.",
			"4 saved: The tide tables were wrong again / Every harbour keeps three or four clocks.\n\nNobody winds the last.")
	})
}

func TestAnOldTextIsFoundComparedAndRestored(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.post(t, twoParagraphs)
		b.hasSession("ada")
		b.opens("/@ada/the-tide-tables-were-wrong-again")
		b.presses(link("Edit"))
		b.types(field("Body"), "For once.")
		b.presses(button("Save"))
		b.reads("For once.")
		b.misses(field("Body"))
		b.presses(link("History"))
		b.sees(heading("History"))
		b.presses(button("Compare"))
		b.sees(heading("From version 1 to version 2"))
		b.reads("Every harbour keeps two clocks. Nobody winds the second.For once.")
		b.presses(button("Restore"))
		b.sees(radio("From version 3"))
		b.presses(link(tideTables))
		b.reads("Every harbour keeps two clocks. Nobody winds the second.")
		s.wantVersions(t,
			"1 saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.",
			"2 saved: The tide tables were wrong again / For once.",
			"3 saved: The tide tables were wrong again / Every harbour keeps two clocks.\n\nNobody winds the second.")
	})
}
