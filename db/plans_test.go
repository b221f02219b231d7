package db_test

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// Sizes of a blog that has been written for years.
const (
	manyPosts    = 20_000
	manyAuthors  = 50
	manyUsers    = 10_000 // most only signed up
	manySessions = 20_000
	manyDevices  = 50_000
	manyTried    = 50_000 // names, addresses
	manyVersions = 5_000  // of one post
	manyEvents   = 30_000 // of some people
	most         = 21     // a page of 20, and one to know whether it goes on
)

// fill makes that blog: of all posts 1 in 10 is a draft, 1 in 20 is in the bin, and 1 in 100 there for too long; none of user-8 is, and many of user-12.
func fill(t *testing.T, store *db.Store) {
	t.Helper()
	dbtest.Exec(t, store, `SELECT create_user(gen_random_uuid(), 'user-' || n, 'user-' || n || '@example.org', '-', 'author', 'import', 'open', NULL)
		FROM generate_series(1, $1) AS n`, manyUsers)
	dbtest.Exec(t, store, `INSERT INTO sessions (token_hash, user_id, created_at, seen_at)
		SELECT sha256(n::text::bytea), u.id, at, at + interval '1 minute'
		FROM generate_series(1, $1) AS n
		JOIN users AS u ON u.username = 'user-' || (n % $2 + 1),
		LATERAL (SELECT now() - n * interval '2 minutes') AS time (at)`, manySessions, manyUsers)
	dbtest.Exec(t, store, `INSERT INTO devices (token_hash, user_id, seen_at)
		SELECT sha256(n::text::bytea), u.id, now() - n * interval '10 minutes'
		FROM generate_series(1, $1) AS n
		JOIN users AS u ON u.username = 'user-' || (n % $2 + 1)`, manyDevices, manyUsers)
	dbtest.Exec(t, store, `INSERT INTO throttles (kind, bucket, count, throttled_until)
		SELECT CASE n % 2 WHEN 0 THEN 'account' ELSE 'address' END, n, 5, now() + interval '10 minutes' - n * interval '1 second'
		FROM generate_series(1, $1) AS n`, manyTried)
	dbtest.Exec(t, store, `INSERT INTO posts
		(id, author_id, slug, title, body, excerpt, words, created_at, updated_at, published_at, deleted_at)
		SELECT gen_random_uuid(), u.id, 'title-' || n, 'Title ' || n, repeat('word ', 200), repeat('word ', 50), 200, at, at,
			CASE WHEN n % 10 > 0 THEN at END,
			CASE WHEN n % 100 = 1 THEN now() - interval '31 days' WHEN n % 20 = 1 THEN now() - n * interval '1 minute' END
		FROM generate_series(1, $1) AS n
		JOIN users AS u ON u.username = 'user-' || (n % $2 + 1),
		LATERAL (SELECT now() - n * interval '1 hour') AS time (at)`, manyPosts, manyAuthors)
	// Each has three, and the one that is read has been revised for years, in sittings
	// of a hundred texts, and is being revised.
	dbtest.Exec(t, store, `INSERT INTO versions
			(post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base)
		SELECT p.id, p.author_id, n,
			CASE WHEN n = $1 THEN 'autosaved' WHEN n % 2 = 0 THEN 'merged' ELSE 'saved' END,
			t.title, p.body, p.words, sha256(convert_to(t.title || E'\n' || p.body, 'UTF8')),
			md5(p.id || (n / 100)::text)::uuid, 0, greatest(n - n % 100 - 1, 0), 0
		FROM posts AS p,
			generate_series(1, CASE WHEN p.slug = 'title-10007' THEN $1 ELSE 3 END) AS n,
			LATERAL (SELECT CASE WHEN n = $1 THEN 'Another title' ELSE p.title END) AS t (title)`, manyVersions)
	// Every other account has asked for a link, most of them long ago; of the mails some still wait.
	dbtest.Exec(t, store, `INSERT INTO resets (user_id, token_hash, expires_at)
		SELECT id, sha256(username::bytea), now() + interval '10 minutes' FROM users WHERE right(username, 1) IN ('0', '2', '4', '6', '8')`)
	dbtest.Exec(t, store, `INSERT INTO outbox (kind, user_id, recipient, state, created_at, due_at)
		SELECT 'link', id, email, CASE WHEN right(username, 2) = '10' THEN 'waiting' ELSE 'sent' END, at, at
		FROM users, LATERAL (SELECT now() - right(username, 1)::int * interval '2 days') AS time (at)`)
	// Everybody has a record of three months.
	dbtest.Exec(t, store, `INSERT INTO events (kind, user_id, username)
		SELECT 'logged-in', u.id, u.username FROM generate_series(1, $1) AS n JOIN users AS u ON u.username = 'user-' || (n % $2 + 1)`, manyEvents, manyAuthors)
	dbtest.Exec(t, store, "UPDATE users SET role = 'owner', display_name = 'Who runs it' WHERE username = 'user-9999'")
	dbtest.Exec(t, store, "ANALYZE")
}

// known is one of each thing that the filled blog holds.
type known struct {
	author   uuid.UUID
	deleter  uuid.UUID // has deleted many posts, one each 100 minutes
	post     uuid.UUID
	username string
	slug     string
	sitting  uuid.UUID
	token    []byte
	address  netip.Addr
	device   []byte // that the author has logged in on
	// linkToken is the hash of user-8's link.
	linkToken []byte
	first     db.ListPublishedParams
	deep      db.ListPublishedParams
}

func lookUp(t *testing.T, store *db.Store) known {
	t.Helper()
	token, device, linkToken := sha256.Sum256([]byte("700")), sha256.Sum256([]byte("10007")), sha256.Sum256([]byte("user-8"))
	found := known{
		username: "user-8", slug: "title-10007", token: token[:], address: netip.MustParseAddr("192.0.2.1"), device: device[:], linkToken: linkToken[:],
		first: db.ListPublishedParams{BeforeTime: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), BeforeID: uuid.Max, Most: most},
		deep:  db.ListPublishedParams{BeforeTime: time.Now().Add(-18_000 * time.Hour), BeforeID: uuid.Max, Most: most},
	}
	found.author = dbtest.One[uuid.UUID](t, store, "SELECT id FROM users WHERE username = $1", found.username)
	found.deleter = dbtest.One[uuid.UUID](t, store, "SELECT id FROM users WHERE username = 'user-12'")
	found.post = dbtest.One[uuid.UUID](t, store, "SELECT id FROM posts WHERE author_id = $1 AND slug = $2", found.author, found.slug)
	found.sitting = dbtest.One[uuid.UUID](t, store, "SELECT sitting FROM versions WHERE post_id = $1 AND number = 700", found.post)
	return found
}

// reads are the queries that a visitor waits for, and the index each is to use.
func reads(k known) map[string]struct {
	index string
	run   func(context.Context, *db.Queries) error
} {
	type read = struct {
		index string
		run   func(context.Context, *db.Queries) error
	}
	all := map[string]read{
		"PublicPostAt": {"posts_slug_key", func(ctx context.Context, q *db.Queries) error {
			_, err := q.PublicPostAt(ctx, k.username, k.slug)
			return err
		}},
		"FindAddress": {"permalinks_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.FindAddress(ctx, k.username, k.slug)
			return err
		}},
		"FindAddress of an author": {"usernames_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.FindAddress(ctx, k.username, "")
			return err
		}},
		"LockUsername": {"users_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.LockUsername(ctx, k.author)
			return err
		}},
		"PublicPost": {"posts_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.PublicPost(ctx, k.post)
			return err
		}},
		"PostForAuthor": {"posts_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.PostForAuthor(ctx, k.post, k.author)
			return err
		}},
		"LockPost": {"posts_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.LockPost(ctx, k.post, k.author)
			return err
		}},
		"VersionOf": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.VersionOf(ctx, db.VersionOfParams{PostID: k.post, Number: 700, AuthorID: k.author})
			return err
		}},
		"NewestVersion": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.NewestVersion(ctx, db.NewestVersionParams{PostID: k.post, Title: "Title 10007", Body: "word"})
			return err
		}},
		"NewestOfSitting": {"versions_sitting", func(ctx context.Context, q *db.Queries) error {
			_, err := q.NewestOfSitting(ctx, db.NewestOfSittingParams{PostID: k.post, Sitting: k.sitting, Title: "Title 10007", Body: "word"})
			return err
		}},
		"KindOf": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.KindOf(ctx, k.post, 700)
			return err
		}},
		"Ancestry": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.Ancestry(ctx, k.post, 700)
			return err
		}},
		"Unsaved": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.Unsaved(ctx, k.post, k.author)
			return err
		}},
		"MergedSince": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.MergedSince(ctx, db.MergedSinceParams{PostID: k.post, FromNumber: manyVersions - 10, Title: "Title 10007", Body: strings.Repeat("word ", 200)})
			return err
		}},
		"StaleReadings": {"posts_renderer", func(ctx context.Context, q *db.Queries) error {
			_, err := q.StaleReadings(ctx, "1 english", most)
			return err
		}},
		"ListVersions": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListVersions(ctx, db.ListVersionsParams{PostID: k.post, AuthorID: k.author, BeforeNumber: 700, Most: most})
			return err
		}},
		"SlugTaken": {"posts_slug_key", func(ctx context.Context, q *db.Queries) error {
			_, err := q.SlugTaken(ctx, db.SlugTakenParams{AuthorID: k.author, Slug: k.slug})
			return err
		}},
		"AuthorNamed": {"users_username_key", func(ctx context.Context, q *db.Queries) error {
			_, err := q.AuthorNamed(ctx, k.username)
			return err
		}},
		"UsernameTaken": {"usernames_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.UsernameTaken(ctx, k.username, uuid.Nil)
			return err
		}},
		"UserForLogin by name": {"users_username_key", func(ctx context.Context, q *db.Queries) error {
			_, err := q.UserForLogin(ctx, db.UserForLoginParams{Device: k.device, Name: k.username})
			return err
		}},
		"UserForLogin by email": {"users_email", func(ctx context.Context, q *db.Queries) error {
			_, err := q.UserForLogin(ctx, db.UserForLoginParams{Device: k.device, Name: k.username + "@example.org"})
			return err
		}},
		"UserForLogin on a device": {"devices_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.UserForLogin(ctx, db.UserForLoginParams{Device: k.device, Name: k.username})
			return err
		}},
		"ThrottledFor": {"throttles_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ThrottledFor(ctx, "account", 700)
			return err
		}},
		"UserOfReset": {"resets_token_hash_key", func(ctx context.Context, q *db.Queries) error {
			_, err := q.UserOfReset(ctx, k.linkToken)
			return err
		}},
		"SessionsOf": {"sessions_user_seen", func(ctx context.Context, q *db.Queries) error {
			_, err := q.SessionsOf(ctx, k.author, most)
			return err
		}},
		"OwnerNames": {"users_owners", func(ctx context.Context, q *db.Queries) error {
			_, err := q.OwnerNames(ctx, k.author)
			return err
		}},
		"ProfileOf": {"users_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ProfileOf(ctx, k.author)
			return err
		}},
		"VersionsToKeep": {"versions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.VersionsToKeep(ctx, db.VersionsToKeepParams{PostID: k.post, After: 700, Most: most})
			return err
		}},
		"ListEventsOf": {"events_user", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListEventsOf(ctx, db.ListEventsOfParams{UserID: k.author, Before: 20_000, Most: most})
			return err
		}},
		"ListEvents": {"events_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListEvents(ctx, 20_000, most)
			return err
		}},
		"UseSession": {"sessions_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.UseSession(ctx, k.token, &k.address)
			return err
		}},
	}
	for page, before := range map[string]db.ListPublishedParams{"first page": k.first, "deep page": k.deep} {
		all["ListPublishedBy, "+page] = read{"posts_author_published", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListPublishedBy(ctx, db.ListPublishedByParams{
				AuthorID: k.author, BeforeTime: before.BeforeTime, BeforeID: before.BeforeID, Most: before.Most,
			})
			return err
		}}
		all["ListOwn, "+page] = read{"posts_author_created", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListOwn(ctx, db.ListOwnParams{
				AuthorID: k.author, BeforeTime: before.BeforeTime, BeforeID: before.BeforeID, Most: before.Most,
			})
			return err
		}}
	}
	for page, before := range map[string]time.Time{"first page": k.first.BeforeTime, "deep page": time.Now().Add(-10 * 24 * time.Hour)} {
		all["ListDeleted, "+page] = read{"posts_author_deleted", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ListDeleted(ctx, db.ListDeletedParams{AuthorID: k.deleter, BeforeTime: before, BeforeID: uuid.Max, Most: most})
			return err
		}}
	}
	return all
}

// Whatever PostgreSQL knows of the arguments when it plans, a page costs as many
// rows as it shows, however many there are and however deep it lies.
func TestEveryReadTakesOnlyTheRowsItShows(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	found := lookUp(t, store)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		for name, read := range reads(found) {
			e := explain(t, store, mode)
			if err := read.run(t.Context(), e.queries()); !db.IsNone(err) {
				t.Fatalf("%s, %s: %v", name, mode, err)
			}
			e.wantsIndex(name, read.index)
			e.wantsFewRows(name)
		}
	}
}

// What the postman does for each mail must not grow with the mails and accounts there are.
func TestThePostmanFindsMailAndPeopleByIndex(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	dbtest.Exec(t, store, "INSERT INTO outbox (kind, asked, due_at) VALUES ('link', 'nobody@example.org', now() + interval '1 day')")
	asked := dbtest.One[int64](t, store, "SELECT max(id) FROM outbox")
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		e := explain(t, store, mode)
		if _, err := e.queries().ClaimMail(t.Context()); !db.IsNone(err) {
			t.Fatal(err)
		}
		e.wantsIndex("ClaimMail", "outbox_due")
		if _, err := e.queries().AddressMail(t.Context(), asked); !db.IsNone(err) {
			t.Fatal(err)
		}
		e.wantsIndex("AddressMail", "users_username_key")
		e.wantsIndex("AddressMail", "users_email")
	}
	e := explain(t, store, "force_custom_plan")
	_, err := e.queries().PurgeOutbox(t.Context())
	noError(t, err)
	e.wantsIndex("PurgeOutbox", "outbox_created")
}

// What the owner's pages ask. A search passes each account once at most, in the order in which they are shown: nothing
// is sorted, and it ends with the page.
func TestTheOwnersPagesGoAlongTheirIndexes(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	fillForOwners(t, store)
	k := lookUp(t, store)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		e := explain(t, store, mode)
		for query, ask := range map[string]struct {
			index string
			rows  float64 // that it may read at once; 0: a page
			run   func(context.Context, *db.Queries) error
		}{
			"ListPeople": {"users_username_key", 400, func(ctx context.Context, q *db.Queries) error { // an author's posts are counted
				_, err := q.ListPeople(ctx, db.ListPeopleParams{After: "user-3", Most: most})
				return err
			}},
			"ListPeople, common": {"users_username_key", 400, func(ctx context.Context, q *db.Queries) error {
				_, err := q.ListPeople(ctx, db.ListPeopleParams{Search: "user", Most: most})
				return err
			}},
			"ListPeople, rare": {"users_username_key", manyUsers, func(ctx context.Context, q *db.Queries) error {
				_, err := q.ListPeople(ctx, db.ListPeopleParams{Search: "ser-9999@", Most: most})
				return err
			}},
			"PersonByID": {"users_pkey", 400, func(ctx context.Context, q *db.Queries) error {
				_, err := q.PersonByID(ctx, k.author)
				return err
			}},
			"LockOwners": {"users_owners", 0, func(ctx context.Context, q *db.Queries) error {
				_, err := q.LockOwners(ctx)
				return err
			}},
			"ListInvitations": {"invitations_created", 0, func(ctx context.Context, q *db.Queries) error {
				_, err := q.ListInvitations(ctx, db.ListInvitationsParams{BeforeTime: k.first.BeforeTime, BeforeID: uuid.Max, Most: most})
				return err
			}},
			"ListMail": {"outbox_pkey", 0, func(ctx context.Context, q *db.Queries) error {
				_, err := q.ListMail(ctx, 5_000, most)
				return err
			}},
			"BinPostsOf": {"posts_author_created", 400, func(ctx context.Context, q *db.Queries) error {
				return q.BinPostsOf(ctx, k.author)
			}},
			// By author or by time, both find few.
			"RestorePostsOf": {"posts_author_deleted or posts_deleted", 0, func(ctx context.Context, q *db.Queries) error {
				return q.RestorePostsOf(ctx, k.deleter, time.Now())
			}},
			"PurgeInvitations": {"invitations_expire", 0, func(ctx context.Context, q *db.Queries) error {
				_, err := q.PurgeInvitations(ctx)
				return err
			}},
		} {
			if err := ask.run(t.Context(), e.queries()); err != nil && !db.IsNone(err) {
				t.Fatalf("%s: %v", query, err)
			}
			e.wantsIndex(query, ask.index)
			e.wantsAtMost(query, max(ask.rows, most))
		}
	}
}

// fillForOwners adds a few owners to the filled blog, and more invitations than anybody will make.
func fillForOwners(t *testing.T, store *db.Store) {
	t.Helper()
	dbtest.Exec(t, store, "UPDATE users SET role = 'owner' WHERE username IN ('user-1', 'user-2', 'user-3')")
	dbtest.Exec(t, store, `INSERT INTO invitations (token_hash, uses, created_by, created_at, expires_at)
		SELECT sha256(n::text::bytea), 1, u.id, now() - n * interval '1 hour', now() + interval '30 days' - n * interval '1 hour'
		FROM generate_series(1, 2000) AS n
		JOIN users AS u ON u.username = 'user-' || (n % 3 + 1)`)
	dbtest.Exec(t, store, "DELETE FROM invitations WHERE expires_at <= now() - interval '30 days' - interval '10 hours'")
	dbtest.Exec(t, store, "ANALYZE")
}

func TestEveryPurgeFindsItsRowsByIndex(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	// Purges run often, so there is little to remove: some 200 posts, a few days' sessions, an hour's names.
	dbtest.Exec(t, store, "DELETE FROM sessions WHERE seen_at <= now() - interval '15 days'")
	dbtest.Exec(t, store, "ANALYZE")
	e := explain(t, store, "force_custom_plan")
	_, err := e.queries().PurgePosts(t.Context())
	noError(t, err)
	e.wantsIndex("PurgePosts", "posts_deleted")
	_, err = e.queries().PurgeSessions(t.Context())
	noError(t, err)
	e.wantsIndex("PurgeSessions", "sessions_seen")
	e.wantsIndex("PurgeSessions", "sessions_created")
	_, err = e.queries().PurgeDevices(t.Context())
	noError(t, err)
	e.wantsIndex("PurgeDevices", "devices_seen")
	_, err = e.queries().PurgeThrottles(t.Context())
	noError(t, err)
	e.wantsIndex("PurgeThrottles", "throttles_until")
	_, err = e.queries().PurgeUsers(t.Context())
	noError(t, err)
	e.wantsIndex("PurgeUsers", "users_deleted")
}

// What goes with an account, comes back with it, or is taken along is found by its author.
func TestAllOfOneAccountIsFoundByIndex(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	k := lookUp(t, store)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		e := explain(t, store, mode)
		noError(t, e.queries().BinPostsOf(t.Context(), k.author))
		e.wantsIndex("BinPostsOf", "posts_author_created")
		noError(t, e.queries().RestorePostsOf(t.Context(), k.deleter, time.Now()))
		e.wantsIndex("RestorePostsOf", "posts_deleted") // by the very moment
		_, err := e.queries().EndOtherSessionsOf(t.Context(), k.author, k.post)
		noError(t, err)
		e.wantsIndex("EndOtherSessionsOf", "sessions_user_seen")
		_, err = e.queries().CreateSession(t.Context(), db.CreateSessionParams{TokenHash: make([]byte, 32), UserID: k.author, PasswordNumber: 1, Address: &k.address})
		noError(t, err)
		e.wantsIndex("CreateSession", "sessions_user_seen")
		e.wantsNoScan("CreateSession")
		_, err = e.queries().PostsToKeep(t.Context(), k.author, most)
		if !db.IsNone(err) {
			t.Fatal(err)
		}
		e.wantsNoScan("PostsToKeep")
	}
}

// What a login writes stands in front of everybody's password.
func TestALoginCountsAndIsRememberedByIndex(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	k := lookUp(t, store)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		e := explain(t, store, mode)
		noError(t, e.queries().GiveBack(t.Context(), db.GiveBackParams{Kind: "account", Bucket: 700}))
		e.wantsIndex("GiveBack", "throttles_pkey")
		fresh := sha256.Sum256([]byte("fresh"))
		noError(t, e.queries().RememberDevice(t.Context(), db.RememberDeviceParams{TokenHash: fresh[:], UserID: k.author, Before: k.device}))
		e.wantsIndex("RememberDevice", "devices_pkey")
		e.wantsIndex("RememberDevice", "devices_user")
	}
}

func explain(t *testing.T, store *db.Store, mode string) *explainer {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), store.Pool.Config().ConnString())
	noError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return &explainer{t: t, conn: conn, mode: mode}
}

// wantsIndex asserts that the plan uses the index, or one of "this or that", reads no table from end to end and sorts nothing.
func (e *explainer) wantsIndex(query, index string) {
	e.t.Helper()
	e.uses(query, index)
	e.plan.walk(func(node plan) {
		if node.NodeType == "Seq Scan" || node.NodeType == "Sort" || node.NodeType == "Incremental Sort" {
			e.t.Errorf("%s, %s: a %s of %s in\n%s", query, e.mode, node.NodeType, node.Relation, e.plan)
		}
	})
}

// uses asserts that the plan uses the index, or one of "this or that".
func (e *explainer) uses(query, index string) {
	e.t.Helper()
	used := false
	e.plan.walk(func(node plan) { used = used || slices.Contains(strings.Split(index, " or "), node.Index) })
	if !used {
		e.t.Errorf("%s, %s: %s is not used in\n%s", query, e.mode, index, e.plan)
	}
}

// wantsUse asserts that the plan uses the index, or one of "this or that"; it may sort what it finds.
func (e *explainer) wantsUse(query, index string) {
	e.t.Helper()
	used := false
	e.plan.walk(func(node plan) { used = used || slices.Contains(strings.Split(index, " or "), node.Index) })
	if !used {
		e.t.Errorf("%s, %s: %s is not used in\n%s", query, e.mode, index, e.plan)
	}
}

// wantsNoScan asserts that the plan reads no table from end to end; it may sort what it finds.
func (e *explainer) wantsNoScan(query string) {
	e.t.Helper()
	e.plan.walk(func(node plan) {
		if node.NodeType == "Seq Scan" {
			e.t.Errorf("%s, %s: a scan of %s in\n%s", query, e.mode, node.Relation, e.plan)
		}
	})
}

// wantsAtMost asserts that no node of the plan reads more rows at once.
func (e *explainer) wantsAtMost(query string, rows float64) {
	e.t.Helper()
	e.plan.walk(func(node plan) {
		if read := node.Rows + node.Filtered; read > rows {
			e.t.Errorf("%s, %s: %s reads %g rows in\n%s", query, e.mode, node.NodeType, read, e.plan)
		}
	})
}

// wantsFewRows asserts that the plan reads about as many rows as a page shows.
func (e *explainer) wantsFewRows(query string) {
	e.t.Helper()
	e.plan.walk(func(node plan) {
		if read := (node.Rows + node.Filtered) * node.Loops; read > most {
			e.t.Errorf("%s, %s: %s reads %g rows in\n%s", query, e.mode, node.NodeType, read, e.plan)
		}
	})
	if e.plan.Rows == 0 {
		e.t.Errorf("%s, %s: it found nothing, so its plan proves nothing", query, e.mode)
	}
}
