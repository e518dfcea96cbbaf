#include "input.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

static int add_record(struct inputs *, const struct migration *);
static bool says(const struct migration *, const char *, const char *);
static void add(struct inputs *, struct input);
static char *folder_of(const char *);

int
inputs_read(
    struct inputs *in, FILE *records, const char *source, enum lint_track track)
{
	bool tracks = false;
	size_t i;

	if (migrations_read(&in->migrations, records, source) == -1) {
		in->error = mem_copy(in->migrations.error);
		return -1;
	}
	for (i = 0; i < in->migrations.count; i++)
		if (add_record(in, &in->migrations.list[i]) == -1)
			return -1;
	for (i = 0; i < in->count; i++)
		tracks |= in->list[i].track == LINT_INDEX;
	for (i = 0; i < in->count; i++)
		if (track != LINT_NONE || !tracks)
			in->list[i].track = track;
	return 0;
}

int
inputs_add(struct inputs *in, const char *path, enum lint_track track)
{
	if (!utf8_valid(path, strlen(path))) {
		in->error = mem_printf("%s: not UTF-8", utf8_visible(path));
		return -1;
	}
	add(in,
	    (struct input){
		.path = path, .name = folder_of(path), .track = track });
	return 0;
}

size_t
inputs_find(const struct inputs *in, const char *name)
{
	size_t i;

	for (i = 0; i < in->count; i++)
		if (in->list[i].name != NULL &&
		    strcmp(in->list[i].name, name) == 0)
			break;
	return i;
}

void
inputs_free(struct inputs *in)
{
	size_t i;

	for (i = 0; i < in->count; i++)
		free(in->list[i].name);
	free(in->list);
	free(in->error);
	migrations_free(&in->migrations);
	*in = (struct inputs){ 0 };
}

static int
add_record(struct inputs *in, const struct migration *m)
{
	if (record_is_script(m->object))
		return 0;
	if (m->path == NULL) {
		in->error = mem_printf(
		    "%s: the record has no \"path\"", utf8_visible(m->name));
		return -1;
	}
	add(in,
	    (struct input){ .path = m->path,
		.name = mem_copy(m->name),
		.track = says(m, "track", "index") ? LINT_INDEX : LINT_SCHEMA,
		.baseline = json_object_get(m->object, "replaces") != NULL });
	return 0;
}

static bool
says(const struct migration *m, const char *key, const char *value)
{
	const char *text = record_string(m->object, key);

	return text != NULL && strcmp(text, value) == 0;
}

static void
add(struct inputs *in, struct input input)
{
	in->list = mem_grow(in->list, in->count, sizeof(*in->list));
	in->list[in->count++] = input;
}

/* The name of the folder, if the file is a migration's script. */
static char *
folder_of(const char *path)
{
	static const char script[] = "/migration.sql";
	size_t end = strlen(path), begin;

	if (end < sizeof(script) ||
	    strcmp(path + end - (sizeof(script) - 1), script) != 0)
		return NULL;
	end -= sizeof(script) - 1;
	for (begin = end; begin > 0 && path[begin - 1] != '/'; begin--)
		continue;
	return mem_copy_bytes(path + begin, end - begin);
}
