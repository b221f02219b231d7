package handlers_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/bulkhead"
	"miniblog/internal/dbtest"
)

// locks has a statement hold a lock in the database until the returned function is called.
func (s *site) locks(t *testing.T, statement string) (release func()) {
	t.Helper()
	tx, err := s.store.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback(t.Context()) } // it may be released already
}

// storm sends what do sends, many times at once, and returns what comes of it. It waits until all of it
// is there: so many at work, the others in line.
func (s *site) storm(t *testing.T, work string, many int, do func(n int) *answer) <-chan *answer {
	t.Helper()
	answers := make(chan *answer, many)
	for n := range many {
		go func() { answers <- do(n) }()
	}
	begun := time.Now()
	for {
		use := s.server.Use()[work]
		if use.AtWork+use.Waiting+use.TurnedAway == int64(many) {
			return answers
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("of %d requests there are %+v", many, use)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// goesOn asserts that what is not of the storm's kind does: reading from the database, saving, logging in
// and what watches over the blog.
func (s *site) goesOn(t *testing.T, but string) {
	t.Helper()
	bob := s.as(t, "bob")
	if but != "reading" {
		s.visitor(t).get("/").wants(http.StatusOK)
		bob.get("/settings").wants(http.StatusOK)
	}
	if but != "writing" {
		id := uuid.New().String()
		bob.post("/posts", merged(text("Meanwhile", "Text."), asDraft, url.Values{"id": {id}})).leadsTo("/dashboard")
		bob.htmx().post("/posts/"+id+"/versions", merged(text("Meanwhile", "More."), url.Values{"version": {"1"}, "turn": {"1"}})).wants(http.StatusOK)
	}
	if but != "hashing" {
		s.visitor(t).post("/login", login("bob", dbtest.Password)).leadsTo("/dashboard")
	}
	s.visitor(t).get("/healthz").wants(http.StatusOK)
	s.visitor(t).get("/readyz").wants(http.StatusOK)
}

// crowded is a site of ada, who is an owner and has a post, and of bob.
func crowded(t *testing.T) (s *site, ada *browser, post dbtest.NewPost) {
	t.Helper()
	s = newSite(t)
	post = dbtest.Post(t, s.store, dbtest.Owner(t, s.store, "ada"), titled("Low tide"))
	dbtest.User(t, s.store, "bob")
	return s, s.as(t, "ada"), post
}

// isTurnedAway asserts a 503 that says when to come again.
func (a *answer) isTurnedAway() *answer {
	a.t.Helper()
	return a.wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "5").wantsHeader("Cache-Control", "no-store")
}

func TestAStormOfWritesStopsNeitherReadingNorLoggingInAndLosesNoText(t *testing.T) {
	t.Parallel()
	s, ada, post := crowded(t)
	form := ada.get(at(post, "/edit")).form("form[data-editor]")
	release := s.locks(t, "SELECT FROM posts WHERE id = '"+post.ID.String()+"' FOR UPDATE")
	defer release()
	long, _ := kib(70) // which may take its time
	held := s.storm(t, "writing", 4, func(int) *answer { return ada.post(at(post, "/versions"), turn(form, "1", "Low tide", long)) })
	begun := time.Now()
	ways := []func() *answer{
		func() *answer { return ada.submit(form, awkwardly("By hand")) },
		func() *answer { return ada.htmx().submit(form, awkwardly("In place")) },
		func() *answer { return ada.htmx().post(at(post, "/versions"), turn(form, "2", "By itself", typed)) },
	}
	var late [3]chan *answer
	for n, send := range ways {
		late[n] = make(chan *answer, 1)
		go func() { late[n] <- send() }()
	}
	s.goesOn(t, "writing")

	page, inPlace, autosave := (<-late[0]).isTurnedAway(), (<-late[1]).isTurnedAway(), (<-late[2]).isTurnedAway()
	if took := time.Since(begun); took < 7*time.Second || took > 20*time.Second {
		t.Errorf("they were turned away after %s", took)
	}
	again := page.holds(form, awkwardly("By hand"))
	for _, part := range []*answer{inPlace, autosave} {
		part.wantsHeader("HX-Retarget", "#status").says(".wrong", "Nothing was changed: wait a few seconds and try again.")
	}
	if use := s.server.Use()["writing"]; use != (bulkhead.Use{AtWork: 4, TurnedAway: 3}) {
		t.Errorf("writing: %+v", use)
	}
	release()
	for range 4 {
		if a := <-held; a.StatusCode >= 500 {
			t.Errorf("what was at work ended in %d: %s", a.StatusCode, a.body)
		}
	}
	ada.submit(again, nil).leadsTo("/@ada/" + post.Slug())
}

func TestAStormOfReadsStopsNeitherSavingNorLoggingIn(t *testing.T) {
	t.Parallel()
	s, ada, _ := crowded(t)
	release := s.locks(t, "LOCK TABLE outbox") // which one page shows
	defer release()
	const many = 30
	answers := s.storm(t, "reading", many, func(n int) *answer {
		if n%2 == 0 {
			return ada.htmx().get("/admin/mail")
		}
		return ada.get("/admin/mail")
	})
	s.goesOn(t, "reading")
	use := s.server.Use()["reading"]
	for use.Waiting > 0 { // four seconds each
		time.Sleep(20 * time.Millisecond)
		use = s.server.Use()["reading"]
	}
	release()
	turnedAway := 0
	for range many {
		switch a := <-answers; {
		case !strings.Contains(a.body, "as much to do as it can"):
			a.wants(http.StatusOK)
		case a.Request.Header.Get("HX-Request") != "":
			turnedAway++
			a.isTurnedAway().says(".wrong", "Nothing was changed")
		default:
			turnedAway++
			a.isTurnedAway().isPage().says("h1", "Busy just now")
		}
	}
	if int64(turnedAway) != use.TurnedAway || turnedAway != many-6 {
		t.Errorf("%d were turned away, %+v", turnedAway, use)
	}
	ada.get("/admin/mail").wants(http.StatusOK)
}

func TestAStormOfLogInsStopsNeitherReadingNorSaving(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.locks(t, "LOCK TABLE throttles") // every log-in takes a turn there
	defer release()
	const many = 12
	answers := s.storm(t, "hashing", many, func(int) *answer { return s.visitor(t).post("/login", login("ada", dbtest.Password)) })
	s.goesOn(t, "hashing")
	release()
	for range many { // and everybody is let in, one after the other
		(<-answers).leadsTo("/dashboard")
	}
}

func TestAStormOfSearchesStopsNothingElse(t *testing.T) {
	t.Parallel()
	s, ada, _ := crowded(t)
	release := s.locks(t, "LOCK TABLE posts")
	defer release()
	const many = 10
	answers := s.storm(t, "searching", many, func(int) *answer { return s.visitor(t).get("/search?q=tide") })
	ada.get("/settings").wants(http.StatusOK)
	s.visitor(t).post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard")
	s.visitor(t).get("/readyz").wants(http.StatusOK)
	release()
	for range many {
		if a := <-answers; a.StatusCode != http.StatusOK { // it has waited for two seconds
			a.isTurnedAway()
		}
	}
}

func TestWhatIsInMemoryWaitsForNobody(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	dbtest.Post(t, s.store, dbtest.Owner(t, s.store, "ada"))
	reader, ada := s.visitor(t), s.as(t, "ada")
	reader.keepsPage("/")
	release := s.locks(t, "LOCK TABLE outbox")
	defer release()
	const many = 10
	answers := s.storm(t, "reading", many, func(int) *answer { return ada.get("/admin/mail") })
	etag := reader.get("/").wants(http.StatusOK).Header.Get("ETag")
	reader.with("If-None-Match", etag).get("/").wants(http.StatusNotModified)
	if use := s.server.Use()["reading"]; use != (bulkhead.Use{AtWork: 6, Waiting: 4}) {
		t.Errorf("meanwhile the storm is at %+v", use)
	}
	release()
	for range many {
		(<-answers).wants(http.StatusOK)
	}
}

func TestWhoeverAsksWhetherTheBlogIsReadyTakesOneConnection(t *testing.T) {
	t.Parallel()
	s, _, _ := crowded(t)
	release := s.locks(t, "LOCK TABLE goose_db_version")
	defer release()
	const many = 40
	answers := make(chan *answer, many)
	for range many {
		go func() { answers <- s.visitor(t).get("/readyz") }()
	}
	time.Sleep(200 * time.Millisecond)
	if n := s.store.Pool.Stat().AcquiredConns(); n > 2 { // the lock's is one
		t.Errorf("they hold %d connections", n)
	}
	s.visitor(t).get("/").wants(http.StatusOK)
	release()
	for range many {
		(<-answers).wants(http.StatusOK)
	}
}

func TestOneNetworkDoesNotFillALine(t *testing.T) {
	t.Parallel()
	s := newSite(t, behindProxy)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	release := s.locks(t, "LOCK TABLE posts")
	defer release()
	from := func(address string) *browser { return s.visitor(t).from(address) }
	held := s.storm(t, "reading", 64, func(n int) *answer {
		return from("2001:db8::" + strconv.Itoa(n+1)).get("/?n=" + strconv.Itoa(n)) // or they would wait together
	})
	from("2001:db8::ffff").get("/").isTurnedAway()
	from("2001:db8::ffff").post("/login", login("ada", dbtest.Password)).isTurnedAway()
	from("203.0.113.1").post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard")
	release()
	for range 64 {
		if a := <-held; a.StatusCode != http.StatusOK && a.StatusCode != http.StatusServiceUnavailable { // who waited too long
			t.Errorf("what waited ended in %d", a.StatusCode)
		}
	}
	from("2001:db8::ffff").get("/").wants(http.StatusOK)
}
