-- database.sql - what the rescued database has beside pgbench's tables
CREATE TYPE state AS ENUM ('new', 'old');
CREATE TABLE thing (id serial PRIMARY KEY, state state NOT NULL, note text);
INSERT INTO thing (state, note)
    SELECT 'new', repeat(md5(n::text), 4) FROM generate_series(1, 20000) n;
CREATE INDEX thing_note ON thing (note);
CREATE VIEW old_thing AS SELECT * FROM thing WHERE state = 'old';
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
