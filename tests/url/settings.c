/*
 * settings - show what url_read makes of a URL
 *
 * Prints keyword=value lines, then schema, pooled and the warnings, each as
 * a line; or the error, with exit status 2.  A keyword that libpq does not
 * know ends it with 3.  With --blank it prints what url_blank leaves.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "url.h"

static int is_keyword(const char *);

int
main(int argc, char *argv[])
{
	struct url u;
	size_t i;

	if (argc == 3 && strcmp(argv[1], "--blank") == 0) {
		size_t size = strlen(argv[2]);

		url_blank(argv[2]);
		for (i = 0; i < size; i++)
			putchar(argv[2][i] == '\0' ? '.' : argv[2][i]);
		putchar('\n');
		return 0;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: settings [--blank] URL\n");
		return 2;
	}

	if (url_read(&u, argv[1]) == -1) {
		fprintf(stderr, "%s\n", u.error);
		url_free(&u);
		return 2;
	}
	for (i = 0; i < u.nsettings; i++) {
		printf("%s=%s\n", u.keywords[i], u.values[i]);
		if (!is_keyword(u.keywords[i])) {
			fprintf(stderr, "%s: unknown\n", u.keywords[i]);
			return 3;
		}
	}
	if (u.schema != NULL)
		printf("schema: %s\n", u.schema);
	if (u.pooled)
		printf("pooled\n");
	for (i = 0; i < u.nwarnings; i++)
		printf("warning: %s\n", u.warnings[i]);
	url_free(&u);
	return 0;
}

static int
is_keyword(const char *keyword)
{
	PQconninfoOption *all = PQconndefaults(), *one = all;

	while (one->keyword != NULL && strcmp(one->keyword, keyword) != 0)
		one++;
	keyword = one->keyword;
	PQconninfoFree(all);
	return keyword != NULL;
}
