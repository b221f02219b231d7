package e2e

import (
	"fmt"
	"testing"
	"time"

	"miniblog/internal/dbtest"
)

// shelf adds ada with so many posts, one an hour; number 1 is the oldest.
func (s *site) shelf(t *testing.T, count int) {
	t.Helper()
	ada := dbtest.User(t, s.store, "ada")
	for i := 1; i <= count; i++ {
		dbtest.Post(t, s.store, ada, func(p *dbtest.NewPost) {
			p.Title = fmt.Sprintf("Watch %d", i)
			p.WrittenAt = time.Date(2026, 5, 1, i, 0, 0, 0, time.UTC)
		})
	}
}

func (b *tab) showsPosts(want int) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[int](b, "document.querySelectorAll('article').length")
		if err == nil && got != want {
			err = fmt.Errorf("%d posts are shown, want %d", got, want)
		}
		return err
	})
}

func TestOlderPostsFollowTheNewest(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.shelf(t, 45)
		b.opens("/")
		b.marks()
		b.showsPosts(20)
		b.presses(link("Older posts"))
		b.sees(link("Watch 25"))
		if b.js {
			b.showsPosts(40)
			b.focusIsOn(link("Watch 25"))
		} else {
			b.showsPosts(20)
		}
		b.presses(link("Older posts"))
		b.sees(link("Watch 1"))
		b.misses(link("Older posts"))
		if b.js {
			b.showsPosts(45)
			b.focusIsOn(link("Watch 5"))
		} else {
			b.showsPosts(5)
		}
		b.loadedNothing()
	})
}
