/* Rules for columns of a table with rows. */
#include <string.h>

#include "rule_private.h"

static json_t *generated(json_t *);
static const char *volatile_call(json_t *);
static const char *function_name(json_t *);
static bool is_volatile(json_t *);
static bool rewrites(json_t *, json_t *);
static bool widens(json_t *, json_t *);
static json_int_t modifier(json_t *, size_t);

void
rule_add_required(struct lint *l, size_t n)
{
	struct alter a;

	if (!alter_start(&a, l, n))
		return;
	while (alter_next(&a, "AT_AddColumn"))
		if ((column_constraint(a.def, "CONSTR_NOTNULL") != NULL ||
			column_constraint(a.def, "CONSTR_PRIMARY") != NULL) &&
		    column_constraint(a.def, "CONSTR_DEFAULT") == NULL &&
		    generated(a.def) == NULL)
			lint_tell(l, a.at,
			    "it fails if %s has a row; add the column with a "
			    "DEFAULT, or without NOT NULL and fill it first",
			    a.table);
}

void
rule_set_not_null(struct lint *l, size_t n)
{
	struct alter a;

	if (!alter_start(&a, l, n))
		return;
	while (alter_next(&a, "AT_SetNotNull"))
		if (!known_checked(&l->known, a.relation, a.name))
			lint_tell(l, a.at,
			    "nobody can use %s until all rows are read; before "
			    "it, add CHECK (%s IS NOT NULL) NOT VALID with a "
			    "name, and in a later migration validate that",
			    a.table, a.name);
}

void
rule_drop_not_null(struct lint *l, size_t n)
{
	struct alter a;

	if (alter_start(&a, l, n))
		while (alter_next(&a, "AT_DropNotNull"))
			lint_tell(l, a.at,
			    "clients that read %s may not expect NULL", a.name);
}

void
rule_add_rewriting(struct lint *l, size_t n)
{
	json_t *constraint;
	const char *call;
	struct alter a;

	if (!alter_start(&a, l, n))
		return;
	while (alter_next(&a, "AT_AddColumn")) {
		constraint = column_constraint(a.def, "CONSTR_DEFAULT");
		call = volatile_call(json_object_get(constraint, "raw_expr"));
		if (call != NULL)
			lint_tell(l, a.at,
			    "nobody can use %s until %s() has given each row "
			    "its value, unless it is stable; add the column, "
			    "then its default, and fill old rows in batches",
			    a.table, call);
		else if (generated(a.def) != NULL)
			lint_tell(l, a.at,
			    "nobody can use %s until each row is written with "
			    "its value; add a plain column, fill it in "
			    "batches, then give it its default",
			    a.table);
	}
}

void
rule_change_type(struct lint *l, size_t n)
{
	json_t *old, *new;
	struct alter a;

	if (!alter_start(&a, l, n))
		return;
	while (alter_next(&a, "AT_AlterColumnType")) {
		old = known_type(&l->known, a.relation, a.name);
		new = json_object_get(a.def, "typeName");
		if (json_object_get(a.def, "raw_default") == NULL &&
		    old != NULL && !rewrites(old, new))
			continue;
		lint_tell(l, a.at,
		    "nobody can use %s until each row is written anew, and "
		    "clients must know both types; add another column, fill it "
		    "in batches, and then change over",
		    a.table);
	}
}

/* What has the column compute its own values, which are stored. */
static json_t *
generated(json_t *column)
{
	json_t *type = json_object_get(column, "typeName");
	json_t *by = column_constraint(column, "CONSTR_IDENTITY");

	if (by == NULL)
		by = column_constraint(column, "CONSTR_GENERATED");
	return by == NULL && type_serial(type) ? type : by;
}

/* The first function in an expression that may be volatile, or NULL. */
static const char *
volatile_call(json_t *part)
{
	const char *key, *found;
	json_t *value;
	size_t i;

	json_array_foreach(part, i, value)
	{
		if ((found = volatile_call(value)) != NULL)
			return found;
	}
	json_object_foreach(part, key, value)
	{
		if (strcmp(key, "FuncCall") == 0 && is_volatile(value))
			return function_name(value);
		if ((found = volatile_call(value)) != NULL)
			return found;
	}
	return NULL;
}

static const char *
function_name(json_t *call)
{
	json_t *names = json_object_get(call, "funcname");

	return lint_string(
	    json_object_get(
		json_array_get(names, json_array_size(names) - 1), "String"),
	    "sval");
}

/* Of all others it is not known. */
static bool
is_volatile(json_t *call)
{
	static const char *const stable[] = { "abs", "array_fill",
		"array_to_json", "btrim", "ceil", "concat", "concat_ws",
		"current_database", "current_schema", "current_setting",
		"date_part", "date_trunc", "decode", "encode", "floor",
		"format", "json_build_array", "json_build_object",
		"jsonb_build_array", "jsonb_build_object", "left", "length",
		"lower", "make_date", "make_interval", "make_timestamp",
		"make_timestamptz", "md5", "now", "regexp_replace", "replace",
		"right", "round", "split_part", "statement_timestamp",
		"string_to_array", "substr", "substring", "timezone", "to_char",
		"to_date", "to_json", "to_jsonb", "to_timestamp",
		"transaction_timestamp", "trunc", "upper" };
	const char *name = function_name(call);
	size_t i;

	for (i = 0; i < sizeof(stable) / sizeof(*stable); i++)
		if (strcmp(name, stable[i]) == 0)
			return false;
	return true;
}

/* Would the server write the rows, or read them all, to change from one? */
static bool
rewrites(json_t *old, json_t *new)
{
	/* Changes that only widen. */
	static const struct {
		const char *old, *new;
	} wide[] = {
		{ "varchar", "varchar" },
		{ "varchar", "text" },
		{ "text", "varchar" },
		{ "varbit", "varbit" },
		{ "numeric", "numeric" },
		{ "timestamp", "timestamp" },
		{ "timestamptz", "timestamptz" },
		{ "time", "time" },
		{ "timetz", "timetz" },
		{ "cidr", "inet" },
	};
	size_t i;

	if (json_equal(
		json_object_get(old, "names"), json_object_get(new, "names")) &&
	    json_equal(json_object_get(old, "typmods"),
		json_object_get(new, "typmods")))
		return false;
	if (json_object_get(old, "arrayBounds") != NULL ||
	    json_object_get(new, "arrayBounds") != NULL)
		return true;
	for (i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (strcmp(type_name(old), wide[i].old) == 0 &&
		    strcmp(type_name(new), wide[i].new) == 0)
			return !widens(old, new);
	return true;
}

/* No modifier is the widest; of numeric the scale must stay. */
static bool
widens(json_t *old, json_t *new)
{
	json_int_t from = modifier(old, 0), to = modifier(new, 0);

	if (to == -1)
		return true;
	return from != -1 && from <= to && modifier(old, 1) == modifier(new, 1);
}

/* -1 if there is none. */
static json_int_t
modifier(json_t *type, size_t i)
{
	json_t *constant = json_object_get(
	    json_array_get(json_object_get(type, "typmods"), i), "A_Const");

	return constant == NULL
	    ? -1
	    : json_integer_value(
		  json_object_get(json_object_get(constant, "ival"), "ival"));
}
