#include "finding.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "json.h"
#include "mem.h"
#include "place.h"
#include "utf8.h"

static int compare(const void *, const void *);
static void write_text(const struct finding *, FILE *);
static void write_json(const struct finding *, FILE *);
static void write_github(const struct finding *, FILE *);
static void write_escaped(const char *, const char *, FILE *);
static void write_gitlab(const struct findings *, FILE *);
static json_t *gitlab_issue(const struct finding *, json_t *);
static void fingerprint(const struct finding *, json_t *, char[HASH_XXH3]);

void
findings_add(struct findings *f, struct finding finding)
{
	f->list = mem_grow(f->list, f->count, sizeof(*f->list));
	f->list[f->count++] = finding;
}

void
findings_place(struct findings *f, const char *bytes, size_t len)
{
	struct place place = { .text = bytes, .len = len };
	struct finding *finding = f->list + f->placed;

	if (f->placed == f->count)
		return;
	qsort(finding, f->count - f->placed, sizeof(*finding), compare);
	for (; f->placed < f->count; f->placed++, finding++) {
		place_move(&place, finding->offset);
		finding->line = place.line;
		finding->column = place.column;
	}
}

int
findings_reach(const struct findings *f, enum finding_severity severity)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (f->list[i].severity >= severity)
			return 1;
	return 0;
}

void
findings_write(const struct findings *f, enum finding_format format, FILE *out)
{
	static void (*const writers[])(const struct finding *, FILE *) = {
		[FINDING_TEXT] = write_text,
		[FINDING_JSON] = write_json,
		[FINDING_GITHUB] = write_github,
	};
	size_t i;

	if (format == FINDING_GITLAB)
		write_gitlab(f, out);
	else
		for (i = 0; i < f->count; i++)
			writers[format](&f->list[i], out);
}

int
finding_format(enum finding_format *format, const char *name)
{
	static const char *const names[] = {
		[FINDING_TEXT] = "text",
		[FINDING_JSON] = "json",
		[FINDING_GITHUB] = "github",
		[FINDING_GITLAB] = "gitlab",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0) {
			*format = (enum finding_format)i;
			return 0;
		}
	return -1;
}

const char *
finding_word(enum finding_severity severity)
{
	static const char *const words[] = {
		[FINDING_NOTE] = "note",
		[FINDING_WARNING] = "warning",
		[FINDING_ERROR] = "error",
	};

	return words[severity];
}

void
findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		free(f->list[i].text);
	free(f->list);
	*f = (struct findings){ 0 };
}

/* By place; at one place by rule, and then by text. */
static int
compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	order = strcmp(x->rule, y->rule);
	return order != 0 ? order : strcmp(x->text, y->text);
}

static void
write_text(const struct finding *f, FILE *out)
{
	fprintf(out, "%s:%zu:%zu: %s: %s: %s\n", utf8_visible(f->file), f->line,
	    f->column, finding_word(f->severity), f->rule,
	    utf8_visible(f->text));
}

static void
write_json(const struct finding *f, FILE *out)
{
	json_t *object = json_pack("{s:s, s:I, s:I, s:s, s:s, s:s}", "file",
	    f->file, "line", (json_int_t)f->line, "column",
	    (json_int_t)f->column, "severity", finding_word(f->severity),
	    "rule", f->rule, "text", f->text);

	json_write_line(object, out);
	json_decref(object);
}

/* A workflow's command, in which these characters mean something. */
static void
write_github(const struct finding *f, FILE *out)
{
	fprintf(out, "::%s file=",
	    f->severity == FINDING_NOTE ? "notice" : finding_word(f->severity));
	write_escaped(f->file, "%\r\n:,", out);
	fprintf(out, ",line=%zu,col=%zu,title=mg-lint%%3A %s::", f->line,
	    f->column, f->rule);
	write_escaped(f->text, "%\r\n", out);
	fputc('\n', out);
}

static void
write_escaped(const char *text, const char *special, FILE *out)
{
	for (; *text != '\0'; text++)
		if (strchr(special, *text) != NULL)
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
}

static void
write_gitlab(const struct findings *f, FILE *out)
{
	json_t *seen = json_object(), *issue;
	size_t i;

	fputc('[', out);
	for (i = 0; i < f->count; i++) {
		fputs(i == 0 ? "\n" : ",\n", out);
		issue = gitlab_issue(&f->list[i], seen);
		(void)json_dumpf(issue, out, JSON_COMPACT);
		json_decref(issue);
	}
	fputs(f->count == 0 ? "]\n" : "\n]\n", out);
	json_decref(seen);
}

static json_t *
gitlab_issue(const struct finding *f, json_t *seen)
{
	static const char *const severities[] = {
		[FINDING_NOTE] = "info",
		[FINDING_WARNING] = "minor",
		[FINDING_ERROR] = "critical",
	};
	char print[HASH_XXH3];

	fingerprint(f, seen, print);
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:{s:I}}}",
	    "description", f->text, "check_name", f->rule, "fingerprint", print,
	    "severity", severities[f->severity], "location", "path", f->file,
	    "lines", "begin", (json_int_t)f->line);
}

/*
 * What tells a finding from all others, and stays when lines move: the rule,
 * the file, the text, and how many before it are alike in these.
 */
static void
fingerprint(const struct finding *f, json_t *seen, char print[HASH_XXH3])
{
	char *whole = mem_printf("%s\n%s\n%s", f->rule, f->file, f->text);
	char *again;
	json_int_t before;

	hash_xxh3(whole, strlen(whole), print);
	before = json_integer_value(json_object_get(seen, print));
	(void)json_object_set_new(seen, print, json_integer(before + 1));
	if (before > 0) {
		again = mem_printf("%s\n%lld", whole, (long long)before);
		hash_xxh3(again, strlen(again), print);
		free(again);
	}
	free(whole);
}
