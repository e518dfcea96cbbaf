#include "knex_private.h"

#include <stdlib.h>
#include <string.h>

#include "lock.h"
#include "mem.h"

static int read_names(
    struct history *, const struct migrations *, struct db *, const char *);
static int record(const struct history *, const struct migrations *,
    const struct migration *, struct db *);
static const struct migration *first_of(const struct migrations *);
static void take_known(
    struct history *, const struct migrations *, const struct db *);
static const struct migration *find(const struct migrations *, const char *);
static bool is_called(const struct migration *, const char *, const char *);

bool
knex_has(const struct migration *m)
{
	return record_string(m->object, "knex") != NULL &&
	    record_string(m->object, "knex_table") != NULL;
}

int
knex_read(struct history *h, const struct migrations *m, struct db *db)
{
	return read_names(h, m, db, NULL);
}

int
knex_merge(struct history *h, const struct migrations *m, struct db *db)
{
	return read_names(h, m, db, h->exists ? h->table : NULL);
}

static int
read_names(struct history *h, const struct migrations *m, struct db *db,
    const char *table)
{
	const struct migration *one = first_of(m);
	int is;

	if (one == NULL)
		return 0;
	if ((is = knex_exists(one, db)) != 1)
		return is;
	if (knex_names(one, db, table) == -1)
		return -1;
	take_known(h, m, db);
	return 0;
}

int
knex_record(const struct migrations *m, struct db *db)
{
	const struct migration *one = first_of(m);
	struct history history = { 0 };
	int result = -1;

	if (one == NULL)
		return 0;
	if (history_read(&history, db) == 0)
		result = record(&history, m, one, db);
	history_free(&history);
	return result;
}

static int
record(const struct history *h, const struct migrations *m,
    const struct migration *one, struct db *db)
{
	const struct migration **list =
	    mem_resize(NULL, m->count, sizeof(*list));
	const struct history_row *row;
	enum history_state state;
	size_t i, count = 0;
	bool failed = false;
	int result = 0;

	for (i = 0; i < m->count; i++) {
		if (!knex_has(&m->list[i]))
			continue;
		state = history_state(h, m->list[i].name, &row);
		if (state == HISTORY_APPLIED)
			list[count++] = &m->list[i];
		failed |= state == HISTORY_FAILED;
	}
	if (count > 0 && (result = knex_create(one, db)) == 0)
		result = knex_insert(list, count, db);
	if (count > 0 && result == 0 && !failed && !lock_disabled())
		result = knex_give_left(one, db);
	free(list);
	return result;
}

/* All of a stream are taken to be of one table. */
static const struct migration *
first_of(const struct migrations *m)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		if (knex_has(&m->list[i]))
			return &m->list[i];
	return NULL;
}

/* Where our history is silent; db has their names. */
static void
take_known(struct history *h, const struct migrations *m, const struct db *db)
{
	const struct migration *one;
	const struct history_row *row;
	enum history_state state;
	size_t i, added = 0;
	const char *place;

	for (i = 0; i < db->count; i++) {
		if ((one = find(m, db_value(db, i, 0))) == NULL)
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

static const struct migration *
find(const struct migrations *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->count && name != NULL; i++)
		if (knex_has(&m->list[i]) &&
		    (is_called(&m->list[i], "knex", name) ||
			is_called(&m->list[i], "knex_compiled", name)))
			return &m->list[i];
	return NULL;
}

static bool
is_called(const struct migration *m, const char *key, const char *name)
{
	const char *value = record_string(m->object, key);

	return value != NULL && strcmp(value, name) == 0;
}
