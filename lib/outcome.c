#include "outcome.h"

#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "kind.h"
#include "mem.h"
#include "object.h"

/* $1 is the table, $2 the index, as the script writes them. */
static const char named[] = "SELECT i.indisvalid FROM pg_index i"
			    " JOIN pg_class c ON c.oid = i.indexrelid"
			    " WHERE i.indrelid = to_regclass($1)"
			    " AND c.relname = (parse_ident($2))[1]::name";

/* $1 is the table, $2 its columns, $3 whether they are unique. */
static const char unnamed[] =
    "SELECT i.indisvalid FROM pg_index i"
    " JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = to_regclass($1) AND i.indisunique = $3::bool"
    " AND " KEYS_INDEXED("$2") " ORDER BY 1";

/* $1 is the parent, $2 the partition. */
static const char detached[] =
    "SELECT h.inhdetachpending, format("
    " 'ALTER TABLE %s DETACH PARTITION %s FINALIZE', p.oid, c.oid)"
    " FROM (SELECT to_regclass($1) AS oid) p, (SELECT to_regclass($2) AS oid) c"
    " LEFT JOIN pg_inherits h ON h.inhrelid = c.oid"
    " WHERE h.inhparent IS NULL OR h.inhparent = p.oid";

static enum outcome find_created(
    struct db *, const struct script *, size_t, bool);
static enum outcome find_unnamed(struct db *, const struct keys *, bool);
static enum outcome find_detached(
    struct db *, const struct script *, size_t, bool);
static enum outcome find_dropped(struct db *, const struct script *, size_t);
static bool repeatable(const struct sql *, size_t);

enum outcome
outcome_find(struct db *db, const struct script *s, size_t n, bool failed)
{
	if (sql_begins(&s->sql, n, "ALTER TABLE"))
		return find_detached(db, s, n, failed);
	if (strcmp(kind_word(&s->sql, n), "create-index") == 0)
		return find_created(db, s, n, failed);
	/* A procedure may have committed a part before it failed. */
	if ((failed && !sql_begins(&s->sql, n, "CALL") &&
		!sql_begins(&s->sql, n, "DO")) ||
	    repeatable(&s->sql, n))
		return OUTCOME_UNDONE;
	if (sql_begins(&s->sql, n, "DROP INDEX"))
		return find_dropped(db, s, n);
	return OUTCOME_UNKNOWN;
}

/*
 * A valid index of that name is what the statement made, unless it is known
 * to have failed.
 */
static enum outcome
find_created(struct db *db, const struct script *s, size_t n, bool failed)
{
	struct keys keys;
	enum outcome outcome = OUTCOME_UNDONE;
	char *name = object_index(&s->sql, n);

	if (keys_read(&keys, &s->sql, n) == -1)
		outcome = failed ? OUTCOME_UNDONE : OUTCOME_UNKNOWN;
	else if (name == NULL)
		outcome = find_unnamed(db, &keys, failed);
	else if (db_query(db, named, 2,
		     (const char *const[]){ keys.table, name }) == -1)
		outcome = OUTCOME_ERROR;
	else if (db->count > 0 && db_true(db, 0, 0) && !failed)
		outcome = OUTCOME_DONE;
	free(name);
	keys_free(&keys);
	return outcome;
}

/* A valid one may be what the statement made, or an older one like it. */
static enum outcome
find_unnamed(struct db *db, const struct keys *keys, bool failed)
{
	char *columns;
	int result;

	if (failed)
		return OUTCOME_UNDONE;
	if (!keys->simple)
		return OUTCOME_UNKNOWN;
	columns = db_array((const char *const *)keys->list, keys->count);
	result = db_query(db, unnamed, 3,
	    (const char *const[]){
		keys->table, columns, keys->unique ? "t" : "f" });
	free(columns);
	if (result == -1)
		return OUTCOME_ERROR;
	return db->count > 0 && db_true(db, 0, 0) ? OUTCOME_UNKNOWN
						  : OUTCOME_UNDONE;
}

static enum outcome
find_detached(struct db *db, const struct script *s, size_t n, bool failed)
{
	char *parent, *partition = object_detached(&s->sql, n, &parent);
	char *finish;
	enum outcome outcome = OUTCOME_UNKNOWN;

	if (partition == NULL || !script_means(s, n, partition) ||
	    !script_means(s, n, parent))
		outcome = failed ? OUTCOME_UNDONE : OUTCOME_UNKNOWN;
	else if (db_query(db, detached, 2,
		     (const char *const[]){ parent, partition }) == -1)
		outcome = OUTCOME_ERROR;
	else if (db->count == 0 || db_value(db, 0, 0) == NULL)
		outcome = failed ? OUTCOME_UNDONE : OUTCOME_DONE;
	else if (!db_true(db, 0, 0))
		outcome = OUTCOME_UNDONE;
	else {
		finish = mem_copy(db_value(db, 0, 1));
		outcome = db_query(db, finish, 0, NULL) == -1 ? OUTCOME_ERROR
							      : OUTCOME_DONE;
		free(finish);
	}
	free(parent);
	free(partition);
	return outcome;
}

static enum outcome
find_dropped(struct db *db, const struct script *s, size_t n)
{
	char *name = object_index(&s->sql, n);
	enum outcome outcome = OUTCOME_UNKNOWN;

	if (name == NULL || !script_means(s, n, name))
		outcome = OUTCOME_UNKNOWN;
	else if (db_query(db, "SELECT to_regclass($1) IS NULL", 1,
		     (const char *const[]){ name }) == -1)
		outcome = OUTCOME_ERROR;
	else
		outcome = db_true(db, 0, 0) ? OUTCOME_DONE : OUTCOME_UNDONE;
	free(name);
	return outcome;
}

/* Does doing it twice leave what doing it once does? */
static bool
repeatable(const struct sql *sql, size_t n)
{
	static const char *const words[] = { "VACUUM", "REINDEX", "CLUSTER",
		"ALTER SYSTEM", "ALTER DATABASE" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (sql_begins(sql, n, words[i]))
			return true;
	return false;
}
