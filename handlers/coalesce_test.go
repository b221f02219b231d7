package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"miniblog/internal/dbtest"
)

// readingPlaces is how many read from the database at once.
const readingPlaces = 6

// occupied has all who can read at once wait for the database, until release is called.
func (s *site) occupied(t *testing.T) (release func()) {
	t.Helper()
	owner := s.as(t, "ada")
	unlock := s.locks(t, "LOCK TABLE outbox") // which one page shows
	held := s.storm(t, "reading", readingPlaces, func(int) *answer { return owner.get("/admin/mail") })
	return func() {
		unlock()
		for range readingPlaces {
			(<-held).wants(http.StatusOK)
		}
	}
}

// wait has visitors ask while all places are taken, and returns their answers once they wait.
func (s *site) wait(t *testing.T, asks ...func() *answer) (answers []chan *answer) {
	t.Helper()
	for _, ask := range asks {
		to := make(chan *answer, 1)
		go func() { to <- ask() }()
		answers = append(answers, to)
	}
	begun := time.Now()
	for s.server.Use()["reading"].Waiting != int64(len(asks)) {
		if time.Since(begun) > 3*time.Second {
			t.Fatalf("%d are to wait: %+v", len(asks), s.server.Use()["reading"])
		}
		time.Sleep(time.Millisecond)
	}
	return answers
}

func TestWhoWaitsForTheSamePageGetsOneThatIsMadeAfterTheyCame(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) *site{
		"nothing is kept": func(t *testing.T) *site { return newSite(t) },
		"pages are kept":  func(t *testing.T) *site { return remembers(t, dbtest.Store(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			dbtest.Post(t, s.store, dbtest.Owner(t, s.store, "ada"), titled("Low tide"))
			for _, path := range []string{"/", "/@ada", "/feed.atom"} {
				release := s.occupied(t)
				var asks []func() *answer
				for range 20 {
					asks = append(asks, func() *answer { return s.visitor(t).get(path) })
				}
				answers := s.wait(t, asks...)
				dbtest.Exec(t, s.store, "UPDATE posts SET title = 'High tide, '||$1", path)
				release()
				names := map[string]bool{}
				for _, one := range answers {
					a := (<-one).wants(http.StatusOK)
					if !strings.Contains(a.body, "High tide, "+path) {
						t.Errorf("%s shows what was there before it was asked for", path)
					}
					names[a.Header.Get("X-Request-Id")] = true
					if etag := a.Header.Get("ETag"); etag == "" || a.Header.Get("Date") == "" || !strings.Contains(a.Header.Get("Vary"), "Cookie") && path == "/" {
						t.Errorf("%s: %v", path, a.Header)
					}
				}
				if len(names) != len(answers) {
					t.Errorf("%d answers have %d names", len(answers), len(names))
				}
			}
		})
	}
}

func TestOnePlaceIsEnoughForAllWhoWaitForTheSamePage(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.occupied(t)
	unlock := s.locks(t, "LOCK TABLE posts")
	var asks []func() *answer
	for range 300 { // more than a line holds
		asks = append(asks, func() *answer { return s.visitor(t).get("/") })
	}
	answers := s.wait(t, asks...)
	release()
	eventually(t, func() bool { return s.server.Use()["reading"].AtWork == 1 })
	unlock()
	for _, one := range answers {
		(<-one).wants(http.StatusOK).has("article")
	}
	if use := s.server.Use()["reading"]; use.Waiting != 0 || use.TurnedAway != 0 {
		t.Errorf("%+v", use)
	}
}

func TestWhatIsNotForEverybodyIsNotShared(t *testing.T) {
	t.Parallel()
	s, ada, _ := crowded(t)
	known := s.visitor(t).get("/").Header.Get("ETag")
	release := s.occupied(t)
	visitor := s.visitor(t)
	kinds := map[string]struct {
		ask func() *answer
		is  func(a *answer) bool
	}{
		"logged in":     {func() *answer { return ada.get("/") }, func(a *answer) bool { return strings.Contains(a.body, "Log out") }},
		"a reader":      {func() *answer { return visitor.get("/") }, func(a *answer) bool { return !strings.Contains(a.body, "Log out") && !strings.Contains(a.body, "told") }},
		"another":       {func() *answer { return visitor.get("/") }, func(a *answer) bool { return !strings.Contains(a.body, "Log out") && !strings.Contains(a.body, "told") }},
		"told":          {func() *answer { return visitor.get("/?told=secret") }, func(a *answer) bool { return !strings.Contains(a.body, "Log out") }},
		"who has it":    {func() *answer { return visitor.with("If-None-Match", known).get("/") }, func(a *answer) bool { return a.StatusCode == http.StatusNotModified }},
		"its head":      {func() *answer { return visitor.do(http.MethodHead, "/", nil) }, func(a *answer) bool { return a.body == "" && a.Header.Get("ETag") == known }},
		"in the dark":   {func() *answer { return visitor.with("Cookie", "theme=dark").get("/") }, func(a *answer) bool { return strings.Contains(a.body, `data-theme="dark"`) }},
		"for htmx":      {func() *answer { return visitor.htmx().get("/") }, func(a *answer) bool { return !strings.Contains(a.body, "<html") }},
		"by brotli":     {func() *answer { return visitor.with("Accept-Encoding", "br").get("/") }, func(a *answer) bool { return a.Header.Get("Content-Encoding") == "br" }},
		"by no means":   {func() *answer { return visitor.with("Accept-Encoding", "identity").get("/") }, func(a *answer) bool { return a.Header.Get("Content-Encoding") == "" }},
		"another page":  {func() *answer { return visitor.get("/@ada") }, func(a *answer) bool { return strings.Contains(a.body, "<title>ada") }},
		"what is gone":  {func() *answer { return visitor.get("/@nobody") }, func(a *answer) bool { return a.StatusCode == http.StatusNotFound }},
		"gone, another": {func() *answer { return visitor.get("/@nobody") }, func(a *answer) bool { return a.StatusCode == http.StatusNotFound }},
	}
	var names []string
	var asks []func() *answer
	for name, kind := range kinds {
		names, asks = append(names, name), append(asks, kind.ask)
	}
	answers := s.wait(t, asks...)
	release()
	for i, name := range names {
		if a := <-answers[i]; !kinds[name].is(a) {
			t.Errorf("%s: %d %v\n%s", name, a.StatusCode, a.Header, a.body)
		}
	}
}

func TestWhatFailsForOneFailsForAllWhoWaitForIt(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.occupied(t)
	ask := func() *answer { return s.visitor(t).get("/") }
	answers := s.wait(t, ask, ask, ask, ask)
	dbtest.Exec(t, s.store, "ALTER TABLE posts RENAME TO lost")
	release()
	names := map[string]bool{}
	for _, one := range answers {
		a := (<-one).wants(http.StatusInternalServerError).isPage()
		names[a.Header.Get("X-Request-Id")] = true
	}
	if len(names) != len(answers) {
		t.Errorf("%d failures have %d names", len(answers), len(names))
	}
	dbtest.Exec(t, s.store, "ALTER TABLE lost RENAME TO posts")
	ask().wants(http.StatusOK)
}

func TestWhoWaitsWithSomebodyWhoIsTurnedAwayAsksAlone(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.occupied(t)
	ask := func() *answer { return s.visitor(t).get("/") }
	first := s.wait(t, ask)
	time.Sleep(2 * time.Second)
	var later [2]chan *answer
	for i := range later {
		later[i] = make(chan *answer, 1)
		go func() { later[i] <- ask() }()
	}
	(<-first[0]).isTurnedAway()
	eventually(t, func() bool { return s.server.Use()["reading"].Waiting == 2 })
	release()
	for _, one := range later {
		(<-one).wants(http.StatusOK)
	}
}

func TestWhatIsBeingMadeIsTooOldForWhoComesThen(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	unlock := s.locks(t, "LOCK TABLE posts")
	var answers [2]chan *answer
	for i := range answers {
		answers[i] = make(chan *answer, 1)
		go func() { answers[i] <- s.visitor(t).get("/") }()
		eventually(t, func() bool { return s.server.Use()["reading"].AtWork == int64(i+1) })
	}
	unlock()
	for _, one := range answers {
		(<-one).wants(http.StatusOK)
	}
}
