package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

func TestAPasswordIsMaskedAndLeftToPasteAndPasswordManagers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	for path, kind := range map[string]string{"/login": "current-password", "/signup": "new-password", s.link(t, "ada"): "new-password"} {
		fields := s.visitor(t).get(path).wants(http.StatusOK).has("input[name*=password]")
		fields.Each(func(_ int, field *goquery.Selection) {
			if field.AttrOr("type", "") != "password" || field.AttrOr("autocomplete", "") != kind {
				t.Errorf("%s: its type is %q, to be filled in with a %q", path, field.AttrOr("type", ""), field.AttrOr("autocomplete", ""))
			}
			for _, attribute := range field.Nodes[0].Attr {
				if strings.HasPrefix(attribute.Key, "on") || strings.Contains(attribute.Key, "length") || attribute.Key == "pattern" {
					t.Errorf("%s: the field has %s=%q", path, attribute.Key, attribute.Val)
				}
			}
		})
	}
}

// more is what somebody sends who hopes that a row is filled with whatever a form names.
var more = url.Values{
	"role": {"owner"}, "user_id": {uuid.Nil.String()}, "author_id": {uuid.Nil.String()}, "password_hash": {"x"}, "created_at": {"2001-01-01"},
	"published_at": {"2001-01-01"}, "deleted_at": {"2001-01-01"}, "slug": {"chosen"}, "excerpt": {"chosen"}, "words": {"7"}, "number": {"7"},
	"kind": {"saved"}, "sha256": {"x"}, "seen_at": {"2001-01-01"}, "email_confirmed": {"true"}, "disabled": {"false"},
}

func TestNothingIsTakenThatTheFormDoesNotAskFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.visitor(t).post("/signup", joining("ada", "", dbtest.Password)).leadsTo("/dashboard") // the first, the owner
	b := s.visitor(t)
	b.post("/signup", merged(joining("bob", "", dbtest.Password), more)).leadsTo("/dashboard")
	b.post("/posts", merged(text("Low tide", "One two."), more)).leadsTo("/@bob/low-tide")
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM posts")
	b.post("/posts/"+id.String(), merged(text("Low tide", "One two three."), url.Values{"version": {"1"}}, more)).leadsTo("/@bob/low-tide")
	kept := dbtest.One[string](t, s.store, `
		SELECT concat_ws(' | ', u.username, u.role, p.slug, p.excerpt, p.words, p.version, p.deleted_at)
		FROM posts AS p JOIN users AS u ON u.id = p.author_id
		WHERE p.created_at > now() - interval '1 hour' AND p.published_at > now() - interval '1 hour'
			AND u.created_at > now() - interval '1 hour' AND u.password_hash LIKE '$argon2id$%'`)
	if want := "bob | author | low-tide | One two three. | 3 | 2"; kept != want {
		t.Errorf("kept is %q, want %q", kept, want)
	}
}

func TestNoPageShowsWhatIsNobodysToSee(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@secret.example' WHERE username = 'ada'")
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	dbtest.Post(t, s.store, ada, titled("Unspoken"), draft)
	dbtest.Post(t, s.store, ada, titled("Regretted"), deleted)
	for _, b := range []*browser{s.visitor(t), s.as(t, "bob"), s.as(t, "bob").htmx()} {
		for route := range groups {
			path, isGet := strings.CutPrefix(route, "GET ")
			if !isGet {
				continue
			}
			address := addressOf(path, post)
			a := b.get(address)
			for _, secret := range []string{"@secret.example", "argon2", "Unspoken", "Regretted", ada.String()} {
				if strings.Contains(whole(a), secret) && !strings.Contains(address, secret) {
					t.Errorf("%s shows %q: %s", path, secret, a.body)
				}
			}
		}
	}
}

func TestEveryPageThatNeedsAnAccountOffersToLogOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	ada := s.as(t, "ada")
	for route, group := range groups {
		if path, isGet := strings.CutPrefix(route, "GET "); isGet && group != everybody && group != machines {
			if a := ada.get(addressOf(path, post)); a.StatusCode == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
				a.says("nav form[method=post][action='/logout'] button", "Log out")
			}
		}
	}
}
