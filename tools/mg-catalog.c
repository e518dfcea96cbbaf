/*
 * mg-catalog - list what is in a database, so that diff(1) can compare it
 *
 * An object is a line of JSON; the lines are sorted.  Nothing is changed.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "cli.h"
#include "db.h"
#include "mem.h"

enum {
	SCHEMA = CLI_OWN,
	DIGEST,
	ORDER,
	DATA,
	SETTINGS,
	NO_OWNERS,
	NO_PRIVILEGES,
	NO_COMMENTS,
	NO_VERSIONS
};

static const struct cli cli = {
	.name = "mg-catalog",
	.synopsis =
	    "[-q] [-d URL] [--schema PATTERN]... [--digest] [--order WHICH] "
	    "[--data] [--settings] [--no-owners] [--no-privileges] "
	    "[--no-comments] [--no-versions] [--wait DURATION]",
	.summary = "List every object of a database, one line of JSON each.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'd' },
		{ .key = 'q' },
		{ SCHEMA, "schema", "PATTERN", "only schemas such as app_*" },
		{ DIGEST, "digest", NULL, "only the SHA-256 of the listing" },
		{ ORDER, "order", "WHICH",
		    "which counts: columns, enums, none [all]" },
		{ DATA, "data", NULL, "count and sum up the rows, too" },
		{ SETTINGS, "settings", NULL,
		    "the database's locale and settings, too" },
		{ NO_OWNERS, "no-owners", NULL, "leave out who owns what" },
		{ NO_PRIVILEGES, "no-privileges", NULL,
		    "leave out who may do what" },
		{ NO_COMMENTS, "no-comments", NULL, "leave out comments" },
		{ NO_VERSIONS, "no-versions", NULL,
		    "leave out versions of extensions" },
		{ .key = CLI_WAIT },
		{ 0 },
	    },
};

struct options {
	struct db_options db;
	struct catalog_options catalog;
	const char **schemas;
	const char *without[6];
	bool digest;
};

static void read_options(struct options *, int, char *[]);
static void take_option(struct options *, int);
static void take_order(struct catalog_options *, const char *);
static void leave_out(struct options *, const char *);
static void print_lines(const struct catalog *);
static void print_digest(const struct catalog *);

int
main(int argc, char *argv[])
{
	struct options options = { 0 };
	struct catalog catalog;
	struct db db;
	int status;

	read_options(&options, argc, argv);
	if ((status = db_open(&db, &options.db)) != CLI_OK)
		errx(status, "%s", db.error.message);
	if (catalog_read(&catalog, &db, &options.catalog) == -1)
		errx(db_error_status(&db.error),
		    "the catalog cannot be read: %s", db.error.message);
	if (options.digest)
		print_digest(&catalog);
	else
		print_lines(&catalog);

	catalog_free(&catalog);
	db_close(&db);
	free(options.db.url);
	free(options.schemas);
	return cli_finish(CLI_OK);
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	int option;

	o->db =
	    (struct db_options){ .program = cli.name, .notice = cli_notice };
	o->catalog.column_order = o->catalog.enum_order = true;
	o->catalog.without.list = o->without;
	while ((option = cli_next(&cli, argc, argv)) != -1)
		take_option(o, option);
	if (optind != argc)
		cli_usage(&cli, "%s: the database is given with -d",
		    strstr(argv[optind], "//") == NULL ? argv[optind]
						       : "operand");
	o->catalog.schemas = o->schemas;
}

static void
take_option(struct options *o, int option)
{
	switch (option) {
	case SCHEMA:
		o->schemas = mem_grow(
		    o->schemas, o->catalog.nschemas, sizeof(*o->schemas));
		o->schemas[o->catalog.nschemas++] = optarg;
		break;
	case DIGEST:
		o->digest = true;
		break;
	case ORDER:
		take_order(&o->catalog, optarg);
		break;
	case DATA:
		o->catalog.data = true;
		break;
	case SETTINGS:
		o->catalog.settings = true;
		break;
	case NO_OWNERS:
		leave_out(o, "owner");
		break;
	case NO_PRIVILEGES:
		leave_out(o, "privileges");
		leave_out(o, "default-privileges");
		break;
	case NO_COMMENTS:
		leave_out(o, "comment");
		leave_out(o, "comments");
		break;
	case NO_VERSIONS:
		leave_out(o, "version");
		break;
	default:
		db_take_option(&o->db, option);
		break;
	}
}

static void
take_order(struct catalog_options *o, const char *which)
{
	bool all = strcmp(which, "all") == 0;

	o->column_order = all || strcmp(which, "columns") == 0;
	o->enum_order = all || strcmp(which, "enums") == 0;
	if (!o->column_order && !o->enum_order && strcmp(which, "none") != 0)
		cli_usage(&cli, "--order: not columns, enums, all or none");
}

/* Given twice it is left out once. */
static void
leave_out(struct options *o, const char *key)
{
	struct catalog_without *w = &o->catalog.without;

	if (!catalog_is_without(w, key))
		o->without[w->count++] = key;
}

static void
print_lines(const struct catalog *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		puts(c->lines[i]);
}

static void
print_digest(const struct catalog *c)
{
	char digest[HASH_CHECKSUM];

	catalog_digest(c, digest);
	puts(digest);
}
