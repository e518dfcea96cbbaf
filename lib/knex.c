#include "knex_private.h"

#include <stdlib.h>
#include <string.h>

#include "lock.h"
#include "mem.h"

static int read_names(
    struct history *, const struct migrations *, struct db *, bool);
static void take_known(
    struct history *, const struct knex_list *, const struct db *);
static int insert_applied(
    const struct history *, const struct knex_list *, struct db *);
static bool is_applied(const struct history *, const char *);
static size_t sort(struct knex_name *, size_t);
static int by_name(const void *, const void *);

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
	struct knex_list l = { 0 };
	int result = 0;

	knex_list_all(&l, m);
	if (l.table != NULL && (result = knex_exists(l.table, db)) == 1 &&
	    (result = knex_names(l.table, db, placed ? h->table : NULL)) == 0)
		take_known(h, &l, db);
	knex_list_free(&l);
	return result;
}

int
knex_record(const struct migrations *m, struct db *db)
{
	struct history history = { 0 };
	struct knex_list l = { 0 };
	int result = 0;

	knex_list_all(&l, m);
	if (l.table != NULL && (result = history_read(&history, db)) == 0)
		result = insert_applied(&history, &l, db);
	history_free(&history);
	knex_list_free(&l);
	return result;
}

bool
knex_rows_make(
    struct knex_rows *r, const struct migration *baseline, struct db *db)
{
	struct knex_list l = { 0 };
	struct knex_name *names;
	size_t i;

	knex_list_replaced(&l, baseline);
	if (l.count == 0)
		return false;
	names = mem_resize(NULL, l.count, sizeof(*names));
	for (i = 0; i < l.count; i++)
		names[i] = l.list[i].knex;
	r->create = knex_create_text(l.table, db);
	r->insert = knex_insert_text(l.table, db);
	knex_arrays(names, sort(names, l.count), r->names);
	free(names);
	knex_list_free(&l);
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

/* Where our history is silent; db has their names. */
static void
take_known(struct history *h, const struct knex_list *l, const struct db *db)
{
	const struct history_row *row;
	const struct knex_one *one;
	enum history_state state;
	size_t i, added = 0;
	const char *place;

	for (i = 0; i < db->count; i++) {
		if ((one = knex_list_find(l, db_value(db, i, 0))) == NULL)
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

static int
insert_applied(
    const struct history *h, const struct knex_list *l, struct db *db)
{
	struct knex_name *names = mem_resize(NULL, l->count, sizeof(*names));
	const struct history_row *row;
	const struct knex_one *one;
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
