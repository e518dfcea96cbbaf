#include "record.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "json.h"
#include "mem.h"
#include "utf8.h"

enum { NOW_AND_THEN = 16 /* records */ };

static int fail(struct record *, const char *);
static int add_migration(struct migrations *, struct record *);
static int by_name(const void *, const void *);
static void sort(struct migrations *);
static char *twice(const struct migrations *);
static char *copy_string(const struct record *, const char *);

void
record_open(struct record *r, FILE *in, const char *source)
{
	*r = (struct record){ .in = in, .source = source };
}

int
record_next(struct record *r)
{
	char *why = NULL;
	ssize_t len;

	r->line++;
	json_decref(r->object);
	r->object = NULL;
	if ((len = getline(&r->text, &r->size, r->in)) == -1)
		return ferror(r->in) ? fail(r, "could not be read") : 0;
	if (r->text[len - 1] != '\n')
		return fail(r,
		    "cut short: no newline after the last record; "
		    "did the program that wrote it fail?");
	if ((r->object = json_read_line(r->text, (size_t)len, &why)) == NULL) {
		(void)fail(r, why);
		free(why);
		return -1;
	}
	return record_need(r, "name") == NULL ? -1 : 1;
}

const char *
record_string(const struct json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

bool
record_has(const json_t *object, const char *key)
{
	return json_object_get(object, key) != NULL;
}

bool
record_is_script(const json_t *object)
{
	const char *kind = record_string(object, "kind");

	return kind != NULL && strcmp(kind, "script") == 0;
}

const char *
record_need(struct record *r, const char *key)
{
	const char *value = record_string(r->object, key);
	char *why;

	if (value != NULL && *value != '\0')
		return value;
	why = mem_printf("no \"%s\", which every record here must have", key);
	(void)fail(r, why);
	free(why);
	return NULL;
}

struct json_t *
record_new(void)
{
	return json_object();
}

void
record_free(struct json_t *object)
{
	json_decref(object);
}

void
record_set_string(struct json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

void
record_set_integer(struct json_t *object, const char *key, long long value)
{
	json_object_set_new(object, key, json_integer(value));
}

void
record_set_real(struct json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, json_real(value));
}

void
record_append(struct json_t *object, const char *key, struct json_t *element)
{
	json_t *list = json_object_get(object, key);

	if (!json_is_array(list)) {
		list = json_array();
		json_object_set_new(object, key, list);
	}
	json_array_append_new(list, element);
}

void
record_write(struct json_t *object, FILE *out)
{
	json_write_line(object, out);
}

void
record_write_with(struct record *r, struct json_t *members, FILE *out)
{
	bool replaces = false;
	const char *key;
	json_t *value;

	json_object_foreach(members, key, value) replaces |=
	    record_has(r->object, key);
	if (replaces) {
		json_object_update(r->object, members);
		record_write(r->object, out);
		return;
	}
	/* Behind its closing brace there may be blanks. */
	fwrite(r->text, 1, (size_t)(strrchr(r->text, '}') - r->text), out);
	json_write_rest(members, out);
}

void
record_close(struct record *r)
{
	json_decref(r->object);
	free(r->error);
	free(r->text);
	*r = (struct record){ 0 };
}

int
migrations_read(struct migrations *m, FILE *in, const char *source)
{
	return migrations_read_while(m, in, source, NULL, NULL);
}

int
migrations_read_while(struct migrations *m, FILE *in, const char *source,
    void (*call)(void *), void *arg)
{
	struct record r;
	int got;

	*m = (struct migrations){ 0 };
	record_open(&r, in, source);
	while ((got = record_next(&r)) == 1) {
		if ((got = add_migration(m, &r)) == -1)
			break;
		if (call != NULL && m->count % NOW_AND_THEN == 0)
			call(arg);
	}
	if (got == -1)
		m->error = mem_copy(r.error);
	else {
		sort(m);
		if ((m->error = twice(m)) != NULL)
			got = -1;
	}
	record_close(&r);
	return got;
}

int
migrations_read_some(struct migrations *m, FILE *in, const char *source)
{
	return migrations_read(m, in, source) == 0 ? migrations_expect(m) : -1;
}

int
migrations_expect(struct migrations *m)
{
	if (m->count > 0)
		return 0;
	m->error = mem_copy("no records came: did what should write them "
			    "fail?");
	return -1;
}

void
migrations_name(struct migrations *m, char *const names[])
{
	struct record r = { 0 };

	*m = (struct migrations){ 0 };
	for (; *names != NULL; names++) {
		r.object = json_pack("{s:s}", "name", *names);
		(void)add_migration(m, &r);
		json_decref(r.object);
	}
	sort(m);
}

size_t
migrations_find(const struct migrations *m, const char *name)
{
	struct migration key = { .name = mem_copy(name) };
	struct migration *wanted = &key, **at = NULL;

	if (m->count > 0)
		at = bsearch(
		    &wanted, m->sorted, m->count, sizeof(wanted), by_name);
	free(key.name);
	return at == NULL ? m->count : (size_t)(*at - m->list);
}

void
migrations_free(struct migrations *m)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		free(m->list[i].name);
		free(m->list[i].path);
		free(m->list[i].checksum);
		json_decref(m->list[i].object);
	}
	free(m->list);
	free(m->sorted);
	free(m->error);
	*m = (struct migrations){ 0 };
}

/* Returns -1, so that callers can return it. */
static int
fail(struct record *r, const char *why)
{
	free(r->error);
	r->error =
	    mem_printf("%s:%lu: %s", utf8_visible(r->source), r->line, why);
	return -1;
}

static int
add_migration(struct migrations *m, struct record *r)
{
	const char *checksum = record_string(r->object, "checksum");

	if (json_object_get(r->object, "checksum") != NULL &&
	    (checksum == NULL || !hash_is_checksum(checksum)))
		return fail(r,
		    "\"checksum\" is not a SHA-256 in lower-case "
		    "hexadecimal; make it with mg-hash");
	m->list = mem_grow(m->list, m->count, sizeof(*m->list));
	m->list[m->count++] = (struct migration){
		.name = copy_string(r, "name"),
		.path = copy_string(r, "path"),
		.checksum = copy_string(r, "checksum"),
		.object = json_incref(r->object),
	};
	return 1;
}

static char *
copy_string(const struct record *r, const char *key)
{
	const char *value = record_string(r->object, key);

	return value == NULL ? NULL : mem_copy(value);
}

static void
sort(struct migrations *m)
{
	size_t i;

	m->sorted = mem_resize(NULL, m->count, sizeof(*m->sorted));
	for (i = 0; i < m->count; i++)
		m->sorted[i] = &m->list[i];
	qsort(m->sorted, m->count, sizeof(*m->sorted), by_name);
}

/* What to say of a name that comes twice; NULL if none does. */
static char *
twice(const struct migrations *m)
{
	size_t i;

	for (i = 1; i < m->count; i++)
		if (by_name(&m->sorted[i - 1], &m->sorted[i]) == 0)
			return mem_printf("%s: comes twice in the stream",
			    utf8_visible(m->sorted[i]->name));
	return NULL;
}

static int
by_name(const void *a, const void *b)
{
	const struct migration *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}
