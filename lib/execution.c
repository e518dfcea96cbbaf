#include "execution.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "clock.h"
#include "environment.h"
#include "mem.h"
#include "process.h"
#include "url.h"
#include "utf8.h"

enum { LINE = 500 /* bytes that are kept of each */ };

/* A session that is silent for as long as a script may need is not idle. */
static const char waits[] =
    "SELECT current_database(), set_config('idle_session_timeout', '0', false)";

static void make_environment(void *);
static void forget_others(void);
static bool is_kept(const char *);
static bool is_named(const char *, const char *, size_t);
static void follow(const struct execution *);
static char *find_secret(const char *);
static void take_line(void *, const char *);
static char *without_secret(const struct execution *, const char *);
static void look_at_clock(void *);
static void explain(struct execution *, int);

int
execution_aim(struct execution *e, struct db *db)
{
	if (db_query(db, waits, 0, NULL) == -1)
		return -1;
	e->options = db->options;
	e->database = mem_copy(db_value(db, 0, 0));
	e->settings = db_settings(db);
	return 0;
}

int
execution_run(struct execution *e)
{
	struct process_watch watch = { take_line, look_at_clock, e };
	struct process_setting setting = { make_environment, e };
	struct process p;
	int status;

	e->url = db_url(e->options);
	e->secret = find_secret(e->url);
	e->end = e->timeout == 0 ? 0 : clock_ms() + e->timeout;
	e->process = &p;
	process_start_in(&p, e->command, -1, PROCESS_WORDS, &setting);
	status = process_wait(&p, &watch);
	e->status = process_status(&p);
	if (status != CLI_OK || e->late)
		explain(e, status);
	process_free(&p);
	e->process = NULL;
	return e->how == NULL ? CLI_OK : CLI_NO;
}

void
execution_free(struct execution *e)
{
	size_t i;

	for (i = 0; i < EXECUTION_TAIL; i++)
		free(e->said[i]);
	free(e->how);
	free(e->tail);
	free(e->secret);
	free(e->database);
	free(e->settings);
	*e = (struct execution){ 0 };
}

/* In the new process, which it belongs to. */
static void
make_environment(void *arg)
{
	const struct execution *e = arg;
	const char *given, *mode;
	char *options;

	forget_others();
	follow(e);
	setenv("MG_NAME", e->name, 1);
	/* It is what libpq does anyway; to node-postgres it is an order. */
	mode = getenv("PGSSLMODE");
	if (mode != NULL && strcmp(mode, "prefer") == 0)
		unsetenv("PGSSLMODE");
	if (e->settings == NULL)
		return;
	given = getenv("PGOPTIONS");
	options = mem_printf("%s%s", given == NULL ? "" : given, e->settings);
	setenv("PGOPTIONS", options, 1);
	free(options);
}

static void
forget_others(void)
{
	char **entry = environ, *name;

	while (*entry != NULL) {
		name = mem_copy_bytes(*entry, strcspn(*entry, "="));
		/* The next one moves up to where this was. */
		if (is_kept(name) || unsetenv(name) == -1)
			entry++;
		free(name);
	}
}

/* libpq's fill what the URL leaves out. */
static bool
is_kept(const char *name)
{
	static const char always[] = "PATH HOME LANG TMPDIR MG_SCRIPT_ENV";
	const char *more = getenv("MG_SCRIPT_ENV");
	size_t len = strlen(name);

	return strncmp(name, "PG", 2) == 0 || is_named(always, name, len) ||
	    (more != NULL && is_named(more, name, len));
}

/* In a list with blanks or commas. */
static bool
is_named(const char *list, const char *name, size_t len)
{
	size_t size;

	for (; *list != '\0'; list += size) {
		list += strspn(list, " ,\t\n");
		size = strcspn(list, " ,\t\n");
		if (size == len && len > 0 && strncmp(list, name, len) == 0)
			return true;
	}
	return false;
}

static void
follow(const struct execution *e)
{
	char *own = NULL;

	if (e->url != NULL) {
		/* They would win over what the URL says. */
		unsetenv("PGSERVICE");
		unsetenv("PGHOSTADDR");
		environment_follow(e->url);
	} else
		own = environment_own_url(e->database);
	environment_database(e->database, e->url != NULL ? e->url : own);
	free(own);
}

/* What it must not write into a log, even if it says it. */
static char *
find_secret(const char *url)
{
	const char *secret = getenv("PGPASSWORD");
	struct url u;
	char *copy;
	size_t i;

	copy = secret == NULL || *secret == '\0' ? NULL : mem_copy(secret);
	if (url == NULL)
		return copy;
	if (url_read(&u, url) == 0)
		for (i = 0; i < u.nsettings; i++)
			if (strcmp(u.keywords[i], "password") == 0) {
				free(copy);
				copy = mem_copy(u.values[i]);
			}
	url_free(&u);
	return copy;
}

static void
take_line(void *arg, const char *line)
{
	struct execution *e = arg;
	char **kept = &e->said[e->lines++ % EXECUTION_TAIL];
	char *safe = without_secret(e, line);
	const char *shown = utf8_visible(safe);
	size_t len = strlen(shown);
	char *text;

	free(*kept);
	*kept = len <= LINE
	    ? mem_copy(shown)
	    : mem_printf("%.*s...", (int)utf8_invalid(shown, LINE), shown);
	if (e->notice != NULL) {
		text = mem_printf(
		    "%s: %s", utf8_visible(e->name), utf8_visible(safe));
		e->notice(text);
		free(text);
	}
	free(safe);
}

/* A copy with stars where the password was. */
static char *
without_secret(const struct execution *e, const char *line)
{
	size_t size = e->secret == NULL ? 0 : strlen(e->secret), len;
	const char *at;
	char *text;
	FILE *out = mem_stream(&text, &len);

	while (size > 0 && (at = strstr(line, e->secret)) != NULL) {
		fprintf(out, "%.*s***", (int)(at - line), line);
		line = at + size;
	}
	fputs(line, out);
	fclose(out);
	return text;
}

static void
look_at_clock(void *arg)
{
	struct execution *e = arg;

	if (e->end == 0 || clock_ms() < e->end || process_ended(e->process))
		return;
	e->late = true;
	process_stop(e->process);
}

static void
explain(struct execution *e, int status)
{
	size_t i, len,
	    count = e->lines < EXECUTION_TAIL ? e->lines : EXECUTION_TAIL;
	FILE *out = mem_stream(&e->tail, &len);

	for (i = 0; i < count; i++)
		fprintf(out, "%s%s", i == 0 ? "" : "\n",
		    e->said[(e->lines - count + i) % EXECUTION_TAIL]);
	fclose(out);
	if (e->late)
		e->how = mem_printf("was ended after %.1f s (--script-timeout)",
		    (double)e->timeout / 1000);
	else if (status > 128)
		e->how = mem_printf("was ended with %s, by signal %d",
		    e->options->program, status - 128);
	else if (e->status > 128)
		e->how = mem_printf("was ended by signal %d (%s)",
		    e->status - 128, strsignal(e->status - 128));
	else
		e->how = mem_printf("failed, exit status %d", e->status);
}
