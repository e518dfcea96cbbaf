/* What the rules for ALTER TABLE share, and those for DROP. */
#include <string.h>

#include "rule_private.h"

static json_t *child(json_t *);
static void skip_to_commands(struct tokens *);
static void skip_command(struct tokens *);

bool
alter_start(struct alter *a, const struct lint *l, size_t n)
{
	json_t *node = lint_node(l, n, "AlterTableStmt");

	*a = (struct alter){ .lint = l,
		.n = n,
		.relation = json_object_get(node, "relation"),
		.commands = json_object_get(node, "cmds") };
	if (strcmp(lint_string(node, "objtype"), "OBJECT_TABLE") != 0 ||
	    known_fresh(&l->known, a->relation))
		return false;
	a->table = lint_string(a->relation, "relname");
	a->tokens = sql_tokens(&l->sql, n);
	skip_to_commands(&a->tokens);
	return true;
}

bool
alter_next(struct alter *a, const char *subtype)
{
	while (a->count < json_array_size(a->commands)) {
		a->at = a->tokens.begin;
		skip_command(&a->tokens);
		a->command = json_object_get(
		    json_array_get(a->commands, a->count++), "AlterTableCmd");
		a->subtype = lint_string(a->command, "subtype");
		a->name = lint_string(a->command, "name");
		a->def = child(json_object_get(a->command, "def"));
		if (subtype == NULL || strcmp(a->subtype, subtype) == 0)
			return true;
	}
	return false;
}

void
drop_start(struct drop *d, const struct lint *l, size_t n, const char *type)
{
	json_t *node = lint_node(l, n, "DropStmt");

	*d = (struct drop){ 0 };
	if (strcmp(lint_string(node, "removeType"), type) == 0)
		d->objects = json_object_get(node, "objects");
}

bool
drop_next(struct drop *d)
{
	json_decref(d->relation);
	d->relation = NULL;
	if (d->count == json_array_size(d->objects))
		return false;
	d->relation = known_relation(json_array_get(d->objects, d->count++));
	d->name = lint_string(d->relation, "relname");
	return true;
}

bool
added_start(struct added *c, const struct lint *l, size_t n)
{
	*c = (struct added){ .at = 0 };
	return alter_start(&c->alter, l, n);
}

json_t *
column_constraint(json_t *column, const char *type)
{
	json_t *constraint;
	size_t i;
	json_t *wrapped;

	json_array_foreach(json_object_get(column, "constraints"), i, wrapped)
	{
		constraint = json_object_get(wrapped, "Constraint");
		if (strcmp(lint_string(constraint, "contype"), type) == 0)
			return constraint;
	}
	return NULL;
}

bool
added_next(struct added *c, const char *type)
{
	struct alter *a = &c->alter;

	while (alter_next(a, NULL)) {
		if (strcmp(a->subtype, "AT_AddColumn") == 0)
			c->constraint = column_constraint(a->def, type);
		else if (strcmp(a->subtype, "AT_AddConstraint") == 0 &&
		    strcmp(lint_string(a->def, "contype"), type) == 0)
			c->constraint = a->def;
		else
			continue;
		if (c->constraint != NULL) {
			c->at = lint_place(a->lint, a->n, c->constraint);
			return true;
		}
	}
	return false;
}

const char *
type_name(json_t *type)
{
	json_t *names = json_object_get(type, "names");

	return lint_string(
	    child(json_array_get(names, json_array_size(names) - 1)), "sval");
}

bool
type_serial(json_t *type)
{
	static const char *const serials[] = { "serial", "serial4", "bigserial",
		"serial8", "smallserial", "serial2" };
	size_t i;

	for (i = 0; i < sizeof(serials) / sizeof(*serials); i++)
		if (strcmp(type_name(type), serials[i]) == 0)
			return true;
	return false;
}

/* What is in an object of one member, as { "ColumnDef": { … } }. */
static json_t *
child(json_t *object)
{
	return json_object_iter_value(json_object_iter(object));
}

/* ALTER TABLE [IF EXISTS] [ONLY] name [*] */
static void
skip_to_commands(struct tokens *t)
{
	size_t begin, end;

	token_step(t);
	token_step(t);
	if (token_next_is(t, "EXISTS") && token_take(t, "IF"))
		(void)token_take(t, "EXISTS");
	(void)token_take(t, "ONLY");
	(void)token_take_name(t, &begin, &end);
	(void)token_take(t, "*");
}

/* To behind its comma, or the end. */
static void
skip_command(struct tokens *t)
{
	while (t->kind > TOKEN_ERROR && !token_take(t, ","))
		if (token_is(t, "("))
			(void)token_skip_list(t);
		else
			token_step(t);
}
