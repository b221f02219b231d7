-- Edition is the number of what readers see now: it only ever rises.
-- name: Edition :one
SELECT number
FROM editions;
