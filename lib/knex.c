#include "knex_private.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"

/* All that knex knows of a stream, what its baselines replace among it. */
struct list {
	struct one {
		const char *name, *checksum;
		const char *knex;     /* what knex calls it */
		const char *baseline; /* that tells of it, or NULL */
	} * list;
	size_t count;
	const char *table; /* all are taken to be of one; NULL: there is none */
};

static void list_all(struct list *, const struct migrations *);
static void add_replaced(struct list *, const struct migration *);
static void add(
    struct list *, const struct json_t *, const struct json_t *, struct one);
static void take_known(
    struct history *, const struct list *, const struct db *);
static bool is_in(const struct db *, const char *);
static int insert_applied(
    const struct history *, const struct list *, struct db *);
static bool is_applied(const struct history *, const char *);
static size_t sort(const char **, size_t);
static int by_name(const void *, const void *);

bool
knex_has(const struct migration *m)
{
	return record_string(m->object, "knex") != NULL &&
	    record_string(m->object, "knex_table") != NULL;
}

int
knex_read(struct history *h, const struct migrations *m, struct db *db)
{
	struct list l = { 0 };
	const char *value[1];
	char *name;
	int result = 0;

	list_all(&l, m);
	if (l.table != NULL) {
		value[0] = name = db_quote_name(db, l.table);
		result = db_query(
		    db, "SELECT to_regclass($1) IS NOT NULL", 1, value);
		free(name);
		if (result == 0 && db_true(db, 0, 0) &&
		    (result = knex_names(l.table, db)) == 0)
			take_known(h, &l, db);
	}
	free(l.list);
	return result;
}

int
knex_record(const struct migrations *m, struct db *db)
{
	struct history history = { 0 };
	struct list l = { 0 };
	int result = 0;

	list_all(&l, m);
	if (l.table != NULL && (result = history_read(&history, db)) == 0)
		result = insert_applied(&history, &l, db);
	history_free(&history);
	free(l.list);
	return result;
}

bool
knex_rows_make(
    struct knex_rows *r, const struct migration *baseline, struct db *db)
{
	struct list l = { 0 };
	const char **names;
	size_t i;

	add_replaced(&l, baseline);
	if (l.count == 0)
		return false;
	names = mem_resize(NULL, l.count, sizeof(*names));
	for (i = 0; i < l.count; i++)
		names[i] = l.list[i].knex;
	r->create = knex_create_text(l.table, db);
	r->insert = knex_insert_text(l.table, db);
	r->names = db_array(names, sort(names, l.count));
	free(names);
	free(l.list);
	return true;
}

void
knex_rows_free(struct knex_rows *r)
{
	free(r->create);
	free(r->insert);
	free(r->names);
	*r = (struct knex_rows){ 0 };
}

static void
list_all(struct list *l, const struct migrations *m)
{
	const struct migration *one;
	size_t i;

	for (i = 0; i < m->count; i++) {
		one = &m->list[i];
		add(l, json_object_get(one->object, "knex"),
		    json_object_get(one->object, "knex_table"),
		    (struct one){
			.name = one->name, .checksum = one->checksum });
		add_replaced(l, one);
	}
}

static void
add_replaced(struct list *l, const struct migration *baseline)
{
	struct json_t *facts = json_object_get(baseline->object, "replaced");
	struct json_t *fact;
	const char *name;

	json_object_foreach(facts, name, fact)
	{
		add(l, json_object_get(fact, "knex"),
		    json_object_get(fact, "knex_table"),
		    (struct one){ .name = name,
			.checksum = record_string(fact, "checksum"),
			.baseline = baseline->name });
	}
}

static void
add(struct list *l, const struct json_t *knex, const struct json_t *table,
    struct one one)
{
	one.knex = json_string_value(knex);
	if (one.knex == NULL || json_string_value(table) == NULL)
		return;
	if (l->table == NULL)
		l->table = json_string_value(table);
	l->list = mem_grow(l->list, l->count, sizeof(*l->list));
	l->list[l->count++] = one;
}

/* Where our history is silent; db has their names. */
static void
take_known(struct history *h, const struct list *l, const struct db *db)
{
	const struct history_row *row;
	const struct one *one;

	for (one = l->list; one < l->list + l->count; one++) {
		if (!is_in(db, one->knex))
			continue;
		switch (history_state(h, one->name, &row)) {
		case HISTORY_NONE:
		case HISTORY_ROLLED_BACK:
			history_add(h, one->name, one->checksum);
			break;
		default:
			break;
		}
	}
}

static bool
is_in(const struct db *db, const char *name)
{
	const char *value;
	size_t i;

	for (i = 0; i < db->count; i++)
		if ((value = db_value(db, i, 0)) != NULL &&
		    strcmp(value, name) == 0)
			return true;
	return false;
}

static int
insert_applied(const struct history *h, const struct list *l, struct db *db)
{
	const char **names = mem_resize(NULL, l->count, sizeof(*names));
	const struct one *one;
	size_t count = 0;
	int result = 0;

	for (one = l->list; one < l->list + l->count; one++)
		if (is_applied(h, one->name) ||
		    (one->baseline != NULL && is_applied(h, one->baseline)))
			names[count++] = one->knex;
	count = sort(names, count);
	if (count > 0 && (result = knex_create(l->table, db)) == 0)
		result = knex_insert(l->table, db, names, count);
	free(names);
	return result;
}

static bool
is_applied(const struct history *h, const char *name)
{
	const struct history_row *row;

	return history_state(h, name, &row) == HISTORY_APPLIED;
}

/* In the order in which knex runs them, each once: how many there are then. */
static size_t
sort(const char **names, size_t count)
{
	size_t i, kept = 0;

	if (count > 0)
		qsort(names, count, sizeof(*names), by_name);
	for (i = 0; i < count; i++)
		if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	return kept;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}
