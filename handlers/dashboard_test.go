package handlers_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

func TestTheDashboardShowsOnesOwnPostsAndDraftsAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := dbtest.User(t, s.store, "ada"), dbtest.User(t, s.store, "bob")
	post, begun := dbtest.Post(t, s.store, ada, titled("Low tide")), dbtest.Post(t, s.store, ada, titled("Begun"), draft)
	dbtest.Post(t, s.store, ada, titled("Gone"), deleted)
	dbtest.Post(t, s.store, bob, titled("Of bob"))
	page := s.as(t, "ada").get("/dashboard").wants(http.StatusOK).isPage()
	page.wantsHeader("Cache-Control", "no-store")
	page.says("h1", "Welcome, ada")
	if n := page.has("article").Length(); n != 2 {
		t.Errorf("%d posts are shown, want 2", n)
	}
	page.has("#" + articleOf(post) + " h2 a[href='/@ada/low-tide']")
	page.has("#" + articleOf(begun) + " h2 a[href='" + at(begun, "/edit") + "']")
	page.has("#" + articleOf(begun) + " form[action='" + at(begun, "/deletion") + "'] [name=shape][value=own]")
	page.has("#compose:empty")
	page.says("main > header a[href='/dashboard/deleted']", "Deleted")
	page.hasNot(".deleted")
}

func TestAnEmptyDashboardHasAPlaceForTheFirstPost(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	page := ada.get("/dashboard").wants(http.StatusOK)
	page.has("#own-posts:empty")
	page.has(".empty a[href='/new']")
}

func TestTheDashboardOffersUndoOnlyForWhatWasDeleted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	gone, there := dbtest.Post(t, s.store, ada, titled("Gone"), deleted), dbtest.Post(t, s.store, ada)
	b := s.as(t, "ada")
	b.get("/dashboard?deleted="+gone.ID.String()).says("#"+articleOf(gone)+" button", "Undo")
	for _, id := range []string{there.ID.String(), uuid.NewString(), "nonsense", "%00", ""} {
		b.get("/dashboard?deleted=" + id).wants(http.StatusOK).isPage().hasNot(".deleted")
	}
}
