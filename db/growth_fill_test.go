package db_test

import (
	"testing"
	"time"

	"miniblog/db"
)

// What the filled blogs hold whatever their size: 1,000 authors, of whom user-1 wrote every
// fifth post and user-2 every tenth of the first half, 200 tags, three owners, and five years.
const (
	growthAuthors = 1000
	fewPosts      = 10_000
	millionPosts  = 1_000_000
)

// grow fills an empty blog with so many posts, and with as much of everything else as such a
// blog has. It makes rows as the triggers would, with indexes built at the end, and without
// the log: a million posts take half a minute.
func grow(t *testing.T, store *db.Store, posts int) {
	t.Helper()
	begun := time.Now()
	conn, err := store.Pool.Acquire(t.Context())
	noError(t, err)
	defer conn.Release()
	run := func(statement string, arguments ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement, arguments...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	run("SET session_replication_role = replica") // no triggers
	run("SET maintenance_work_mem = '512MB'")
	run("SET client_min_messages = warning")
	run("CREATE FUNCTION numbered(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$")
	run("BEGIN")
	run("TRUNCATE users, throttles, events CASCADE") // in this transaction, so that what follows is not logged
	run(`UPDATE pg_index SET indisready = false, indisvalid = false
		WHERE indrelid = ANY ('{users,usernames,posts,permalinks,tagged,versions}'::regclass[])`)
	for _, table := range growthTables {
		run(table.rows, posts/table.share)
	}
	for _, table := range []string{"users", "usernames", "posts", "permalinks", "tagged", "versions"} {
		run("REINDEX TABLE " + table)
	}
	run("COMMIT")
	run("RESET session_replication_role")
	run("DROP FUNCTION numbered")
	run("VACUUM ANALYZE")
	t.Logf("%d posts in %s", posts, time.Since(begun).Round(time.Second))
}

// growthTables are the rows of each table; there is one for so many posts each.
var growthTables = []struct {
	share int
	rows  string
}{
	{10, `INSERT INTO users (id, username, email, email_confirmed_at, password_hash, role, display_name, deleted_at, deleted_by)
		SELECT numbered(n), 'user-' || n, 'user-' || n || '@example.org', CASE WHEN n % 2 = 0 THEN now() END, '-',
			CASE WHEN n <= 3 THEN 'owner' ELSE 'author' END, 'Person ' || n,
			CASE n WHEN 1900 THEN now() - interval '1 day' WHEN 1901 THEN now() - interval '31 days' WHEN 1902 THEN now() - interval '1 day' END,
			CASE n WHEN 1900 THEN numbered(1) WHEN 1901 THEN numbered(1901) WHEN 1902 THEN numbered(1902) END
		FROM generate_series(1, 1000 + $1::integer) AS n`},
	{1, `INSERT INTO usernames (username, user_id) SELECT username, id FROM users WHERE $1::integer > 0`},
	// Of all 1 in 10 is a draft, 1 in 50 in the bin, 20 for too long; eight are pages, 1 in 1000 is pinned; ten are scheduled.
	{1, `INSERT INTO posts (id, author_id, slug, title, body, excerpt, words, tags, tag_slugs, html, plain, renderer, language,
			heading, document, created_at, updated_at, published_at, deleted_at, publish_at, pinned_at, page)
		SELECT numbered(n), numbered(CASE WHEN n % 5 = 0 THEN 1 WHEN n % 10 = 1 AND n < $1::integer / 2 THEN 2 ELSE 1 + n % 1000 END), 'title-' || n, title, 'Body ' || n,
			'The tide tables were wrong again, and every harbour keeps two clocks.', 200, ARRAY[tag], ARRAY[tag],
			'<p>Body ' || n || '</p>', 'Body ' || n, CASE WHEN n % 10 > 0 AND n > 5 OR n BETWEEN 20 AND 110 THEN '1 english' ELSE '' END, 'simple',
			CASE WHEN n % 10 > 0 THEN lower(title)::tsvector END,
			CASE WHEN n % 10 > 0 THEN (lower(title) || CASE WHEN n % 200 = 3 THEN ' seldom' ELSE ' everywhere' END)::tsvector END, at, at,
			CASE WHEN n % 10 > 0 THEN at END,
			CASE WHEN n <= 1000 AND n % 50 = 1 THEN now() - interval '31 days' WHEN n % 50 = 1 THEN now() - n * interval '1 second' END,
			CASE WHEN n IN (20, 30) THEN now() - interval '1 second' WHEN n % 10 = 0 AND n BETWEEN 40 AND 110 THEN now() + interval '1 day' END,
			CASE WHEN n % 997 = 0 THEN at END, n BETWEEN 11 AND 19
		FROM generate_series(1, $1::integer) AS n,
		LATERAL (
			SELECT now() - ($1::integer - n) * (interval '5 years' / $1::integer) AS at, 'tag-' || n % 200 AS tag,
				'Word' || n % 1000 || ' number ' || n % 100 AS title
		) AS made`},
	{1, `INSERT INTO permalinks (author_id, slug, post_id)
		SELECT author_id, slug, id FROM posts WHERE published_at IS NOT NULL AND $1::integer > 0`},
	{1, `INSERT INTO tagged (post_id, slug, name, published_at)
		SELECT id, tag_slugs[1], tags[1], published_at FROM posts
		WHERE published_at IS NOT NULL AND deleted_at IS NULL AND NOT page AND $1::integer > 0`},
	{1, `INSERT INTO versions (post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base, created_at)
		SELECT id, author_id, 1, 'saved', title, body, words, sha256(convert_to(title || E'\n' || body, 'UTF8')), id, 0, 0, 0, created_at
		FROM posts WHERE $1::integer > 0`},
	// One of them has been revised for years, in sittings of a hundred texts, and is being revised.
	{50, `INSERT INTO versions (post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base, created_at)
		SELECT p.id, p.author_id, n, CASE WHEN n = $1::integer THEN 'autosaved' WHEN n % 2 = 0 THEN 'merged' ELSE 'saved' END, p.title, t.body, p.words,
			sha256(convert_to(p.title || E'\n' || t.body, 'UTF8')), numbered(1000000000 + n / 100), 0, greatest(n - n % 100 - 1, 0), 0, p.created_at
		FROM posts AS p, generate_series(2, $1::integer) AS n, LATERAL (SELECT 'Text ' || n AS body) AS t
		WHERE p.id = numbered(5005)`},
	{20, `INSERT INTO sessions (token_hash, user_id, created_at, seen_at)
		SELECT sha256(n::text::bytea), numbered(1 + n % (1000 + $1::integer)), at, at
		FROM generate_series(1, $1::integer) AS n, LATERAL (SELECT now() - n * (interval '12 days' / $1::integer) AS at) AS time`},
	{1000, `INSERT INTO sessions (token_hash, user_id, created_at, seen_at)
		SELECT sha256(('old ' || n)::bytea), numbered(n), now() - interval '14 days', now() - interval '14 days'
		FROM generate_series(1, 5) AS n WHERE $1::integer > 0`},
	{20, `INSERT INTO devices (token_hash, user_id, seen_at)
		SELECT sha256(n::text::bytea), numbered(1 + n % (1000 + $1::integer)), now() - n * (interval '399 days' / $1::integer)
		FROM generate_series(1, $1::integer) AS n`},
	{20, `INSERT INTO throttles (kind, bucket, count, throttled_until)
		SELECT CASE n % 2 WHEN 0 THEN 'account' ELSE 'address' END, n, 5, now() + interval '10 minutes' - n * (interval '20 hours' / $1::integer)
		FROM generate_series(1, $1::integer) AS n`},
	{100, `INSERT INTO resets (user_id, token_hash, expires_at)
		SELECT numbered(n), sha256(('user-' || n)::bytea), now() + interval '20 minutes' FROM generate_series(1, $1::integer) AS n`},
	{100, `INSERT INTO confirmations (user_id, email, token_hash, expires_at)
		SELECT numbered(n), 'user-' || n || '@example.com', sha256(('user-' || n)::bytea), now() + interval '20 hours' FROM generate_series(1, $1::integer) AS n`},
	// Of the mails a hundred wait.
	{20, `INSERT INTO outbox (kind, user_id, recipient, state, created_at, due_at)
		SELECT 'link', numbered(1 + n % 1000), 'user-' || 1 + n % 1000 || '@example.org', CASE WHEN n > $1::integer - 100 THEN 'waiting' ELSE 'sent' END, at, at
		FROM generate_series(1, $1::integer) AS n, LATERAL (SELECT now() - ($1::integer - n) * (interval '29 days' / $1::integer) AS at) AS time`},
	{5, `INSERT INTO events (kind, user_id, username, created_at)
		SELECT 'logged-in', numbered(who), 'user-' || who, now() - ($1::integer - n) * (interval '89 days' / $1::integer)
		FROM generate_series(1, $1::integer) AS n, LATERAL (SELECT CASE WHEN n % 20 = 0 THEN 1 ELSE 1 + n % 1000 END AS who) AS made`},
	{100, `INSERT INTO invitations (id, token_hash, uses, created_by, created_at, expires_at)
		SELECT numbered(n), sha256(n::text::bytea), 1, numbered(1 + n % 3), at, at + interval '30 days'
		FROM generate_series(1, $1::integer) AS n, LATERAL (SELECT now() - ($1::integer - n) * (interval '50 days' / $1::integer) AS at) AS time`},
}
