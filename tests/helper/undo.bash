# undo.bash - what takes migrations back, and what it leaves

# undo [OPTION...]: of ./migrations
undo() {
	records && mg-undo "$@" <records
}

# left [CONDITION]: the tables, and the names in the history, or in those rows
left() {
	sql "select string_agg(tablename, ' ' order by tablename)
	    from pg_tables where schemaname = 'public'
	    and tablename !~ '^(_prisma|knex)_migrations'" \
	    "select string_agg(migration_name, ' ' order by migration_name)
	    from _prisma_migrations where ${1:-true}" | paste -sd' '
}
