#include "leftover.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "keys.h"
#include "mem.h"
#include "object.h"
#include "utf8.h"

/*
 * What there is to drop, its name, and the process that builds on its table.
 * Others' progress need not be ours to see, but their locks are.
 */
#define FIND                                                                  \
	"SELECT DISTINCT format('DROP INDEX CONCURRENTLY %I.%I',"             \
	"  n.nspname, c.relname), c.relname,"                                 \
	" (SELECT min(l.pid) FROM pg_locks l"                                 \
	"  JOIN pg_stat_progress_create_index b USING (pid)"                  \
	"  WHERE l.relation = i.indrelid AND l.granted"                       \
	"  AND l.mode = 'ShareUpdateExclusiveLock' AND l.database = ("        \
	"   SELECT oid FROM pg_database WHERE datname = current_database()))" \
	" FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"            \
	" JOIN pg_namespace n ON n.oid = c.relnamespace"

#define IS_LEFT " WHERE c.relkind = 'i' AND NOT i.indisvalid"

/*
 * $1 tables, $2 the names of their indexes or '', $3 then their columns, $4
 * and whether they are unique.
 */
static const char find_created[] = FIND
    " JOIN unnest($1::text[], $2::text[], $3::text[], $4::bool[])"
    "  AS w (tab, name, columns, uniq)"
    "  ON i.indrelid = to_regclass(w.tab)" IS_LEFT " AND CASE WHEN w.name <> ''"
    "  THEN c.relname = (parse_ident(w.name))[1]::name"
    "  ELSE i.indisunique = w.uniq AND " KEYS_INDEXED("w.columns") " END";

#define BASE "regexp_replace(c.relname, '_cc(new|old)[0-9]*$', '')"

/*
 * $1 INDEX, TABLE and so on, $2 the names of these or ''.  The copy of an
 * index has its name, or the beginning of a long one; a table's TOAST index
 * has copies, too.
 */
static const char find_reindexed[] = FIND
    " JOIN pg_class r ON r.oid = i.indrelid"
    " LEFT JOIN pg_class o ON o.reltoastrelid = r.oid"
    " JOIN pg_index j ON j.indrelid = i.indrelid"
    " JOIN pg_class m ON m.oid = j.indexrelid AND m.oid <> c.oid"
    "  AND starts_with(m.relname, " BASE ")"
    "  AND (m.relname = " BASE " OR octet_length(c.relname) > 59)"
    " JOIN unnest($1::text[], $2::text[]) AS w (what, name)"
    "  ON CASE what WHEN 'INDEX' THEN m.oid IN (SELECT to_regclass(name)::oid"
    "   UNION SELECT relid FROM pg_partition_tree(to_regclass(name)))"
    "  WHEN 'TABLE' THEN coalesce(o.oid, r.oid) IN ("
    "   SELECT to_regclass(name)::oid"
    "   UNION SELECT relid FROM pg_partition_tree(to_regclass(name)))"
    "  WHEN 'SCHEMA' THEN coalesce(o.relnamespace, r.relnamespace)"
    "   = to_regnamespace(name)::oid"
    "  ELSE true END" IS_LEFT " AND c.relname ~ '_cc(new|old)[0-9]*$'";

enum { COLUMNS = 4 };

/* Rows of as many values as the query above has parameters. */
struct leftover_list {
	char **values[COLUMNS];
	size_t count;
};

static void add_created(struct leftover *, const struct sql *, size_t);
static void add_reindexed(struct leftover *, const struct sql *, size_t);
static void append(struct leftover_list **, char *const[COLUMNS]);
static int find(struct leftover *, struct db *, const char *, size_t,
    const struct leftover_list *, struct leftover_list **);
static int drop_all(
    struct leftover *, struct db *, const struct leftover_list *);
static int fail(struct leftover *, const struct db *);
static void free_list(struct leftover_list *);

void
leftover_add(struct leftover *l, const struct script *s, size_t step)
{
	const struct plan_step *p = s->plan.steps + step;
	const struct plan_step *end = s->plan.steps + s->plan.count;

	for (; p < end; p++)
		if (s->sql.statements[p->first].concurrent)
			leftover_add_one(l, &s->sql, p->first);
}

void
leftover_add_one(struct leftover *l, const struct sql *sql, size_t n)
{
	add_created(l, sql, n);
	add_reindexed(l, sql, n);
}

int
leftover_clear(struct leftover *l, struct db *db)
{
	struct leftover_list *drops = NULL;
	int status;

	free(l->error);
	l->error = NULL;
	status = find(l, db, find_created, 4, l->created, &drops);
	if (status == CLI_OK)
		status = find(l, db, find_reindexed, 2, l->reindexed, &drops);
	if (status == CLI_OK)
		status = drop_all(l, db, drops);
	free_list(drops);
	return status;
}

void
leftover_free(struct leftover *l)
{
	free_list(l->created);
	free_list(l->reindexed);
	free(l->error);
	*l = (struct leftover){ 0 };
}

static void
add_created(struct leftover *l, const struct sql *sql, size_t n)
{
	struct keys keys;
	char *name = object_index(sql, n);

	if (keys_read(&keys, sql, n) == 0 && (name != NULL || keys.simple))
		append(&l->created,
		    (char *const[COLUMNS]){ mem_copy(keys.table),
			name == NULL ? mem_copy("") : mem_copy(name),
			db_array((const char *const *)keys.list, keys.count),
			mem_copy(keys.unique ? "t" : "f") });
	free(name);
	keys_free(&keys);
}

static void
add_reindexed(struct leftover *l, const struct sql *sql, size_t n)
{
	char *name;
	const char *what = object_reindexed(sql, n, &name);

	if (what != NULL)
		append(&l->reindexed,
		    (char *const[COLUMNS]){
			mem_copy(what), name == NULL ? mem_copy("") : name });
}

/* The values are the list's from now on. */
static void
append(struct leftover_list **list, char *const values[COLUMNS])
{
	struct leftover_list *l = *list;
	size_t i;

	if (l == NULL)
		*list = l = mem_alloc(sizeof(*l));
	for (i = 0; i < COLUMNS; i++) {
		l->values[i] =
		    mem_grow(l->values[i], l->count, sizeof(*l->values[i]));
		l->values[i][l->count] = values[i];
	}
	l->count++;
}

static int
find(struct leftover *l, struct db *db, const char *sql, size_t columns,
    const struct leftover_list *list, struct leftover_list **drops)
{
	char *values[COLUMNS];
	size_t i;
	int result;

	if (list == NULL)
		return CLI_OK;
	for (i = 0; i < columns; i++)
		values[i] =
		    db_array((const char *const *)list->values[i], list->count);
	result = db_query(db, sql, columns, (const char *const *)values);
	for (i = 0; i < columns; i++)
		free(values[i]);
	if (result == -1)
		return fail(l, db);
	for (i = 0; i < db->count; i++) {
		if (db_value(db, i, 2) != NULL) {
			l->error = mem_printf(
			    "process %s is building an index just now on the "
			    "table of the invalid index %s; try again when it "
			    "is done",
			    db_value(db, i, 2),
			    utf8_visible(db_value(db, i, 1)));
			return CLI_RETRY;
		}
		append(drops,
		    (char *const[COLUMNS]){ mem_copy(db_value(db, i, 0)) });
	}
	return CLI_OK;
}

static int
drop_all(struct leftover *l, struct db *db, const struct leftover_list *drops)
{
	size_t i;

	for (i = 0; drops != NULL && i < drops->count; i++)
		if (db_query(db, drops->values[0][i], 0, NULL) == -1)
			return fail(l, db);
	return CLI_OK;
}

static int
fail(struct leftover *l, const struct db *db)
{
	l->error = mem_printf(
	    "an invalid index that a broken build left cannot be dropped: %s",
	    db->error.message);
	return strcmp(db->error.sqlstate, "55P03") == 0 ||
		strcmp(db->error.sqlstate, "40P01") == 0
	    ? CLI_RETRY
	    : db_error_status(&db->error);
}

static void
free_list(struct leftover_list *l)
{
	size_t i, column;

	if (l == NULL)
		return;
	for (column = 0; column < COLUMNS; column++) {
		for (i = 0; i < l->count; i++)
			free(l->values[column][i]);
		free(l->values[column]);
	}
	free(l);
}
