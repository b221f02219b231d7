package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

const (
	manyPosts = 20_000
	most      = 21 // a page of 20, and one to know whether it goes on
)

// fillForSearch makes a blog whose posts have words of every frequency; of all posts 1 in 10 is a draft.
func fillForSearch(t *testing.T, store *db.Store) (author uuid.UUID) {
	t.Helper()
	dbtest.Exec(t, store, `SELECT create_user(gen_random_uuid(), 'user-' || n, NULL, '-', 'author', 'import', 'open', NULL)
		FROM generate_series(1, 2000) AS n`)
	dbtest.Exec(t, store, `INSERT INTO posts
		(id, author_id, slug, title, body, excerpt, words, tags, tag_slugs, plain, created_at, updated_at, published_at)
		SELECT gen_random_uuid(), u.id, 'title-' || n, concat_ws(' ', 'Title', CASE WHEN n % 1000 = 7 THEN 'fountain' END), repeat('word ', 300), 'word', 300, tags, tags,
			concat_ws(' ', 'everywhere', CASE WHEN n % 2 = 1 THEN 'often' END, CASE WHEN n % 20 = 3 THEN 'sometimes' END,
				CASE WHEN n % 200 = 3 THEN 'seldom' END, CASE WHEN n = 4003 THEN 'once' END), at, at,
			CASE WHEN n % 10 > 0 THEN at END
		FROM generate_series(1, $1) AS n
		JOIN users AS u ON u.username = 'user-' || (n % 100 + 1),
		LATERAL (SELECT now() - n * interval '1 hour', ARRAY[CASE WHEN n % 500 = 7 THEN 'lighthouse' ELSE 'common' END]) AS made (at, tags)`, manyPosts)
	dbtest.Exec(t, store, "VACUUM ANALYZE posts, tagged, users")
	return dbtest.One[uuid.UUID](t, store, "SELECT id FROM users WHERE username = 'user-1'")
}

func TestASearchReadsNoTableFromEndToEnd(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	author := fillForSearch(t, store)
	e := explain(t, store, "force_custom_plan") // as Searching has it
	search := func(query string) func(context.Context, *db.Queries) error {
		return func(ctx context.Context, q *db.Queries) error {
			_, err := q.SearchPosts(ctx, db.SearchPostsParams{Language: "simple", Query: query, Words: []string{query}, Most: most})
			return err
		}
	}
	for name, ask := range map[string]struct {
		index string
		rows  float64 // that it may read at once
		run   func(context.Context, *db.Queries) error
	}{
		"everywhere": {"posts_found", 200, search("'everywhere'")},
		"often":      {"posts_found", 500, search("'often'")},
		"sometimes":  {"posts_found or posts_document", 4000, search("'sometimes'")},
		"seldom":     {"posts_document", 400, search("'seldom'")},
		"once":       {"posts_document", 200, search("'once'")},
		"nowhere":    {"posts_document", 200, search("'nowhere'")},
		"begun":      {"posts_found or posts_document", manyPosts / 2, search("'of':*")}, // of few words there are no figures for beginnings
		"in titles":  {"posts_heading", 400, search("'fountain'")},
		"without":    {"posts_found or posts_document", 4000, search("'sometimes' & !'seldom'")},
		"SearchDrafts": {"posts_author_drafts", 100, func(ctx context.Context, q *db.Queries) error {
			_, err := q.SearchDrafts(ctx, db.SearchDraftsParams{Language: "simple", Query: "'word'", AuthorID: author, Most: most})
			return err
		}},
		"SearchAlike, titles": {"posts_likeness", 400, func(ctx context.Context, q *db.Queries) error {
			_, err := q.SearchAlike(ctx, db.SearchAlikeParams{Typed: "fountain", Most: most})
			return err
		}},
		"SearchAlike, tags": {"tagged_likeness", 400, func(ctx context.Context, q *db.Queries) error {
			_, err := q.SearchAlike(ctx, db.SearchAlikeParams{Typed: "lighthosue", Most: most})
			return err
		}},
		"NewestSince": {"posts_found", 5001, func(ctx context.Context, q *db.Queries) error {
			_, err := q.NewestSince(ctx, 5000)
			return err
		}},
	} {
		if err := ask.run(t.Context(), e.queries()); err != nil && !db.IsNone(err) {
			t.Fatalf("%s: %v", name, err)
		}
		e.wantsNoScan(name)
		e.wantsAtMost(name, ask.rows)
		e.wantsUse(name, ask.index)
	}
}

func TestASearchThatTakesTooLongIsEnded(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	tx, err := store.Pool.Begin(t.Context())
	noError(t, err)
	defer tx.Rollback(context.Background())
	_, err = tx.Exec(t.Context(), "LOCK TABLE posts")
	noError(t, err)
	err = store.Searching(t.Context(), 50*time.Millisecond, func(q *db.Queries) error {
		_, err := q.NewestSince(t.Context(), 5000)
		return err
	})
	if !db.IsTooSlow(err) || db.IsAway(err) {
		t.Errorf("it ended with %v", err)
	}
}
