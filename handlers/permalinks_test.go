package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// slugged gives a post another slug, as its author does.
func (s *site) slugged(t *testing.T, post dbtest.NewPost, slug string) {
	t.Helper()
	if _, err := blog.New(s.store).SetSlug(t.Context(), blog.Author{ID: post.AuthorID}, post.ID, slug); err != nil {
		t.Fatal(err)
	}
}

// named gives the account of that id another username, as its user does.
func (s *site) named(t *testing.T, id uuid.UUID, username string) {
	t.Helper()
	now := dbtest.One[string](t, s.store, "SELECT username FROM users WHERE id = $1", id)
	if _, err := s.accounts.Rename(t.Context(), account.User{ID: id, Username: now}, username, account.Client{}); err != nil {
		t.Fatal(err)
	}
}

// hops asserts that an address leads to another at once, and that one is there.
func (b *browser) hops(from, to string) {
	b.t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		moved := b.do(method, from, nil).wants(http.StatusMovedPermanently)
		moved.wantsHeader("Location", to)
		if vary := moved.Header.Get("Vary"); !strings.HasPrefix(vary, "Cookie, HX-Request, HX-Request-Type") {
			b.t.Errorf("%s varies with %q alone", from, vary)
		}
		if caching := moved.Header.Get("Cache-Control"); caching != "no-cache" && caching != "no-store" {
			b.t.Errorf("%s is kept in caches: %q", from, caching)
		}
		b.do(method, to, nil).wants(http.StatusOK)
	}
}

func TestTheFirstOfManyAddressesIsOneHopAway(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	for _, slug := range []string{"second", "third", "日本"} {
		s.slugged(t, post, slug)
	}
	const newest = "/%E6%97%A5%E6%9C%AC"
	for _, b := range []*browser{s.visitor(t), s.visitor(t).htmx(), s.as(t, "ada")} {
		for _, old := range []string{"/low-tide", "/second", "/third"} {
			b.hops("/@ada"+old, "/@ada"+newest)
			b.hops("/@ADA"+old+"?utm=a%20b&x", "/@ada"+newest+"?utm=a%20b&x")
		}
	}
	for _, username := range []string{"countess", "lovelace"} {
		s.named(t, ada, username)
	}
	b, place := s.visitor(t), blog.Place{Time: time.Now(), ID: post.ID}.String()
	for _, name := range []string{"/@ada", "/@Ada", "/@countess", "/@LOVELACE"} {
		for _, old := range []string{"/low-tide", "/second", "/third", "/日本"} {
			b.hops(name+old, "/@lovelace"+newest)
		}
		b.hops(name, "/@lovelace")
		b.hops(name+"?before="+place, "/@lovelace?before="+place)
	}
	b.get("/@lovelace/日本").wants(http.StatusOK).says("h1", "Low tide")
	s.slugged(t, post, "low-tide") // both turn round
	s.named(t, ada, "ada")
	b.hops("/@lovelace/日本", "/@ada/low-tide")
	b.hops("/@ada/second", "/@ada/low-tide")
}

func TestWhatIsDeletedIsGoneAndSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	dbtest.Exec(t, s.store, "UPDATE users SET display_name = 'Ada L.' WHERE username = 'ada'")
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	s.slugged(t, post, "new")
	me := s.as(t, "ada")
	me.post(at(post, "/deletion"), nil).wants(http.StatusSeeOther)
	for _, path := range []string{"/@ada/new", "/@ada/low-tide", "/@ADA/low-tide?x=1"} {
		for _, b := range []*browser{s.visitor(t), s.as(t, "bob")} {
			page := b.get(path).wants(http.StatusGone).isPage().wantsHeader("Cache-Control", "no-store")
			page.says("main", "The post that was here was deleted by its author.")
			page.says("main a[href='/@ada']", "Go to what Ada L. has written")
			page.hasNot("a[href='/dashboard/deleted']")
			part := b.htmx().get(path).wants(http.StatusGone).wantsHeader("HX-Retarget", "#status")
			part.says(".wrong", "The post that was here was deleted by its author.")
			if a := b.do(http.MethodHead, path, nil).wants(http.StatusGone); a.body != "" {
				t.Errorf("HEAD has a body: %s", a.body)
			}
		}
		mine := me.get(path).wants(http.StatusGone).isPage()
		mine.says("main a[href='/dashboard/deleted']", "Go to what you deleted")
	}
	me.post(at(post, "/restoration"), nil).leadsTo("/@ada/new")
	s.visitor(t).get("/@ada/new").wants(http.StatusOK)
	s.visitor(t).hops("/@ada/low-tide", "/@ada/new")

	dbtest.Exec(t, s.store, "DELETE FROM posts") // as the purge does
	for _, b := range []*browser{s.visitor(t), me} {
		b.get("/@ada/low-tide").wants(http.StatusGone).has("main a[href='/@ada']")
	}
}

func TestAClosedAccountIsGoneWithAllItWrote(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, titled("Low tide"))
	dbtest.Post(t, s.store, ada, titled("Begun"), draft)
	s.named(t, ada, "countess")
	isGone := func() {
		t.Helper()
		for _, name := range []string{"/@ada", "/@countess", "/@Countess"} {
			for _, path := range []string{"", "/low-tide", "/begun", "/never"} {
				page := s.visitor(t).get(name + path).wants(http.StatusGone).isPage()
				page.says("main", "What was here is deleted, with the account that it belonged to.")
				page.has("main a[href='/']")
				s.visitor(t).htmx().get(name + path).wants(http.StatusGone).has(".wrong")
			}
		}
	}
	dbtest.Exec(t, s.store, "UPDATE users SET deleted_at = now(), deleted_by = id")
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now()")
	isGone()
	dbtest.Exec(t, s.store, "DELETE FROM users")
	isGone()
	s.visitor(t).get("/@eve").wants(http.StatusNotFound)
}

// Nobody learns from an answer that there is a draft, or what its address will be.
func TestADraftWithAnAddressIsAnsweredLikeWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	hidden := dbtest.Post(t, s.store, ada, titled("Begun"), draft)
	s.slugged(t, hidden, "secret")
	s.named(t, ada, "countess")
	for _, b := range []*browser{s.visitor(t), s.as(t, "countess")} {
		for _, name := range []string{"/@ada", "/@countess"} {
			for _, path := range []string{"/secret", "/begun", "/never"} {
				b.get(name+path).wants(http.StatusNotFound).isPage().says("main", "There is no such page")
			}
		}
	}
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now()")
	s.visitor(t).get("/@ada/secret").wants(http.StatusNotFound)
}
