-- Lets the blog's role in over TCP, with the password that is put here.
ALTER ROLE miniblog PASSWORD '%s';
SELECT pg_reload_conf();
