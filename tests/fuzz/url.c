/*
 * url - whatever the text, url_read refuses it without betraying the password
 * or makes settings that libpq can be given
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "url.h"

/* In capitals, since a name of a parameter in a warning has none. */
#define SECRET "SECRET"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
static void try(const char *);
static void check_settings(const struct url *);
static void must(int);

/* The text as a URL, and as what surrounds the password of a URL. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = size / 2;
	size_t room = size + sizeof("postgresql://u:" SECRET);
	char *url = malloc(room);

	must(url != NULL);
	memcpy(url, data, size);
	url[size] = '\0';
	try(url);

	snprintf(url, room, "postgresql://u:%.*s" SECRET "%.*s", (int)half,
	    (const char *)data, (int)(size - half), (const char *)data + half);
	try(url);

	url_blank(url);
	must(strcmp(url, "postgresql://") == 0);
	free(url);
	return 0;
}

static void
try(const char *text)
{
	struct url u;
	size_t i;

	if (url_read(&u, text) == -1) {
		must(u.error != NULL);
		must(strstr(u.error, SECRET) == NULL);
	} else {
		must(u.error == NULL);
		check_settings(&u);
	}
	for (i = 0; i < u.nwarnings; i++)
		must(strstr(u.warnings[i], SECRET) == NULL);
	url_free(&u);
	url_free(&u);
}

static void
check_settings(const struct url *u)
{
	size_t i, j;

	for (i = 0; u->keywords[i] != NULL; i++) {
		must(u->values[i] != NULL && *u->values[i] != '\0');
		for (j = 0; j < i; j++)
			must(strcmp(u->keywords[i], u->keywords[j]) != 0);
	}
	must(i == u->nsettings);
	must(u->values[i] == NULL);
}

static void
must(int so)
{
	if (!so)
		abort();
}
