package main_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"miniblog/db"
	"miniblog/internal/dbtest"
	"miniblog/internal/mailtest"
)

// Median times of 200 tries each or more, in an order left to chance, on the built program: whether a name or an
// address is somebody's can be told from neither status, words nor time. Asking for a link
// has a test of its own, while mail is being sent.
func TestNoAccountIsToldByHowLongAnAnswerTakes(t *testing.T) {
	server, store := mailtest.Start(t, mailtest.Options{Login: true}), dbtest.Store(t)
	dbtest.User(t, store, "ada")
	dbtest.Exec(t, store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
	p := start(t, mailing(server, store.Pool.Config().ConnString()))
	joined := 0
	for what, send := range map[string]func(known bool) (*http.Response, time.Duration){
		"logging in by name": func(known bool) (*http.Response, time.Duration) {
			return p.timed("/login", url.Values{"username": {either(known, "ada", "joan")}, "password": {"eight grey herons"}})
		},
		"logging in by address": func(known bool) (*http.Response, time.Duration) {
			return p.timed("/login", url.Values{"username": {either(known, "ada@example.org", "joan@example.org")}, "password": {"eight grey herons"}})
		},
		"signing up with an address": func(known bool) (*http.Response, time.Duration) {
			joined++
			return p.timed("/signup", url.Values{
				"username": {fmt.Sprintf("reader-%d", joined)}, "password": {dbtest.Password},
				"email": {either(known, "ada@example.org", fmt.Sprintf("reader-%d@example.org", joined))},
			})
		},
	} {
		t.Run(what, func(t *testing.T) { isUntold(t, store, send) })
	}
}

func isUntold(t *testing.T, store *db.Store, send func(known bool) (*http.Response, time.Duration)) {
	t.Helper()
	took := map[bool][]time.Duration{}
	for range 5 { // on a busy machine the medians themselves jump: then more tries say more
		for range 200 {
			dbtest.Exec(t, store, "DELETE FROM throttles")
			var status [2]int
			first := rand.IntN(2) == 0 // by turns one of both would meet the collector more often, which comes every few hashes
			for i, known := range []bool{first, !first} {
				response, long := send(known)
				status[i], took[known] = response.StatusCode, append(took[known], long)
			}
			if status[0] != status[1] || status[0] == http.StatusTooManyRequests {
				t.Fatalf("answered %v", status)
			}
		}
		known, unknown := median(took[true]), median(took[false])
		t.Logf("%d tries each: known %s, unknown %s", len(took[true]), known, unknown)
		if math.Abs(float64(known-unknown)) < 0.1*float64(unknown) {
			return
		}
	}
	t.Error("what is known takes another time")
}

func (p *process) timed(path string, form url.Values) (*http.Response, time.Duration) {
	begun := time.Now()
	response := p.posts(path, form)
	return response, time.Since(begun)
}

func either(first bool, one, other string) string {
	if first {
		return one
	}
	return other
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
