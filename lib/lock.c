#include "lock.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "mem.h"
#include "raising.h"
#include "session.h"

enum { PAUSE_FIRST = 20, PAUSE_LAST = 500 }; /* milliseconds */

static const char try[] = "SELECT pg_try_advisory_lock(" LOCK_KEY ")";
static const char give[] = "SELECT pg_advisory_unlock(" LOCK_KEY ")";
static const char touch[] = "SELECT pg_try_advisory_xact_lock(" LOCK_KEY ")";

static const char again[] =
    "SELECT CASE WHEN pg_try_advisory_lock(" LOCK_KEY
    ") THEN 0 ELSE " RAISE("55P03",
	"'the script gave up the migration lock, and another has it "
	"now'") " END";

static const char holders[] =
    "SELECT " SESSION_WORDS ", a.pid"
    " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0"
    "  AND l.objid = " LOCK_KEY " AND l.objsubid = 1"
    "  AND l.database = (SELECT oid FROM pg_database"
    "   WHERE datname = current_database())";

static const char cancel_waiters[] =
    "SELECT count(*) FILTER (WHERE pg_cancel_backend(pid)) FROM pg_locks"
    " WHERE locktype = 'advisory' AND NOT granted AND classid = 0"
    "  AND objid = " LOCK_KEY " AND objsubid = 1"
    "  AND database = (SELECT oid FROM pg_database"
    "   WHERE datname = current_database())";

bool
lock_disabled(void)
{
	const char *value = getenv("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK");

	return value != NULL && *value != '\0' && strcmp(value, "0") != 0;
}

int
lock_take(struct db *db, long wait, char **holder)
{
	long end = clock_ms() + wait, pause;
	unsigned attempt;

	for (attempt = 0; !lock_disabled(); attempt++) {
		if (db_query(db, db->pooled ? touch : try, 0, NULL) == -1)
			return CLI_SYSTEM;
		if (db_true(db, 0, 0))
			break;
		pause = lock_pause(attempt);
		if (clock_ms() + pause > end) {
			*holder = lock_holder(db);
			return CLI_RETRY;
		}
		db_pause(pause);
		if (db_signal() != 0) {
			*holder = lock_holder(db);
			return CLI_RETRY;
		}
	}
	return CLI_OK;
}

int
lock_give(struct db *db)
{
	return lock_disabled() ? 0 : db_query(db, give, 0, NULL);
}

const char *
lock_again(void)
{
	return again;
}

size_t
lock_cancel_waiters(struct db *db)
{
	if (db_query(db, cancel_waiters, 0, NULL) == -1)
		return 0;
	return strtoul(db_value(db, 0, 0), NULL, 10);
}

int
lock_look(struct db *db)
{
	return db_query(db, holders, 0, NULL);
}

char *
lock_holder(struct db *db)
{
	bool known = lock_look(db) == 0 && db->count > 0;

	return mem_printf("P1002: the migration lock is held by %s",
	    known ? db_value(db, 0, 0) : "a session that has just ended");
}

long
lock_pause(unsigned attempt)
{
	long pause = PAUSE_FIRST;

	while (attempt-- > 0 && pause < PAUSE_LAST)
		pause *= 2;
	if (pause > PAUSE_LAST)
		pause = PAUSE_LAST;
	return pause / 2 + clock_random((unsigned long)pause);
}
