#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "knex_private.h"
#include "mem.h"

static void add(struct knex_list *, const struct json_t *, struct knex_one);

bool
knex_has(const struct migration *m)
{
	return record_string(m->object, "knex") != NULL &&
	    record_string(m->object, "knex_table") != NULL;
}

const char *
knex_table(const struct migrations *m)
{
	struct knex_list l = { 0 };
	const char *table;

	knex_list_all(&l, m);
	table = l.table;
	knex_list_free(&l);
	return table;
}

void
knex_find(const struct migrations *m, char *const names[], size_t count,
    const char *found[])
{
	struct knex_list l = { 0 };
	const struct knex_one *one;
	size_t i;

	knex_list_all(&l, m);
	for (i = 0; i < count; i++) {
		one = knex_list_find(&l, names[i]);
		found[i] = one == NULL ? NULL : one->name;
	}
	knex_list_free(&l);
}

void
knex_list_all(struct knex_list *l, const struct migrations *m)
{
	const struct migration *one;
	size_t i;

	for (i = 0; i < m->count; i++) {
		one = &m->list[i];
		add(l, one->object,
		    (struct knex_one){
			.name = one->name, .checksum = one->checksum });
		knex_list_replaced(l, one);
	}
}

void
knex_list_replaced(struct knex_list *l, const struct migration *baseline)
{
	struct json_t *facts = json_object_get(baseline->object, "replaced");
	struct json_t *fact;
	const char *name;

	json_object_foreach(facts, name, fact)
	{
		add(l, fact,
		    (struct knex_one){ .name = name,
			.checksum = record_string(fact, "checksum"),
			.baseline = baseline->name });
	}
}

/* If the object, a record or what is told in one, has it. */
static void
add(struct knex_list *l, const struct json_t *object, struct knex_one one)
{
	const char *table = record_string(object, "knex_table");

	if (table == NULL || !knex_name_read(&one.knex, object))
		return;
	if (l->table == NULL)
		l->table = table;
	l->list = mem_grow(l->list, l->count, sizeof(*l->list));
	l->list[l->count++] = one;
}

const struct knex_one *
knex_list_find(const struct knex_list *l, const char *name)
{
	const struct knex_one *one;

	for (one = l->list; one < l->list + l->count && name != NULL; one++)
		if (strcmp(one->knex.source, name) == 0 ||
		    strcmp(one->knex.compiled, name) == 0)
			return one;
	return NULL;
}

void
knex_list_free(struct knex_list *l)
{
	free(l->list);
	*l = (struct knex_list){ 0 };
}
