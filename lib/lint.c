#include "lint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sql.h"

static void begin(struct lint *, const struct lint_text *);
static void read_trees(struct lint *);
static void end(struct lint *);
static void ask(struct lint *, size_t);
__attribute__((format(printf, 4, 0))) static void tell(
    struct lint *, enum finding_severity, size_t, const char *, va_list);

void
lint_text(struct lint *l, const struct lint_text *text)
{
	size_t n;

	begin(l, text);
	for (n = 0; n < l->sql.count; n++) {
		ask(l, n);
		known_follow(&l->known, l->trees[n].tree);
	}
	ask(l, IGNORE_TEXT);
	findings_place(l->findings, text->bytes, text->len);
	end(l);
}

void
lint_free(struct lint *l)
{
	known_free(&l->known);
}

void
lint_tell(struct lint *l, size_t at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(l, l->rule->severity, at, format, args);
	va_end(args);
}

void
lint_tell_as(struct lint *l, enum finding_severity severity, size_t at,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(l, severity, at, format, args);
	va_end(args);
}

bool
lint_asks(const struct lint *l, const struct rule *rule)
{
	enum lint_track track = l->text->track;

	if (l->text->silent || (l->off != NULL && l->off[rule - rules]))
		return false;
	switch (rule->where) {
	case RULE_NOT_INDEX:
		return track != LINT_INDEX;
	case RULE_SCHEMA_TRACK:
		return track == LINT_SCHEMA;
	case RULE_INDEX_TRACK:
		return track == LINT_INDEX;
	default:
		return true;
	}
}

size_t
lint_begin(const struct lint *l, size_t n)
{
	return l->sql.statements[n].begin;
}

json_t *
lint_node(const struct lint *l, size_t n, const char *node)
{
	return json_object_get(l->trees[n].tree, node);
}

/* No location is 0: what begins the statement, or is not told. */
size_t
lint_place(const struct lint *l, size_t n, const json_t *part)
{
	json_int_t location =
	    json_integer_value(json_object_get(part, "location"));

	return lint_begin(l, n) + (location < 0 ? 0 : (size_t)location);
}

const char *
lint_string(const json_t *part, const char *key)
{
	const char *text = json_string_value(json_object_get(part, key));

	return text == NULL ? "" : text;
}

bool
lint_true(const json_t *part, const char *key)
{
	return json_is_true(json_object_get(part, key));
}

/* What is not SQL has no statement; only rules for texts look at it. */
static void
begin(struct lint *l, const struct lint_text *text)
{
	const char *error;
	size_t at;

	l->text = text;
	l->locked = json_object();
	known_begin(&l->known);
	if (sql_read(&l->sql, text->bytes, text->len) == -1) {
		error = l->sql.error;
		at = l->sql.at;
		sql_free(&l->sql);
		l->sql = (struct sql){ .text = text->bytes,
			.len = text->len,
			.error = error,
			.at = at };
		return;
	}
	ignores_read(&l->ignores, &l->sql);
	read_trees(l);
	(void)plan_make(&l->plan, &l->sql);
	if (text->track != LINT_NONE)
		defer_read(&l->defer, &l->sql);
}

static void
read_trees(struct lint *l)
{
	const struct sql_statement *s = l->sql.statements;
	size_t n;

	l->trees = mem_resize(NULL, l->sql.count, sizeof(*l->trees));
	for (n = 0; n < l->sql.count; n++)
		(void)grammar_read(&l->trees[n], l->sql.text + s[n].begin,
		    s[n].end - s[n].begin);
}

static void
end(struct lint *l)
{
	size_t n;

	for (n = 0; n < l->sql.count; n++)
		grammar_free(&l->trees[n]);
	free(l->trees);
	l->trees = NULL;
	json_decref(l->locked);
	plan_free(&l->plan);
	defer_free(&l->defer);
	ignores_free(&l->ignores);
	sql_free(&l->sql);
}

/* All rules that look at this: a statement, or IGNORE_TEXT. */
static void
ask(struct lint *l, size_t n)
{
	l->n = n;
	for (l->rule = rules; l->rule < rules + rules_count; l->rule++)
		if (!lint_asks(l, l->rule))
			continue;
		else if (n == IGNORE_TEXT && l->rule->text != NULL)
			l->rule->text(l);
		else if (n != IGNORE_TEXT && l->rule->statement != NULL)
			l->rule->statement(l, n);
}

static void
tell(struct lint *l, enum finding_severity severity, size_t at,
    const char *format, va_list args)
{
	if (!ignores_silence(&l->ignores, l->rule->name, l->n))
		findings_add(l->findings,
		    (struct finding){ .file = l->text->file,
			.offset = at,
			.severity = severity,
			.rule = l->rule->name,
			.text = mem_vprintf(format, args) });
}
