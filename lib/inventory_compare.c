#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "inventory.h"
#include "inventory_private.h"
#include "mem.h"

enum { MAJOR = 10000 };

struct telling {
	void (*tell)(const char *words);
	size_t count;
};

static void compare_table(struct telling *, const struct inventory_table *,
    const struct inventory_table *);
static int tell_migrations(
    struct telling *, const struct inventory *, struct db *);
__attribute__((format(printf, 2, 3))) static void say(
    struct telling *, const char *, ...);
static const struct inventory_table *find(
    const struct inventory *, const char *);
static int by_name(const void *, const void *);

void
inventory_sort(struct inventory *i)
{
	if (i->ntables > 0)
		qsort(i->tables, i->ntables, sizeof(*i->tables), by_name);
}

long long
inventory_rows(const struct inventory *i)
{
	long long rows = 0;
	size_t n;

	for (n = 0; n < i->ntables; n++)
		rows += i->tables[n].rows;
	return rows;
}

bool
inventory_compare(const struct inventory *a, const struct inventory *b,
    void (*tell)(const char *words))
{
	struct telling t = { tell, 0 };
	size_t n;

	for (n = 0; n < a->ntables; n++)
		compare_table(&t, &a->tables[n], find(b, a->tables[n].name));
	for (n = 0; n < b->ntables; n++)
		if (find(a, b->tables[n].name) == NULL)
			say(&t, "%s should not be there", b->tables[n].name);
	if (a->large_objects != b->large_objects)
		say(&t, "there are %lld large objects, not %lld",
		    b->large_objects, a->large_objects);
	if (a->version / MAJOR == b->version / MAJOR &&
	    strcmp(a->digest, b->digest) != 0)
		say(&t,
		    "the catalog differs: %zu objects, digest %.16s, not %zu, "
		    "%.16s",
		    b->objects, b->digest, a->objects, a->digest);
	return t.count == 0;
}

static void
compare_table(struct telling *t, const struct inventory_table *was,
    const struct inventory_table *is)
{
	if (is == NULL)
		say(t, "%s is missing", was->name);
	else if (is->rows != was->rows)
		say(t, "%s has %lld rows, not %lld", is->name, is->rows,
		    was->rows);
}

int
inventory_since(const struct inventory *then, const struct inventory *now,
    struct db *db, void (*tell)(const char *words))
{
	struct telling t = { tell, 0 };
	const struct inventory_table *was;
	size_t n;

	for (n = 0; n < now->ntables; n++) {
		was = find(then, now->tables[n].name);
		if (was == NULL)
			say(&t, "table %s: new, rows now %lld",
			    now->tables[n].name, now->tables[n].rows);
		else if (was->rows != now->tables[n].rows)
			say(&t, "table %s: rows now %lld, then %lld", was->name,
			    now->tables[n].rows, was->rows);
	}
	for (n = 0; n < then->ntables; n++)
		if (find(now, then->tables[n].name) == NULL)
			say(&t, "table %s: dropped, rows then %lld",
			    then->tables[n].name, then->tables[n].rows);
	return tell_migrations(&t, then, db);
}

static int
tell_migrations(struct telling *t, const struct inventory *then, struct db *db)
{
	const char *values[] = { then->head_time };
	char *table = inventory_history(db), *sql;
	size_t i;
	int result;

	if (table == NULL)
		return 0;
	sql = mem_printf("SELECT migration_name FROM %s"
			 " WHERE " INVENTORY_APPLIED
			 " AND started_at > coalesce($1::timestamptz,"
			 " '-infinity') ORDER BY started_at, migration_name",
	    table);
	result = *table == '\0' ? -1 : db_query(db, sql, 1, values);
	for (i = 0; result == 0 && i < db->count; i++)
		say(t, "migration %s", db_value(db, i, 0));
	free(sql);
	free(table);
	return result;
}

static void
say(struct telling *t, const char *format, ...)
{
	va_list args;
	char *words;

	va_start(args, format);
	words = mem_vprintf(format, args);
	va_end(args);
	t->tell(words);
	t->count++;
	free(words);
}

static const struct inventory_table *
find(const struct inventory *i, const char *name)
{
	struct inventory_table key = { .name = mem_copy(name) };
	const struct inventory_table *t = i->ntables == 0
	    ? NULL
	    : bsearch(&key, i->tables, i->ntables, sizeof(key), by_name);

	free(key.name);
	return t;
}

static int
by_name(const void *a, const void *b)
{
	const struct inventory_table *x = a, *y = b;

	return strcmp(x->name, y->name);
}
