-- +goose Up

-- take_turns takes a turn in each bucket, or in none: then it returns for how many seconds
-- one of them is throttled. They are taken in the order in which they are given: always the same, so that
-- of two who take at once neither waits for the other.
--
-- A bucket without a window (0) counts failures, as each turn is one until it is given back. From the fifth on each
-- throttles it, for 30 seconds and then twice as long each time, up to 15 minutes. A day without any is
-- a fresh start. Any other has so many turns in a window, in seconds, that begins with the first.
-- +goose StatementBegin
CREATE FUNCTION take_turns(kinds text[], buckets integer[], windows integer[], mosts integer[]) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    wait integer := 0;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    FOR i IN 1..cardinality(kinds) LOOP
        IF windows[i] = 0 THEN
            INSERT INTO throttles AS t (kind, bucket, count, throttled_until)
            VALUES (kinds[i], buckets[i], 1, now())
            ON CONFLICT (kind, bucket) DO UPDATE
            SET count = CASE
                    WHEN t.throttled_until <= now() - interval '1 day' THEN 1
                    ELSE t.count + 1
                END,
                throttled_until = CASE
                    WHEN t.throttled_until <= now() - interval '1 day' OR t.count < 4 THEN now()
                    ELSE now() + least(interval '15 minutes', interval '30 seconds' * 2 ^ least(t.count - 4, 5))
                END
            WHERE t.count < 5 OR t.throttled_until <= now();
        ELSE
            INSERT INTO throttles AS t (kind, bucket, count, throttled_until)
            VALUES (kinds[i], buckets[i], 1, now() + interval '1 second' * windows[i])
            ON CONFLICT (kind, bucket) DO UPDATE
            SET count = CASE WHEN t.throttled_until <= now() THEN 1 ELSE t.count + 1 END,
                throttled_until = CASE WHEN t.throttled_until <= now() THEN excluded.throttled_until ELSE t.throttled_until END
            WHERE t.count < mosts[i] OR t.throttled_until <= now();
        END IF;
        IF NOT FOUND THEN
            SELECT greatest(1, ceil(extract(epoch FROM t.throttled_until - now()))) INTO wait
            FROM throttles AS t
            WHERE t.kind = kinds[i] AND t.bucket = buckets[i];
            RAISE SQLSTATE 'MB001' USING MESSAGE = 'throttled'; -- and those before it are not taken
        END IF;
    END LOOP;
    RETURN 0;
EXCEPTION WHEN SQLSTATE 'MB001' THEN
    PERFORM set_config('synchronous_commit', 'off', true); -- the first was undone with the turns
    RETURN wait;
END;
$$;
-- +goose StatementEnd

-- give_back undoes a turn in each bucket, in the order of take_turns. Where failures are counted it ends what that turn began.
-- It waits for no disk either: who loses it to a crash has a turn less.
-- +goose StatementBegin
CREATE FUNCTION give_back(kinds text[], buckets integer[], windows integer[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    FOR i IN 1..cardinality(kinds) LOOP
        UPDATE throttles
        SET count = greatest(count - 1, 0),
            throttled_until = CASE WHEN windows[i] = 0 THEN now() ELSE throttled_until END
        WHERE kind = kinds[i] AND bucket = buckets[i];
    END LOOP;
END;
$$;
-- +goose StatementEnd
