#include "activity.h"

#include <stddef.h>

#include "session.h"

static const char list[] =
    "SELECT " SESSION_WORDS " FROM pg_catalog.pg_stat_activity a"
    " WHERE datname = $1 AND pid <> pg_backend_pid()"
    " AND backend_type <> 'autovacuum worker' ORDER BY pid";

static const char end[] =
    "SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
    " WHERE datname = $1 AND pid <> pg_backend_pid()"
    " AND backend_type <> 'autovacuum worker'";

static const char attached[] =
    "SELECT format('replication slot %s', slot_name)"
    " FROM pg_catalog.pg_replication_slots WHERE database = $1"
    " UNION ALL SELECT format('subscription %s', subname)"
    " FROM pg_catalog.pg_subscription s"
    " JOIN pg_catalog.pg_database d ON d.oid = subdbid"
    " WHERE datname = $1 AND subenabled";

static int tell_all(
    struct db *, const char *, const char *, void (*)(const char *));

int
activity_list(
    struct db *db, const char *database, void (*tell)(const char *words))
{
	return tell_all(db, list, database, tell);
}

static int
tell_all(struct db *db, const char *sql, const char *database,
    void (*tell)(const char *words))
{
	const char *values[] = { database };
	size_t i;

	if (db_query(db, sql, 1, values) == -1)
		return -1;
	for (i = 0; i < db->count; i++)
		tell(db_value(db, i, 0));
	return (int)db->count;
}

int
activity_terminate(struct db *db, const char *database)
{
	const char *values[] = { database };

	if (db_query(db, end, 1, values) == -1)
		return -1;
	return (int)db->count;
}

int
activity_replication(
    struct db *db, const char *database, void (*tell)(const char *words))
{
	return tell_all(db, attached, database, tell);
}
