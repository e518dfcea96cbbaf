#include "knex_private.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lock.h"
#include "mem.h"

/* All that knex knows of a stream, what its baselines replace among it. */
struct list {
	struct one {
		const char *name, *checksum;
		struct knex_name knex;
		const char *baseline; /* that tells of it, or NULL */
	} * list;
	size_t count;
	const char *table; /* all are taken to be of one; NULL: there is none */
};

static int read_names(
    struct history *, const struct migrations *, struct db *, bool);
static void list_all(struct list *, const struct migrations *);
static void add_replaced(struct list *, const struct migration *);
static void add(struct list *, const struct json_t *, struct one);
static void take_known(
    struct history *, const struct list *, const struct db *);
static const struct one *find(const struct list *, const char *);
static int insert_applied(
    const struct history *, const struct list *, struct db *);
static bool is_applied(const struct history *, const char *);
static size_t sort(struct knex_name *, size_t);
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
	return read_names(h, m, db, false);
}

int
knex_merge(struct history *h, const struct migrations *m, struct db *db)
{
	return read_names(h, m, db, h->exists);
}

static int
read_names(
    struct history *h, const struct migrations *m, struct db *db, bool placed)
{
	struct list l = { 0 };
	int result = 0;

	list_all(&l, m);
	if (l.table != NULL && (result = knex_exists(l.table, db)) == 1 &&
	    (result = knex_names(l.table, db, placed ? h->table : NULL)) == 0)
		take_known(h, &l, db);
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
	struct knex_name *names;
	size_t i;

	add_replaced(&l, baseline);
	if (l.count == 0)
		return false;
	names = mem_resize(NULL, l.count, sizeof(*names));
	for (i = 0; i < l.count; i++)
		names[i] = l.list[i].knex;
	r->create = knex_create_text(l.table, db);
	r->insert = knex_insert_text(l.table, db);
	knex_arrays(names, sort(names, l.count), r->names);
	free(names);
	free(l.list);
	return true;
}

void
knex_rows_free(struct knex_rows *r)
{
	free(r->create);
	free(r->insert);
	free(r->names[0]);
	free(r->names[1]);
	*r = (struct knex_rows){ 0 };
}

static void
list_all(struct list *l, const struct migrations *m)
{
	const struct migration *one;
	size_t i;

	for (i = 0; i < m->count; i++) {
		one = &m->list[i];
		add(l, one->object,
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
		add(l, fact,
		    (struct one){ .name = name,
			.checksum = record_string(fact, "checksum"),
			.baseline = baseline->name });
	}
}

/* If the object, a record or what is told in one, has it. */
static void
add(struct list *l, const struct json_t *object, struct one one)
{
	const char *table = record_string(object, "knex_table");

	if (table == NULL || !knex_name_read(&one.knex, object))
		return;
	if (l->table == NULL)
		l->table = table;
	l->list = mem_grow(l->list, l->count, sizeof(*l->list));
	l->list[l->count++] = one;
}

/* Where our history is silent; db has their names. */
static void
take_known(struct history *h, const struct list *l, const struct db *db)
{
	const struct history_row *row;
	const struct one *one;
	enum history_state state;
	size_t i, added = 0;
	const char *place;

	for (i = 0; i < db->count; i++) {
		if ((one = find(l, db_value(db, i, 0))) == NULL)
			continue;
		state = history_state(h, one->name, &row);
		if (state != HISTORY_NONE && state != HISTORY_ROLLED_BACK)
			continue;
		place = db_value(db, i, 1);
		history_add(h, one->name, one->checksum,
		    place == NULL ? h->count
				  : strtoul(place, NULL, 10) + added++);
	}
}

static const struct one *
find(const struct list *l, const char *name)
{
	const struct one *one;

	for (one = l->list; one < l->list + l->count && name != NULL; one++)
		if (strcmp(one->knex.source, name) == 0 ||
		    strcmp(one->knex.compiled, name) == 0)
			return one;
	return NULL;
}

static int
insert_applied(const struct history *h, const struct list *l, struct db *db)
{
	struct knex_name *names = mem_resize(NULL, l->count, sizeof(*names));
	const struct history_row *row;
	const struct one *one;
	size_t count = 0;
	bool failed = false;
	int result = 0;

	for (one = l->list; one < l->list + l->count; one++) {
		if (is_applied(h, one->name) ||
		    (one->baseline != NULL && is_applied(h, one->baseline)))
			names[count++] = one->knex;
		failed |= history_state(h, one->name, &row) == HISTORY_FAILED;
	}
	count = sort(names, count);
	if (count > 0 && (result = knex_create(l->table, db)) == 0)
		result = knex_insert(l->table, db, names, count);
	if (count > 0 && result == 0 && !failed && !lock_disabled())
		result = knex_give_left(l->table, db);
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
sort(struct knex_name *names, size_t count)
{
	size_t i, kept = 0;

	if (count > 0)
		qsort(names, count, sizeof(*names), by_name);
	for (i = 0; i < count; i++)
		if (kept == 0 || by_name(&names[kept - 1], &names[i]) != 0)
			names[kept++] = names[i];
	return kept;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct knex_name *)a)->source,
	    ((const struct knex_name *)b)->source);
}
