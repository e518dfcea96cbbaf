DROP INDEX i; -- found
DROP INDEX IF EXISTS s.j; -- found
