-- TakeTurns takes a turn in each bucket, or in none: then it says for how many seconds one of
-- them is throttled. See take_turns in db/migrations.
-- name: TakeTurns :one
SELECT take_turns(@kinds::text[], @buckets::integer[], @windows::integer[], @mosts::integer[])::integer AS seconds;

-- GiveBack undoes a turn in each bucket, and waits for no disk: who loses it to a crash has a turn less. See give_back in db/migrations.
-- name: GiveBack :exec
SELECT
    set_config('synchronous_commit', 'off', TRUE),
    give_back(@kinds::text[], @buckets::integer[], @windows::integer[]);

-- PurgeThrottles removes the counts of what was last tried over a day ago, but for those that somebody
-- takes a turn in just now.
-- name: PurgeThrottles :execrows
DELETE FROM throttles
WHERE (kind, bucket) IN (
    SELECT t.kind, t.bucket
    FROM throttles AS t
    WHERE t.throttled_until <= now() - interval '1 day'
    FOR UPDATE SKIP LOCKED
);
