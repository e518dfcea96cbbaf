VACUUM FULL a; -- found
VACUUM (ANALYZE, FULL) a; -- found
CLUSTER a USING i; -- found
