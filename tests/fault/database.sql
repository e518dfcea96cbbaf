-- What a database of the fault suite has from the beginning: places at which
-- a run can be held, and questions about what a fault left.
--
-- Whoever has the advisory lock (4711, N) holds the run behind statement N,
-- and with (4712, N) when it is about to write to the history for the Nth
-- time: directly behind a statement outside of transactions, for example.

CREATE SCHEMA fault;
SET check_function_bodies = off; -- of counted, a table of the history

CREATE TABLE fault.ran (statement int);
CREATE TABLE fault.expected (statement int, migration text);
CREATE SEQUENCE fault.writes;

CREATE FUNCTION fault.point(n int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO fault.ran VALUES (n);
    SELECT pg_advisory_xact_lock_shared(4711, n);
$$;

CREATE FUNCTION fault.hold_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(4712,
	nextval('fault.writes')::int);
    RETURN NULL;
END $$;

CREATE TRIGGER hold_write BEFORE INSERT OR UPDATE ON _prisma_migrations
    EXECUTE FUNCTION fault.hold_write();

-- What may never be, whatever happened: a line for each.
CREATE FUNCTION fault.broken() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s: unfinished, and not ours to continue: %L',
	    migration_name, logs)
	FROM public._prisma_migrations WHERE finished_at IS NULL
	AND (logs IS NULL OR logs !~ '^mg-apply: [0-9]+ of [0-9]+ steps done, '
	    'xxh3 [0-9a-f]{32}(\nthe next step failed: .*)?$')
    UNION ALL
    SELECT format('%s: %s rows', migration_name, count(*))
	FROM public._prisma_migrations GROUP BY migration_name
	HAVING count(*) > 1
    UNION ALL
    SELECT format('%s unfinished at once', count(*))
	FROM public._prisma_migrations WHERE finished_at IS NULL
	HAVING count(*) > 1
    UNION ALL
    SELECT format('statement %s ran %s times', statement, count(*))
	FROM fault.ran GROUP BY statement HAVING count(*) > 1
    UNION ALL
    SELECT format('%s: statement %s ran, but there is no row', e.migration,
	    e.statement)
	FROM fault.ran JOIN fault.expected e USING (statement)
	WHERE e.migration NOT IN (
	    SELECT migration_name FROM public._prisma_migrations)
    UNION ALL
    SELECT format('%s: finished, but statement %s did not run', e.migration,
	    e.statement)
	FROM public._prisma_migrations m
	JOIN fault.expected e ON e.migration = m.migration_name
	WHERE m.finished_at IS NOT NULL
	AND e.statement NOT IN (SELECT statement FROM fault.ran)
    UNION ALL
    SELECT format('statement %s ran, but %s did not', r.statement, e.statement)
	FROM fault.ran r, fault.expected e WHERE e.statement < r.statement
	AND e.statement NOT IN (SELECT statement FROM fault.ran)
$$;

-- What may not be when a run has completed: a line for each.
CREATE FUNCTION fault.unfinished() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT fault.broken()
    UNION ALL
    SELECT format('%s: finished %s, %s steps, logs %L', migration_name,
	    finished_at, applied_steps_count, logs)
	FROM public._prisma_migrations WHERE finished_at IS NULL
	OR rolled_back_at IS NOT NULL OR applied_steps_count <> 1
	OR logs IS NOT NULL
    UNION ALL
    SELECT format('statement %s did not run', statement) FROM fault.expected
	WHERE statement NOT IN (SELECT statement FROM fault.ran)
    UNION ALL
    SELECT format('%s was counted %s times', what, count(*))
	FROM public.counted GROUP BY what HAVING count(*) > 1
    UNION ALL
    SELECT format('index %s is invalid', indexrelid::regclass)
	FROM pg_index WHERE NOT indisvalid
    UNION ALL
    SELECT format('process %s has the advisory lock (%s, %s)', pid, classid,
	    objid)
	FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid
	    FROM pg_database WHERE datname = current_database())
    UNION ALL
    SELECT format('process %s of %s is still there', pid, application_name)
	FROM pg_stat_activity WHERE datname = current_database()
	AND pid <> pg_backend_pid()
$$;
