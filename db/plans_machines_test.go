package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// What machines ask for time and again: a feed reads the posts that it tells and no others, and a sitemap goes on
// where it was, however far that is.
func TestFeedsAndSitemapsGoAlongTheirIndexes(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	dbtest.Exec(t, store, `INSERT INTO tagged (post_id, slug, name, published_at)
		SELECT id, 'tag-' || row_number() OVER () % 100, 'Tag', published_at
		FROM posts WHERE published_at IS NOT NULL AND deleted_at IS NULL`)
	dbtest.Exec(t, store, "UPDATE posts SET page = true WHERE slug IN ('title-10012', 'title-10013', 'title-10014')")
	dbtest.Exec(t, store, "ANALYZE posts, tagged")
	k := lookUp(t, store)
	places := db.SitemapPostsParams{AfterTime: time.Now().Add(-9_000 * time.Hour), AfterID: uuid.Max, Most: most}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		e := explain(t, store, mode)
		for query, ask := range map[string]struct {
			index string
			run   func(context.Context, *db.Queries) error
		}{
			"FeedOfAll": {"posts_published", func(ctx context.Context, q *db.Queries) error {
				_, err := q.FeedOfAll(ctx, most)
				return err
			}},
			"FeedOfAuthor": {"posts_author_published", func(ctx context.Context, q *db.Queries) error {
				_, err := q.FeedOfAuthor(ctx, k.author, most)
				return err
			}},
			"FeedOfTag": {"tagged_newest", func(ctx context.Context, q *db.Queries) error {
				_, err := q.FeedOfTag(ctx, "tag-7", most)
				return err
			}},
			"FeedTexts": {"posts_pkey", func(ctx context.Context, q *db.Queries) error {
				_, err := q.FeedTexts(ctx, "1", []uuid.UUID{k.post})
				return err
			}},
			"SitemapPosts": {"posts_published", func(ctx context.Context, q *db.Queries) error {
				_, err := q.SitemapPosts(ctx, places)
				return err
			}},
		} {
			if err := ask.run(t.Context(), e.queries()); !db.IsNone(err) {
				t.Fatalf("%s, %s: %v", query, mode, err)
			}
			e.wantsIndex(query, ask.index)
			e.wantsFewRows(query)
		}
		// These are few, or read once a batch; each goes along an index to where the batch begins.
		for query, run := range map[string]func(context.Context, *db.Queries) error{
			"SitemapPages": func(ctx context.Context, q *db.Queries) error {
				_, err := q.SitemapPages(ctx, db.SitemapPagesParams{Most: most})
				return err
			},
			"SitemapTags": func(ctx context.Context, q *db.Queries) error {
				_, err := q.SitemapTags(ctx, "tag-98", most)
				return err
			},
		} {
			if err := run(t.Context(), e.queries()); !db.IsNone(err) {
				t.Fatalf("%s, %s: %v", query, mode, err)
			}
			e.wantsNoScan(query)
			if e.plan.Rows == 0 {
				t.Errorf("%s, %s: it found nothing, so its plan proves nothing", query, mode)
			}
		}
		if _, err := e.queries().SitemapAuthors(t.Context(), "user-3", most); !db.IsNone(err) {
			t.Fatal(err)
		}
		e.wantsIndex("SitemapAuthors", "posts_author_published")
	}
}
