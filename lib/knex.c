#include "knex_private.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static int record(const struct history *, const struct migrations *,
    const struct migration *, struct db *);
static const struct migration *first_of(const struct migrations *);
static void take_known(
    struct history *, const struct migrations *, const struct db *);
static bool is_in(const struct db *, const char *);

bool
knex_has(const struct migration *m)
{
	return record_string(m->object, "knex") != NULL &&
	    record_string(m->object, "knex_table") != NULL;
}

int
knex_read(struct history *h, const struct migrations *m, struct db *db)
{
	const struct migration *one = first_of(m);
	const char *value[1];
	char *name;
	int result;

	if (one == NULL)
		return 0;
	name = db_quote_name(db, record_string(one->object, "knex_table"));
	value[0] = name;
	result = db_query(db, "SELECT to_regclass($1) IS NOT NULL", 1, value);
	free(name);
	if (result == -1 || !db_true(db, 0, 0))
		return result;
	if (knex_names(one, db) == -1)
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
	const char **names = mem_resize(NULL, m->count, sizeof(*names));
	const struct history_row *row;
	size_t i, count = 0;
	int result = 0;

	for (i = 0; i < m->count; i++)
		if (knex_has(&m->list[i]) &&
		    history_state(h, m->list[i].name, &row) == HISTORY_APPLIED)
			names[count++] =
			    record_string(m->list[i].object, "knex");
	if (count > 0 && (result = knex_create(one, db)) == 0)
		result = knex_insert(one, db, names, count);
	free(names);
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
	size_t i;

	for (i = 0; i < m->count; i++) {
		one = &m->list[i];
		if (!knex_has(one) ||
		    !is_in(db, record_string(one->object, "knex")))
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
