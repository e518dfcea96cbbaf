/*
 * mg-hash - add checksums to migration records, or check them
 *
 * Every file is read before the first byte is written, so that a stream that
 * comes out is whole.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "file.h"
#include "hash.h"
#include "mem.h"
#include "record.h"
#include "utf8.h"

enum { CHECK = CLI_OWN };

static const struct cli cli = {
	.name = "mg-hash",
	.synopsis = "[-C DIR] [--check FILE]",
	.summary = "Add checksums to migration records, or check them.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ CHECK, "check", "FILE",
		    "say what changed since the records in FILE" },
		{ 0 },
	    },
};

static void add_hashes(void);
static void set_hashes(struct json_t *, const struct file *);
static int check(const char *);
static void read_migrations(struct migrations *, FILE *, const char *);
static bool report(
    FILE *, const struct migrations *, const struct migrations *);
static const char *compare(const struct migration *, const struct migration *);

int
main(int argc, char *argv[])
{
	const char *manifest = NULL;
	int option, status = CLI_OK;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case CHECK:
			manifest = optarg;
			break;
		}
	cli_no_operands(&cli, argc, argv);

	if (manifest == NULL)
		add_hashes();
	else
		status = check(manifest);
	return cli_finish(status);
}

static void
add_hashes(void)
{
	struct file file = { 0 };
	struct json_t *hashes = record_new();
	struct record in;
	const char *path;
	char *text;
	size_t len;
	FILE *whole = mem_stream(&text, &len);
	int got;

	record_open(&in, stdin, "<stdin>");
	while ((got = record_next(&in)) == 1) {
		if ((path = record_need(&in, "path")) == NULL)
			errx(CLI_INPUT, "%s", in.error);
		if (file_read(&file, path) == -1)
			err(CLI_INPUT, "%s", utf8_visible(path));
		set_hashes(hashes, &file);
		record_write_with(&in, hashes, whole);
	}
	if (got == -1)
		errx(CLI_INPUT, "%s", in.error);
	fclose(whole);
	fwrite(text, 1, len, stdout);
	free(text);
	record_free(hashes);
	record_close(&in);
	file_free(&file);
}

static void
set_hashes(struct json_t *record, const struct file *file)
{
	char checksum[HASH_CHECKSUM], xxh3[HASH_XXH3];

	hash_checksum(file->bytes, file->len, checksum);
	hash_xxh3(file->bytes, file->len, xxh3);
	record_set_integer(record, "bytes", (long long)file->len);
	record_set_string(record, "checksum", checksum);
	record_set_string(record, "xxh3", xxh3);
}

/*
 * Standard input says what there is now, the file what there was: each path
 * of the stream is read anew and compared with the checksum in the file.
 */
static int
check(const char *manifest)
{
	struct migrations then, now;
	FILE *in = fopen(manifest, "r"), *whole;
	char *text;
	size_t len;
	bool same;

	if (in == NULL)
		err(CLI_INPUT, "%s", utf8_visible(manifest));
	read_migrations(&then, in, manifest);
	read_migrations(&now, stdin, "<stdin>");
	whole = mem_stream(&text, &len);
	same = report(whole, &then, &now);
	fclose(whole);
	fwrite(text, 1, len, stdout);
	free(text);
	fclose(in);
	migrations_free(&then);
	migrations_free(&now);
	return same ? CLI_OK : CLI_NO;
}

static void
read_migrations(struct migrations *m, FILE *in, const char *source)
{
	if (migrations_read(m, in, source) == -1)
		errx(CLI_INPUT, "%s", m->error);
}

static bool
report(FILE *out, const struct migrations *then, const struct migrations *now)
{
	const char *change;
	bool same = true;
	size_t i, at;

	for (i = 0; i < then->count; i++) {
		at = migrations_find(now, then->list[i].name);
		change = at == now->count
		    ? "vanished"
		    : compare(&then->list[i], &now->list[at]);
		if (change == NULL)
			continue;
		same = false;
		fprintf(
		    out, "%s %s\n", change, utf8_visible(then->list[i].name));
	}
	for (i = 0; i < now->count; i++)
		if (migrations_find(then, now->list[i].name) == then->count) {
			same = false;
			fprintf(out, "appeared %s\n",
			    utf8_visible(now->list[i].name));
		}
	return same;
}

/* How the file of now differs from the checksum of then; NULL: not at all. */
static const char *
compare(const struct migration *then, const struct migration *now)
{
	char checksum[HASH_CHECKSUM];
	struct file file = { 0 };

	if (then->checksum == NULL)
		errx(CLI_INPUT,
		    "%s: no \"checksum\" to check against; make "
		    "the records with mg-hash",
		    utf8_visible(then->name));
	if (now->path == NULL)
		errx(CLI_INPUT, "%s: the record has no \"path\"",
		    utf8_visible(now->name));
	if (file_read(&file, now->path) == -1) {
		if (errno == ENOENT)
			return "vanished";
		err(CLI_INPUT, "%s", utf8_visible(now->path));
	}
	hash_checksum(file.bytes, file.len, checksum);
	file_free(&file);
	return strcmp(checksum, then->checksum) == 0 ? NULL : "changed";
}
