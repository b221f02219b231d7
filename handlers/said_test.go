package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// What scripts say in the status region the next page says there, once.
func TestWithoutScriptsTheNextPageSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	s.as(t, "ada") // another session
	other := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1")
	for _, c := range []struct {
		path  string
		sent  url.Values
		words string
	}{
		{s.at(bob, "disabling"), nil, "The account is disabled."},
		{s.at(bob, "enabling"), nil, "The account can log in again."},
		{s.at(bob, "role"), url.Values{"role": {"owner"}}, "The account is an owner now."},
		{s.at(bob, "role"), url.Values{"role": {"author"}}, "The account is an author now."},
		{s.at(bob, "removal"), nil, "The account is removed."},
		{s.at(bob, "restoration"), nil, "The account is back."},
		{"/admin/signup", url.Values{"signup": {"invite"}}, "Saved. It holds from now on."},
		{"/settings/sessions/" + other.String() + "/ending", nil, "That session has ended."},
		{"/settings/sessions/ending", nil, "Every other session has ended."},
	} {
		led := ada.post(c.path, c.sent).wants(http.StatusSeeOther).Header.Get("Location")
		ada.htmx().get("/admin").hasNot(".said") // a part of a page takes nothing from it
		page := ada.get(led).wants(http.StatusOK).isPage()
		page.says("#status[role=status] .said", c.words)
		ada.get(led).hasNot(".said")
	}
	ada.get("/admin?said=removed").hasNot(".said")
}
