#include <stdlib.h>
#include <string.h>

#include "knex_private.h"
#include "lock.h"
#include "mem.h"

static const char wait_for[] =
    "SELECT set_config('lock_timeout', $1 || 'ms', true)";

static const char take[] = "UPDATE %2 SET is_locked = " LOCK_KEY
			   " WHERE is_locked IN (0, " LOCK_KEY ") RETURNING 1";

static const char give[] =
    "UPDATE %2 SET is_locked = 0 WHERE is_locked = " LOCK_KEY;

/* Unless somebody migrates, whose it may be. */
static const char give_left[] = "UPDATE %2 SET is_locked = 0"
				" WHERE is_locked = " LOCK_KEY
				" AND pg_try_advisory_xact_lock(" LOCK_KEY ")";

static enum knex_lock verdict(const struct migration *, struct db *, bool);

enum knex_lock
knex_take_lock(const struct migration *m, struct db *db, long wait, bool known)
{
	char *ms = mem_printf("%ld", wait > 0 ? wait : 1);
	const char *value[] = { ms }, *table = knex_table_of(m);
	enum knex_lock answer = KNEX_ERROR;

	if (db_query(db, wait_for, 1, value) == 0 &&
	    knex_create(table, db) == 0) {
		if (knex_run(db, table, take, NULL) == 0)
			answer =
			    db->count == 0 ? KNEX_BUSY : verdict(m, db, known);
		else if (strcmp(db->error.sqlstate, "55P03") == 0)
			answer = KNEX_BUSY;
	}
	free(ms);
	return answer;
}

static enum knex_lock
verdict(const struct migration *m, struct db *db, bool known)
{
	int is = knex_has_row(m, db);

	if (is == -1)
		return KNEX_ERROR;
	return (is == 1) == known ? KNEX_LOCKED : KNEX_STALE;
}

int
knex_give_lock(const struct migration *m, struct db *db, bool done)
{
	struct knex_name name;

	if (done && knex_name_read(&name, m->object) &&
	    knex_insert(knex_table_of(m), db, &name, 1) == -1)
		return -1;
	return knex_run(db, knex_table_of(m), give, NULL);
}

int
knex_give_left(const char *table, struct db *db)
{
	return knex_run(db, table, give_left, NULL);
}
