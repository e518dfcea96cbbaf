-- reset-look.sql - the host, and then what make reset is about to drop
--
-- Rows are counted one by one: an estimate may be years old.
\echo :HOST
\ir reset-schemas.sql
DO $$
DECLARE
	drops name[] := current_setting('mg.drops');
	s name;
	t regclass;
	n bigint;
	tables bigint;
	total bigint;
	told text := '';
BEGIN
	FOREACH s IN ARRAY drops LOOP
		tables := 0;
		total := 0;
		FOR t IN SELECT oid FROM pg_class
		    WHERE relnamespace = s::text::regnamespace
		    AND relkind IN ('r', 'p') LOOP
			EXECUTE format('SELECT count(*) FROM ONLY %s', t)
			    INTO n;
			tables := tables + 1;
			total := total + n;
		END LOOP;
		told := told || format(E'\n  schema %I: tables %s, rows %s',
		    s, tables, total);
	END LOOP;
	SELECT told || coalesce(string_agg(format(E'\n  extension %I',
	    extname), ''), '') INTO told FROM pg_extension
	    WHERE extnamespace::regnamespace::text::name = ANY
		(SELECT quote_ident(d) FROM unnest(drops) d);
	IF told = '' THEN
		told := E'\n  nothing';
	END IF;
	PERFORM set_config('mg.told', told, false);
END $$;
SELECT format('reset drops, in the database %I on %s:%s', :'DBNAME',
    :'HOST', current_setting('mg.told'));
