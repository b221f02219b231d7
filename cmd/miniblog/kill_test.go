package main_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"miniblog/internal/localpg"
)

// writes is what became of many writes: the ids and whether the blog said that it kept them.
type writes struct {
	mu   sync.Mutex
	kept map[uuid.UUID]bool
}

func (w *writes) count() (kept int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ok := range w.kept {
		if ok {
			kept++
		}
	}
	return kept
}

// write sends the post of each id that is not known to be kept, by several connections at once.
func (p *process) write(session string, w *writes) {
	var missing []uuid.UUID
	for id, kept := range w.kept {
		if !kept {
			missing = append(missing, id)
		}
	}
	const writers = 8
	var done sync.WaitGroup
	for i := range writers {
		client := p.caller()
		done.Go(func() {
			defer client.CloseIdleConnections()
			for at := i; at < len(missing); at += writers {
				if send(client, session, missing[at]) == http.StatusSeeOther {
					w.mu.Lock()
					w.kept[missing[at]] = true
					w.mu.Unlock()
				}
			}
		})
	}
	done.Wait()
}

// send returns the status of a write, 0 when there was no answer.
func send(client *http.Client, session string, id uuid.UUID) int {
	request, err := formRequest(session, "/posts", strings.NewReader(writing(id, "Post "+id.String()).Encode()))
	if err != nil {
		return 0
	}
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// stored counts the posts in the private database by their title, which names the id.
func (p *process) stored() map[string]int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), startLimit)
	defer cancel()
	dsn, err := localpg.Join(ctx, p.dataDir)
	noError(p.t, err)
	conn, err := pgx.Connect(ctx, dsn("miniblog"))
	noError(p.t, err)
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT title FROM posts ORDER BY id")
	noError(p.t, err)
	titles, err := pgx.CollectRows(rows, pgx.RowTo[string])
	noError(p.t, err)
	found := map[string]int{}
	for _, title := range titles {
		found[title]++
	}
	return found
}

func TestAKilledBlogKeepsWhatItAcknowledgedAndDoublesNothing(t *testing.T) {
	t.Parallel()
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
	first := start(t, env)
	add(t, env, "ada")
	session := first.login("ada")
	w := &writes{kept: map[uuid.UUID]bool{}}
	for range 200 {
		w.kept[uuid.New()] = false
	}
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for w.count() < 80 {
			time.Sleep(time.Millisecond)
		}
		_ = first.Process.Kill()
	}()
	first.write(session, w)
	<-killed
	first.exits(5 * time.Second)
	acknowledged := w.count()
	if acknowledged < 80 || acknowledged == 200 {
		t.Errorf("%d writes were acknowledged: it was not killed in the middle", acknowledged)
	}

	second := start(t, env)
	found := second.stored()
	for id, kept := range w.kept {
		if times := found["Post "+id.String()]; (kept && times != 1) || times > 1 {
			t.Errorf("a write, acknowledged: %t, is there %d times", kept, times)
		}
	}
	t.Logf("killed after %d acknowledged writes, %d were there", acknowledged, len(found))
	second.write(session, w) // the browser's second attempt at what it got no answer to
	found = second.stored()
	if w.count() != 200 || len(found) != 200 {
		t.Errorf("%d acknowledged and %d there after all were sent again, want 200", w.count(), len(found))
	}
	second.answers("/@ada", 200)
}

func TestABlogWhosePostgreSQLIsKilledServesAgainByItself(t *testing.T) {
	t.Parallel()
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
	p := start(t, env)
	add(t, env, "ada")
	session := p.login("ada")
	old := postmaster(p.dataDir)
	if old == 0 {
		t.Fatal("no postmaster")
	}
	w := &writes{kept: map[uuid.UUID]bool{}}
	for range 200 {
		w.kept[uuid.New()] = false
	}
	written := make(chan struct{})
	go func() { defer close(written); p.write(session, w) }()
	for w.count() < 20 {
		time.Sleep(time.Millisecond)
	}
	noError(t, syscall.Kill(old, syscall.SIGKILL))
	begun, seen := time.Now(), map[int]int{}
	for {
		status, header, _ := p.get("/")
		seen[status]++
		if status == http.StatusServiceUnavailable && header.Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
		if now := postmaster(p.dataDir); status == http.StatusOK && now != 0 && now != old {
			break
		}
		if time.Since(begun) > 15*time.Second {
			t.Fatalf("it does not serve again: %v\n%s", seen, p.said())
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Logf("served again %s after its PostgreSQL was killed; answers meanwhile: %v", time.Since(begun).Round(time.Millisecond), seen)
	for status := range seen {
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("a reader was answered %d", status)
		}
	}
	<-written
	found := p.stored()
	for id, kept := range w.kept {
		if times := found["Post "+id.String()]; kept && times != 1 {
			t.Errorf("an acknowledged write is there %d times", times)
		}
	}
	p.answers("/readyz", 200)
}
