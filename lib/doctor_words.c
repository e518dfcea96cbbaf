#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_private.h"
#include "mem.h"
#include "utf8.h"

static void write_begin(const struct about *, FILE *);
static void write_end(const struct about *, FILE *);
static void write_rest(const struct about *, FILE *);
static void write_evidence(const struct about *, FILE *);

char *
doctor_words(const struct about *a)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	if (a->state == ABOUT_ROLLED_BACK)
		fputs("all its rows are rolled back", out);
	else
		write_begin(a, out);
	write_end(a, out);
	write_rest(a, out);
	fclose(out);
	return text;
}

static void
write_begin(const struct about *a, FILE *out)
{
	fprintf(out, "it began %s", a->row->started_at);
	if (a->back)
		fputs(", was applied, and was being taken back", out);
	if (a->state == ABOUT_RUNNING)
		fprintf(out,
		    " and may be running: the migration lock is held "
		    "by %s",
		    a->doctor->holder);
	else if (a->state == ABOUT_STOPPED)
		fputs(" and what ran it died: nobody noted how it ended, and "
		      "nobody has the migration lock",
		    out);
	else if (a->state == ABOUT_HALF_DONE && a->sql)
		fprintf(out, " and is half done, %zu of %zu steps", a->done,
		    a->script.plan.count);
}

static void
write_end(const struct about *a, FILE *out)
{
	const struct ending *e = &a->ending;

	if ((a->state == ABOUT_HALF_DONE && a->stopped) ||
	    a->state == ABOUT_FAILED) {
		fputs(a->state == ABOUT_FAILED ? " and failed" : "; it failed",
		    out);
		if (*e->sqlstate != '\0')
			fprintf(out, " with %s", e->sqlstate);
		if (e->message != NULL && strcmp(e->message, e->sqlstate) != 0)
			fprintf(out, ": %s", utf8_visible(e->message));
	}
	if (a->steps > 0)
		fputs("; its script came to its end before that", out);
	if (a->error != NULL)
		fprintf(out, "; %s", a->error);
}

static void
write_rest(const struct about *a, FILE *out)
{
	if (a->applied)
		fputs("; another row says that it is applied", out);
	else if (a->migration == NULL)
		fputs("; the stream has no such migration, so nothing can "
		      "tell what it did",
		    out);
	else if (record_is_script(a->migration->object))
		fprintf(out,
		    "; it is a program, and only that can tell what "
		    "it did: %s",
		    utf8_visible(a->migration->path));
	else if (!a->sql)
		fprintf(
		    out, "; its script cannot be read: %s", a->script.error);
	else
		write_evidence(a, out);
}

static void
write_evidence(const struct about *a, FILE *out)
{
	static const enum evidence_run runs[] = {
		[ABOUT_ROLLED_BACK] = EVIDENCE_RUN_OTHER,
		[ABOUT_RUNNING] = EVIDENCE_RUN_OTHER,
		[ABOUT_HALF_DONE] = EVIDENCE_RUN_OTHER,
		[ABOUT_STOPPED] = EVIDENCE_RUN_LOST,
		[ABOUT_FAILED] = EVIDENCE_RUN_FAILED,
	};
	char *words = evidence_words(&a->evidence, &a->script,
	    a->edited ? EVIDENCE_RUN_OTHER : runs[a->state]);

	fputs("; ", out);
	if (a->edited)
		fputs("its script was edited since, and as it is now, ", out);
	fputs(words, out);
	if (a->evidence.sum == EVIDENCE_UNKNOWN)
		fprintf(out, "; look for what %s does",
		    utf8_visible(a->script.path));
	if (a->state == ABOUT_ROLLED_BACK && a->evidence.sum != EVIDENCE_ALL)
		fputs("; mg-apply and prisma migrate deploy run it again, "
		      "though prisma migrate status says nothing of it",
		    out);
	free(words);
}
