package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

func TestHealthAndReadinessAreForMachines(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(t).with("Cookie", "session=nonsense")
	for path, words := range map[string]string{"/healthz": "alive\n", "/readyz": "ready\n"} {
		a := b.get(path).wants(http.StatusOK).wantsHeader("Content-Type", "text/plain; charset=utf-8").wantsHeader("Set-Cookie", "")
		if a.wantsHeader("Cache-Control", "no-store"); a.body != words {
			t.Errorf("%s says %q", path, a.body)
		}
	}
}

func TestABlogWhoseSchemaIsNotTheProgramsIsNotReady(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(t)
	dbtest.Exec(t, s.store, "UPDATE goose_db_version SET version_id = version_id + 1000 WHERE version_id > 0")
	a := b.get("/readyz").wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "5")
	if a.body != "the database is not ready\n" {
		t.Errorf("it says %q", a.body)
	}
	b.get("/healthz").wants(http.StatusOK)
}

func TestABlogThatIsNotReadyTellsTheCauseToTheLogAlone(t *testing.T) {
	t.Parallel()
	var log journal
	s := newSite(t, log.to, func(o *handlers.Options) {
		o.Ready = func(context.Context) error { return errors.New("no route to 10.0.0.7") }
	})
	a := s.visitor(t).get("/readyz").wants(http.StatusServiceUnavailable)
	if strings.Contains(a.body, "10.0.0.7") || strings.Count(log.text(), "no route to 10.0.0.7") != 1 {
		t.Errorf("the page says %q and the log %s", a.body, log.text())
	}
}

func TestABlogThatWasDrainedBeforeItServedDoesNotBegin(t *testing.T) {
	t.Parallel()
	server := handlers.New(handlers.Options{URL: &url.URL{Scheme: "http", Host: "localhost"}})
	if err := server.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if err := server.Serve(httptest.NewUnstartedServer(nil).Listener); err != nil {
		t.Error(err)
	}
}
