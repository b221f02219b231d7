package db_test

import (
	"context"

	"github.com/google/uuid"

	"miniblog/db"
)

// What is written.
var (
	newSlug, newEmail = "never-before", "new@example.org"
	closed            = "closed"
)

// growthWrites are what changes posts.
var growthWrites = asks{
	"CreatePost": func(ctx context.Context, q *db.Queries) error {
		_, err := q.CreatePost(ctx, db.CreatePostParams{ID: numbered(1 << 31), AuthorID: numbered(5), Slug: &newSlug, Title: "Word", Tags: []string{"Tea"}, TagSlugs: []string{"tea"}, Publish: true, Kind: "saved", Sitting: revised, Html: "<p>Word</p>", Plain: "Word", Outline: []byte("[]"), Links: []string{}, Renderer: "1 english", Language: "simple"})
		return err
	},
	"CreatePost, a draft": func(ctx context.Context, q *db.Queries) error {
		_, err := q.CreatePost(ctx, db.CreatePostParams{ID: numbered(1 << 31), AuthorID: numbered(5), Title: "Word", Tags: []string{}, TagSlugs: []string{}, Kind: "autosaved", Sitting: revised, Html: "<p>Word</p>", Plain: "Word", Outline: []byte("[]"), Links: []string{}, Renderer: "1 english", Language: "simple"})
		return err
	},
	"ImportPost": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ImportPost(ctx, db.ImportPostParams{ID: numbered(1 << 31), AuthorID: numbered(5), Slug: &newSlug, Title: "Word", WrittenAt: growthMiddle, PublishedAt: &growthMiddle, Html: "<p>Word</p>", Plain: "Word", Outline: []byte("[]"), Links: []string{}, Renderer: "1 english", Language: "simple"})
		return err
	},
	"LockPost": func(ctx context.Context, q *db.Queries) error {
		_, err := q.LockPost(ctx, revised, prolific)
		return err
	},
	"RevisePost": func(ctx context.Context, q *db.Queries) error {
		return q.RevisePost(ctx, db.RevisePostParams{ID: revised, Title: "Word", Tags: []string{"Tea"}, TagSlugs: []string{"tea"}, Version: 7, Html: "<p>Word</p>", Plain: "Word", Outline: []byte("[]"), Links: []string{}, Renderer: "1 english", Language: "simple"})
	},
	"PublishPost": func(ctx context.Context, q *db.Queries) error {
		return q.PublishPost(ctx, db.PublishPostParams{ID: someDraft, Slug: newSlug, Html: "<p>Word</p>", Plain: "Word", Outline: []byte("[]"), Links: []string{}, Renderer: "1 english", Language: "simple"})
	},
	"Schedule": func(ctx context.Context, q *db.Queries) error {
		return q.Schedule(ctx, db.ScheduleParams{ID: someDraft, PublishAt: growthEnd, Slug: newSlug, Html: "<p>Word</p>", Plain: "Word", Outline: []byte("[]"), Links: []string{}, Renderer: "1 english", Language: "simple"})
	},
	"SetReading": func(ctx context.Context, q *db.Queries) error {
		return q.SetReading(ctx, db.SetReadingParams{ID: revised, Version: 1, Html: "<p>Word</p>", Plain: "Word", Outline: []byte("[]"), Links: []string{}, Renderer: "1 english", Language: "simple"})
	},
	"SetDetails": func(ctx context.Context, q *db.Queries) error {
		return q.SetDetails(ctx, db.SetDetailsParams{ID: revised, Pinned: true})
	},
	"SetSlug": func(ctx context.Context, q *db.Queries) error { return q.SetSlug(ctx, &newSlug, revised) },
	"PublishIfDue": func(ctx context.Context, q *db.Queries) error {
		_, err := q.PublishIfDue(ctx, newSlug, numbered(20))
		return err
	},
	"DeletePost": func(ctx context.Context, q *db.Queries) error {
		_, err := q.DeletePost(ctx, revised, prolific)
		return err
	},
	"RestorePost": func(ctx context.Context, q *db.Queries) error {
		_, err := q.RestorePost(ctx, onceSeen, numbered(2))
		return err
	},
	"PurgePosts": func(ctx context.Context, q *db.Queries) error { _, err := q.PurgePosts(ctx); return err },
	"AddVersion": func(ctx context.Context, q *db.Queries) error {
		_, err := q.AddVersion(ctx, db.AddVersionParams{PostID: revised, AuthorID: prolific, Kind: "autosaved", Title: "Word", Body: "Word", Sitting: revised})
		return err
	},
	"BinPostsOf":     func(ctx context.Context, q *db.Queries) error { return q.BinPostsOf(ctx, numbered(3)) },
	"RestorePostsOf": func(ctx context.Context, q *db.Queries) error { return q.RestorePostsOf(ctx, prolific, growthMiddle) },
}

// growthMembers are what changes accounts, and what is mailed to them.
var growthMembers = asks{
	"StartSession": func(ctx context.Context, q *db.Queries) error {
		_, err := q.StartSession(ctx, db.StartSessionParams{
			UserID: prolific, PasswordNumber: 1, Kind: "logged-in",
			TokenHash: hashOf("new"), SessionBefore: hashOf("700"), DeviceHash: hashOf("new"), DeviceBefore: hashOf("700"),
			TurnKinds: []string{"account", "address"}, TurnBuckets: []int32{70, 71}, TurnWindows: []int32{0, 60},
		})
		return err
	},
	"EndSession": func(ctx context.Context, q *db.Queries) error { _, err := q.EndSession(ctx, hashOf("700")); return err },
	"EndSessionOf": func(ctx context.Context, q *db.Queries) error {
		_, err := q.EndSessionOf(ctx, revised, prolific)
		return err
	},
	"EndSessionsOf": func(ctx context.Context, q *db.Queries) error { return q.EndSessionsOf(ctx, prolific) },
	"EndOtherSessionsOf": func(ctx context.Context, q *db.Queries) error {
		_, err := q.EndOtherSessionsOf(ctx, prolific, revised)
		return err
	},
	"PurgeSessions": func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeSessions(ctx); return err },
	"PurgeDevices":  func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeDevices(ctx); return err },
	"TakeTurns": func(ctx context.Context, q *db.Queries) error {
		_, err := q.TakeTurns(ctx, db.TakeTurnsParams{
			Kinds: []string{"account", "address"}, Buckets: []int32{70, 71}, Windows: []int32{0, 60}, Mosts: []int32{0, 9},
		})
		return err
	},
	"UserForLogin": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UserForLogin(ctx, loginOf("user-701", "new"))
		return err
	},
	"UserForLogin by email": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UserForLogin(ctx, loginOf("user-701@example.org", "new"))
		return err
	},
	"UserForLogin on a known device": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UserForLogin(ctx, loginOf("user-701", "700"))
		return err
	},
	"GiveBack": func(ctx context.Context, q *db.Queries) error {
		return q.GiveBack(ctx, db.GiveBackParams{Kinds: []string{"account", "address"}, Buckets: []int32{70, 71}, Windows: []int32{0, 60}})
	},
	"PurgeThrottles": func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeThrottles(ctx); return err },
	"CreateUser": func(ctx context.Context, q *db.Queries) error {
		_, err := q.CreateUser(ctx, db.CreateUserParams{ID: numbered(1 << 31), Username: "newcomer", PasswordHash: "-", Role: "author", MadeBy: "visitor", UnlessSet: "open"})
		return err
	},
	"ImportUser": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ImportUser(ctx, db.ImportUserParams{ID: numbered(1 << 31), Username: "newcomer", PasswordHash: "-"})
		return err
	},
	"LockUsername": func(ctx context.Context, q *db.Queries) error { _, err := q.LockUsername(ctx, prolific); return err },
	"RenameUser":   func(ctx context.Context, q *db.Queries) error { return q.RenameUser(ctx, "newcomer", prolific) },
	"SetPasswordHash": func(ctx context.Context, q *db.Queries) error {
		return q.SetPasswordHash(ctx, db.SetPasswordHashParams{ID: prolific, OldHash: "-", NewHash: "+"})
	},
	"ChangePassword": func(ctx context.Context, q *db.Queries) error { return q.ChangePassword(ctx, "+", prolific) },
	"ReplacePassword": func(ctx context.Context, q *db.Queries) error {
		_, err := q.ReplacePassword(ctx, db.ReplacePasswordParams{ID: prolific, PasswordNumber: 1, NewHash: "+"})
		return err
	},
	"SetProfile": func(ctx context.Context, q *db.Queries) error {
		return q.SetProfile(ctx, db.SetProfileParams{ID: prolific, DisplayName: "Ada", TimeZone: "UTC"})
	},
	"LockOwners":  func(ctx context.Context, q *db.Queries) error { _, err := q.LockOwners(ctx); return err },
	"DisableUser": func(ctx context.Context, q *db.Queries) error { _, err := q.DisableUser(ctx, prolific); return err },
	"EnableUser":  func(ctx context.Context, q *db.Queries) error { _, err := q.EnableUser(ctx, prolific); return err },
	"SetRole": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SetRole(ctx, "author", prolific)
		return err
	},
	"RemoveUser": func(ctx context.Context, q *db.Queries) error {
		_, err := q.RemoveUser(ctx, numbered(2), prolific)
		return err
	},
	"RestoreUser": func(ctx context.Context, q *db.Queries) error {
		_, err := q.RestoreUser(ctx, numbered(1900))
		return err
	},
	"RestoreOwn": func(ctx context.Context, q *db.Queries) error {
		_, err := q.RestoreOwn(ctx, numbered(1902), growthMiddle)
		return err
	},
	"PurgeUsers":    func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeUsers(ctx); return err },
	"SetSignupMode": func(ctx context.Context, q *db.Queries) error { _, err := q.SetSignupMode(ctx, &closed); return err },
	"CreateInvitation": func(ctx context.Context, q *db.Queries) error {
		return q.CreateInvitation(ctx, db.CreateInvitationParams{TokenHash: hashOf("new"), Uses: 1, CreatedBy: uuid.NullUUID{UUID: prolific, Valid: true}, Days: 7})
	},
	"RevokeInvitation": func(ctx context.Context, q *db.Queries) error {
		_, err := q.RevokeInvitation(ctx, numbered(7))
		return err
	},
	"PurgeInvitations": func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeInvitations(ctx); return err },
	"CreateReset": func(ctx context.Context, q *db.Queries) error {
		_, err := q.CreateReset(ctx, hashOf("new"), prolific)
		return err
	},
	"UseReset": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UseReset(ctx, hashOf("user-8"))
		return err
	},
	"DropResetOf": func(ctx context.Context, q *db.Queries) error { return q.DropResetOf(ctx, prolific) },
	"PurgeResets": func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeResets(ctx); return err },
	"AskToConfirm": func(ctx context.Context, q *db.Queries) error {
		return q.AskToConfirm(ctx, prolific, "new@example.org")
	},
	"NameEmail": func(ctx context.Context, q *db.Queries) error {
		return q.NameEmail(ctx, db.NameEmailParams{ID: prolific, Email: &newEmail})
	},
	"SetConfirmation": func(ctx context.Context, q *db.Queries) error {
		_, err := q.SetConfirmation(ctx, db.SetConfirmationParams{TokenHash: hashOf("new"), UserID: numbered(8), Email: "user-8@example.com"})
		return err
	},
	"UseConfirmation": func(ctx context.Context, q *db.Queries) error {
		_, err := q.UseConfirmation(ctx, hashOf("user-8"))
		return err
	},
	"ConfirmEmail":       func(ctx context.Context, q *db.Queries) error { return q.ConfirmEmail(ctx, newEmail, prolific) },
	"DropConfirmation":   func(ctx context.Context, q *db.Queries) error { return q.DropConfirmation(ctx, numbered(8)) },
	"PurgeConfirmations": func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeConfirmations(ctx); return err },
	"AddEvent": func(ctx context.Context, q *db.Queries) error {
		return q.AddEvent(ctx, db.AddEventParams{Kind: "logged-in", UserID: uuid.NullUUID{UUID: prolific, Valid: true}, Username: "user-1"})
	},
	"PurgeEvents":   func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeEvents(ctx); return err },
	"QueueLink":     func(ctx context.Context, q *db.Queries) error { return q.QueueLink(ctx, "user-1") },
	"QueueNotice":   func(ctx context.Context, q *db.Queries) error { return q.QueueNotice(ctx, prolific) },
	"QueueRenamed":  func(ctx context.Context, q *db.Queries) error { return q.QueueRenamed(ctx, prolific) },
	"QueueFarewell": func(ctx context.Context, q *db.Queries) error { return q.QueueFarewell(ctx, prolific) },
	"QueueTest":     func(ctx context.Context, q *db.Queries) error { return q.QueueTest(ctx, prolific) },
	"QueueWord": func(ctx context.Context, q *db.Queries) error {
		return q.QueueWord(ctx, db.QueueWordParams{Kind: "moved", UserID: prolific, Recipient: newEmail})
	},
	"ClaimMail":      func(ctx context.Context, q *db.Queries) error { _, err := q.ClaimMail(ctx); return err },
	"AddressMail":    func(ctx context.Context, q *db.Queries) error { _, err := q.AddressMail(ctx, 400); return err },
	"DropOlderLinks": func(ctx context.Context, q *db.Queries) error { return q.DropOlderLinks(ctx, prolific, 1<<40) },
	"DropFarewells":  func(ctx context.Context, q *db.Queries) error { return q.DropFarewells(ctx, prolific) },
	"DropMail":       func(ctx context.Context, q *db.Queries) error { return q.DropMail(ctx, 400) },
	"NoteSent":       func(ctx context.Context, q *db.Queries) error { return q.NoteSent(ctx, "250", 400) },
	"NoteUnsent": func(ctx context.Context, q *db.Queries) error {
		_, err := q.NoteUnsent(ctx, db.NoteUnsentParams{Answer: "451", ID: 400})
		return err
	},
	"NoteWithheld": func(ctx context.Context, q *db.Queries) error {
		return q.NoteWithheld(ctx, db.NoteWithheldParams{Answer: "later", Later: true, ID: 400})
	},
	"PurgeOutbox": func(ctx context.Context, q *db.Queries) error { _, err := q.PurgeOutbox(ctx); return err },
	"SetJoined": func(ctx context.Context, q *db.Queries) error {
		return q.SetJoined(ctx, growthMiddle, []uuid.UUID{prolific, numbered(2)})
	},
}

// loginOf is by that name, on the device of that token.
func loginOf(name, device string) db.UserForLoginParams {
	return db.UserForLoginParams{
		Device: hashOf(device), Name: name,
		Kinds: []string{"account", "address"}, Buckets: []int32{70, 71}, Windows: []int32{0, 60}, Mosts: []int32{0, 9},
	}
}
