/*
 * lint - feed any text to the rules, in either track
 *
 * What they find lies in the text, belongs to a rule, says something, and can
 * be written in every format.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"
#include "mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void look(const char *, size_t, enum lint_track);
static void check(const struct findings *, size_t);
static void write_all(const struct findings *);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just this size: then a byte read behind it is noticed. */
	char *text = malloc(size == 0 ? 1 : size);

	assert(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	look(text, size, LINT_SCHEMA);
	look(text, size, LINT_INDEX);
	free(text);
	return 0;
}

/* Twice: the second time all is known that it makes. */
static void
look(const char *bytes, size_t len, enum lint_track track)
{
	struct findings findings = { 0 };
	struct lint lint = { .findings = &findings };
	struct lint_text text = { .file = "f",
		.name = "20240101000000_x",
		.track = track,
		.bytes = bytes,
		.len = len };

	lint_text(&lint, &text);
	lint_text(&lint, &text);
	check(&findings, len);
	write_all(&findings);
	lint_free(&lint);
	findings_free(&findings);
}

static void
check(const struct findings *f, size_t len)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		assert(f->list[i].offset <= len && f->list[i].line > 0);
		assert(rule_find(f->list[i].rule) != NULL);
		assert(*f->list[i].text != '\0');
	}
}

static void
write_all(const struct findings *f)
{
	enum finding_format format;
	char *text;
	size_t len;
	FILE *out;

	for (format = FINDING_TEXT; format <= FINDING_GITLAB; format++) {
		out = mem_stream(&text, &len);
		findings_write(f, format, out);
		fclose(out);
		assert((len > 0) == (f->count > 0) || format == FINDING_GITLAB);
		free(text);
	}
}
