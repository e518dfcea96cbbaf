/*
 * mg-lint - warn of statements that lock, lose or break
 *
 * Reads the scripts that records name, or SQL itself, and tells what rules find
 * in them (rule.h has the table).  All is read before the first is told.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "file.h"
#include "finding.h"
#include "input.h"
#include "lint.h"
#include "mem.h"
#include "rule.h"
#include "utf8.h"

enum {
	AFTER = CLI_OWN,
	FILE_NAME,
	FORMAT,
	NO_RULE,
	PG_VERSION,
	RULE,
	RULES,
	SQL,
	STRICT,
	TRACK,
};

static const struct cli cli = {
	.name = "mg-lint",
	.synopsis = "[-C DIR] [--after NAME] [--format FORMAT] "
		    "[--no-rule RULE] [--pg-version N] [--rule RULE] "
		    "[--rules] [--sql] [--file NAME] [--strict] "
		    "[--track TRACK] [FILE...]",
	.summary = "Warn of statements that lock, lose or break.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ AFTER, "after", "NAME",
		    "only of those behind this migration" },
		{ FILE_NAME, "file", "NAME",
		    "what findings call the SQL [<stdin>]" },
		{ FORMAT, "format", "FORMAT",
		    "text, json, github or gitlab [text]" },
		{ NO_RULE, "no-rule", "RULE", "without this rule" },
		{ PG_VERSION, "pg-version", "N", "the server's major version" },
		{ RULE, "rule", "RULE", "only this rule, and others so named" },
		{ RULES, "rules", NULL, "list the rules" },
		{ SQL, "sql", NULL, "standard input is SQL, not records" },
		{ STRICT, "strict", NULL, "exit 1 on warnings, too" },
		{ TRACK, "track", "TRACK",
		    "the track of all: schema or index" },
		{ 0 },
	    },
};

struct options {
	const char *after; /* or NULL */
	const char *file;
	enum finding_format format;
	enum lint_track track;
	bool sql, strict, list;
	bool *off;     /* of each rule */
	bool choosing; /* --rule came */
	long version;
};

static void read_options(struct options *, int, char *[]);
static void check_options(const struct options *, bool);
static enum lint_track track_of(const char *);
static void choose(struct options *, const char *, bool);
static void take(struct inputs *, const struct options *, char *[]);
static size_t first_told(const struct inputs *, const struct options *);
static void look(struct lint *, const struct input *, bool, bool);

int
main(int argc, char *argv[])
{
	struct options options = { .file = "<stdin>" };
	struct findings findings = { 0 };
	struct lint lint = { .findings = &findings };
	struct inputs inputs = { 0 };
	enum finding_severity least;
	size_t i, told;
	bool found;

	read_options(&options, argc, argv);
	if (options.list) {
		rules_write(stdout);
		return cli_finish(CLI_OK);
	}
	check_options(&options, optind < argc);
	lint.off = options.off;
	lint.server_version = options.version;
	take(&inputs, &options, argv + optind);
	told = first_told(&inputs, &options);
	for (i = 0; i < inputs.count; i++)
		look(&lint, &inputs.list[i], i < told, options.sql);
	findings_write(&findings, options.format, stdout);

	least = options.strict ? FINDING_WARNING : FINDING_ERROR;
	found = findings_reach(&findings, least);
	findings_free(&findings);
	lint_free(&lint);
	inputs_free(&inputs);
	free(options.off);
	return cli_finish(found ? CLI_NO : CLI_OK);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->off = mem_alloc(rules_count * sizeof(*o->off));
	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case AFTER:
			o->after = optarg;
			break;
		case FILE_NAME:
			o->file = optarg;
			break;
		case FORMAT:
			if (finding_format(&o->format, optarg) == -1)
				cli_usage(&cli,
				    "--format: not text, json, "
				    "github or gitlab");
			break;
		case NO_RULE:
			choose(o, optarg, false);
			break;
		case PG_VERSION:
			o->version = cli_count(optarg);
			break;
		case RULE:
			choose(o, optarg, true);
			break;
		case RULES:
			o->list = true;
			break;
		case SQL:
			o->sql = true;
			break;
		case STRICT:
			o->strict = true;
			break;
		case TRACK:
			o->track = track_of(optarg);
			break;
		}
}

static void
check_options(const struct options *o, bool operands)
{
	if (o->sql && operands)
		cli_usage(&cli, "--sql reads standard input, not files");
}

static enum lint_track
track_of(const char *word)
{
	if (strcmp(word, "schema") == 0)
		return LINT_SCHEMA;
	if (strcmp(word, "index") == 0)
		return LINT_INDEX;
	cli_usage(&cli, "--track: not schema or index");
}

/* The first that is chosen turns all others off. */
static void
choose(struct options *o, const char *name, bool on)
{
	const struct rule *rule = rule_find(name);
	size_t i;

	if (rule == NULL)
		cli_usage(&cli, "there is no rule %s; --rules lists them",
		    utf8_visible(name));
	if (on && !o->choosing)
		for (i = 0; i < rules_count; i++)
			o->off[i] = true;
	o->choosing |= on;
	o->off[rule - rules] = !on;
}

static void
take(struct inputs *in, const struct options *o, char *files[])
{
	int status;

	if (o->sql)
		status = inputs_add(in, o->file, o->track);
	else if (*files == NULL)
		status = inputs_read(in, stdin, "<stdin>", o->track);
	else
		for (status = 0; status == 0 && *files != NULL; files++)
			status = inputs_add(in, *files, o->track);
	if (status == -1)
		errx(CLI_INPUT, "%s", in->error);
}

/* The first input of which findings are told. */
static size_t
first_told(const struct inputs *in, const struct options *o)
{
	size_t at;

	if (o->after == NULL)
		return 0;
	if ((at = inputs_find(in, o->after)) < in->count)
		return at + 1;
	errx(CLI_INPUT, "%s: no such migration", utf8_visible(o->after));
}

static void
look(struct lint *l, const struct input *input, bool silent, bool from_stdin)
{
	struct lint_text text = { .file = input->path,
		.name = input->name,
		.baseline = input->baseline,
		.track = input->track,
		.silent = silent };
	struct file file = { 0 };

	if ((from_stdin ? file_read_open(&file, STDIN_FILENO)
			: file_read(&file, input->path)) == -1)
		err(from_stdin ? CLI_SYSTEM : CLI_INPUT, "%s",
		    utf8_visible(input->path));
	text.bytes = file.bytes;
	text.len = file.len;
	lint_text(l, &text);
	file_free(&file);
}
