-- database.sql - what the migrations of a round leave their traces in
--
-- In a schema of its own: for every tool the database is an empty one.
CREATE SCHEMA orders;

-- Nothing keeps a migration from leaving a second one.
CREATE TABLE orders.trace (
    id serial PRIMARY KEY,
    name text NOT NULL
);

-- Where a migration has to wait, to be killed there.
CREATE TABLE orders.stop (
    name text NOT NULL,
    place text NOT NULL
);

CREATE FUNCTION orders.point(name text, place text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WHILE EXISTS (SELECT FROM orders.stop AS s
	WHERE s.name = point.name AND s.place = point.place)
    LOOP
	PERFORM pg_sleep(0.005);
    END LOOP;
END $$;

-- Is there a session at a point, or none but this one?  Not if that has not
-- come about in half a minute.
CREATE FUNCTION orders.await(stopped boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    others bigint;
    sleeping bigint;
BEGIN
    FOR tries IN 1..3000 LOOP
	PERFORM pg_stat_clear_snapshot();
	SELECT count(*), count(*) FILTER (WHERE wait_event = 'PgSleep')
	    INTO others, sleeping FROM pg_stat_activity
	    WHERE datname = current_database() AND pid <> pg_backend_pid()
	    AND backend_type = 'client backend';
	IF stopped AND sleeping > 0 OR NOT stopped AND others = 0 THEN
	    RETURN true;
	END IF;
	PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN false;
END $$;
