-- The history that the faults meet.  A line of "--- NAME" begins a migration;
-- each statement is a paragraph.  tests/fault/history says what becomes of it.

--- 01_tables

CREATE TYPE mood AS ENUM ('calm', 'cross');

CREATE TABLE person (id serial PRIMARY KEY, name text NOT NULL, mood mood);

CREATE TABLE counted (what text);

ALTER TABLE person ADD COLUMN age int;

--- 02_rows

INSERT INTO counted VALUES ('rows');

INSERT INTO person (name, age) SELECT 'person ' || n, n % 90
    FROM generate_series(1, 3000) n;

INSERT INTO counted VALUES ('more rows');

--- 03_concurrently

CREATE INDEX CONCURRENTLY person_name ON person (name);

CREATE INDEX CONCURRENTLY IF NOT EXISTS person_age ON person (age);

ALTER TABLE person ADD COLUMN note text DEFAULT 'none';

--- 04_value

ALTER TYPE mood ADD VALUE 'merry';

--- 05_own_transactions

BEGIN;

CREATE TABLE pet (id serial PRIMARY KEY, name text, owner int REFERENCES person);

INSERT INTO counted VALUES ('pets');

COMMIT;

BEGIN;

ALTER TABLE pet ADD COLUMN born date;

COMMIT;

--- 06_vacuum

UPDATE person SET mood = 'merry' WHERE age < 30;

VACUUM person;

INSERT INTO counted VALUES ('vacuumed');

--- 07_undone

BEGIN;

INSERT INTO counted VALUES ('never');

ROLLBACK;

INSERT INTO counted VALUES ('undone');

--- 08_partitions

CREATE TABLE event (id int, day date) PARTITION BY RANGE (day);

CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');

CREATE TABLE event_new PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

--- 09_settings

CREATE SCHEMA other;

SET search_path = other;

CREATE TABLE thing (id int PRIMARY KEY);

--- 10_detach

ALTER TABLE event DETACH PARTITION event_old CONCURRENTLY;

INSERT INTO counted VALUES ('detached');

--- 11_indexes

CREATE UNIQUE INDEX CONCURRENTLY person_unique ON person (name, id);

DROP INDEX CONCURRENTLY person_age;

REINDEX INDEX CONCURRENTLY person_name;

--- 12_alone

CREATE INDEX CONCURRENTLY pet_name ON pet (name);

--- 13_code

CREATE FUNCTION born() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.born := coalesce(NEW.born, '2024-01-01');
    RETURN NEW;
END $$;

CREATE TRIGGER born BEFORE INSERT ON pet FOR EACH ROW EXECUTE FUNCTION born();

--- 14_last

INSERT INTO counted VALUES ('last');
