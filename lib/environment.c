#include "environment.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "url.h"

static void follow_keyword(const char *, const char *);
static void write_encoded(FILE *, const char *, const char *);

void
environment_forget(void)
{
	char **entry = environ, *name;

	while (*entry != NULL) {
		if (strncmp(*entry, "PG", 2) != 0 ||
		    strchr(*entry, '=') == NULL) {
			entry++;
			continue;
		}
		/* The next one moves up to where this was. */
		name = mem_copy_bytes(*entry, strcspn(*entry, "="));
		unsetenv(name);
		free(name);
	}
}

void
environment_server(const char *user, const char *host, const char *port)
{
	environment_forget();
	setenv("PGHOST", host, 1);
	setenv("PGPORT", port, 1);
	setenv("PGUSER", user, 1);
}

void
environment_follow(const char *text)
{
	struct url url;
	size_t i;

	if (url_read(&url, text) == 0)
		for (i = 0; i < url.nsettings; i++)
			follow_keyword(url.keywords[i], url.values[i]);
	url_free(&url);
}

static void
follow_keyword(const char *keyword, const char *value)
{
	static const char *const names[][2] = {
		{ "host", "PGHOST" },
		{ "port", "PGPORT" },
		{ "user", "PGUSER" },
		{ "password", "PGPASSWORD" },
		{ "options", "PGOPTIONS" },
		{ "sslmode", "PGSSLMODE" },
		{ "sslcert", "PGSSLCERT" },
		{ "sslkey", "PGSSLKEY" },
		{ "sslrootcert", "PGSSLROOTCERT" },
		{ "channel_binding", "PGCHANNELBINDING" },
		{ "target_session_attrs", "PGTARGETSESSIONATTRS" },
		{ "connect_timeout", "PGCONNECT_TIMEOUT" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(keyword, names[i][0]) == 0)
			setenv(names[i][1], value, 1);
}

void
environment_database(const char *database, const char *url)
{
	setenv("PGDATABASE", database, 1);
	unsetenv("DIRECT_URL");
	if (url != NULL)
		setenv("DATABASE_URL", url, 1);
	else
		unsetenv("DATABASE_URL");
}

char *
environment_url(
    const char *user, const char *host, const char *port, const char *database)
{
	char *url;
	size_t len;
	FILE *out = mem_stream(&url, &len);

	fputs("postgresql://", out);
	if (user != NULL) {
		write_encoded(out, user, "/-._");
		fputc('@', out);
	}
	fprintf(out, "localhost:%s/%s?host=", port == NULL ? "5432" : port,
	    database);
	write_encoded(out, host, "/-._");
	fclose(out);
	return url;
}

/* But for letters, digits, and these. */
static void
write_encoded(FILE *out, const char *text, const char *kept)
{
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text) ||
		    strchr(kept, *text) != NULL)
			fputc(*text, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*text);
}

char *
environment_own_url(const char *database)
{
	const char *host = getenv("PGHOST"), *port = getenv("PGPORT");

	if (host == NULL || *host == '\0' || strchr(host, ',') != NULL ||
	    getenv("PGHOSTADDR") != NULL || getenv("PGSSLMODE") != NULL)
		return NULL;
	return environment_url(getenv("PGUSER"), host, port, database);
}

char *
environment_replace(const char *url, const char *database)
{
	const char *authority = strstr(url, "://") + strlen("://");
	const char *path = authority + strcspn(authority, "/?#");
	const char *rest = path + strcspn(path, "?#");

	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fprintf(out, "%.*s/", (int)(path - url), url);
	write_encoded(out, database, "-._");
	fputs(rest, out);
	fclose(out);
	return text;
}
