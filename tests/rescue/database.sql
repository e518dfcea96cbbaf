-- database.sql - the rescued database: what pgbench needs, on a small scale,
-- and things beside it
INSERT INTO pgbench_branches VALUES (1, 0);
INSERT INTO pgbench_tellers SELECT n, 1, 0 FROM generate_series(1, 10) n;
INSERT INTO pgbench_accounts
    SELECT n, 1, 0, repeat('-', 80) FROM generate_series(1, 10000) n;
CREATE TYPE state AS ENUM ('new', 'old');
CREATE TABLE thing (id serial PRIMARY KEY, state state NOT NULL, note text);
INSERT INTO thing (state, note)
    SELECT 'new', repeat(md5(n::text), 4) FROM generate_series(1, 10000) n;
CREATE INDEX thing_note ON thing (note);
CREATE VIEW old_thing AS SELECT * FROM thing WHERE state = 'old';
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
