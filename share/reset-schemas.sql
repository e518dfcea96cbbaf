-- reset-schemas.sql - which schemas make reset drops, in mg.drops
--
-- psql has :schemas, from RESET_SCHEMAS.  Where the URL names a schema it is
-- the client that sets the search_path.  What an extension owns goes with that,
-- and what belongs to others stays.
SELECT count(set_config('mg.drops', (SELECT coalesce(array_agg(nspname), '{}')
    FROM pg_namespace n, pg_settings s
    WHERE s.name = 'search_path'
      AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND pg_has_role(nspowner, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = n.oid
          AND d.classid = 'pg_namespace'::regclass AND d.deptype = 'e')
      AND CASE WHEN :'schemas' <> ''
          THEN nspname = ANY (regexp_split_to_array(:'schemas', '[ ,]+'))
          WHEN s.source = 'client' AND s.setting NOT IN ('public', '"public"')
          THEN nspname = current_schema()
          ELSE true END)::text, false)) \g /dev/null
