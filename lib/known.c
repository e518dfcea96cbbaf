#include "known.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"

static void create(struct known *, const json_t *);
static void create_as(struct known *, const json_t *);
static void create_index(struct known *, const json_t *);
static void alter(struct known *, const json_t *);
static void alter_column(json_t *, const char *, const json_t *);
static void add_column(json_t *, const json_t *);
static void add_check(json_t *, const json_t *);
static void validate(json_t *, const char *);
static void drop(struct known *, const json_t *);
static void rename_it(struct known *, const json_t *);
static void rename_column(json_t *, const char *, const char *);
static void move(struct known *, const json_t *);
static json_t *table_of(const struct known *, const json_t *);
static json_t *make_table(struct known *, const json_t *);
static char *key_of(const json_t *, const char *, const char *);
static void move_key(json_t *, const char *, const char *);
static const char *text_of(const json_t *, const char *);

static const struct {
	const char *node;
	void (*follow)(struct known *, const json_t *);
} followed[] = {
	{ "CreateStmt", create },
	{ "CreateTableAsStmt", create_as },
	{ "SelectStmt", create_as },
	{ "IndexStmt", create_index },
	{ "AlterTableStmt", alter },
	{ "DropStmt", drop },
	{ "RenameStmt", rename_it },
	{ "AlterObjectSchemaStmt", move },
};

void
known_begin(struct known *k)
{
	if (k->tables == NULL) {
		k->tables = json_object();
		k->indexes = json_object();
	}
	k->text++;
}

void
known_follow(struct known *k, const json_t *tree)
{
	const json_t *node;
	size_t i;

	for (i = 0; i < sizeof(followed) / sizeof(*followed); i++)
		if ((node = json_object_get(tree, followed[i].node)) != NULL)
			followed[i].follow(k, node);
}

bool
known_fresh(const struct known *k, const json_t *relation)
{
	const json_t *table = table_of(k, relation);

	return table != NULL &&
	    json_integer_value(json_object_get(table, "text")) == k->text;
}

bool
known_partitioned(const struct known *k, const json_t *relation)
{
	return json_is_true(
	    json_object_get(table_of(k, relation), "partitioned"));
}

json_t *
known_type(const struct known *k, const json_t *relation, const char *column)
{
	return json_object_get(
	    json_object_get(table_of(k, relation), "columns"), column);
}

bool
known_checked(const struct known *k, const json_t *relation, const char *column)
{
	json_t *checks = json_object_get(table_of(k, relation), "checks");
	json_t *check;
	const char *name;

	json_object_foreach(checks, name,
	    check) if (json_is_true(json_object_get(check, "valid")) &&
	    strcmp(text_of(check, "column"), column) == 0) return true;
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

/* IF NOT EXISTS leaves alone what is there. */
static void
create(struct known *k, const json_t *node)
{
	const json_t *relation = json_object_get(node, "relation");
	json_t *table, *element;
	size_t i;

	if (json_is_true(json_object_get(node, "if_not_exists")) &&
	    table_of(k, relation) != NULL)
		return;
	table = make_table(k, relation);
	if (json_object_get(node, "partspec") != NULL)
		(void)json_object_set_new(table, "partitioned", json_true());
	json_array_foreach(json_object_get(node, "tableElts"), i, element)
	{
		add_column(table, json_object_get(element, "ColumnDef"));
		add_check(table, json_object_get(element, "Constraint"));
	}
}

/* CREATE TABLE AS, CREATE MATERIALIZED VIEW, SELECT INTO. */
static void
create_as(struct known *k, const json_t *node)
{
	const json_t *into = json_object_get(node, "into"), *relation;

	if (into == NULL)
		into = json_object_get(node, "intoClause");
	relation = json_object_get(into, "rel");
	if (relation == NULL ||
	    (json_is_true(json_object_get(node, "if_not_exists")) &&
		table_of(k, relation) != NULL))
		return;
	(void)make_table(k, relation);
}

static void
create_index(struct known *k, const json_t *node)
{
	const char *name = text_of(node, "idxname");

	if (*name != '\0' && json_object_get(k->indexes, name) == NULL)
		(void)json_object_set_new(
		    k->indexes, name, json_integer(k->text));
}

static void
alter(struct known *k, const json_t *node)
{
	json_t *table = table_of(k, json_object_get(node, "relation"));
	json_t *wrapped, *command;
	size_t i;

	if (table == NULL)
		return;
	json_array_foreach(json_object_get(node, "cmds"), i, wrapped)
	{
		command = json_object_get(wrapped, "AlterTableCmd");
		alter_column(table, text_of(command, "subtype"), command);
	}
}

static void
alter_column(json_t *table, const char *what, const json_t *command)
{
	const json_t *def = json_object_get(command, "def");
	const char *name = text_of(command, "name");
	json_t *columns = json_object_get(table, "columns");

	if (strcmp(what, "AT_AddColumn") == 0)
		add_column(table, json_object_get(def, "ColumnDef"));
	else if (strcmp(what, "AT_DropColumn") == 0)
		(void)json_object_del(columns, name);
	else if (strcmp(what, "AT_AlterColumnType") == 0)
		(void)json_object_set(columns, name,
		    json_object_get(
			json_object_get(def, "ColumnDef"), "typeName"));
	else if (strcmp(what, "AT_AddConstraint") == 0)
		add_check(table, json_object_get(def, "Constraint"));
	else if (strcmp(what, "AT_ValidateConstraint") == 0)
		validate(table, name);
	else if (strcmp(what, "AT_DropConstraint") == 0)
		(void)json_object_del(json_object_get(table, "checks"), name);
}

static void
add_column(json_t *table, const json_t *column)
{
	if (column != NULL)
		(void)json_object_set(json_object_get(table, "columns"),
		    text_of(column, "colname"),
		    json_object_get(column, "typeName"));
}

/* Of checks only CHECK (column IS NOT NULL), with a name, counts. */
static void
add_check(json_t *table, const json_t *constraint)
{
	const char *name = text_of(constraint, "conname"), *test, *column;
	json_t *expression = json_object_get(constraint, "raw_expr");

	if (*name == '\0' ||
	    json_unpack(expression, "{s:{s:s, s:{s:{s:[{s:{s:s}}!]}}}}",
		"NullTest", "nulltesttype", &test, "arg", "ColumnRef", "fields",
		"String", "sval", &column) == -1 ||
	    strcmp(test, "IS_NOT_NULL") != 0)
		return;
	(void)json_object_set_new(json_object_get(table, "checks"), name,
	    json_pack("{s:s, s:b}", "column", column, "valid",
		!json_is_true(json_object_get(constraint, "skip_validation"))));
}

static void
validate(json_t *table, const char *name)
{
	json_t *check = json_object_get(json_object_get(table, "checks"), name);

	if (check != NULL)
		(void)json_object_set_new(check, "valid", json_true());
}

static void
drop(struct known *k, const json_t *node)
{
	json_t *names, *relation;
	const char *type = text_of(node, "removeType");
	char *key;
	size_t i;

	json_array_foreach(json_object_get(node, "objects"), i, names)
	{
		relation = known_relation(names);
		key = key_of(relation, NULL, NULL);
		if (strcmp(type, "OBJECT_INDEX") == 0)
			(void)json_object_del(
			    k->indexes, text_of(relation, "relname"));
		else if (strcmp(type, "OBJECT_TABLE") == 0 ||
		    strcmp(type, "OBJECT_MATVIEW") == 0)
			(void)json_object_del(k->tables, key);
		free(key);
		json_decref(relation);
	}
}

static void
rename_it(struct known *k, const json_t *node)
{
	const char *type = text_of(node, "renameType");
	const char *new = text_of(node, "newname");
	const json_t *relation = json_object_get(node, "relation");
	char *from = key_of(relation, NULL, NULL);
	char *to = key_of(relation, NULL, new);

	if (strcmp(type, "OBJECT_TABLE") == 0)
		move_key(k->tables, from, to);
	else if (strcmp(type, "OBJECT_INDEX") == 0)
		move_key(k->indexes, text_of(relation, "relname"), new);
	else if (strcmp(type, "OBJECT_COLUMN") == 0)
		rename_column(
		    table_of(k, relation), text_of(node, "subname"), new);
	free(from);
	free(to);
}

static void
rename_column(json_t *table, const char *old, const char *new)
{
	json_t *checks = json_object_get(table, "checks"), *check;
	const char *name;

	move_key(json_object_get(table, "columns"), old, new);
	json_object_foreach(checks, name,
	    check) if (strcmp(text_of(check, "column"), old) == 0)(void)
	    json_object_set_new(check, "column", json_string(new));
}

static void
move(struct known *k, const json_t *node)
{
	const json_t *relation = json_object_get(node, "relation");
	char *from = key_of(relation, NULL, NULL);
	char *to = key_of(relation, text_of(node, "newschema"), NULL);

	if (strcmp(text_of(node, "objectType"), "OBJECT_TABLE") == 0)
		move_key(k->tables, from, to);
	free(from);
	free(to);
}

static json_t *
table_of(const struct known *k, const json_t *relation)
{
	char *key = key_of(relation, NULL, NULL);
	json_t *table = json_object_get(k->tables, key);

	free(key);
	return table;
}

static json_t *
make_table(struct known *k, const json_t *relation)
{
	char *key = key_of(relation, NULL, NULL);
	json_t *table = json_pack(
	    "{s:i, s:{}, s:{}}", "text", k->text, "columns", "checks");

	(void)json_object_set_new(k->tables, key, table);
	free(key);
	return table;
}

/*
 * What a relation is known by, with another schema or name if these are given.
 * Without a schema it is taken to lie in public.
 */
static char *
key_of(const json_t *relation, const char *schema, const char *name)
{
	if (schema == NULL)
		schema = text_of(relation, "schemaname");
	if (name == NULL)
		name = text_of(relation, "relname");
	return mem_printf("%s.%s", *schema == '\0' ? "public" : schema, name);
}

static void
move_key(json_t *object, const char *from, const char *to)
{
	json_t *value = json_incref(json_object_get(object, from));

	if (value == NULL || strcmp(from, to) == 0) {
		json_decref(value);
		return;
	}
	(void)json_object_del(object, from);
	(void)json_object_set_new(object, to, value);
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}
