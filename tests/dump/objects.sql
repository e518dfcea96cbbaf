-- objects.sql - a database with every kind of object, with names and bodies
-- that are hard to read, and with references in both directions

CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
COMMENT ON EXTENSION pg_trgm IS 'our own words';
CREATE SCHEMA app;
CREATE SCHEMA "odd ""schema";
COMMENT ON SCHEMA app IS 'the app';

CREATE TYPE mood AS ENUM ('ok', 'sad');
ALTER TYPE mood ADD VALUE 'great' BEFORE 'ok';
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CONSTRAINT pos CHECK (VALUE > 0);
CREATE DOMAIN slug AS text COLLATE "C" DEFAULT 'x' NOT NULL;
ALTER DOMAIN slug ADD CONSTRAINT late CHECK (VALUE <> '') NOT VALID;
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT;
CREATE COLLATION nocase
    (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE TABLE later (id int PRIMARY KEY, v text);
CREATE FUNCTION read_later() RETURNS bigint LANGUAGE sql
AS $$ SELECT count(*) FROM later; $$;
COMMENT ON FUNCTION read_later() IS 'f';
CREATE FUNCTION atomic_later(i int) RETURNS text LANGUAGE sql
BEGIN ATOMIC
	SELECT v FROM later WHERE id = i;
	SELECT CASE WHEN i > 0 THEN 'p;q' ELSE 'n' END;
END;
CREATE PROCEDURE change() LANGUAGE plpgsql AS $body$
BEGIN
	-- Name: fake; Type: INDEX; Schema: -; Owner: -
	RAISE NOTICE 'a;b';
END $body$;
CREATE FUNCTION quotes() RETURNS text LANGUAGE sql
AS 'SELECT ''it''''s \ $$ $_$''::text';
CREATE FUNCTION path() RETURNS int LANGUAGE sql
SET search_path = app, public AS 'SELECT 1';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq,
    COMMUTATOR = ===);
CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple);

CREATE TABLE "Table with ""quotes""
and newline" (
	id int GENERATED ALWAYS AS IDENTITY,
	"col ""x""
y" text, positive positive, slug slug
);
COMMENT ON COLUMN "Table with ""quotes""
and newline"."col ""x""
y" IS E'it''s\n;odd \\ $$';
CREATE TABLE "x; Type: INDEX; Schema" (id int);
CREATE TABLE a (id int PRIMARY KEY, b_id int, note text);
CREATE TABLE b (
	id int PRIMARY KEY,
	a_id int REFERENCES a DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
ALTER TABLE a ALTER note SET STATISTICS 500;
ALTER TABLE a ALTER note SET STORAGE EXTERNAL;
COMMENT ON TABLE a IS 'table a';
CREATE TABLE tree (id serial PRIMARY KEY, parent int REFERENCES tree);
CREATE TABLE generated (a int, b int GENERATED ALWAYS AS (a / 2) STORED);
CREATE TABLE empty (
	id bigserial PRIMARY KEY,
	at timestamptz DEFAULT '2024-01-01 12:00:00+03'
);
CREATE TABLE nothing ();
CREATE TABLE changed (one int, gone int, two int);
ALTER TABLE changed DROP gone, ADD three int DEFAULT 3;
CREATE TABLE checked (v int);
ALTER TABLE checked ADD CONSTRAINT late CHECK (v > 0) NOT VALID;
CREATE TABLE compressed (v text COMPRESSION pglz);
CREATE UNLOGGED TABLE app.fast (id int) WITH (fillfactor = 50);
CREATE TABLE app."MixedCase" ("Id" text PRIMARY KEY, "select" int DEFAULT 1);
CREATE TABLE folded (k text COLLATE nocase PRIMARY KEY);

CREATE TABLE part (
	id int, at date NOT NULL, v text DEFAULT 'x', PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE part_d (v text, gone int, at date NOT NULL, id int NOT NULL);
ALTER TABLE part_d DROP COLUMN gone;
ALTER TABLE part ATTACH PARTITION part_d DEFAULT;
CREATE INDEX part_v ON part (v);
CREATE TABLE parent (id int);
CREATE TABLE child (extra int) INHERITS (parent);

CREATE VIEW v1 AS SELECT id, count(*) AS n FROM a GROUP BY id;
CREATE VIEW v2 AS SELECT * FROM v1 WHERE n > 0;
CREATE VIEW grouped AS SELECT a.id, a.note FROM a GROUP BY a.id;
CREATE MATERIALIZED VIEW mv2 AS SELECT * FROM v2;
CREATE UNIQUE INDEX ON mv2 (id);
CREATE MATERIALIZED VIEW mv1 AS SELECT id FROM mv2;
CREATE MATERIALIZED VIEW mv_not AS SELECT 1 AS one WITH NO DATA;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN NEW.note := 'touched'; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON a FOR EACH ROW
    WHEN (NEW.id > 0) EXECUTE FUNCTION touch();
ALTER TABLE a ENABLE ALWAYS TRIGGER touch;
CREATE TRIGGER off BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE a DISABLE TRIGGER off;
CREATE RULE log AS ON INSERT TO changed DO ALSO
    (INSERT INTO later VALUES (1, 'x'); INSERT INTO later VALUES (2, 'y'));
ALTER TABLE tree ENABLE ROW LEVEL SECURITY;
ALTER TABLE tree FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tree USING (id > 0) WITH CHECK (parent IS NOT NULL);
CREATE STATISTICS st (ndistinct) ON one, two FROM changed;
CREATE INDEX ON a (lower(note)) WHERE b_id IS NOT NULL;
CREATE INDEX ON a USING gin (note gin_trgm_ops);
CREATE UNIQUE INDEX ON a (note DESC NULLS LAST) INCLUDE (b_id);
ALTER TABLE changed ALTER one SET NOT NULL;
CREATE UNIQUE INDEX changed_one ON changed (one);
ALTER TABLE changed REPLICA IDENTITY USING INDEX changed_one;
ALTER TABLE a CLUSTER ON a_pkey;

CREATE SEQUENCE app.down INCREMENT -1 MINVALUE -100 MAXVALUE 10 CYCLE;
CREATE PUBLICATION pub FOR TABLE a, b;
CREATE FOREIGN DATA WRAPPER dummy;
CREATE SERVER srv FOREIGN DATA WRAPPER dummy;
CREATE FOREIGN TABLE ft (id int) SERVER srv;
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE 'no DDL'; END $$;
CREATE EVENT TRIGGER no_ddl ON ddl_command_start EXECUTE FUNCTION on_ddl();
