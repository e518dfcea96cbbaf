/* What statements make, change and drop. */
#include <stdlib.h>
#include <string.h>

#include "known_private.h"

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
static void move_table(struct known *, const char *, const char *);
static void move_key(json_t *, const char *, const char *);

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
known_follow(struct known *k, const json_t *tree)
{
	const json_t *node;
	size_t i;

	for (i = 0; i < sizeof(followed) / sizeof(*followed); i++)
		if ((node = json_object_get(tree, followed[i].node)) != NULL)
			followed[i].follow(k, node);
}

/* IF NOT EXISTS leaves alone what is there. */
static void
create(struct known *k, const json_t *node)
{
	const json_t *relation = json_object_get(node, "relation");
	json_t *table, *element;
	size_t i;

	if (json_is_true(json_object_get(node, "if_not_exists")) &&
	    known_table(k, relation) != NULL)
		return;
	table = known_make(k, relation);
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
		known_table(k, relation) != NULL))
		return;
	(void)known_make(k, relation);
}

static void
create_index(struct known *k, const json_t *node)
{
	const char *name = known_text(node, "idxname");

	if (*name != '\0' && json_object_get(k->indexes, name) == NULL)
		(void)json_object_set_new(
		    k->indexes, name, json_integer(k->text));
}

static void
alter(struct known *k, const json_t *node)
{
	json_t *table = known_table(k, json_object_get(node, "relation"));
	json_t *wrapped, *command;
	size_t i;

	if (table == NULL)
		return;
	json_array_foreach(json_object_get(node, "cmds"), i, wrapped)
	{
		command = json_object_get(wrapped, "AlterTableCmd");
		alter_column(table, known_text(command, "subtype"), command);
	}
}

static void
alter_column(json_t *table, const char *what, const json_t *command)
{
	const json_t *def = json_object_get(command, "def");
	const char *name = known_text(command, "name");
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
		    known_text(column, "colname"),
		    json_object_get(column, "typeName"));
}

/* Of checks only CHECK (column IS NOT NULL), with a name, counts. */
static void
add_check(json_t *table, const json_t *constraint)
{
	const char *name = known_text(constraint, "conname"), *test, *column;
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
	const char *type = known_text(node, "removeType");
	char *key;
	size_t i;

	json_array_foreach(json_object_get(node, "objects"), i, names)
	{
		relation = known_relation(names);
		key = known_key(relation, NULL, NULL);
		if (strcmp(type, "OBJECT_INDEX") == 0)
			(void)json_object_del(
			    k->indexes, known_text(relation, "relname"));
		else if (strcmp(type, "OBJECT_TABLE") == 0 ||
		    strcmp(type, "OBJECT_MATVIEW") == 0)
			known_drop(k, key);
		free(key);
		json_decref(relation);
	}
}

static void
rename_it(struct known *k, const json_t *node)
{
	const char *type = known_text(node, "renameType");
	const char *new = known_text(node, "newname");
	const json_t *relation = json_object_get(node, "relation");
	char *from = known_key(relation, NULL, NULL);
	char *to = known_key(relation, NULL, new);

	if (strcmp(type, "OBJECT_TABLE") == 0)
		move_table(k, from, to);
	else if (strcmp(type, "OBJECT_INDEX") == 0)
		move_key(k->indexes, known_text(relation, "relname"), new);
	else if (strcmp(type, "OBJECT_COLUMN") == 0)
		rename_column(
		    known_table(k, relation), known_text(node, "subname"), new);
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
	    check) if (strcmp(known_text(check, "column"), old) == 0)(void)
	    json_object_set_new(check, "column", json_string(new));
}

static void
move(struct known *k, const json_t *node)
{
	const json_t *relation = json_object_get(node, "relation");
	char *from = known_key(relation, NULL, NULL);
	char *to = known_key(relation, known_text(node, "newschema"), NULL);

	if (strcmp(known_text(node, "objectType"), "OBJECT_TABLE") == 0)
		move_table(k, from, to);
	free(from);
	free(to);
}

/* Under its old name it still counts as fresh, if it is. */
static void
move_table(struct known *k, const char *from, const char *to)
{
	json_t *table = json_incref(json_object_get(k->tables, from));

	known_drop(k, from);
	if (table != NULL)
		(void)json_object_set_new(k->tables, to, table);
	else
		(void)json_object_del(k->tables, to);
}

static void
move_key(json_t *object, const char *from, const char *to)
{
	json_t *value = json_incref(json_object_get(object, from));

	(void)json_object_del(object, from);
	if (value != NULL)
		(void)json_object_set_new(object, to, value);
}
