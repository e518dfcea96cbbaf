-- What a schema holds, a line each: for servers newer than pg_dump.  Names
-- come with their schemas, as nothing is found without.
SET search_path = '';

SELECT 'schema ' || nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1;

SELECT format('%s %s, options %L, %s', c.relkind, c.oid::regclass,
	c.reloptions, pg_get_expr(c.relpartbound, c.oid))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY c.oid::regclass::text;

SELECT format('column %s %I %s%s%s%s%s', a.attrelid::regclass, a.attname,
	format_type(a.atttypid, a.atttypmod),
	CASE WHEN a.attnotnull THEN ' not null' END,
	' ' || a.attidentity::text, ' ' || a.attgenerated::text, ' default ' || pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0
    AND NOT a.attisdropped ORDER BY a.attrelid::regclass::text, a.attnum;

SELECT format('constraint %s %I %s', conrelid::regclass, conname,
	pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid <> 0 ORDER BY 1;

SELECT format('index %s %s', indisvalid, pg_get_indexdef(indexrelid))
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' ORDER BY 1;

SELECT format('partition %s of %s', inhrelid::regclass, inhparent::regclass)
    FROM pg_inherits ORDER BY 1;

SELECT format('label %s %L', enumtypid::regtype, enumlabel)
    FROM pg_enum ORDER BY enumtypid::regtype::text, enumsortorder;

SELECT pg_get_functiondef(p.oid)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND p.prokind IN ('f', 'p') AND NOT EXISTS (SELECT FROM pg_depend
	WHERE classid = 'pg_proc'::regclass AND objid = p.oid
	AND deptype = 'e') ORDER BY 1;

SELECT format('%s, enabled %s', pg_get_triggerdef(oid), tgenabled)
    FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;

SELECT format('view %s %s', c.oid::regclass, pg_get_viewdef(c.oid))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema' ORDER BY 1;

SELECT 'extension ' || extname FROM pg_extension ORDER BY 1;
