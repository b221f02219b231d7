package db_test

import (
	"testing"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// However many posts and names there are, the links of a text are looked up one by one, and an
// address is changed in one row.
func TestLinksAndAddressesAreFoundByIndex(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	dbtest.Exec(t, store, `INSERT INTO tagged (post_id, slug, name, published_at)
		SELECT p.id, t.slug, t.slug, p.published_at FROM posts AS p, unnest(ARRAY['tea', p.slug]) AS t (slug) WHERE p.published_at IS NOT NULL`)
	dbtest.Exec(t, store, "ANALYZE")
	k := lookUp(t, store)
	usernames, slugs := []string{k.username, k.username, "user-9", "nobody"}, []string{k.slug, "", "", "title-1"}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		e := explain(t, store, mode)
		if _, err := e.queries().LiveAddresses(t.Context(), db.LiveAddressesParams{Usernames: usernames, Slugs: slugs, Most: 200}); !db.IsNone(err) {
			t.Fatal(err)
		}
		e.wantsNoScan("LiveAddresses")
		e.wantsFewRows("LiveAddresses")
		if _, err := e.queries().LiveTags(t.Context(), 200, []string{"tea", k.slug, "never"}); !db.IsNone(err) {
			t.Fatal(err)
		}
		e.wantsNoScan("LiveTags")
		e.wantsFewRows("LiveTags")
		if _, err := e.queries().KnownUsernames(t.Context(), []string{k.username, "user-9", "nobody"}, most); !db.IsNone(err) {
			t.Fatal(err)
		}
		e.wantsNoScan("KnownUsernames")
		e.wantsFewRows("KnownUsernames")
		slug := "another"
		noError(t, e.queries().SetSlug(t.Context(), &slug, k.post))
		e.wantsIndex("SetSlug", "posts_pkey")
		noError(t, e.queries().RenameUser(t.Context(), "another", k.author))
		e.wantsIndex("RenameUser", "users_pkey")
	}
}
