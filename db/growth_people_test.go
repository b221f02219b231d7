package db_test

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"

	"miniblog/db"
)

// hashOf is what tables keep of the tokens that grow has made.
func hashOf(words string) []byte {
	hash := sha256.Sum256([]byte(words))
	return hash[:]
}

// growthPeople are what is asked about accounts, and what goes through a blog part by part.
var growthPeople = asks{
	"UseSession": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UseSession(ctx, hashOf("700"), nil)
		return err
	},
	"SessionsOf": func(ctx context.Context, q *db.Queries) error { _, err := q.SessionsOf(ctx, prolific, 100); return err },
	"UserNamed":  func(ctx context.Context, q *db.Queries) error { _, err := q.UserNamed(ctx, "user-701"); return err },
	"UserNamed by email": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UserNamed(ctx, "user-701@example.org")
		return err
	},
	"UsernameTaken": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UsernameTaken(ctx, "user-1", uuid.Nil)
		return err
	},
	"UserOfReset": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UserOfReset(ctx, hashOf("user-8"))
		return err
	},
	"Confirmation": func(ctx context.Context, q *db.Queries) error {
		_, err := q.Confirmation(ctx, hashOf("user-8"))
		return err
	},
	"EmailOf": func(ctx context.Context, q *db.Queries) error { _, err := q.EmailOf(ctx, prolific); return err },
	"ConfirmedElsewhere": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ConfirmedElsewhere(ctx, "user-8@example.org", prolific)
		return err
	},
	"LiveInvitation": func(ctx context.Context, q *db.Queries) error {
		_, err := q.LiveInvitation(ctx, hashOf("9"))
		return err
	},
	"ProfileOf":  func(ctx context.Context, q *db.Queries) error { _, err := q.ProfileOf(ctx, prolific); return err },
	"OwnerNames": func(ctx context.Context, q *db.Queries) error { _, err := q.OwnerNames(ctx, prolific); return err },
	"DeletedAt":  func(ctx context.Context, q *db.Queries) error { _, err := q.DeletedAt(ctx, numbered(1900)); return err },
	"ListEventsOf": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListEventsOf(ctx, db.ListEventsOfParams{UserID: prolific, Before: 1 << 40, Most: 51})
		return err
	},
	"ListEvents": func(ctx context.Context, q *db.Queries) error { _, err := q.ListEvents(ctx, 1<<40, 51); return err },
	"ListPeople": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListPeople(ctx, db.ListPeopleParams{After: "user-1", Most: 51})
		return err
	},
	"PersonByID": func(ctx context.Context, q *db.Queries) error { _, err := q.PersonByID(ctx, prolific); return err },
	"ListInvitations": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ListInvitations(ctx, db.ListInvitationsParams{BeforeTime: growthEnd, BeforeID: uuid.Max, Most: 51})
		return err
	},
	"ListMail": func(ctx context.Context, q *db.Queries) error { _, err := q.ListMail(ctx, 1<<40, 51); return err },
	"HasNewerLink": func(ctx context.Context, q *db.Queries) error {
		_, err := q.HasNewerLink(ctx, db.HasNewerLinkParams{ID: 7, UserID: prolific, Username: "user-1", Email: "user-1@example.org"})
		return err
	},
	"SentLately": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SentLately(ctx, db.SentLatelyParams{Kind: "link", UserID: prolific, Recipient: "user-1@example.org"})
		return err
	},
	"FirstTaken": func(ctx context.Context, q *db.Queries) error {
		_, err := q.FirstTaken(ctx, []string{"user-1", "nobody"})
		return err
	},
	"KnownUsernames": func(ctx context.Context, q *db.Queries) error {
		_, err := q.KnownUsernames(ctx, []string{"user-1", "nobody"}, 10)
		return err
	},
	"KnownUsers": func(ctx context.Context, q *db.Queries) error {
		_, err := q.KnownUsers(ctx, db.KnownUsersParams{Ids: []uuid.UUID{prolific}, Usernames: []string{"user-7"}, Emails: []string{"user-9@example.org"}, Most: 9})
		return err
	},
	"KnownPosts": func(ctx context.Context, q *db.Queries) error {
		_, err := q.KnownPosts(ctx, []uuid.UUID{revised, someDraft}, 10)
		return err
	},
	"PostsToKeep": func(ctx context.Context, q *db.Queries) error {
		_, err := q.PostsToKeep(ctx, numbered(3), 1000)
		return err
	},
	"VersionsToKeep": func(ctx context.Context, q *db.Queries) error {
		_, err := q.VersionsToKeep(ctx, db.VersionsToKeepParams{PostID: revised, After: 1, Most: 5})
		return err
	},
	"SitemapPages": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SitemapPages(ctx, db.SitemapPagesParams{Most: 21})
		return err
	},
	"SitemapAuthors": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SitemapAuthors(ctx, "user-3", 21)
		return err
	},
	"SitemapTags": func(ctx context.Context, q *db.Queries) error { _, err := q.SitemapTags(ctx, 21, "tag-1"); return err },
	"SitemapPosts": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SitemapPosts(ctx, db.SitemapPostsParams{AfterTime: growthMiddle, AfterID: uuid.Max, Most: 21})
		return err
	},
	"StaleReadings": func(ctx context.Context, q *db.Queries) error {
		_, err := q.StaleReadings(ctx, "1 english", 10)
		return err
	},
	"ListUsers": func(ctx context.Context, q *db.Queries) error { _, err := q.ListUsers(ctx, "user-1", 21); return err },
}
