package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// What readers' pages may read at once, whatever the blog holds.
const (
	manyTags  = 400
	mostTags  = 100
	mostOnTop = 3
)

// fillForReaders tags what the filled blog has published, three owners and others pin some of theirs, and some of it
// stands by itself; some drafts are scheduled, and two of them are due.
func fillForReaders(t *testing.T, store *db.Store) {
	t.Helper()
	dbtest.Exec(t, store, "UPDATE users SET role = 'owner' WHERE username IN ('user-1', 'user-2', 'user-3')")
	dbtest.Exec(t, store, "UPDATE posts SET pinned_at = published_at WHERE right(slug, 2) IN ('02', '03', '52', '77')")
	dbtest.Exec(t, store, "UPDATE posts SET page = true WHERE right(slug, 3) = '444'")
	dbtest.Exec(t, store, `INSERT INTO tagged (post_id, slug, name, published_at)
		SELECT p.id, 'tag-' || n, 'Tag ' || n, p.published_at
		FROM posts AS p, LATERAL (SELECT substr(p.slug, 7)::integer % $1 AS n) AS numbered
		WHERE p.published_at IS NOT NULL AND p.deleted_at IS NULL AND NOT p.page`, manyTags)
	dbtest.Exec(t, store, "UPDATE posts SET publish_at = now() + interval '1 hour' WHERE published_at IS NULL AND right(slug, 3) = '330'")
	dbtest.Exec(t, store, "UPDATE posts SET publish_at = now() - interval '1 second' WHERE slug IN ('title-4330', 'title-9330')")
	dbtest.Exec(t, store, "ANALYZE")
}

type readersQuery struct {
	indexes []string // each is used
	rows    float64  // that it may read at once
	run     func(context.Context, *db.Queries) error
}

func readersQueries(k known) map[string]readersQuery {
	march := time.Now().AddDate(-1, 0, 0).UTC().Truncate(24 * time.Hour)
	next := march.AddDate(0, 1, 0)
	newest := func(first bool, before db.ListPublishedParams) func(context.Context, *db.Queries) error {
		before.First, before.MostPinned = first, mostOnTop
		return func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListPublished(ctx, before)
			return err
		}
	}
	tagged := func(before db.ListPublishedParams) func(context.Context, *db.Queries) error {
		return func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListTagged(ctx, db.ListTaggedParams{
				Tag: "tag-7", BeforeTime: before.BeforeTime, BeforeID: before.BeforeID, Most: most,
			})
			return err
		}
	}
	return map[string]readersQuery{
		"ListPublished, first page": {[]string{"posts_published", "posts_pinned", "users_owners"}, most + 4*mostOnTop, newest(true, k.first)},
		"ListPublished, deep page":  {[]string{"posts_published", "posts_pinned", "users_owners"}, most + 4*mostOnTop, newest(false, k.deep)},
		"PinnedBy": {[]string{"posts_pinned"}, mostOnTop, func(ctx context.Context, q *db.Queries) error {
			_, err := q.PinnedBy(ctx, k.deleter, mostOnTop)
			return err
		}},
		"ListTags": {[]string{"tagged_newest"}, mostTags, func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListTags(ctx, mostTags)
			return err
		}},
		"TagNamed": {[]string{"tagged_newest"}, 1, func(ctx context.Context, q *db.Queries) error {
			_, err := q.TagNamed(ctx, "tag-7")
			return err
		}},
		"ListTagged, first page": {[]string{"tagged_newest", "posts_pkey"}, most, tagged(k.first)},
		"ListTagged, deep page":  {[]string{"tagged_newest", "posts_pkey"}, most, tagged(k.deep)},
		"ListMonths": {[]string{"posts_published"}, 40, func(ctx context.Context, q *db.Queries) error { // 20,000 hours
			_, err := q.ListMonths(ctx, 1200)
			return err
		}},
		"ListBetween": {[]string{"posts_published"}, most, func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListBetween(ctx, db.ListBetweenParams{Since: march, BeforeTime: next, BeforeID: uuid.Nil, Most: most})
			return err
		}},
		"PublishedAround": {[]string{"posts_published"}, 2, func(ctx context.Context, q *db.Queries) error {
			_, err := q.PublishedAround(ctx, march, next)
			return err
		}},
		"Neighbours": {[]string{"posts_published"}, 2, func(ctx context.Context, q *db.Queries) error {
			_, err := q.Neighbours(ctx, march, k.post)
			return err
		}},
		"NavigationPages": {[]string{"posts_pages"}, 10, func(ctx context.Context, q *db.Queries) error {
			_, err := q.NavigationPages(ctx, 10)
			return err
		}},
		"FirstSeen": {[]string{"versions_pkey"}, 2, func(ctx context.Context, q *db.Queries) error {
			_, err := q.FirstSeen(ctx, k.post, time.Now())
			return err
		}},
		"FirstSaved": {[]string{"versions_pkey"}, 2, func(ctx context.Context, q *db.Queries) error {
			_, err := q.FirstSaved(ctx, k.post)
			return err
		}},
		"ListSeen": {[]string{"versions_pkey"}, 2 * most, func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListSeen(ctx, db.ListSeenParams{PostID: k.post, First: 1, Shown: manyVersions, BeforeNumber: 700, Most: most})
			return err
		}},
		"SeenVersion": {[]string{"versions_pkey"}, 1, func(ctx context.Context, q *db.Queries) error {
			_, err := q.SeenVersion(ctx, db.SeenVersionParams{PostID: k.post, Number: 701, First: 1, Shown: manyVersions})
			return err
		}},
		"NextDue": {[]string{"posts_due"}, 1, func(ctx context.Context, q *db.Queries) error {
			_, err := q.NextDue(ctx)
			return err
		}},
		"HoldDue": {[]string{"posts_due"}, 2, func(ctx context.Context, q *db.Queries) error {
			_, err := q.HoldDue(ctx, []uuid.UUID{k.post})
			return err
		}},
		"PublishIfDue": {[]string{"posts_pkey or posts_due"}, 1, func(ctx context.Context, q *db.Queries) error {
			_, err := q.PublishIfDue(ctx, "title-1", k.post)
			return err
		}},
		"SetDetails": {[]string{"posts_pkey"}, 1, func(ctx context.Context, q *db.Queries) error {
			return q.SetDetails(ctx, db.SetDetailsParams{ID: k.post, Pinned: true})
		}},
	}
}

func TestReadersPagesCostWhatTheyShow(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	fillForReaders(t, store)
	k := lookUp(t, store)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		for name, query := range readersQueries(k) {
			e := explain(t, store, mode)
			if err := query.run(t.Context(), e.queries()); err != nil && !db.IsNone(err) {
				t.Fatalf("%s, %s: %v", name, mode, err)
			}
			for _, index := range query.indexes {
				e.uses(name, index)
			}
			e.wantsNoScan(name)
			e.wantsAtMost(name, query.rows)
		}
	}
}
