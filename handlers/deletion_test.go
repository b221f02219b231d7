package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func proving(password string) url.Values { return url.Values{account.CurrentPassword: {password}} }

// mayComeBack is until when who deleted their account last can come back.
func (s *site) mayComeBack(t *testing.T) time.Time {
	t.Helper()
	return dbtest.One[time.Time](t, s.store, "SELECT max(deleted_at) FROM users").UTC().AddDate(0, 0, 30)
}

// afterDeletion is where one lands who has just deleted their account.
func (s *site) afterDeletion(t *testing.T) string {
	t.Helper()
	return "/login?deleted=" + s.mayComeBack(t).Format(time.DateOnly)
}

// onTheShelf is every post, with whether it is there.
func (s *site) onTheShelf(t *testing.T) string {
	t.Helper()
	return dbtest.One[string](t, s.store, `SELECT string_agg(title || CASE WHEN deleted_at IS NULL THEN '' ELSE ' (deleted)' END, ', ' ORDER BY title)
		FROM posts`)
}

func TestAnAccountGoesWithAllItWroteAndComesBackByLoggingIn(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := withMail(t)
		id := dbtest.User(t, s.store, "ada")
		dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
		dbtest.Post(t, s.store, dbtest.User(t, s.store, "bob"), titled("Of bob"))
		post := dbtest.Post(t, s.store, id, titled("Low tide"))
		dbtest.Post(t, s.store, id, titled("Begun"), draft)
		dbtest.Post(t, s.store, id, titled("Torn up"), deleted)
		ada, other := s.as(t, "ada"), s.as(t, "ada")
		form := ada.get("/settings").form("#deletion")
		done := send(ada).submit(form, proving(dbtest.Password))
		if inPlace {
			done.goesOn(s.afterDeletion(t))
		} else {
			done.leadsTo(s.afterDeletion(t))
		}
		until := s.mayComeBack(t).Format("2 January 2006")
		ada.get(s.afterDeletion(t)).wants(http.StatusOK).isPage().says("main", "Until "+until+" you can log in")
		isNobody(t, ada)
		isNobody(t, other)
		if ada.session() != "" || s.count(t, "sessions") != 0 {
			t.Error("a session is left")
		}
		if got := s.onTheShelf(t); got != "Begun (deleted), Low tide (deleted), Of bob, Torn up (deleted)" {
			t.Errorf("the posts are %s", got)
		}
		reader := s.visitor(t)
		reader.get("/@ada").wants(http.StatusGone)
		reader.get("/@ada/" + post.Slug()).wants(http.StatusGone)
		reader.get("/").wants(http.StatusOK).hasNot("#" + articleOf(post))
		reader.post("/signup", joining("ada", "", newPassword)).refuses("#signup", "username")
		reader.post("/login", login("ada", "seven gray herons")).refuses("#login", "password")
		if mails := dbtest.One[string](t, s.store, "SELECT string_agg(kind || ' ' || state, ', ') FROM outbox"); mails != "deleted waiting" {
			t.Errorf("the mails are %s", mails)
		}

		back := send(ada).post("/login", login("ada@example.org", dbtest.Password))
		if inPlace {
			back.goesOn("/dashboard?back=yes")
		} else {
			back.leadsTo("/dashboard?back=yes")
		}
		ada.get("/dashboard?back=yes").wants(http.StatusOK).says(".notice", "Your account is back")
		if got := s.onTheShelf(t); got != "Begun, Low tide, Of bob, Torn up (deleted)" {
			t.Errorf("the posts are %s", got)
		}
		reader.get("/@ada/" + post.Slug()).wants(http.StatusOK)
		s.happened(t, "ada", "logged-in", "restored", "login-refused", "deleted")
		if s.count(t, "outbox") != 0 {
			t.Error("a mail says that the account goes")
		}
		reader.post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard") // it is back once
	})
}

func TestDeletingAsksForThePasswordHoweverFreshTheSessionIs(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	ada.get("/settings").has("#deletion details:not([open]) [name=current]")
	s.keeps(t, func() {
		for _, wrong := range []string{"", "seven gray herons"} {
			page := ada.post("/settings/deletion?current="+url.QueryEscape(dbtest.Password), proving(wrong)).refuses("#deletion", "current").isPage()
			part := ada.htmx().post("/settings/deletion", proving(wrong)).refuses("#deletion", "current").isFragment("deletion")
			page.has("#deletion details[open]")
			part.has("details[open]")
		}
	})
}

func TestTheOnlyOwnerDoesNotLeave(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		dbtest.Owner(t, s.store, "ada")
		dbtest.Owner(t, s.store, "bob")
		dbtest.Exec(t, s.store, "UPDATE users SET disabled_at = now() WHERE username = 'bob'") // who runs nothing
		ada := s.as(t, "ada")
		refused := send(ada).post("/settings/deletion", proving(dbtest.Password)).wants(http.StatusUnprocessableEntity)
		refused.says("#deletion [role=alert]", "You are the only owner of this blog: make somebody else an owner first.")
		ada.get("/dashboard").wants(http.StatusOK)
		if gone := dbtest.One[int](t, s.store, "SELECT count(*) FROM users WHERE deleted_at IS NOT NULL"); gone != 0 {
			t.Error("the owner is gone")
		}
		dbtest.Exec(t, s.store, "UPDATE users SET disabled_at = NULL")
		done := ada.post("/settings/deletion", proving(dbtest.Password))
		done.leadsTo(s.afterDeletion(t))
	})
}

func TestOfTheLastTwoOwnersAtOnceOneStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	names, statuses := []string{"ada", "bob"}, [2]int{}
	for _, name := range names {
		dbtest.Owner(t, s.store, name)
	}
	var both sync.WaitGroup
	for i, name := range names {
		b := s.as(t, name)
		both.Go(func() { statuses[i] = b.post("/settings/deletion", proving(dbtest.Password)).StatusCode })
	}
	both.Wait()
	if statuses != [2]int{303, 422} && statuses != [2]int{422, 303} {
		t.Errorf("they were answered %v", statuses)
	}
	if left := dbtest.One[int](t, s.store, "SELECT count(*) FROM users WHERE deleted_at IS NULL"); left != 1 {
		t.Errorf("%d owners are left", left)
	}
}

func TestAnAccountThatAnOwnerRemovedOrThatIsGoneForGoodDoesNotComeBack(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]string{
		"removed by an owner": "UPDATE users SET deleted_at = now(), deleted_by = gen_random_uuid()",
		"30 days ago":         "UPDATE users SET deleted_at = now() - interval '30 days', deleted_by = id",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			dbtest.User(t, s.store, "ada")
			dbtest.Exec(t, s.store, gone)
			s.keeps(t, func() {
				s.visitor(t).post("/login", login("ada", dbtest.Password)).refuses("#login", "password").says("[role=alert]", "Wrong username or password.")
			})
		})
	}
}

func TestALinkSetsThePasswordOfAnAccountThatMayComeBack(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	done := ada.post("/settings/deletion", proving(dbtest.Password))
	done.leadsTo(s.afterDeletion(t))
	b := s.visitor(t)
	b.post(s.link(t, "ada"), choosing(newPassword)).leadsTo("/login?changed=yes")
	b.post("/login", login("ada", newPassword)).leadsTo("/dashboard?back=yes")
}

func TestTheLoginPageBelievesNoOtherDayOfDeletion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, day := range []string{"", "yes", "2020-01-01", "2999-01-01", "<b>"} {
		page := s.visitor(t).get("/login?deleted=" + url.QueryEscape(day)).wants(http.StatusOK)
		if strings.Contains(page.body, "is deleted") {
			t.Errorf("%q is believed", day)
		}
	}
}

func TestATextSentWhileItsAccountIsDeletedIsNotKept(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	dbtest.Exec(t, s.store, "UPDATE users SET deleted_at = now(), deleted_by = id")
	ada.submit(form, text("Low tide", "One can walk.")).wants(http.StatusUnauthorized).has("#login [name=body][value='One can walk.']")
	if s.count(t, "posts") != 0 {
		t.Error("it is kept")
	}
}
