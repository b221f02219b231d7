-- CountFailure takes a turn that counts as a failure until GiveBack says otherwise, if
-- the bucket is not throttled. From the fifth on each throttles it, for 30 seconds and
-- then twice as long each time, up to 15 minutes. A day without any is a fresh start.
-- name: CountFailure :execrows
INSERT INTO throttles (kind, bucket, count, throttled_until)
VALUES (@kind, @bucket, 1, now())
ON CONFLICT (kind, bucket) DO UPDATE
SET count = CASE
        WHEN throttles.throttled_until <= now() - interval '1 day' THEN 1
        ELSE throttles.count + 1
    END,
    throttled_until = CASE
        WHEN throttles.throttled_until <= now() - interval '1 day' OR throttles.count < 4 THEN now()
        ELSE now() + least(interval '15 minutes', interval '30 seconds' * 2 ^ least(throttles.count - 4, 5))
    END
WHERE throttles.count < 5 OR throttles.throttled_until <= now();

-- CountWithin takes one of the turns that a bucket has in so many seconds from its first.
-- name: CountWithin :execrows
INSERT INTO throttles (kind, bucket, count, throttled_until)
VALUES (@kind, @bucket, 1, now() + interval '1 second' * @seconds::integer)
ON CONFLICT (kind, bucket) DO UPDATE
SET count = CASE WHEN throttles.throttled_until <= now() THEN 1 ELSE throttles.count + 1 END,
    throttled_until = CASE WHEN throttles.throttled_until <= now() THEN excluded.throttled_until ELSE throttles.throttled_until END
WHERE throttles.count < @most OR throttles.throttled_until <= now();

-- GiveBack undoes one turn. Where failures are counted, it ends what that turn began.
-- name: GiveBack :exec
UPDATE throttles
SET count = greatest(count - 1, 0),
    throttled_until = CASE WHEN @throttled::boolean THEN now() ELSE throttled_until END
WHERE kind = @kind AND bucket = @bucket;

-- ThrottledFor is how many seconds a bucket is throttled for.
-- name: ThrottledFor :one
SELECT ceil(extract(epoch FROM throttled_until - now()))::integer AS seconds
FROM throttles
WHERE kind = @kind AND bucket = @bucket;

-- PurgeThrottles removes the counts of what was last tried over a day ago.
-- name: PurgeThrottles :execrows
DELETE FROM throttles
WHERE throttled_until <= now() - interval '1 day';
