#include <stdlib.h>
#include <string.h>

#include "doctor_private.h"
#include "lock.h"
#include "mem.h"
#include "utf8.h"

/*
 * Invalid indexes: their names, and whether REINDEX CONCURRENTLY made them;
 * not of a table on which a session builds just now.
 */
static const char invalid[] =
    "SELECT format('%I.%I', n.nspname, c.relname), c.relname,"
    " i.indrelid::regclass, c.relname ~ '_cc(new|old)[0-9]*$'"
    " FROM pg_catalog.pg_index i"
    " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'i' AND NOT i.indisvalid"
    "  AND n.nspname !~ '^pg_' AND NOT EXISTS (SELECT FROM"
    "   pg_catalog.pg_stat_progress_create_index b"
    "   WHERE b.relid = i.indrelid) ORDER BY 1";

static bool is_resumed(const struct doctor *, const char *);
static void tell_invalid(
    struct doctor *, const char *, const char *, const char *, bool);

int
doctor_holder(struct doctor *d)
{
	if (lock_look(d->db) == -1)
		return -1;
	if (d->db->count > 0) {
		d->holder = mem_copy(db_value(d->db, 0, 0));
		d->holder_id = mem_copy(db_value(d->db, 0, 1));
	}
	return 0;
}

void
doctor_lock(struct doctor *d)
{
	if (d->holder == NULL || d->unfinished)
		return;
	diagnosis_add(&d->found, "lock-held", "_prisma_migrations",
	    mem_printf("the migration lock is held by %s: nobody else can "
		       "migrate before that ends",
		d->holder));
	doctor_wait(d);
}

int
doctor_indexes(struct doctor *d)
{
	struct db *db = d->db;
	size_t i;

	if (db_query(db, invalid, 0, NULL) == -1)
		return -1;
	for (i = 0; i < db->count; i++)
		if (!is_resumed(d, db_value(db, i, 1)))
			tell_invalid(d, db_value(db, i, 0), db_value(db, i, 1),
			    db_value(db, i, 2), db_true(db, i, 3));
	return 0;
}

static bool
is_resumed(const struct doctor *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->nresumed; i++)
		if (strcmp(d->resumed[i], name) == 0)
			return true;
	return false;
}

static void
tell_invalid(struct doctor *d, const char *index, const char *name,
    const char *table, bool copy)
{
	char *sql;

	diagnosis_add(&d->found, "invalid-index", name,
	    mem_printf("a CONCURRENTLY build of it on %s was cut off: no "
		       "query uses it, and each write pays for it",
		utf8_visible(table)));
	if (!copy) {
		diagnosis_way(&d->found, "to have it built");
		sql = mem_printf("REINDEX INDEX CONCURRENTLY %s", index);
		doctor_sql(d, sql);
		free(sql);
	}
	diagnosis_way(&d->found,
	    copy ? "" : "if a pending migration is to build it, or nobody");
	sql = mem_printf("DROP INDEX CONCURRENTLY %s", index);
	doctor_sql(d, sql);
	free(sql);
}
