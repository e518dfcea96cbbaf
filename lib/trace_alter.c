#include <stdlib.h>
#include <string.h>

#include "trace_private.h"

/* What stands for a thing while its statement is read. */
struct altered {
	struct traces *traces;
	struct trace trace;
	struct trace_name name; /* of the table, or what else it is */
};

static void read_table(struct altered *, struct tokens *);
static void read_action(struct altered *, struct tokens *);
static void read_added(struct altered *, struct tokens *);
static void read_dropped(struct altered *, struct tokens *);
static void read_column(struct altered *, struct tokens *);
static void read_renamed(struct altered *, struct tokens *);
static void read_type(struct altered *, struct tokens *);
static void read_value(struct altered *, struct tokens *);
static void rename_whole(struct altered *, struct tokens *);
static void rename_part(struct altered *, enum trace_kind, struct tokens *);
static void put_part(struct altered *, enum trace_kind, bool, struct tokens *);
static void put(struct altered *, enum trace_kind, bool, const char *);

void
trace_alter(struct traces *t, struct trace trace, struct tokens tokens)
{
	struct altered a = { .traces = t, .trace = trace };
	bool table;

	(void)token_take(&tokens, "FOREIGN");
	table = token_is(&tokens, "TABLE");
	if (!trace_take_kind(&tokens, &a.trace.kind))
		return;
	if (a.trace.kind == TRACE_INDEX)
		a.trace.kind = TRACE_RELATION;
	a.trace.lenient = trace_take_if(&tokens);
	(void)token_take(&tokens, "ONLY");
	if (trace_take_name(&tokens, &a.name)) {
		(void)token_take(&tokens, "*");
		if (table)
			read_table(&a, &tokens);
		else if (a.trace.kind == TRACE_TYPE)
			read_type(&a, &tokens);
		else if (a.trace.kind == TRACE_RELATION &&
		    token_take(&tokens, "RENAME") && token_is(&tokens, "TO"))
			rename_whole(&a, &tokens);
	}
	trace_name_free(&a.name);
}

static void
read_table(struct altered *a, struct tokens *t)
{
	if (token_take(t, "RENAME")) {
		read_renamed(a, t);
		return;
	}
	do {
		read_action(a, t);
		token_skip_item(t);
	} while (token_take(t, ","));
}

static void
read_action(struct altered *a, struct tokens *t)
{
	bool lenient = a->trace.lenient;

	if (token_take(t, "ADD"))
		read_added(a, t);
	else if (token_take(t, "DROP"))
		read_dropped(a, t);
	else if (token_take(t, "ALTER"))
		read_column(a, t);
	a->trace.lenient = lenient;
}

/* A constraint without a name gets one from the server. */
static void
read_added(struct altered *a, struct tokens *t)
{
	static const char *const unnamed[] = { "PRIMARY", "UNIQUE", "CHECK",
		"FOREIGN", "EXCLUDE", "NOT" };
	size_t i;

	if (token_take(t, "CONSTRAINT")) {
		put_part(a, TRACE_CONSTRAINT, false, t);
		return;
	}
	for (i = 0; i < sizeof(unnamed) / sizeof(*unnamed); i++)
		if (token_is(t, unnamed[i]))
			return;
	(void)token_take(t, "COLUMN");
	a->trace.lenient |= trace_take_if(t);
	put_part(a, TRACE_COLUMN, false, t);
}

static void
read_dropped(struct altered *a, struct tokens *t)
{
	enum trace_kind kind = TRACE_COLUMN;

	if (token_take(t, "CONSTRAINT"))
		kind = TRACE_CONSTRAINT;
	else
		(void)token_take(t, "COLUMN");
	a->trace.lenient |= trace_take_if(t);
	put_part(a, kind, true, t);
}

static void
read_column(struct altered *a, struct tokens *t)
{
	struct trace_name column;
	bool drop;

	(void)token_take(t, "COLUMN");
	if (trace_take_name(t, &column)) {
		drop = token_take(t, "DROP");
		if ((drop || token_take(t, "SET")) && token_take(t, "NOT") &&
		    token_is(t, "NULL")) {
			/* It may have been so before, and no harm is done. */
			a->trace.lenient = true;
			put(a, TRACE_NOT_NULL, drop, column.name);
		}
	}
	trace_name_free(&column);
}

static void
read_renamed(struct altered *a, struct tokens *t)
{
	if (token_is(t, "TO")) {
		rename_whole(a, t);
		return;
	}
	if (token_take(t, "CONSTRAINT"))
		rename_part(a, TRACE_CONSTRAINT, t);
	else {
		(void)token_take(t, "COLUMN");
		rename_part(a, TRACE_COLUMN, t);
	}
}

static void
read_type(struct altered *a, struct tokens *t)
{
	if (token_take(t, "ADD") && token_take(t, "VALUE")) {
		a->trace.lenient |= trace_take_if(t);
		read_value(a, t);
	} else if (token_take(t, "RENAME") && token_is(t, "TO"))
		rename_whole(a, t);
}

static void
read_value(struct altered *a, struct tokens *t)
{
	char *value = trace_take_string(t);

	if (value != NULL)
		put(a, TRACE_VALUE, false, value);
	free(value);
}

/* The new name lies where the old one did. */
static void
rename_whole(struct altered *a, struct tokens *t)
{
	struct trace_name to = { 0 };
	char *old = a->name.name;

	if (token_take(t, "TO") && trace_take_name(t, &to)) {
		put(a, a->trace.kind, true, "");
		a->name.name = to.name;
		put(a, a->trace.kind, false, "");
		a->name.name = old;
	}
	trace_name_free(&to);
}

static void
rename_part(struct altered *a, enum trace_kind kind, struct tokens *t)
{
	a->trace.renamed = true;
	put_part(a, kind, true, t);
	if (token_take(t, "TO"))
		put_part(a, kind, false, t);
}

static void
put_part(struct altered *a, enum trace_kind kind, bool gone, struct tokens *t)
{
	struct trace_name part;

	if (trace_take_name(t, &part))
		put(a, kind, gone, part.name);
	trace_name_free(&part);
}

static void
put(struct altered *a, enum trace_kind kind, bool gone, const char *part)
{
	struct trace trace = a->trace;

	trace.kind = kind;
	trace.gone = gone;
	trace_put(a->traces, &trace, &a->name, part);
}
