#include "catalog_line.h"

#include <stdlib.h>
#include <string.h>

#include "catalog_grants.h"
#include "catalog_spelling.h"
#include "json.h"

static json_t *read_value(const char *, const char *, enum db_type);
static json_t *read_json(const char *, const char *);
static json_t *read_text(const char *, const char *);

bool
catalog_is_without(const struct catalog_without *w, const char *word)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		if (strcmp(w->list[i], word) == 0)
			return true;
	return false;
}

char *
catalog_line(const struct db *db, size_t row, const struct catalog_without *w)
{
	json_t *object = json_object(), *member;
	const char *key, *value;
	char *line;
	int i;

	for (i = 0; i < db_columns(db); i++) {
		key = db_column_name(db, i);
		value = db_value(db, row, i);
		if (value == NULL || catalog_is_without(w, key))
			continue;
		member = read_value(key, value, db_column_type(db, i));
		/* Of privileges there may be nothing to say. */
		if (member != NULL)
			json_object_set_new(object, key, member);
	}
	line = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return line;
}

static json_t *
read_value(const char *key, const char *value, enum db_type type)
{
	switch (type) {
	case DB_BOOLEAN:
		return json_boolean(*value == 't');
	case DB_INTEGER:
		return json_integer(strtoll(value, NULL, 10));
	case DB_JSON:
		return read_json(key, value);
	default:
		return read_text(key, value);
	}
}

static json_t *
read_json(const char *key, const char *value)
{
	json_t *json = json_loads(value, 0, NULL);

	return strcmp(key, "privileges") == 0 ? catalog_grants(json) : json;
}

/* The server has seen to it that it is UTF-8. */
static json_t *
read_text(const char *key, const char *value)
{
	bool verbatim = strcmp(key, "comment") == 0;
	char *better = verbatim ? NULL : catalog_spelling(value);
	json_t *text = json_string(better == NULL ? value : better);

	free(better);
	return text;
}
