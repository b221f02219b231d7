-- PurgeDevices removes devices that have not logged in for as long as browsers keep a cookie.
-- name: PurgeDevices :execrows
DELETE FROM devices
WHERE seen_at <= now() - interval '400 days';
