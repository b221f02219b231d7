-- +goose Up

-- What counts the failures of an account on a browser that it knows. It stays when the
-- browser gets another token, by whichever account, and goes when the account forgets it.
ALTER TABLE devices ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
