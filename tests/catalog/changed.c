/*
 * changed - say which objects of a database are not what they were
 *
 * For each line of its input it lists the catalog, and prints kind and name
 * of all that differs from the last time, then an empty line.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "catalog.h"
#include "cli.h"
#include "db.h"

static void compare(const struct catalog *, const struct catalog *);
static void print_object(const char *);
static const char *print_string(const char *);

int
main(void)
{
	struct db_options options = { .program = "changed" };
	struct catalog_options all = { .column_order = true,
		.enum_order = true };
	struct catalog before = { 0 }, now;
	struct db db;
	char line[80];

	if (db_open(&db, &options) != CLI_OK)
		errx(CLI_SYSTEM, "%s", db.error.message);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (catalog_read(&now, &db, &all) == -1)
			errx(CLI_SYSTEM, "%s", db.error.message);
		if (before.count > 0)
			compare(&before, &now);
		putchar('\n');
		fflush(stdout);
		catalog_free(&before);
		before = now;
	}
	catalog_free(&before);
	db_close(&db);
	return 0;
}

/* Both are sorted; an object's two lines come one behind the other. */
static void
compare(const struct catalog *a, const struct catalog *b)
{
	size_t i = 0, k = 0;
	int order;

	while (i < a->count || k < b->count) {
		order = i == a->count ? 1
		    : k == b->count   ? -1
				      : strcmp(a->lines[i], b->lines[k]);
		if (order < 0)
			print_object(a->lines[i]);
		if (order > 0)
			print_object(b->lines[k]);
		i += order <= 0;
		k += order >= 0;
	}
}

static void
print_object(const char *line)
{
	line = print_string(line + strlen("{\"kind\":\""));
	putchar(' ');
	(void)print_string(line + strlen(",\"name\":\""));
	putchar('\n');
}

/* Returns what follows. */
static const char *
print_string(const char *text)
{
	while (*text != '"') {
		if (*text == '\\')
			putchar(*text++);
		putchar(*text++);
	}
	return text + 1;
}
