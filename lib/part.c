#include "part.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "sql.h"

/* What ends a line of ours, so that it can be told from the parts'. */
#define COMMENT " -- "
#define MARK COMMENT "mg"

/* While it is written. */
struct part {
	FILE *out;
	const struct script *script;
	char mark[32]; /* what ends a line of ours */
	size_t at;     /* the bytes before are written */
	bool ours;     /* what was written last is a line of ours */
};

static void choose_mark(struct part *);
static void write_heading(const struct part *, const char *);
static void write_step(struct part *, const struct plan_step *, bool *);
static bool begun(const struct sql *, size_t);
static bool ended(const struct sql *, size_t);
static size_t behind(const struct script *, size_t);
static void copy_to(struct part *, size_t);
static void insert(struct part *, const char *);
static void write_resets(struct part *);

void
part_write(const struct script *s, const char *name, FILE *out)
{
	struct part part = { .out = out, .script = s, .mark = MARK };
	bool open = false;
	size_t i;

	choose_mark(&part);
	write_heading(&part, name);
	for (i = 0; i < s->plan.count; i++)
		write_step(&part, &s->plan.steps[i], &open);
	copy_to(&part, s->file.len);
	if (s->sql.count > 0 && !s->sql.statements[s->sql.count - 1].closed)
		insert(&part, ";");
	if (open)
		insert(&part, "COMMIT;");
	write_resets(&part);
	insert(&part, "");
}

/* One that the part does not hold, for it may be a joined script itself. */
static void
choose_mark(struct part *part)
{
	unsigned n = 0;

	while (strstr(part->script->file.bytes, part->mark) != NULL)
		snprintf(part->mark, sizeof(part->mark), MARK "%u", ++n);
}

/* As JSON, in which no name can end the line. */
static void
write_heading(const struct part *part, const char *name)
{
	const struct script *s = part->script;
	struct json_t *record = record_new();

	record_set_string(record, "name", name);
	record_set_string(record, "checksum", s->checksum);
	record_set_integer(record, "bytes", (long long)s->file.len);
	if (strcmp(part->mark, MARK) != 0)
		record_set_string(record, "mark", part->mark + strlen(COMMENT));
	fputs("\n-- mg: ", part->out);
	record_write(record, part->out);
	record_free(record);
}

/*
 * Up to the end of a step, with a BEGIN of ours where the script has none.
 * *open says whether a COMMIT of ours is due, before and afterwards.
 */
static void
write_step(struct part *part, const struct plan_step *step, bool *open)
{
	const struct sql *sql = &part->script->sql;
	size_t last = step->first + step->count - 1;

	copy_to(part, behind(part->script, step->first));
	if (*open)
		insert(part, "COMMIT;");
	if (step->kind != PLAN_ALONE && !begun(sql, step->first))
		insert(part, "BEGIN;");
	*open = step->kind != PLAN_ALONE && !ended(sql, last);
	copy_to(part, sql->statements[last].next);
}

/* Does the script itself begin the transaction that statement n is first in? */
static bool
begun(const struct sql *sql, size_t n)
{
	return n > 0 &&
	    (sql->statements[n - 1].kind == SQL_BEGIN ||
		sql->statements[n - 1].chain);
}

/* Does the script itself end the transaction that statement n is last in? */
static bool
ended(const struct sql *sql, size_t n)
{
	return n + 1 < sql->count &&
	    (sql->statements[n + 1].kind == SQL_COMMIT ||
		sql->statements[n + 1].kind == SQL_ROLLBACK);
}

/*
 * Where a line of ours goes that must come before statement n: behind the
 * line that ends the one before, so that comments stay with what they precede.
 */
static size_t
behind(const struct script *s, size_t n)
{
	size_t at = n == 0 ? 0 : s->sql.statements[n - 1].next, end = at;

	while (end < s->file.len && strchr(" \t\r", s->file.bytes[end]) != NULL)
		end++;
	return n > 0 && end < s->file.len && s->file.bytes[end] == '\n'
	    ? end + 1
	    : at;
}

static void
copy_to(struct part *part, size_t end)
{
	if (end <= part->at)
		return;
	fwrite(
	    part->script->file.bytes + part->at, 1, end - part->at, part->out);
	part->at = end;
	part->ours = false;
}

/*
 * A line of ours; an empty one only if the last line of the part is open.  A <
 * behind the mark says that the newline before the line is ours as well.
 */
static void
insert(struct part *part, const char *line)
{
	const char *bytes = part->script->file.bytes;
	bool cut = part->at > 0 && bytes[part->at - 1] != '\n' && !part->ours;

	if (!cut && *line == '\0')
		return;
	fprintf(part->out, "%s%s%s%s\n", cut ? "\n" : "", line, part->mark,
	    cut ? "<" : "");
	part->ours = true;
}

/*
 * What undoes the settings that the script leaves in the session.  DO and
 * set_config may change any, so that all have to be reset.
 */
static void
write_resets(struct part *part)
{
	const struct sql *sql = &part->script->sql;
	bool all = strcasestr(sql->text, "set_config") != NULL;
	char reset[256];
	size_t i;

	for (i = 0; i < sql->count; i++) {
		all = all || sql->statements[i].body > 0;
		if (sql_setting(sql, i, reset, sizeof(reset) - 1) == -1)
			continue;
		strcat(reset, ";");
		insert(part, reset);
	}
	if (all)
		insert(part, "RESET ALL;");
}
