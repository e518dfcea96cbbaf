SET LOCAL maintenance_work_mem = '1GB';
SELECT set_config('maintenance_work_mem', '1GB', true);
CREATE INDEX i ON a (b);
ALTER INDEX i RENAME TO j;
COMMENT ON INDEX j IS 'b';
DROP INDEX k;
REINDEX INDEX CONCURRENTLY l;
ANALYZE a;
RESET ALL;
