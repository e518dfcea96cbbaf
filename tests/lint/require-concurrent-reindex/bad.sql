REINDEX TABLE a; -- found
REINDEX (VERBOSE) INDEX i; -- found
