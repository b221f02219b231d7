package handlers_test

import (
	"net/http"
	"strconv"
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
	s.waits(t, len(asks))
	return answers
}

// waits waits until so many wait to read, or with one who does.
func (s *site) waits(t *testing.T, many int) {
	t.Helper()
	eventually(t, func() bool {
		use := s.server.Use()
		return use["reading"].Waiting+use["together"].Waiting == int64(many)
	})
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
	for range 40 {
		asks = append(asks, func() *answer { return s.visitor(t).get("/") })
	}
	answers := s.wait(t, asks...)
	if use := s.server.Use(); use["reading"].Waiting != 1 || use["together"].Waiting != 39 {
		t.Errorf("%+v", use)
	}
	release()
	eventually(t, func() bool { return s.server.Use()["reading"].AtWork == 1 })
	unlock()
	for _, one := range answers {
		(<-one).wants(http.StatusOK).has("article")
	}
	if use := s.server.Use(); use["reading"].Waiting != 0 || use["together"].Waiting != 0 || use["reading"].TurnedAway != 0 {
		t.Errorf("%+v", use)
	}
}

func TestOneNetworkDoesNotFillARound(t *testing.T) {
	t.Parallel()
	s := newSite(t, behindProxy)
	dbtest.Post(t, s.store, dbtest.Owner(t, s.store, "ada"), titled("Low tide"))
	release := s.occupied(t)
	var asks []func() *answer
	for n := range 64 {
		asks = append(asks, func() *answer { return s.visitor(t).from("2001:db8::" + strconv.Itoa(n+1)).get("/") })
	}
	answers := s.wait(t, asks...)
	s.visitor(t).from("2001:db8::ffff").get("/").isTurnedAway()
	other := s.visitor(t)
	late := make(chan *answer, 1)
	go func() { late <- other.from("203.0.113.1").get("/") }()
	s.waits(t, 65)
	release()
	for _, one := range append(answers, late) {
		(<-one).wants(http.StatusOK)
	}
}

func TestWhereOneIsLedIsShared(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.occupied(t)
	ask := func() *answer { return s.visitor(t).get("/@Ada") }
	answers := s.wait(t, ask, ask, ask)
	release()
	for _, one := range answers {
		if a := (<-one).wants(http.StatusMovedPermanently); a.Header.Get("Location") != "/@ada" {
			t.Errorf("led to %s", a.Header.Get("Location"))
		}
	}
}

func TestWhetherAConnectionStaysIsItsOwnToSay(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]int{"the first": 0, "one who joined": 1} {
		s, _, _ := crowded(t)
		release := s.occupied(t)
		asks := [2]func() *answer{}
		for i := range asks {
			asks[i] = func() *answer {
				if i == last {
					return s.visitor(t).with("Connection", "close").get("/")
				}
				return s.visitor(t).get("/")
			}
		}
		first := s.wait(t, asks[0])
		second := make(chan *answer, 1)
		go func() { second <- asks[1]() }()
		s.waits(t, 2)
		release()
		for i, one := range []chan *answer{first[0], second} {
			if a := (<-one).wants(http.StatusOK); a.Close != (i == last) {
				t.Errorf("%s closes: answer %d closes: %v", name, i, a.Close)
			}
		}
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

func TestWhoWaitsWithSomebodyWhoIsTurnedAwayWaitsTogetherWithTheOthersOnceMore(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.occupied(t)
	ask := func() *answer { return s.visitor(t).get("/") }
	first := s.wait(t, ask)
	time.Sleep(2 * time.Second)
	var later [3]chan *answer
	for i := range later {
		later[i] = make(chan *answer, 1)
		go func() { later[i] <- ask() }()
	}
	(<-first[0]).isTurnedAway()
	eventually(t, func() bool {
		use := s.server.Use()
		return use["reading"].Waiting == 1 && use["together"].Waiting == 2
	})
	release()
	for _, one := range later {
		(<-one).wants(http.StatusOK)
	}
}

func TestALostConnectionIsBadLuckOfOne(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.occupied(t)
	unlock := s.locks(t, "LOCK TABLE posts")
	ask := func() *answer { return s.visitor(t).get("/") }
	answers := s.wait(t, ask, ask, ask)
	release()
	eventually(t, func() bool {
		return dbtest.One[int](t, s.store, `SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 1
	})
	eventually(t, func() bool { return s.server.Use()["reading"].AtWork+s.server.Use()["together"].Waiting == 2 })
	unlock()
	count := map[int]int{}
	for _, one := range answers {
		count[(<-one).StatusCode]++
	}
	if count[http.StatusServiceUnavailable] != 1 || count[http.StatusOK] != 2 {
		t.Errorf("the answers were %v", count)
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

func TestWhatOnesAddressSaysBesidesIsToldToNobodyElse(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.occupied(t)
	told := s.wait(t, func() *answer { return s.visitor(t).get("/?told=secret") })
	other := make(chan *answer, 1)
	go func() { other <- s.visitor(t).get("/") }()
	s.waits(t, 2)
	release()
	(<-told[0]).wants(http.StatusOK)
	if a := (<-other).wants(http.StatusOK); strings.Contains(a.body, "told") {
		t.Errorf("another reader is told: %s", a.body)
	}
}
