-- +goose Up

-- give_back undoes a turn in each bucket, in the order of take_turns. Where failures are counted it ends what that turn began.
-- Whether a disk is waited for is for the statement to say: one that begins a session waits.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION give_back(kinds text[], buckets integer[], windows integer[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..coalesce(cardinality(kinds), 0) LOOP
        UPDATE throttles
        SET count = greatest(count - 1, 0),
            throttled_until = CASE WHEN windows[i] = 0 THEN now() ELSE throttled_until END
        WHERE kind = kinds[i] AND bucket = buckets[i];
    END LOOP;
END;
$$;
-- +goose StatementEnd
