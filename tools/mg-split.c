/*
 * mg-split - cut SQL into classified statements
 *
 * A record for each statement (piece.h says which bytes are its own), or the
 * statements of one track as a script (defer.h says which belong to it).
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "defer.h"
#include "file.h"
#include "kind.h"
#include "mem.h"
#include "object.h"
#include "piece.h"
#include "place.h"
#include "record.h"
#include "utf8.h"

enum { FILE_NAME = CLI_OWN, TEXT, TRACK, UNIQUE };

static const struct cli cli = {
	.name = "mg-split",
	.synopsis = "[--file NAME] [--text] [--track TRACK] [--unique]",
	.summary = "Cut SQL into classified statements, a record each.",
	.options =
	    (const struct cli_option[]){
		{ FILE_NAME, "file", "NAME", "what to call it [<stdin>]" },
		{ TEXT, "text", NULL, "with the SQL in each record" },
		{ TRACK, "track", "TRACK",
		    "only the SQL of that track: schema or index" },
		{ UNIQUE, "unique", NULL, "unique indexes may wait, too" },
		{ 0 },
	    },
};

struct options {
	const char *file;
	const char *track; /* NULL: records, not SQL */
	bool text, unique;
};

/* What all statements are seen in. */
struct whole {
	const struct options *options;
	struct sql sql;
	struct defer defer;
	struct place place;
};

static void read_options(struct options *, int, char *[]);
static void read_sql(struct whole *, const struct file *);
static const char *track_of(const struct whole *, size_t, char **);
static void write_piece(const struct whole *, size_t);
static void write_record(struct whole *, size_t);
static void set_statement(struct whole *, struct json_t *, size_t);
static void set_names(const struct whole *, struct json_t *, size_t);
static const char *transaction_of(const struct whole *, size_t);

int
main(int argc, char *argv[])
{
	struct options options = { .file = "<stdin>" };
	struct whole whole = { .options = &options };
	struct file file = { 0 };
	size_t n;

	read_options(&options, argc, argv);
	if (file_read_open(&file, STDIN_FILENO) == -1)
		err(CLI_SYSTEM, "%s", utf8_visible(options.file));
	read_sql(&whole, &file);
	for (n = 0; n < piece_count(&whole.sql); n++)
		if (options.track != NULL)
			write_piece(&whole, n);
		else
			write_record(&whole, n);

	defer_free(&whole.defer);
	sql_free(&whole.sql);
	file_free(&file);
	return cli_finish(CLI_OK);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case FILE_NAME:
			o->file = optarg;
			break;
		case TEXT:
			o->text = true;
			break;
		case TRACK:
			o->track = optarg;
			break;
		case UNIQUE:
			o->unique = true;
			break;
		}
	if (optind != argc)
		cli_usage(
		    &cli, "%s: SQL comes on standard input", argv[optind]);
	if (o->track != NULL && strcmp(o->track, "schema") != 0 &&
	    strcmp(o->track, "index") != 0)
		cli_usage(&cli, "--track: not schema or index");
	if (o->track != NULL && o->text)
		cli_usage(
		    &cli, "--track writes SQL, --text belongs to records");
	if (!utf8_valid(o->file, strlen(o->file)))
		errx(CLI_INPUT, "--file: not UTF-8");
}

static void
read_sql(struct whole *w, const struct file *f)
{
	size_t line, column;

	if (sql_read(&w->sql, f->bytes, f->len) == -1) {
		sql_place(f->bytes, f->len, w->sql.at, &line, &column);
		errx(CLI_INPUT, "%s:%zu:%zu: %s",
		    utf8_visible(w->options->file), line, column, w->sql.error);
	}
	defer_read(&w->defer, &w->sql);
	w->place = (struct place){ .text = f->bytes, .len = f->len };
}

/* *reason is why an index statement is in the other track, or NULL. */
static const char *
track_of(const struct whole *w, size_t n, char **reason)
{
	*reason = NULL;
	if (n >= w->sql.count || !defer_is_index(&w->sql, n))
		return "schema";
	*reason = defer_refusal(&w->defer, n, w->options->unique);
	return *reason == NULL ? "index" : "schema";
}

static void
write_piece(const struct whole *w, size_t n)
{
	size_t begin, end;
	char *reason;

	if (strcmp(track_of(w, n, &reason), w->options->track) == 0) {
		piece_get(&w->sql, n, &begin, &end);
		fwrite(w->sql.text + begin, 1, end - begin, stdout);
	}
	free(reason);
}

static void
write_record(struct whole *w, size_t n)
{
	struct json_t *record = record_new();
	size_t begin, end;
	char *text;

	piece_get(&w->sql, n, &begin, &end);
	record_set_string(record, "file", w->options->file);
	set_statement(w, record, n);
	record_set_integer(record, "offset", (long long)begin);
	record_set_integer(record, "bytes", (long long)(end - begin));
	if (w->options->text) {
		text = mem_copy_bytes(w->sql.text + begin, end - begin);
		record_set_string(record, "text", text);
		free(text);
	}
	record_write(record, stdout);
	record_free(record);
}

static void
set_statement(struct whole *w, struct json_t *record, size_t n)
{
	bool is = n < w->sql.count;
	char *reason;

	place_move(&w->place, is ? w->sql.statements[n].begin : 0);
	record_set_integer(record, "line", (long long)w->place.line);
	record_set_integer(record, "column", (long long)w->place.column);
	record_set_string(record, "kind", is ? kind_word(&w->sql, n) : "empty");
	if (is)
		set_names(w, record, n);
	record_set_string(record, "track", track_of(w, n, &reason));
	if (reason != NULL)
		record_set_string(record, "reason", reason);
	free(reason);
	record_set_string(
	    record, "transaction", is ? transaction_of(w, n) : "any");
}

static void
set_names(const struct whole *w, struct json_t *record, size_t n)
{
	size_t begin, end;
	char *name;

	if (kind_object(&w->sql, n, &begin, &end)) {
		name = mem_copy_bytes(w->sql.text + begin, end - begin);
		record_set_string(record, "object", name);
		free(name);
	}
	if ((name = object_table(&w->sql, n)) != NULL)
		record_set_string(record, "table", name);
	free(name);
}

/* What it is to a transaction, or what a transaction is to it. */
static const char *
transaction_of(const struct whole *w, size_t n)
{
	switch (w->sql.statements[n].kind) {
	case SQL_BEGIN:
		return "begin";
	case SQL_COMMIT:
		return "commit";
	case SQL_ROLLBACK:
		return "rollback";
	case SQL_SAVEPOINT:
		return "savepoint";
	case SQL_PREPARE:
		return "prepare";
	case SQL_ALONE:
		return "alone";
	default:
		return "any";
	}
}
