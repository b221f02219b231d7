package handlers_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"miniblog/db"
	"miniblog/internal/cache"
	"miniblog/internal/dbtest"
)

// witness remembers the newest text that anybody was told of, and when.
type witness struct {
	mu   sync.Mutex
	told []glimpse
}

type glimpse struct {
	number   int
	instance int
	at       time.Time // when the one who was told had it
}

func (w *witness) tell(number, instance int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, glimpse{number, instance, time.Now()})
}

// least is the oldest text that a reader may see who asks an instance now.
func (w *witness) least(instance int) (number int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	for _, each := range w.told {
		if each.instance == instance || now.Sub(each.at) > cache.Lease {
			number = max(number, each.number)
		}
	}
	return number
}

var numbered = regexp.MustCompile(`Text number (\d+)\.`)

// Two instances, writers and readers at both, and connections that are cut: nobody sees an
// older text than was seen before, at the same instance at all, at the other for longer than
// the lease.
func TestNobodySeesAnOlderTextThanWasSeenBefore(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	other, err := db.Open(store.Pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	instances := []*site{remembers(t, store), remembers(t, other)}
	dbtest.User(t, store, "ada")
	id := instances[0].as(t, "ada").published("Low tide", "Text number 0.", "harbour")
	paths := []string{"/", "/@ada", "/@ada/low-tide", "/tags/harbour", "/feed.atom", "/?utm_source=x"}

	var w witness
	var all, readers sync.WaitGroup
	done := make(chan struct{})
	for at, s := range instances {
		for range 3 {
			reader := s.visitor(t)
			readers.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-done:
						return
					default:
					}
					asking := reader
					if n%2 == 0 {
						asking = reader.with("Accept-Encoding", "identity")
					}
					path := paths[rand.IntN(len(paths))]
					least := w.least(at)
					body := asking.get(path).body
					found := numbered.FindStringSubmatch(body)
					if found == nil {
						t.Errorf("%s shows no text", path)
						return
					}
					number, _ := strconv.Atoi(found[1]) // digits
					if number < least {
						t.Errorf("%s of instance %d shows text %d after %d was seen", path, at, number, least)
					}
					w.tell(number, at)
				}
			})
		}
	}
	authors := []*browser{instances[0].as(t, "ada"), instances[1].as(t, "ada")}
	all.Go(func() {
		for number := 1; number <= 150; number++ {
			at := rand.IntN(2)
			version := dbtest.One[int](t, store, "SELECT max(number) FROM versions WHERE post_id = $1", id)
			answer := authors[at].post("/posts/"+id, url.Values{
				"title": {"Low tide"}, "body": {fmt.Sprintf("Text number %d.", number)}, "tags": {"harbour"}, "status": {"published"}, "version": {strconv.Itoa(version)},
			})
			if answer.StatusCode != http.StatusSeeOther {
				t.Errorf("text %d: %d", number, answer.StatusCode)
			}
			w.tell(number, at)
			if number%10 == 0 {
				dbtest.Exec(t, store, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'miniblog editions' AND datname = current_database()")
			}
			time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
		}
	})
	all.Wait()
	close(done)
	readers.Wait()
	t.Logf("%d texts were told", len(w.told))
}
