#include "catalog_line.h"

#include <stdlib.h>
#include <string.h>

#include "catalog_grants.h"
#include "catalog_spelling.h"
#include "json.h"
#include "mem.h"

enum { FIRST_ROOM = 256 };

struct line {
	char *text;
	size_t len, room;
};

static void add_member(struct line *, const char *, const char *, enum db_type);
static void add_value(struct line *, const char *, const char *);
static void add_json(struct line *, const char *, json_t *);
static json_t *read_json(const char *, const char *);
static void add_text(struct line *, const char *, const char *);
static bool is_plain(const char *);
static void add(struct line *, const char *);

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
	struct line line = { mem_resize(NULL, FIRST_ROOM, 1), 0, FIRST_ROOM };
	const char *key, *value;
	int i, columns = db_columns(db);

	for (i = 0; i < columns; i++) {
		if ((value = db_value(db, row, i)) == NULL)
			continue;
		key = db_column_name(db, i);
		if (!catalog_is_without(w, key))
			add_member(&line, key, value, db_column_type(db, i));
	}
	add(&line, line.len == 0 ? "{}" : "}");
	return line.text;
}

static void
add_member(
    struct line *line, const char *key, const char *value, enum db_type type)
{
	switch (type) {
	case DB_BOOLEAN:
		add_value(line, key, *value == 't' ? "true" : "false");
		break;
	case DB_INTEGER:
		add_value(line, key, value);
		break;
	case DB_JSON:
		add_json(line, key, read_json(key, value));
		break;
	default:
		add_text(line, key, value);
		break;
	}
}

/* A value that is JSON. */
static void
add_value(struct line *line, const char *key, const char *value)
{
	add(line, line->len == 0 ? "{\"" : ",\"");
	add(line, key);
	add(line, "\":");
	add(line, value);
}

/* Of privileges there may be nothing to say. */
static void
add_json(struct line *line, const char *key, json_t *json)
{
	char *value;

	if (json == NULL)
		return;
	value = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	add_value(line, key, value);
	free(value);
	json_decref(json);
}

static json_t *
read_json(const char *key, const char *value)
{
	json_t *json = json_loads(value, 0, NULL);

	return strcmp(key, "privileges") == 0 ? catalog_grants(json) : json;
}

/* Nearly all texts are plain, and jansson takes its time for them. */
static void
add_text(struct line *line, const char *key, const char *value)
{
	bool verbatim = strcmp(key, "comment") == 0;
	char *better = verbatim ? NULL : catalog_spelling(value);

	if (better != NULL)
		value = better;
	if (is_plain(value)) {
		add_value(line, key, "\"");
		add(line, value);
		add(line, "\"");
	} else
		add_json(line, key, json_string(value));
	free(better);
}

/* Is it the same in JSON? */
static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

static void
add(struct line *line, const char *text)
{
	size_t len = strlen(text);

	while (line->room - line->len <= len) {
		line->room *= 2;
		line->text = mem_resize(line->text, line->room, 1);
	}
	memcpy(line->text + line->len, text, len + 1);
	line->len += len;
}
