#include "resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "utf8.h"

static const char format[] = "mg-apply: %zu of %zu steps done, xxh3 ";
static const char failed[] = "\nthe next step failed: ";

/* $1 is the table, $2 the index, as the script writes them. */
static const char is_valid[] = "SELECT i.indisvalid FROM pg_index i"
			       " JOIN pg_class c ON c.oid = i.indexrelid"
			       " WHERE i.indrelid = to_regclass($1)"
			       " AND c.relname = (parse_ident($2))[1]::name";

static void fingerprint(const struct script *, size_t, char *);
static int settle_created(
    struct resume *, struct db *, const struct script *, size_t);
static int settle_dropped(
    struct resume *, struct db *, const struct script *, size_t);
static bool repeatable(const struct sql *, size_t);
static int system_error(struct resume *, const struct db *);
static char *copy_range(const struct script *, size_t, size_t);

char *
resume_logs(const struct script *s, size_t done, const char *why)
{
	char hash[HASH_XXH3], *start, *logs;

	fingerprint(s, done, hash);
	start = mem_printf(format, done, s->plan.count);
	logs = mem_printf("%s%s%s%s", start, hash, why == NULL ? "" : failed,
	    why == NULL ? "" : why);
	free(start);
	return logs;
}

bool
resume_is_ours(const struct history_row *row)
{
	size_t done, total;

	return row->state == HISTORY_FAILED && row->logs != NULL &&
	    sscanf(row->logs, format, &done, &total) == 2;
}

int
resume_read(
    struct resume *r, const struct history_row *row, const struct script *s)
{
	char hash[HASH_XXH3];
	const char *stored;
	size_t total;

	*r = (struct resume){ 0 };
	(void)sscanf(row->logs, format, &r->done, &total);
	r->failed = strstr(row->logs, failed) != NULL;
	stored = strstr(row->logs, "xxh3 ");
	if (r->done <= s->plan.count && stored != NULL) {
		fingerprint(s, r->done, hash);
		if (strncmp(stored + strlen("xxh3 "), hash, strlen(hash)) == 0)
			return 0;
	}
	r->error = mem_printf(
	    "%s: it was left half done, %zu of %zu steps, and the part that is "
	    "done has changed since; restore that part and mend only the rest, "
	    "or finish by hand what is missing and then: mg-mark --applied %s",
	    utf8_visible(s->path), r->done, total, utf8_visible(row->name));
	return -1;
}

int
resume_settle(struct resume *r, struct db *db, const struct script *s)
{
	const struct plan_step *step = &s->plan.steps[r->done];
	size_t begin, end;
	char *place;

	/* What is atomic has a row only if it turned out to run alone. */
	if (r->done == s->plan.count ||
	    (step->kind != PLAN_ALONE && !s->plan.atomic))
		return CLI_OK;
	if (sql_index_table(&s->sql, step->first, &begin, &end) &&
	    sql_index_name(&s->sql, step->first, &begin, &end))
		return settle_created(r, db, s, step->first);
	if (r->failed || repeatable(&s->sql, step->first))
		return CLI_OK;
	if (sql_begins(&s->sql, step->first, "DROP INDEX"))
		return settle_dropped(r, db, s, step->first);
	place = script_place(s, s->sql.statements[step->first].begin);
	r->error = mem_printf(
	    "%s: nobody noted whether this statement was done before the "
	    "connection broke, and it must not be done twice; look, and if it "
	    "was, put it into a comment",
	    place);
	free(place);
	return CLI_NO;
}

void
resume_free(struct resume *r)
{
	free(r->error);
	*r = (struct resume){ 0 };
}

/* Of the statements of the first steps; comments and blanks do not count. */
static void
fingerprint(const struct script *s, size_t done, char *hash)
{
	const struct sql_statement *statement;
	size_t i, n, len;
	char *text;
	FILE *out = mem_stream(&text, &len);

	for (i = 0; i < done; i++)
		for (n = 0; n < s->plan.steps[i].count; n++) {
			statement =
			    &s->sql.statements[s->plan.steps[i].first + n];
			fwrite(s->file.bytes + statement->begin, 1,
			    statement->end - statement->begin, out);
			fputc('\0', out);
		}
	fclose(out);
	hash_xxh3(text, len, hash);
	free(text);
}

/*
 * A valid index of that name is what the statement made, unless it is known
 * to have failed.
 */
static int
settle_created(
    struct resume *r, struct db *db, const struct script *s, size_t n)
{
	size_t begin, end;
	char *values[2];
	int result;

	(void)sql_index_table(&s->sql, n, &begin, &end);
	values[0] = copy_range(s, begin, end);
	(void)sql_index_name(&s->sql, n, &begin, &end);
	values[1] = copy_range(s, begin, end);
	result = db_query(db, is_valid, 2, (const char *const *)values);
	free(values[0]);
	free(values[1]);
	if (result == -1)
		return system_error(r, db);
	if (db->count > 0 && db_true(db, 0, 0))
		r->done += !r->failed;
	return CLI_OK;
}

static int
settle_dropped(
    struct resume *r, struct db *db, const struct script *s, size_t n)
{
	size_t begin, end;
	char *name;
	int result;

	if (!sql_index_name(&s->sql, n, &begin, &end))
		return CLI_OK;
	name = copy_range(s, begin, end);
	result = db_query(db, "SELECT to_regclass($1) IS NULL", 1,
	    (const char *const[]){ name });
	free(name);
	if (result == -1)
		return system_error(r, db);
	r->done += db_true(db, 0, 0);
	return CLI_OK;
}

/* Does doing it twice leave what doing it once does? */
static bool
repeatable(const struct sql *sql, size_t n)
{
	static const char *const words[] = { "VACUUM", "REINDEX", "CLUSTER",
		"ALTER SYSTEM", "ALTER DATABASE" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (sql_begins(sql, n, words[i]))
			return true;
	return false;
}

static int
system_error(struct resume *r, const struct db *db)
{
	r->error = mem_copy(db->error.message);
	return CLI_SYSTEM;
}

static char *
copy_range(const struct script *s, size_t begin, size_t end)
{
	return mem_copy_bytes(s->file.bytes + begin, end - begin);
}
