#include "resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "outcome.h"
#include "utf8.h"

static const char format[] = "%.8s: %zu of %zu steps done, xxh3 ";
static const char pattern[] = "%8[a-z-]: %zu of %zu steps done, xxh3 ";

/* Who writes it: for whole scripts, and for such as go apart. */
static const char whole[] = "mg-apply", apart[] = "mg-index";

enum { WHO = sizeof(whole) };

static const char failed[] = "\nthe next step failed: ";

static bool read_logs(const char *, char *, size_t *, size_t *);
static int match(struct resume *, const struct history_row *,
    const struct script *, const struct plan *);
static void refuse(
    struct resume *, const struct history_row *, const struct script *, size_t);
static void fingerprint(
    const struct script *, const struct plan *, size_t, char *);

char *
resume_logs(const struct script *s, size_t done, const char *why)
{
	char hash[HASH_XXH3], *start, *logs;

	fingerprint(s, &s->plan, done, hash);
	start =
	    mem_printf(format, s->apart ? apart : whole, done, s->plan.count);
	logs = mem_printf("%s%s%s%s", start, hash, why == NULL ? "" : failed,
	    why == NULL ? "" : why);
	free(start);
	return logs;
}

bool
resume_is_ours(const struct history_row *row)
{
	char who[WHO];
	size_t done, total;

	return row->state == HISTORY_FAILED && row->logs != NULL &&
	    read_logs(row->logs, who, &done, &total);
}

int
resume_read(
    struct resume *r, const struct history_row *row, const struct script *s)
{
	char who[WHO];
	struct plan other = { 0 };
	size_t total;
	int result;

	*r = (struct resume){ 0 };
	(void)read_logs(row->logs, who, &r->done, &total);
	r->failed = strstr(row->logs, failed) != NULL;
	if (strcmp(who, apart) == 0 && !s->apart) {
		r->error = mem_printf("%s: mg-index left it half done, %zu of "
				      "%zu steps; run mg-index again",
		    utf8_visible(s->path), r->done, total);
		return -1;
	}
	if (strcmp(who, whole) == 0 && s->apart)
		(void)plan_make(&other, &s->sql);
	result = match(r, row, s, other.count > 0 ? &other : &s->plan);
	plan_free(&other);
	if (result == -1)
		refuse(r, row, s, total);
	return result;
}

int
resume_settle(struct resume *r, struct db *db, const struct script *s)
{
	const struct plan_step *step = &s->plan.steps[r->done];
	char *place;

	/* One statement that is atomic has a row only if it turned out to run
	 * alone; where there are more, the script was another then. */
	if (r->done == s->plan.count ||
	    (step->kind != PLAN_ALONE &&
		(!s->plan.atomic || s->sql.count != 1)))
		return CLI_OK;
	switch (outcome_find(db, s, step->first, r->failed)) {
	case OUTCOME_DONE:
		r->done++;
		return CLI_OK;
	case OUTCOME_UNDONE:
		return CLI_OK;
	case OUTCOME_ERROR:
		r->error = mem_copy(db->error.message);
		return CLI_SYSTEM;
	case OUTCOME_UNKNOWN:
		break;
	}
	place = script_place(s, s->sql.statements[step->first].begin);
	r->error = mem_printf(
	    "%s: nobody noted whether this statement was done before the "
	    "connection broke, and it must not be done twice; look, do it by "
	    "hand if it was not, and put it into a comment",
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

static bool
read_logs(const char *logs, char *who, size_t *done, size_t *total)
{
	return sscanf(logs, pattern, who, done, total) == 3 &&
	    (strcmp(who, whole) == 0 || strcmp(who, apart) == 0);
}

/*
 * Is what is done by that plan still the same?  Then r->done becomes what it
 * is by the script's own.
 */
static int
match(struct resume *r, const struct history_row *row, const struct script *s,
    const struct plan *plan)
{
	const char *stored = strstr(row->logs, "xxh3 ");
	char hash[HASH_XXH3];

	if (r->done > plan->count || stored == NULL)
		return -1;
	fingerprint(s, plan, r->done, hash);
	if (strncmp(stored + strlen("xxh3 "), hash, strlen(hash)) != 0)
		return -1;
	if (plan != &s->plan && r->done > 0)
		r->done = plan->steps[r->done - 1].first +
		    plan->steps[r->done - 1].count;
	return 0;
}

static void
refuse(struct resume *r, const struct history_row *row, const struct script *s,
    size_t total)
{
	r->error = mem_printf(
	    "%s: it was left half done, %zu of %zu steps, and the part that is "
	    "done has changed since; restore that part and mend only the rest, "
	    "or finish by hand what is missing and then: mg-mark --applied %s",
	    utf8_visible(s->path), r->done, total, utf8_visible(row->name));
}

/* Of the statements of the first steps; comments and blanks do not count. */
static void
fingerprint(
    const struct script *s, const struct plan *plan, size_t done, char *hash)
{
	const struct sql_statement *statement;
	size_t i, n, len;
	char *text;
	FILE *out = mem_stream(&text, &len);

	for (i = 0; i < done; i++)
		for (n = 0; n < plan->steps[i].count; n++) {
			statement =
			    &s->sql.statements[plan->steps[i].first + n];
			fwrite(s->file.bytes + statement->begin, 1,
			    statement->end - statement->begin, out);
			fputc('\0', out);
		}
	fclose(out);
	hash_xxh3(text, len, hash);
	free(text);
}
