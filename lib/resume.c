#include "resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "outcome.h"
#include "utf8.h"

static const char format[] = "mg-apply: %zu of %zu steps done, xxh3 ";
static const char failed[] = "\nthe next step failed: ";

static void fingerprint(const struct script *, size_t, char *);

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
