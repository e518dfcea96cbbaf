#include "candidates.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Its strings, what these begin with before a wildcard, and its numbers. */
static const char find_literals[] =
    "SELECT text, quote_literal(text), quote_literal(coalesce(substring(text,"
    " '^\\^?([[:alnum:]_:/@#-]+)'), '')), text ~ '^-?[0-9]+(\\.[0-9]+)?$'"
    " FROM (SELECT replace(m[1], '''''', '''')"
    "  FROM regexp_matches($1, '''((?:[^'']|'''')*)''', 'g') m"
    " UNION SELECT m[1] FROM regexp_matches($1,"
    "  '(?:^|[^[:alnum:]_.''-])(-?[0-9]+(?:\\.[0-9]+)?)', 'g') m) l (text)"
    " ORDER BY CASE WHEN text ~ '^-?[0-9]+(\\.[0-9]+)?$'"
    " THEN text::numeric END, text COLLATE \"C\"";

enum { TEXT, QUOTED, BEGINNING, IS_NUMBER };

struct literal {
	char *text, *quoted, *beginning;
	bool number;
};

struct literals {
	struct literal *list;
	size_t count;
};

static int read_literals(struct literals *, struct db *, const char *);
static void add_shapes(struct candidates *, const struct blueprint_column *,
    const struct literals *);
static void add_widths(
    struct candidates *, const struct blueprint_column *, long);
static int add_steps(struct candidates *, struct db *,
    const struct blueprint_column *, const struct literals *);
static long long distance(struct db *, const struct blueprint_column *,
    const struct literal *, const struct literal *);
static void add_from(struct candidates *, const char *, long long);
static int add_list(struct candidates *, struct db *,
    const struct blueprint_column *, const struct literals *);
static void add_fixed(struct candidates *, const struct blueprint_column *);
static struct generator_values *add(struct candidates *);
static const char *keep(struct candidates *, char *);
static int fits(struct db *, const struct blueprint_column *, const char *);
static void free_literals(struct literals *);

int
candidates_find(struct candidates *c, struct db *db,
    const struct blueprint_column *column, const char *check)
{
	struct literals literals = { 0 };
	int result;

	*c = (struct candidates){ 0 };
	result = read_literals(&literals, db, check);
	if (generator_is_text(column->type))
		add_shapes(c, column, &literals);
	add_fixed(c, column);
	if (result == 0 && generator_steps(column->type))
		result = add_steps(c, db, column, &literals);
	c->listed = c->count;
	if (result == 0)
		result = add_list(c, db, column, &literals);
	free_literals(&literals);
	return result;
}

static int
read_literals(struct literals *l, struct db *db, const char *check)
{
	struct literal *new;
	size_t i;

	if (db_query(db, find_literals, 1, &check) == -1)
		return -1;
	l->list = mem_resize(NULL, db->count, sizeof(*l->list));
	for (i = 0; i < db->count; i++) {
		new = &l->list[l->count++];
		new->text = mem_copy(db_value(db, i, TEXT));
		new->quoted = mem_copy(db_value(db, i, QUOTED));
		new->beginning = mem_copy(db_value(db, i, BEGINNING));
		new->number = db_true(db, i, IS_NUMBER);
	}
	return 0;
}

/* What people write as a text of a known form. */
static void
add_shapes(struct candidates *c, const struct blueprint_column *column,
    const struct literals *l)
{
	static const struct generator_values shapes[] = {
		{ .before = "'u'", .after = "'@example.com'", .width = 8 },
		{ .before = "'https://example.com/'",
		    .after = "''",
		    .width = 8 },
		{ .before = "'+1555'", .after = "''", .width = 7 },
		{ .before = "'/p'", .after = "''", .width = 8 },
		{ .before = "'#'",
		    .after = "''",
		    .digits = DIGITS_HEX,
		    .width = 6 },
		{ .before = "'1.'", .after = "'.0'", .width = 4 },
		{ .before = "'A'", .after = "''", .width = 4 },
		{ .before = "'00000000-0000-4000-8000-'",
		    .after = "''",
		    .width = 12 },
	};
	struct generator_values *v;
	size_t i;

	for (i = 0; i < l->count; i++)
		if (l->list[i].number)
			add_widths(
			    c, column, strtol(l->list[i].text, NULL, 10));
	add_widths(c, column, 2);
	add_widths(c, column, 8);
	if (column->modifier >= 4 && column->modifier < 40)
		return;
	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		v = add(c);
		*v = shapes[i];
		v->form = GENERATOR_SHAPED;
	}
	for (i = 0; i < l->count; i++)
		if (!l->list[i].number && strlen(l->list[i].beginning) > 2) {
			v = add(c);
			v->form = GENERATOR_SHAPED;
			v->width = 6;
			v->before = keep(c, mem_copy(l->list[i].beginning));
		}
}

static void
add_widths(
    struct candidates *c, const struct blueprint_column *column, long width)
{
	struct generator_values *v;
	int digits;

	if (width < 1 || width > 200 ||
	    (column->modifier >= 4 && width > column->modifier - 4))
		return;
	for (digits = DIGITS_DECIMAL; digits <= DIGITS_HEX; digits++) {
		v = add(c);
		v->form = GENERATOR_SHAPED;
		v->digits = (enum generator_digits)digits;
		v->width = (int)width;
	}
}

/* From each literal to the next, from 0 and from less than the first. */
static int
add_steps(struct candidates *c, struct db *db,
    const struct blueprint_column *column, const struct literals *l)
{
	struct literal zero = { .text = "0", .quoted = "'0'", .number = true };
	const struct literal *last = NULL, *this;
	size_t i;
	int fit;

	for (i = 0; i < l->count; i++) {
		this = &l->list[i];
		if ((fit = fits(db, column, this->text)) == -1)
			return -1;
		if (fit == 0)
			continue;
		if (last != NULL)
			add_from(c, keep(c, mem_copy(last->quoted)),
			    distance(db, column, last, this));
		else if (this->number) {
			add_from(c, "'0'", distance(db, column, &zero, this));
			add_from(c,
			    keep(c,
				mem_printf("'%.17g'",
				    strtod(this->text, NULL) - 1000)),
			    1001);
		}
		last = this;
	}
	if (last != NULL)
		add_from(c, keep(c, mem_copy(last->quoted)), 1LL << 30);
	return db->error.lost ? -1 : 0;
}

/* In steps; 0 if the server cannot tell. */
static long long
distance(struct db *db, const struct blueprint_column *column,
    const struct literal *a, const struct literal *b)
{
	const char *type = column->type->sql;
	const char *values[] = { a->text, b->text };
	long long result = 0;
	FILE *out;
	char *sql;
	size_t len;

	out = mem_stream(&sql, &len);
	if (a->number && strncmp(column->type->name, "int", 3) == 0)
		fputs("SELECT $2::numeric - $1::numeric + 1", out);
	else if (a->number)
		fputs("SELECT floor(($2::numeric - $1::numeric) * 100)", out);
	else if (strcmp(column->type->name, "date") == 0)
		fputs("SELECT $2::date - $1::date", out);
	else
		fprintf(out,
		    "SELECT floor(extract(epoch FROM $2::text::%s"
		    " - $1::text::%s))",
		    type, type);
	fclose(out);
	if (db_query(db, sql, 2, values) == 0)
		result = strtoll(db_value(db, 0, 0), NULL, 10);
	free(sql);
	return result;
}

static void
add_from(struct candidates *c, const char *text, long long count)
{
	struct generator_values *v;

	if (count < 1)
		return;
	v = add(c);
	v->form = GENERATOR_FROM;
	v->text = text;
	v->count = count;
}

static int
add_list(struct candidates *c, struct db *db,
    const struct blueprint_column *column, const struct literals *l)
{
	const char **list = mem_resize(NULL, l->count, sizeof(*list));
	struct generator_values *v;
	size_t i, count = 0;
	char *array;
	int fit = 0;

	for (i = 0; i < l->count && fit != -1; i++)
		if ((fit = fits(db, column, l->list[i].text)) == 1)
			list[count++] = l->list[i].text;
	array = db_array(list, count);
	if (fit != -1 && count > 0 &&
	    db_query(db, "SELECT quote_literal($1)", 1,
		(const char *const[]){ array }) == 0) {
		v = add(c);
		v->form = GENERATOR_LISTED;
		v->count = (long long)count;
		v->text = keep(c, mem_copy(db_value(db, 0, 0)));
	}
	free(array);
	free(list);
	return db->error.lost ? -1 : 0;
}

/* One by one: a check that wants an object wants no array. */
static void
add_fixed(struct candidates *c, const struct blueprint_column *column)
{
	static const char *const json[] = { "'{\"{}\"}'", "'{[]}'",
		"'{\"\\\"\\\"\"}'", "'{0}'", "'{true}'" },
				 *const flags[] = { "'{true}'", "'{false}'" };
	bool is_json = generator_is_json(column->type);
	size_t i,
	    count = is_json                           ? 5
	    : strcmp(column->type->name, "bool") == 0 ? 2
						      : 0;
	struct generator_values *v;

	for (i = 0; i < count; i++) {
		v = add(c);
		v->form = GENERATOR_LISTED;
		v->count = 1;
		v->text = is_json ? json[i] : flags[i];
	}
}

static struct generator_values *
add(struct candidates *c)
{
	c->list = mem_grow(c->list, c->count, sizeof(*c->list));
	c->list[c->count] =
	    (struct generator_values){ .before = "''", .after = "''" };
	return &c->list[c->count++];
}

static const char *
keep(struct candidates *c, char *text)
{
	c->texts = mem_grow(c->texts, c->ntexts, sizeof(*c->texts));
	return c->texts[c->ntexts++] = text;
}

/* Is it a value of this type?  -1 if there is no connection any more. */
static int
fits(struct db *db, const struct blueprint_column *column, const char *text)
{
	char *sql = mem_printf("SELECT $1::text::%s", column->type->sql);
	int result = db_query(db, sql, 1, &text);

	free(sql);
	return result == 0 ? 1 : db->error.lost ? -1 : 0;
}

static void
free_literals(struct literals *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		free(l->list[i].text);
		free(l->list[i].quoted);
		free(l->list[i].beginning);
	}
	free(l->list);
}

void
candidates_free(struct candidates *c)
{
	while (c->ntexts > 0)
		free(c->texts[--c->ntexts]);
	free(c->texts);
	free(c->list);
	*c = (struct candidates){ 0 };
}
