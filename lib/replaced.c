#include "replaced.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "json.h"
#include "mem.h"
#include "utf8.h"

static const char *add_baseline(struct replaced *, const struct json_t *);
static const char *add_names(struct replaced *, const struct json_t *);
static const char *add_facts(struct replaced *, struct json_t *);
static void add(
    struct replaced *, const char *, const char *, const struct json_t *);
static void merge(struct replaced *);
static void link(struct replaced *, const struct migrations *);
static char *circle(const struct replaced *);
static size_t closes(const struct replaced *, size_t);
static int by_name(const void *, const void *);

int
replaced_read(struct replaced *r, const struct migrations *m)
{
	const char *wrong = NULL;
	size_t i;

	*r = (struct replaced){ 0 };
	for (i = 0; i < m->count && wrong == NULL; i++)
		wrong = add_baseline(r, m->list[i].object);
	if (wrong != NULL) {
		r->error = mem_printf("%s: %s; make the records with mg-scan",
		    utf8_visible(m->list[i - 1].name), wrong);
		return -1;
	}
	merge(r);
	link(r, m);
	r->error = circle(r);
	return r->error == NULL ? 0 : -1;
}

size_t
replaced_find(const struct replaced *r, const char *name)
{
	const struct replaced_name key = { .name = name }, *found = NULL;

	if (r->count > 0)
		found = bsearch(&key, r->list, r->count, sizeof(key), by_name);
	return found == NULL ? r->count : (size_t)(found - r->list);
}

size_t *
replaced_all(const struct replaced *r, size_t top, size_t *count)
{
	size_t *all = mem_resize(NULL, r->count, sizeof(*all));
	bool *seen = mem_alloc(r->count * sizeof(*seen));
	const struct replaced_name *from = &r->list[top];
	size_t i, done = 0;

	for (*count = 0;; from = &r->list[all[done++]]) {
		for (i = 0; i < from->count; i++)
			if (!seen[from->list[i]]) {
				seen[from->list[i]] = true;
				all[(*count)++] = from->list[i];
			}
		if (done == *count)
			break;
	}
	free(seen);
	return all;
}

void
replaced_free(struct replaced *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		free(r->list[i].list);
	free(r->list);
	free(r->error);
	*r = (struct replaced){ 0 };
}

/* Returns what is wrong, or NULL. */
static const char *
add_baseline(struct replaced *r, const struct json_t *record)
{
	const json_t *names = json_object_get(record, "replaces");
	const char *wrong;

	if (names == NULL)
		return NULL;
	if ((wrong = add_names(r, names)) != NULL)
		return wrong;
	add(r, record_string(record, "name"), NULL, names);
	return add_facts(r, json_object_get(record, "replaced"));
}

static const char *
add_names(struct replaced *r, const struct json_t *names)
{
	const json_t *name;
	size_t i;

	if (!json_is_array(names))
		return "\"replaces\" is not an array";
	json_array_foreach(names, i, name)
	{
		if (json_string_length(name) == 0)
			return "\"replaces\" has what is not a name";
		add(r, json_string_value(name), NULL, NULL);
	}
	return NULL;
}

static const char *
add_facts(struct replaced *r, struct json_t *facts)
{
	const char *key, *text, *wrong;
	json_t *fact, *checksum, *names;

	if (facts != NULL && !json_is_object(facts))
		return "\"replaced\" is not an object";
	json_object_foreach(facts, key, fact)
	{
		checksum = json_object_get(fact, "checksum");
		text = json_string_value(checksum);
		if (checksum != NULL &&
		    (text == NULL || !hash_is_checksum(text)))
			return "\"replaced\" has a \"checksum\" that is no "
			       "SHA-256 in lower-case hexadecimal";
		names = json_object_get(fact, "replaces");
		if (names != NULL && (wrong = add_names(r, names)) != NULL)
			return wrong;
		add(r, key, text, names);
	}
	return NULL;
}

static void
add(struct replaced *r, const char *name, const char *checksum,
    const struct json_t *names)
{
	r->list = mem_grow(r->list, r->count, sizeof(*r->list));
	r->list[r->count++] = (struct replaced_name){
		.name = name, .checksum = checksum, .names = names
	};
}

/* All that was said of a name, in one place. */
static void
merge(struct replaced *r)
{
	struct replaced_name *to = r->list;
	const char *checksum;
	size_t i;

	if (r->count == 0)
		return;
	qsort(r->list, r->count, sizeof(*r->list), by_name);
	for (i = 1; i < r->count; i++) {
		if (by_name(to, &r->list[i]) != 0) {
			*++to = r->list[i];
			continue;
		}
		checksum = r->list[i].checksum;
		if (to->checksum == NULL)
			to->checksum = checksum;
		else if (checksum != NULL &&
		    strcmp(to->checksum, checksum) != 0)
			to->disputed = true;
		if (to->names == NULL)
			to->names = r->list[i].names;
	}
	r->count = (size_t)(to - r->list) + 1;
}

static void
link(struct replaced *r, const struct migrations *m)
{
	struct replaced_name *n;
	const json_t *name;
	size_t i;

	for (n = r->list; n < r->list + r->count; n++) {
		n->at = migrations_find(m, n->name);
		n->count = json_array_size(n->names);
		n->list = mem_resize(NULL, n->count, sizeof(*n->list));
		for (i = 0; i < n->count; i++) {
			name = json_array_get(n->names, i);
			n->list[i] = replaced_find(r, json_string_value(name));
		}
	}
}

/* What to say of a baseline that replaces itself; NULL if none does. */
static char *
circle(const struct replaced *r)
{
	size_t i, last;

	for (i = 0; i < r->count; i++) {
		if (r->list[i].count == 0)
			continue;
		if ((last = closes(r, i)) < r->count)
			return mem_printf("%s: it replaces itself; take it out "
					  "of what %s replaces",
			    utf8_visible(r->list[i].name),
			    utf8_visible(r->list[last].name));
	}
	return NULL;
}

/* Which of all that it stands for replaces it in turn? */
static size_t
closes(const struct replaced *r, size_t top)
{
	size_t i, k, count, found = r->count;
	size_t *all = replaced_all(r, top, &count);

	for (i = 0; i < count; i++)
		for (k = 0; k < r->list[all[i]].count; k++)
			if (r->list[all[i]].list[k] == top)
				found = all[i];
	free(all);
	return found;
}

static int
by_name(const void *a, const void *b)
{
	const struct replaced_name *x = a, *y = b;

	return strcmp(x->name, y->name);
}
