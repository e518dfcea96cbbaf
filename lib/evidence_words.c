#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "evidence.h"
#include "mem.h"

static void write_shares(
    FILE *, const struct evidence *, const struct script *);
static void write_numbers(FILE *, const struct evidence *, enum evidence_of);
static void write_run(FILE *, const struct evidence *, enum evidence_run);
static char *first_place(const struct evidence *, const struct script *);

char *
evidence_words(
    const struct evidence *e, const struct script *s, enum evidence_run run)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	switch (e->sum) {
	case EVIDENCE_UNKNOWN:
		fputs("the catalog cannot tell what of it is there", out);
		break;
	case EVIDENCE_HARMLESS:
		fputs("it asks for nothing that is not so already", out);
		break;
	case EVIDENCE_ALL:
		fprintf(out, "all %s is there",
		    e->number[EVIDENCE_OPEN] == 0
			? "of it"
			: "of it that the catalog can tell of");
		break;
	case EVIDENCE_NONE:
		fputs("nothing of it is there", out);
		break;
	case EVIDENCE_PART:
	case EVIDENCE_MIXED:
		write_shares(out, e, s);
		break;
	}
	if (e->sum >= EVIDENCE_ALL && e->number[EVIDENCE_OPEN] > 0) {
		fputs("; of ", out);
		write_numbers(out, e, EVIDENCE_OPEN);
		fputs(" the catalog cannot tell", out);
	}
	if (s->plan.atomic && run != EVIDENCE_RUN_OTHER)
		write_run(out, e, run);
	fclose(out);
	return text;
}

static void
write_shares(FILE *out, const struct evidence *e, const struct script *s)
{
	char *place = first_place(e, s);

	write_numbers(out, e, EVIDENCE_THERE);
	fprintf(out, " of %zu %s there, ", e->count,
	    e->number[EVIDENCE_THERE] == 1 ? "is" : "are");
	write_numbers(out, e, EVIDENCE_LACKS);
	fprintf(out,
	    e->number[EVIDENCE_LACKS] == 1 ? " at %s is not"
					   : " from %s on are not",
	    place);
	if (e->sum == EVIDENCE_MIXED)
		fputs(", which no run leaves", out);
	free(place);
}

/* "statements 1 to 3 and 5" */
static void
write_numbers(FILE *out, const struct evidence *e, enum evidence_of of)
{
	size_t i, end, left = e->number[of];

	fprintf(out, "statement%s", left == 1 ? "" : "s");
	for (i = 0; i < e->count; i = end + 1) {
		for (end = i; end < e->count && e->list[end] == of; end++)
			continue;
		if (end == i)
			continue;
		fprintf(out, "%s %zu",
		    left == e->number[of] ? ""
			: left == end - i ? " and"
					  : ",",
		    i + 1);
		if (end > i + 1)
			fprintf(
			    out, "%s %zu", end > i + 2 ? " to" : " and", end);
		left -= end - i;
	}
}

/* Where it is one transaction, what holds for one statement holds for all. */
static void
write_run(FILE *out, const struct evidence *e, enum evidence_run run)
{
	bool open = e->number[EVIDENCE_OPEN] > 0;
	const char *so = NULL;

	if (run == EVIDENCE_RUN_FAILED && e->sum > EVIDENCE_NONE)
		so = "what is there was there before, or came since";
	else if (run == EVIDENCE_RUN_FAILED && e->sum == EVIDENCE_ALL)
		so = "that was there before, or came since";
	else if (e->sum == EVIDENCE_ALL && open)
		so = "that was done, too";
	else if (e->sum == EVIDENCE_NONE && open)
		so = "nothing of that was done";
	if (so != NULL)
		fprintf(out,
		    "; unless Prisma 7.4 or later ran it, it ran in one "
		    "transaction, so %s",
		    so);
}

static char *
first_place(const struct evidence *e, const struct script *s)
{
	size_t i;

	for (i = 0; i < e->count && e->list[i] != EVIDENCE_LACKS; i++)
		continue;
	return script_place(s, s->sql.statements[i].begin);
}
