#include "leftover.h"

#include <stdlib.h>

#include "cli.h"
#include "mem.h"
#include "utf8.h"

/* $1 tables, $2 the names of their indexes. */
static const char find[] =
    "SELECT format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname),"
    " c.relname, b.pid FROM unnest($1::text[], $2::text[]) AS w (tab, name)"
    " JOIN pg_index i ON i.indrelid = to_regclass(w.tab)"
    " JOIN pg_class c ON c.oid = i.indexrelid"
    "  AND c.relname = (parse_ident(w.name))[1]::name"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_stat_progress_create_index b ON b.index_relid = c.oid"
    "  AND b.datid = (SELECT oid FROM pg_database"
    "   WHERE datname = current_database())"
    " WHERE NOT i.indisvalid";

static void add(struct leftover *, const struct script *, size_t);
static int find_all(struct leftover *, struct db *, char ***, size_t *);
static int drop_all(struct leftover *, struct db *, char *const *, size_t);
static int fail(struct leftover *, const struct db *);

void
leftover_add(struct leftover *l, const struct script *s, size_t step)
{
	const struct plan_step *p = s->plan.steps + step;
	const struct plan_step *end = s->plan.steps + s->plan.count;

	for (; p < end; p++)
		if (p->kind == PLAN_ALONE)
			add(l, s, p->first);
}

int
leftover_clear(struct leftover *l, struct db *db)
{
	char **drops = NULL;
	size_t i, count = 0;
	int status;

	free(l->error);
	l->error = NULL;
	if (l->count == 0)
		return CLI_OK;
	status = find_all(l, db, &drops, &count);
	if (status == CLI_OK)
		status = drop_all(l, db, drops, count);
	for (i = 0; i < count; i++)
		free(drops[i]);
	free(drops);
	return status;
}

void
leftover_free(struct leftover *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		free(l->tables[i]);
		free(l->names[i]);
	}
	free(l->tables);
	free(l->names);
	free(l->error);
	*l = (struct leftover){ 0 };
}

static void
add(struct leftover *l, const struct script *s, size_t n)
{
	const char *bytes = s->file.bytes;
	size_t table, table_end, name, name_end;

	if (!sql_index_table(&s->sql, n, &table, &table_end) ||
	    !sql_index_name(&s->sql, n, &name, &name_end))
		return;
	l->tables = mem_grow(l->tables, l->count, sizeof(*l->tables));
	l->names = mem_grow(l->names, l->count, sizeof(*l->names));
	l->tables[l->count] = mem_copy_bytes(bytes + table, table_end - table);
	l->names[l->count++] = mem_copy_bytes(bytes + name, name_end - name);
}

static int
find_all(struct leftover *l, struct db *db, char ***drops, size_t *count)
{
	char *tables = db_array((const char *const *)l->tables, l->count);
	char *names = db_array((const char *const *)l->names, l->count);
	const char *values[] = { tables, names };
	int result = db_query(db, find, 2, values);
	size_t i;

	free(tables);
	free(names);
	if (result == -1)
		return fail(l, db);
	for (i = 0; i < db->count; i++) {
		if (db_value(db, i, 2) != NULL) {
			l->error = mem_printf(
			    "the index %s is being built by process %s just "
			    "now; try again when it is done",
			    utf8_visible(db_value(db, i, 1)),
			    db_value(db, i, 2));
			return CLI_RETRY;
		}
		*drops = mem_grow(*drops, *count, sizeof(**drops));
		(*drops)[(*count)++] = mem_copy(db_value(db, i, 0));
	}
	return CLI_OK;
}

static int
drop_all(struct leftover *l, struct db *db, char *const *drops, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (db_query(db, drops[i], 0, NULL) == -1)
			return fail(l, db);
	return CLI_OK;
}

static int
fail(struct leftover *l, const struct db *db)
{
	l->error = mem_printf(
	    "an invalid index that a broken build left cannot be dropped: %s",
	    db->error.message);
	return CLI_SYSTEM;
}
