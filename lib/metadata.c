#include "metadata.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "hash.h"
#include "json.h"
#include "mem.h"
#include "utf8.h"

static int add_file(json_t *, const char *, char **);
static int add_all(json_t *, const json_t *, const char **);
static json_t *take_names(json_t *, const json_t *, const char **);
static const char *take_name(json_t *, const json_t *, const char **);
static const char *take_facts(json_t *, const char *, const json_t *);
static void take_knex(json_t *, const json_t *);

int
metadata_add(struct json_t *record, const char *path, char **why)
{
	static const char *const files[] = { "metadata.json", "manifest.json" };
	int dir = (int)(strrchr(path, '/') - path);
	int added = 0;
	char *file;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files) && added == 0; i++) {
		file = mem_printf("%.*s/%s", dir, path, files[i]);
		added = add_file(record, file, why);
		free(file);
	}
	return added == -1 ? -1 : 0;
}

/* Returns whether the file has the member, or -1. */
static int
add_file(json_t *record, const char *path, char **why)
{
	struct file file = { 0 };
	const char *wrong = NULL;
	char *text = NULL;
	json_t *object;
	int added = -1;

	if (file_read(&file, path) == -1) {
		if (errno == ENOENT)
			return 0;
		*why =
		    mem_printf("%s: %s", utf8_visible(path), strerror(errno));
		return -1;
	}
	object = json_read_line(file.bytes, file.len, &text);
	if (object != NULL)
		added = add_all(record, object, &wrong);
	if (added == -1)
		*why = mem_printf(
		    "%s: %s", utf8_visible(path), text != NULL ? text : wrong);
	free(text);
	json_decref(object);
	file_free(&file);
	return added;
}

static int
add_all(json_t *record, const json_t *object, const char **wrong)
{
	const json_t *list = json_object_get(object, "replaces");
	json_t *facts, *names, *legacy = json_object_get(object, "legacy");

	if (json_string_length(legacy) > 0)
		json_object_set(record, "legacy", legacy);
	if (list == NULL)
		return 0;
	facts = json_object();
	if ((names = take_names(facts, list, wrong)) == NULL) {
		json_decref(facts);
		return -1;
	}
	json_object_set_new(record, "replaces", names);
	if (json_object_size(facts) > 0)
		json_object_set(record, "replaced", facts);
	json_decref(facts);
	return 1;
}

static json_t *
take_names(json_t *facts, const json_t *list, const char **wrong)
{
	json_t *names = json_array();
	const json_t *entry;
	const char *name;
	size_t i;

	*wrong = json_is_array(list)
	    ? NULL
	    : "\"replaces\" is not an array; make it one, of names";
	json_array_foreach(list, i, entry)
	{
		if ((name = take_name(facts, entry, wrong)) == NULL)
			break;
		json_array_append_new(names, json_string(name));
	}
	if (*wrong == NULL)
		return names;
	json_decref(names);
	return NULL;
}

static const char *
take_name(json_t *facts, const json_t *entry, const char **wrong)
{
	const char *name = json_is_object(entry)
	    ? json_string_value(json_object_get(entry, "name"))
	    : json_string_value(entry);

	if (name == NULL || *name == '\0')
		*wrong = "\"replaces\" has an entry without a name; give it "
			 "one, or take it out";
	else if (json_is_object(entry))
		*wrong = take_facts(facts, name, entry);
	return *wrong == NULL ? name : NULL;
}

/* Returns what is wrong, or NULL. */
static const char *
take_facts(json_t *facts, const char *name, const json_t *entry)
{
	const json_t *checksum = json_object_get(entry, "checksum");
	const json_t *list = json_object_get(entry, "replaces");
	const char *text = json_string_value(checksum), *wrong = NULL;
	json_t *fact = json_object(), *names = NULL;

	if (checksum != NULL && (text == NULL || !hash_is_checksum(text)))
		wrong = "\"replaces\" has a \"checksum\" that is not a "
			"SHA-256 in lower-case hexadecimal; write what "
			"sha256sum says of the script, or leave it out";
	else if (text != NULL)
		json_object_set_new(fact, "checksum", json_string(text));
	take_knex(fact, entry);
	if (list != NULL && wrong == NULL &&
	    (names = take_names(facts, list, &wrong)) != NULL)
		json_object_set_new(fact, "replaces", names);
	if (json_object_size(fact) > 0 && wrong == NULL)
		json_object_set(facts, name, fact);
	json_decref(fact);
	return wrong;
}

static void
take_knex(json_t *fact, const json_t *entry)
{
	static const char *const keys[] = { "knex", "knex_compiled",
		"knex_table" };
	json_t *value;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if ((value = json_object_get(entry, keys[i])) != NULL)
			json_object_set(fact, keys[i], value);
}
