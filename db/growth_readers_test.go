package db_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// asks are queries as they are asked in a blog that grow has filled, by their names and, where one is asked in several
// ways, what is special.
type asks map[string]func(context.Context, *db.Queries) error

// The place before which everything is, and one in the middle of five years.
var (
	growthEnd    = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	growthMiddle = time.Now().AddDate(-2, -6, 0)
)

// numbered is the id of a row that grow has made.
func numbered(n uint32) (id uuid.UUID) {
	for i := range 4 {
		id[15-i] = byte(n >> (8 * i))
	}
	return id
}

// Somebody who wrote a fifth of all, a post of theirs that was revised for years, one of their drafts, and one from their bin.
var (
	prolific  = numbered(1)
	revised   = numbered(5005)
	someDraft = numbered(5010)
	onceSeen  = numbered(4051)
)

// growthReads are what readers and writers wait for.
var growthReads = asks{
	"PublicPostAt": func(ctx context.Context, q *db.Queries) error {
		_, err := q.PublicPostAt(ctx, "user-1", "title-5005")
		return err
	},
	"FindAddress": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FindAddress(ctx, "user-1", "title-5005")
		return err
	},
	"FindAddress of an author": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FindAddress(ctx, "user-1", "")
		return err
	},
	"PublicPost": func(ctx context.Context, q *db.Queries) error {
		_, err := q.PublicPost(ctx, revised)
		return err
	},
	"PostForAuthor": func(ctx context.Context, q *db.Queries) error {
		_, err := q.PostForAuthor(ctx, revised, prolific)
		return err
	},
	"ListPublished": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListPublished(ctx, db.ListPublishedParams{First: true, BeforeTime: growthEnd, BeforeID: uuid.Max})
		return err
	},
	"ListPublished in the middle": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListPublished(ctx, db.ListPublishedParams{BeforeTime: growthMiddle, BeforeID: uuid.Max})
		return err
	},
	"ListPublishedBy": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListPublishedBy(ctx, db.ListPublishedByParams{AuthorID: prolific, BeforeTime: growthMiddle, BeforeID: uuid.Max, Pinned: []uuid.UUID{revised}})
		return err
	},
	"ListPublishedBy of somebody who stopped": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListPublishedBy(ctx, db.ListPublishedByParams{AuthorID: numbered(2), BeforeTime: growthEnd, BeforeID: uuid.Max})
		return err
	},
	"PinnedBy": func(ctx context.Context, q *db.Queries) error {
		_, err := q.PinnedBy(ctx, prolific)
		return err
	},
	"AuthorNamed": func(ctx context.Context, q *db.Queries) error {
		_, err := q.AuthorNamed(ctx, "user-1")
		return err
	},
	"ListOwn": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListOwn(ctx, db.ListOwnParams{AuthorID: prolific, BeforeTime: growthMiddle, BeforeID: uuid.Max})
		return err
	},
	"ListOwn of somebody who stopped": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListOwn(ctx, db.ListOwnParams{AuthorID: numbered(2), BeforeTime: growthEnd, BeforeID: uuid.Max})
		return err
	},
	"ListDeleted": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListDeleted(ctx, db.ListDeletedParams{AuthorID: numbered(2), BeforeTime: growthEnd, BeforeID: uuid.Max})
		return err
	},
	"ListTags": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListTags(ctx, 1000)
		return err
	},
	"TagNamed": func(ctx context.Context, q *db.Queries) error {
		_, err := q.TagNamed(ctx, "tag-7")
		return err
	},
	"ListTagged": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListTagged(ctx, db.ListTaggedParams{Tag: "tag-7", BeforeTime: growthEnd, BeforeID: uuid.Max})
		return err
	},
	"ListMonths": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListMonths(ctx, 1200)
		return err
	},
	"ListBetween": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListBetween(ctx, db.ListBetweenParams{Since: growthMiddle.AddDate(0, -1, 0), BeforeTime: growthMiddle, BeforeID: uuid.Nil})
		return err
	},
	"PublishedAround": func(ctx context.Context, q *db.Queries) error {
		_, err := q.PublishedAround(ctx, growthMiddle, growthMiddle.AddDate(0, 1, 0))
		return err
	},
	"NavigationPages": func(ctx context.Context, q *db.Queries) error {
		_, err := q.NavigationPages(ctx)
		return err
	},
	"LiveLinks": func(ctx context.Context, q *db.Queries) error {
		_, err := q.LiveLinks(ctx, db.LiveLinksParams{
			Usernames: []string{"user-1", "user-9", "nobody", "", ""}, Slugs: []string{"title-5005", "", "", "", ""},
			Tags: []string{"", "", "", "tag-7", "never"}, Most: 200,
		})
		return err
	},
	"FeedOfAll": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FeedOfAll(ctx)
		return err
	},
	"FeedOfAuthor": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FeedOfAuthor(ctx, prolific)
		return err
	},
	"FeedOfAuthor who stopped": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FeedOfAuthor(ctx, numbered(2))
		return err
	},
	"FeedOfTag": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FeedOfTag(ctx, "tag-7")
		return err
	},
	"FeedTexts": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FeedTexts(ctx, "1", []uuid.UUID{revised, onceSeen})
		return err
	},
	"FirstSeen": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FirstSeen(ctx, revised, time.Now())
		return err
	},
	"FirstSaved": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FirstSaved(ctx, revised)
		return err
	},
	"ListSeen": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListSeen(ctx, db.ListSeenParams{PostID: revised, First: 1, Shown: 2000, BeforeNumber: 2000})
		return err
	},
	"SeenVersion": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SeenVersion(ctx, db.SeenVersionParams{PostID: revised, Number: 7, First: 1, Shown: 2000})
		return err
	},
	"VersionOf": func(ctx context.Context, q *db.Queries) error {
		_, err := q.VersionOf(ctx, db.VersionOfParams{PostID: revised, Number: 7, AuthorID: prolific})
		return err
	},
	"ListVersions": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListVersions(ctx, db.ListVersionsParams{PostID: revised, AuthorID: prolific, BeforeNumber: 2000})
		return err
	},
	"NewestVersion": func(ctx context.Context, q *db.Queries) error {
		_, err := q.NewestVersion(ctx, db.NewestVersionParams{PostID: revised, Title: "Word", Body: "word"})
		return err
	},
	"NewestOfSitting": func(ctx context.Context, q *db.Queries) error {
		_, err := q.NewestOfSitting(ctx, db.NewestOfSittingParams{PostID: revised, Sitting: numbered(1000000000), Title: "Word", Body: "word"})
		return err
	},
	"KindOf": func(ctx context.Context, q *db.Queries) error {
		_, err := q.KindOf(ctx, revised, 7)
		return err
	},
	"Ancestry": func(ctx context.Context, q *db.Queries) error {
		_, err := q.Ancestry(ctx, revised, 7)
		return err
	},
	"Unsaved": func(ctx context.Context, q *db.Queries) error {
		_, err := q.Unsaved(ctx, revised, prolific)
		return err
	},
	"MergedSince": func(ctx context.Context, q *db.Queries) error {
		_, err := q.MergedSince(ctx, db.MergedSinceParams{PostID: revised, FromNumber: 15, Title: "Word", Body: "Text 16"})
		return err
	},
	"SlugTaken": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SlugTaken(ctx, db.SlugTakenParams{AuthorID: prolific, Slug: "title-5005", ID: someDraft})
		return err
	},
	"Edition":         func(ctx context.Context, q *db.Queries) error { _, err := q.Edition(ctx); return err },
	"SignupMode":      func(ctx context.Context, q *db.Queries) error { _, err := q.SignupMode(ctx); return err },
	"TransactionTime": func(ctx context.Context, q *db.Queries) error { _, err := q.TransactionTime(ctx); return err },
	"NextDue":         func(ctx context.Context, q *db.Queries) error { _, err := q.NextDue(ctx); return err },
	"HoldDue": func(ctx context.Context, q *db.Queries) error {
		_, err := q.HoldDue(ctx, []uuid.UUID{numbered(20)})
		return err
	},
	"ReadSearch": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ReadSearch(ctx, db.ReadSearchParams{Language: "simple", Typed: "everywhere", Head: "", Begun: "'every':*"})
		return err
	},
	"SearchPosts": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SearchPosts(ctx, db.SearchPostsParams{Language: "simple", Query: "'everywhere'", Words: []string{"everywhere"}, Most: 21})
		return err
	},
	"SearchDrafts": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SearchDrafts(ctx, db.SearchDraftsParams{Language: "simple", Query: "'body'", AuthorID: prolific, Most: 5})
		return err
	},
	"SearchAlike": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SearchAlike(ctx, db.SearchAlikeParams{Typed: "wrod77", Most: 5})
		return err
	},
	"NewestSince": func(ctx context.Context, q *db.Queries) error { _, err := q.NewestSince(ctx, 5000); return err },
	"Forgives":    func(ctx context.Context, q *db.Queries) error { _, err := q.Forgives(ctx); return err },
	"Forgive":     func(ctx context.Context, q *db.Queries) error { _, err := q.Forgive(ctx); return err },
}
