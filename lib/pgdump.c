#include "pgdump.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "client.h"
#include "environment.h"
#include "mem.h"

/*
 * A subscription leads to one particular server, with a password; the schemas
 * are those of bookkeeping.h.
 */
static const char *const always[] = { "--schema-only", "--encoding=UTF8",
	"--no-password", "--no-subscriptions", "--exclude-schema=_mg",
	"--exclude-schema=graphile_migrate", "--exclude-schema=sqitch" };

enum { ALWAYS = sizeof(always) / sizeof(*always), OTHERS = 4 };

static void lead_to(const char *, const char *);
static char **list_arguments(
    const char *, const struct survey *, const struct pgdump_options *);
static void free_arguments(char **);

int
pgdump_read(struct output *o, const struct survey *s,
    const struct pgdump_options *options)
{
	char **command, *path;
	int result;

	*o = (struct output){ 0 };
	if (client_find("pg_dump", options->version, &path, &o->error) !=
	    CLI_OK)
		return -1;
	lead_to(options->url, s->database);
	command = list_arguments(path, s, options);
	result = output_read(o, command, false);
	free_arguments(command);
	free(path);
	return result;
}

/*
 * What a setting of the role or the database could change in the text is
 * pinned; the rest pg_dump sets itself.
 */
static void
lead_to(const char *url, const char *database)
{
	static const char pinned[] =
	    "-c bytea_output=hex -c lc_monetary=C "
	    "-c quote_all_identifiers=off -c standard_conforming_strings=on "
	    "-c xmloption=content";
	const char *given;
	char *options;

	if (url != NULL) {
		/* They would win over what the URL says. */
		unsetenv("PGSERVICE");
		environment_follow(url);
	}
	environment_database(database, NULL);
	given = getenv("PGOPTIONS");
	options = mem_printf("%s %s", given == NULL ? "" : given, pinned);
	setenv("PGOPTIONS", options, 1);
	setenv("PGTZ", "UTC", 1);
	free(options);
}

static char **
list_arguments(const char *path, const struct survey *s,
    const struct pgdump_options *options)
{
	char **list = mem_alloc(
	    (ALWAYS + OTHERS + s->excluded.count + 1) * sizeof(*list));
	size_t i, n = 0;

	list[n++] = mem_copy(path);
	for (i = 0; i < ALWAYS; i++)
		list[n++] = mem_copy(always[i]);
	list[n++] = mem_printf("--snapshot=%s", s->snapshot);
	if (!options->owners)
		list[n++] = mem_copy("--no-owner");
	if (!options->privileges)
		list[n++] = mem_copy("--no-privileges");
	for (i = 0; i < s->excluded.count; i++)
		list[n++] =
		    mem_printf("--exclude-table=%s", s->excluded.list[i]);
	return list;
}

static void
free_arguments(char **list)
{
	size_t i;

	for (i = 0; list[i] != NULL; i++)
		free(list[i]);
	free(list);
}
