-- reset.sql - drop schemas with all that is in them, and make those again that
-- were there before any migration: public, and the one that tables land in
--
-- psql runs it as one transaction.
SET client_min_messages = warning;
SET lock_timeout = '10s';
\ir reset-schemas.sql
DO $$
DECLARE
	home name := current_schema();
	again text := '';
	s record;
BEGIN
	FOR s IN SELECT nspname, nspowner::regrole AS owner, nspacl,
	    obj_description(oid, 'pg_namespace') AS comment
	    FROM pg_namespace
	    WHERE nspname = ANY (current_setting('mg.drops')::name[]) LOOP
		IF s.nspname IN ('public', home) THEN
			again := again || format(
			    'CREATE SCHEMA %I AUTHORIZATION %s;'
			    ' COMMENT ON SCHEMA %1$I IS %L;',
			    s.nspname, s.owner, s.comment) ||
			    (SELECT coalesce(string_agg(format(
				'GRANT %s ON SCHEMA %I TO %s%s;',
				privilege_type, s.nspname,
				CASE grantee WHEN 0 THEN 'PUBLIC'
				    ELSE grantee::regrole::text END,
				CASE WHEN is_grantable
				    THEN ' WITH GRANT OPTION' END), ''), '')
			    FROM aclexplode(s.nspacl));
		END IF;
		EXECUTE format('DROP SCHEMA %I CASCADE', s.nspname);
	END LOOP;
	EXECUTE again;
END $$;
