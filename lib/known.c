#include "known.h"

#include <stdlib.h>
#include <string.h>

#include "known_private.h"
#include "mem.h"

static bool is_fresh(const struct known *, const json_t *);

void
known_begin(struct known *k)
{
	if (k->tables == NULL) {
		k->tables = json_object();
		k->indexes = json_object();
	}
	k->text++;
}

bool
known_fresh(const struct known *k, const json_t *relation)
{
	char *key = known_key(relation, NULL, NULL);
	bool fresh = is_fresh(k, json_object_get(k->tables, key));

	free(key);
	return fresh;
}

bool
known_partitioned(const struct known *k, const json_t *relation)
{
	return json_is_true(
	    json_object_get(known_table(k, relation), "partitioned"));
}

json_t *
known_type(const struct known *k, const json_t *relation, const char *column)
{
	return json_object_get(
	    json_object_get(known_table(k, relation), "columns"), column);
}

bool
known_checked(const struct known *k, const json_t *relation, const char *column)
{
	json_t *checks = json_object_get(known_table(k, relation), "checks");
	json_t *check;
	const char *name;

	json_object_foreach(checks, name,
	    check) if (json_is_true(json_object_get(check, "valid")) &&
	    strcmp(known_text(check, "column"), column) == 0) return true;
	return false;
}

enum known_where
known_index(const struct known *k, const char *name)
{
	json_t *text = json_object_get(k->indexes, name);

	if (text == NULL)
		return KNOWN_NOT;
	return json_integer_value(text) == k->text ? KNOWN_HERE : KNOWN_EARLIER;
}

json_t *
known_relation(const json_t *names)
{
	static const char *const keys[] = { "relname", "schemaname",
		"catalogname" };
	const json_t *items =
	    json_object_get(json_object_get(names, "List"), "items");
	json_t *relation = json_object();
	size_t count = json_array_size(items), i;

	for (i = 0; i < count && i < sizeof(keys) / sizeof(*keys); i++)
		(void)json_object_set(relation, keys[i],
		    json_object_get(
			json_object_get(
			    json_array_get(items, count - 1 - i), "String"),
			"sval"));
	return relation;
}

void
known_free(struct known *k)
{
	json_decref(k->tables);
	json_decref(k->indexes);
	*k = (struct known){ 0 };
}

json_t *
known_table(const struct known *k, const json_t *relation)
{
	char *key = known_key(relation, NULL, NULL);
	json_t *table = json_object_get(k->tables, key);

	free(key);
	return json_object_get(table, "columns") == NULL ? NULL : table;
}

json_t *
known_make(struct known *k, const json_t *relation)
{
	char *key = known_key(relation, NULL, NULL);
	json_t *table = json_pack(
	    "{s:i, s:{}, s:{}}", "text", k->text, "columns", "checks");

	(void)json_object_set_new(k->tables, key, table);
	free(key);
	return table;
}

void
known_drop(struct known *k, const char *key)
{
	if (is_fresh(k, json_object_get(k->tables, key)))
		(void)json_object_set_new(
		    k->tables, key, json_pack("{s:i}", "text", k->text));
	else
		(void)json_object_del(k->tables, key);
}

char *
known_key(const json_t *relation, const char *schema, const char *name)
{
	if (schema == NULL)
		schema = known_text(relation, "schemaname");
	if (name == NULL)
		name = known_text(relation, "relname");
	return mem_printf("%s.%s", *schema == '\0' ? "public" : schema, name);
}

const char *
known_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static bool
is_fresh(const struct known *k, const json_t *table)
{
	return table != NULL &&
	    json_integer_value(json_object_get(table, "text")) == k->text;
}
