package db_test

import (
	"context"
	"crypto/sha256"
	"testing"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

const (
	manyRefusals      = 50_000
	manyConfirmations = 5_000
)

// fillAccounts adds what happens to the accounts of a blog in 90 days. Many have named one
// address, and user-8's link confirms user-8's.
func fillAccounts(t *testing.T, store *db.Store) {
	t.Helper()
	dbtest.Exec(t, store, `INSERT INTO events (kind, user_id, username, address, created_at)
		SELECT CASE n % 3 WHEN 0 THEN 'login-refused' ELSE 'logged-in' END, u.id, u.username, '192.0.2.1'::inet + n % 250,
			now() - n * interval '2 minutes'
		FROM generate_series(1, $1) AS n
		JOIN users AS u ON u.username = 'user-' || (n % $2 + 1)`, manyRefusals, manyAuthors)
	dbtest.Exec(t, store, `INSERT INTO confirmations (user_id, email, token_hash, expires_at)
		SELECT id, username || '@example.org', sha256(username::bytea), now() + interval '10 hours'
		FROM users ORDER BY username DESC LIMIT $1`, manyConfirmations)
	dbtest.Exec(t, store, `UPDATE users SET email = 'shared@example.org', email_confirmed_at = NULL WHERE right(username, 1) = '3'`)
	dbtest.Exec(t, store, "ANALYZE")
}

// What is asked of the record and of addresses while somebody waits costs the same however
// much there is of them.
func TestTheRecordAndAddressesAreReadByIndex(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store)
	fillAccounts(t, store)
	k := lookUp(t, store)
	for name, read := range map[string]struct {
		index string
		run   func(context.Context, *db.Queries) error
	}{
		"Confirmation": {"confirmations_token_hash_key", func(ctx context.Context, q *db.Queries) error {
			_, err := q.Confirmation(ctx, k.linkToken)
			return err
		}},
		"EmailOf": {"users_pkey", func(ctx context.Context, q *db.Queries) error {
			_, err := q.EmailOf(ctx, k.author)
			return err
		}},
		"ConfirmedElsewhere": {"users_email_key", func(ctx context.Context, q *db.Queries) error {
			_, err := q.ConfirmedElsewhere(ctx, "user-9@example.org", k.author)
			return err
		}},
		"UserForLogin by an address that many name": {"users_email", func(ctx context.Context, q *db.Queries) error {
			_, err := q.UserForLogin(ctx, db.UserForLoginParams{Name: "shared@example.org"})
			return err
		}},
	} {
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			e := explain(t, store, mode)
			if err := read.run(t.Context(), e.queries()); !db.IsNone(err) {
				t.Fatalf("%s, %s: %v", name, mode, err)
			}
			e.wantsIndex(name, read.index)
			e.wantsFewRows(name)
		}
	}
	e := explain(t, store, "force_custom_plan")
	fresh := sha256.Sum256([]byte("fresh"))
	_, err := e.queries().SetConfirmation(t.Context(), db.SetConfirmationParams{UserID: k.author, Email: "user-8@example.org", TokenHash: fresh[:]})
	noError(t, err)
	e.wantsIndex("SetConfirmation", "confirmations_pkey")
	if _, err := e.queries().SentLately(t.Context(), db.SentLatelyParams{Kind: "link", UserID: k.author, Recipient: "user-8@example.org"}); !db.IsNone(err) {
		t.Fatal(err)
	}
	e.wantsIndex("SentLately", "outbox_recipient")
	_, err = e.queries().PurgeEvents(t.Context())
	noError(t, err)
	e.wantsIndex("PurgeEvents", "events_created")
	_, err = e.queries().PurgeConfirmations(t.Context())
	noError(t, err)
	e.wantsIndex("PurgeConfirmations", "confirmations_expire")
}
