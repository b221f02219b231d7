package main_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// schedule has a draft of ada's be published that long from now, and returns when.
func schedule(t *testing.T, store *db.Store, post uuid.UUID, wait time.Duration) time.Time {
	t.Helper()
	return dbtest.One[time.Time](t, store, `UPDATE posts SET slug = 'scheduled', publish_at = now() + $2::double precision * interval '1 second'
		WHERE id = $1 RETURNING publish_at`, post, wait.Seconds())
}

// isPublished waits until readers can read it, at most so long after it was due.
func isPublished(t *testing.T, store *db.Store, post uuid.UUID, due time.Time, late time.Duration) {
	t.Helper()
	for !dbtest.One[bool](t, store, "SELECT published_at IS NOT NULL FROM posts WHERE id = $1", post) {
		if time.Since(due) > late {
			t.Fatalf("it is not published %s after its time", time.Since(due))
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf("published %s after its time", time.Since(due).Round(time.Millisecond))
	if at := dbtest.One[time.Time](t, store, "SELECT published_at FROM posts WHERE id = $1", post); at.After(due) {
		t.Errorf("it is published as of %s, and was due %s", at, due)
	}
}

func TestWhatIsScheduledIsPublishedWithinASecondOfItsTime(t *testing.T) {
	t.Parallel()
	run(t, settings{}, "", "version").wants(t, 0) // so that it is built
	store := dbtest.Store(t)
	post := dbtest.Post(t, store, dbtest.User(t, store, "ada"), func(p *dbtest.NewPost) { p.Draft = true })
	due := schedule(t, store, post.ID, 3*time.Second)
	p := start(t, settings{"DATABASE_URL": store.Pool.Config().ConnString()})
	if listened := time.Now(); due.Before(listened) { // a busy machine
		due = listened
	}
	isPublished(t, store, post.ID, due, time.Second)
	p.says("published as scheduled")
	p.answers("/@ada/scheduled", 200)
}

func TestAPostThatCannotBePublishedIsToldAndKeepsBackNoOther(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	draft := func(p *dbtest.NewPost) { p.Draft = true }
	stuck, fit := dbtest.Post(t, store, dbtest.User(t, store, "ada"), draft), dbtest.Post(t, store, dbtest.User(t, store, "bob"), draft)
	dbtest.Exec(t, store, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN IF NEW.id = '`+stuck.ID.String()+`' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$`)
	dbtest.Exec(t, store, "CREATE TRIGGER refuse BEFORE UPDATE OF published_at ON posts FOR EACH ROW EXECUTE FUNCTION refuse()")
	schedule(t, store, stuck.ID, -time.Minute)
	schedule(t, store, fit.ID, -time.Second)
	p := start(t, settings{"DATABASE_URL": store.Pool.Config().ConnString()})
	isPublished(t, store, fit.ID, time.Now(), 3*time.Second)
	p.says("post " + stuck.ID.String())
}

func TestWhatWasDueWhileTheDatabaseWasAwayIsPublishedOnceItIsBack(t *testing.T) {
	t.Parallel()
	dir := freshDir(t)
	server := startDatabase(t, dir)
	p := start(t, settings{"DATABASE_URL": server.DSN("miniblog")})
	store, err := db.Open(server.DSN("miniblog"))
	noError(t, err)
	post := dbtest.Post(t, store, dbtest.User(t, store, "ada"), func(p *dbtest.NewPost) { p.Draft = true })
	due := schedule(t, store, post.ID, 2*time.Second)
	store.Pool.Close()
	noError(t, server.Stop(t.Context()))
	p.says("what is scheduled cannot be published just now")
	time.Sleep(time.Until(due))
	server = startDatabase(t, dir)
	store, err = db.Open(server.DSN("miniblog"))
	noError(t, err)
	t.Cleanup(store.Pool.Close)
	isPublished(t, store, post.ID, time.Now(), 3*time.Second)
}
