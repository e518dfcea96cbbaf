#include "sidecar.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "hash.h"
#include "mem.h"

static int parse(struct sidecar *, const struct file *);
static void seal(const json_t *, char[static HASH_CHECKSUM]);
static json_t *find(const struct sidecar *, const char *);
static void add_history(json_t *, const struct inventory *);
static void take_tables(struct inventory *, json_t *);
static char *copy(const char *);

int
sidecar_read(struct sidecar *s, const char *path)
{
	struct file file = { 0 };
	int result;

	*s = (struct sidecar){ 0 };
	if (file_read(&file, path) == -1) {
		s->error = mem_copy(strerror(errno));
		return -1;
	}
	result = parse(s, &file);
	file_free(&file);
	return result;
}

static int
parse(struct sidecar *s, const struct file *file)
{
	char is[HASH_CHECKSUM], *was;
	json_t *object = json_read_line(file->bytes, file->len, &s->error);

	if (object == NULL)
		return -1;
	was = copy(json_string_value(json_object_get(object, "seal")));
	json_object_del(object, "seal");
	seal(object, is);
	if (was != NULL && strcmp(is, was) == 0)
		s->object = object;
	else {
		s->error = mem_copy("it is not what was written");
		json_decref(object);
	}
	free(was);
	return s->object == NULL ? -1 : 0;
}

/* Of the members as they come, in the shortest spelling. */
static void
seal(const json_t *object, char text[static HASH_CHECKSUM])
{
	char *all = json_dumps(object, JSON_COMPACT);

	hash_checksum(
	    all == NULL ? "" : all, all == NULL ? 0 : strlen(all), text);
	free(all);
}

const char *
sidecar_text(const struct sidecar *s, const char *key)
{
	return json_string_value(find(s, key));
}

long long
sidecar_number(const struct sidecar *s, const char *key)
{
	return json_integer_value(find(s, key));
}

static json_t *
find(const struct sidecar *s, const char *key)
{
	json_t *at = s->object;
	char *word;
	size_t len;

	while (at != NULL && *key != '\0') {
		len = strcspn(key, ".");
		word = mem_copy_bytes(key, len);
		at = json_object_get(at, word);
		free(word);
		key += len + (key[len] == '.');
	}
	return at;
}

void
sidecar_add_inventory(struct sidecar *s, const struct inventory *i)
{
	json_t *tables = json_object(), *roles = json_array();
	size_t n;

	json_object_set_new(s->object, "database", json_string(i->database));
	json_object_set_new(s->object, "encoding", json_string(i->encoding));
	json_object_set_new(s->object, "server",
	    json_pack(
		"{s:s, s:i}", "version", i->server, "number", i->version));
	json_object_set_new(s->object, "catalog",
	    json_pack("{s:s, s:I, s:b, s:b}", "digest", i->digest, "objects",
		(json_int_t)i->objects, "public", i->has_public, "plpgsql",
		i->has_plpgsql));
	add_history(s->object, i);
	json_object_set_new(s->object, "rows", json_integer(inventory_rows(i)));
	json_object_set_new(
	    s->object, "large_objects", json_integer(i->large_objects));
	for (n = 0; n < i->ntables; n++)
		json_object_set_new(
		    tables, i->tables[n].name, json_integer(i->tables[n].rows));
	json_object_set_new(s->object, "tables", tables);
	for (n = 0; n < i->nroles; n++)
		json_array_append_new(roles, json_string(i->roles[n]));
	json_object_set_new(s->object, "roles", roles);
}

static void
add_history(json_t *object, const struct inventory *i)
{
	json_object_set_new(object, "history",
	    json_pack("{s:s?, s:I, s:s?}", "head", i->head, "applied",
		(json_int_t)i->applied, "started_at", i->head_time));
}

void
sidecar_inventory(const struct sidecar *s, struct inventory *i)
{
	json_t *name;
	size_t n;
	const char *digest = sidecar_text(s, "catalog.digest");

	*i = (struct inventory){ 0 };
	i->database = copy(sidecar_text(s, "database"));
	i->encoding = copy(sidecar_text(s, "encoding"));
	i->server = copy(sidecar_text(s, "server.version"));
	i->version = (int)sidecar_number(s, "server.number");
	i->head = copy(sidecar_text(s, "history.head"));
	i->head_time = copy(sidecar_text(s, "history.started_at"));
	i->applied = sidecar_number(s, "history.applied");
	i->objects = (size_t)sidecar_number(s, "catalog.objects");
	i->large_objects = sidecar_number(s, "large_objects");
	i->has_public = json_is_true(find(s, "catalog.public"));
	i->has_plpgsql = json_is_true(find(s, "catalog.plpgsql"));
	if (digest != NULL && hash_is_checksum(digest))
		memcpy(i->digest, digest, HASH_CHECKSUM);
	take_tables(i, find(s, "tables"));
	json_array_foreach(find(s, "roles"), n, name)
	{
		i->roles = mem_grow(i->roles, i->nroles, sizeof(*i->roles));
		i->roles[i->nroles++] = copy(json_string_value(name));
	}
}

static void
take_tables(struct inventory *i, json_t *tables)
{
	const char *name;
	json_t *rows;

	json_object_foreach(tables, name, rows)
	{
		i->tables = mem_grow(i->tables, i->ntables, sizeof(*i->tables));
		i->tables[i->ntables].name = mem_copy(name);
		i->tables[i->ntables++].rows = json_integer_value(rows);
	}
}

int
sidecar_write(const struct sidecar *s, const char *path)
{
	char is[HASH_CHECKSUM];
	json_t *whole = json_copy(s->object);
	int fd, error;
	FILE *out;

	seal(s->object, is);
	json_object_set_new(whole, "seal", json_string(is));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	out = fd == -1 ? NULL : fdopen(fd, "w");
	error = errno;
	if (out != NULL) {
		json_write_line(whole, out);
		error = fflush(out) == EOF || fsync(fd) == -1 ? errno : 0;
		if (fclose(out) == EOF && error == 0)
			error = errno;
	}
	json_decref(whole);
	errno = error;
	return error == 0 ? 0 : -1;
}

void
sidecar_free(struct sidecar *s)
{
	json_decref(s->object);
	free(s->error);
	*s = (struct sidecar){ 0 };
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : mem_copy(text);
}
