package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"miniblog/internal/dbtest"
)

func TestLoginLeadsToTheDashboard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t)
	b.post("/login", url.Values{"username": {"Ada "}, "password": {dbtest.Password}}).leadsTo("/dashboard")
	b.get("/dashboard").wants(http.StatusOK).isPage().says("h1", "Welcome, ada")
}
