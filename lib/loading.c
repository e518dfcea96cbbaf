#include "loading.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "client.h"
#include "db.h"
#include "mem.h"
#include "process.h"

enum { LOOK_AGAIN = 50 /* milliseconds */, ARGUMENTS = 12 };

/* A program that writes the script, and the one that runs it. */
struct pump {
	struct process source, psql;
	struct process_watch watch;
	int in; /* what psql reads, from our side */
};

static int run_restore(struct loading *);
static int run_script(struct loading *);
static int start_pump(struct loading *, struct pump *);
static int start_source(struct loading *, struct pump *);
static int run_pump(struct loading *, struct pump *);
static int await_source(struct loading *, struct pump *);
static int write_all(int, const char *);
static int find(struct loading *, const char *, char **);
static char *connection(const char *);
static int fail(struct loading *, int, const char *);

int
loading_run(struct loading *l)
{
	bool archive = l->backup->format != BACKUP_PLAIN;

	setenv("LC_ALL", "C", 1);
	/* It is as it was written, whatever a role or database has set. */
	setenv("PGTZ", "UTC", 1);
	return archive && l->before == NULL ? run_restore(l) : run_script(l);
}

static int
run_restore(struct loading *l)
{
	struct process_watch watch = progress_watch(l->progress);
	char *command[ARGUMENTS] = { 0 }, *path;
	struct process p;
	size_t i, n = 0;
	int status = find(l, "pg_restore", &path);

	if (status != CLI_OK)
		return status;
	command[n++] = path;
	command[n++] = mem_copy("--exit-on-error");
	command[n++] = mem_copy("--no-password");
	command[n++] = connection(l->database);
	if (l->jobs != NULL)
		command[n++] = mem_printf("--jobs=%s", l->jobs);
	if (l->progress->shown)
		command[n++] = mem_copy("--verbose");
	command[n++] = mem_copy(l->backup->path);
	process_start(&p, command, -1, -1);
	if ((status = process_wait(&p, &watch)) != CLI_OK)
		fail(l, status, p.error);
	progress_end(l->progress);
	process_free(&p);
	for (i = 0; i < n; i++)
		free(command[i]);
	return status;
}

static int
run_script(struct loading *l)
{
	struct pump p = { .watch = progress_watch(l->progress), .in = -1 };
	int status;

	/* A psql that has ended is told by its status. */
	signal(SIGPIPE, SIG_IGN);
	/* psql tells of no progress. */
	l->progress->shown = false;
	if ((status = start_pump(l, &p)) == CLI_OK)
		status = run_pump(l, &p);
	if (p.in != -1)
		close(p.in);
	process_free(&p.source);
	process_free(&p.psql);
	return status;
}

static int
start_pump(struct loading *l, struct pump *p)
{
	char *command[] = { NULL, "--no-psqlrc", "--quiet", "--no-password",
		"--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-", NULL,
		NULL };
	int pipe[2], status;

	if ((status = find(l, "psql", &command[0])) != CLI_OK)
		return status;
	if (pipe2(pipe, O_CLOEXEC) == -1)
		return fail(l, CLI_SYSTEM, strerror(errno));
	command[7] = connection(l->database);
	process_start(&p->psql, command, pipe[0], -1);
	close(pipe[0]);
	p->in = pipe[1];
	free(command[0]);
	free(command[7]);
	if (l->before != NULL && write_all(p->in, l->before) == -1)
		return fail(
		    l, process_wait(&p->psql, &p->watch), p->psql.error);
	return start_source(l, p);
}

static int
start_source(struct loading *l, struct pump *p)
{
	const struct backup *b = l->backup;
	char *archive[] = { NULL, "--file=-", b->path, NULL };
	char *zipped[] = { "gzip", "--decompress", "--stdout", b->path, NULL };
	char *plain[] = { "cat", b->path, NULL };
	int status = CLI_OK;

	if (b->format == BACKUP_PLAIN)
		process_start(
		    &p->source, b->zipped ? zipped : plain, -1, p->in);
	else if ((status = find(l, "pg_restore", &archive[0])) == CLI_OK)
		process_start(&p->source, archive, -1, p->in);
	free(archive[0]);
	return status;
}

/*
 * Only a script that came whole gets its end: to psql, one that was cut looks
 * like one that is over.
 */
static int
run_pump(struct loading *l, struct pump *p)
{
	int status = await_source(l, p);

	if (status != CLI_OK)
		return status;
	if (l->after != NULL)
		(void)write_all(p->in, l->after);
	close(p->in);
	p->in = -1;
	if ((status = process_wait(&p->psql, &p->watch)) != CLI_OK)
		return fail(l, status, p->psql.error);
	return CLI_OK;
}

static int
await_source(struct loading *l, struct pump *p)
{
	int status;

	while (!process_ended(&p->source) && !process_ended(&p->psql) &&
	    db_signal() == 0) {
		process_look(&p->psql, &p->watch);
		db_pause(LOOK_AGAIN);
	}
	/* If that one ended first, it is why the other cannot go on. */
	if (process_failed(&p->psql)) {
		status = process_wait(&p->psql, &p->watch);
		return fail(l, status, p->psql.error);
	}
	if ((status = process_wait(&p->source, &p->watch)) != CLI_OK)
		return fail(l, status, p->source.error);
	return CLI_OK;
}

static int
write_all(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;

	while (len > 0) {
		n = write(fd, text, len);
		if (n == -1 && errno != EINTR)
			return -1;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* One that also reads what the pg_dump wrote. */
static int
find(struct loading *l, const char *program, char **path)
{
	int tool = (int)sidecar_number(&l->backup->sidecar, "tool.number");
	char *error;
	int status = client_find(
	    program, tool > l->version ? tool : l->version, path, &error);

	if (status == CLI_OK)
		return CLI_OK;
	fail(l, status, error);
	free(error);
	return status;
}

/* A name alone could be read as a whole connection string. */
static char *
connection(const char *database)
{
	const char *p;
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fputs("--dbname=dbname='", out);
	for (p = database; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\')
			fputc('\\', out);
		fputc(*p, out);
	}
	fputc('\'', out);
	fclose(out);
	return text;
}

static int
fail(struct loading *l, int status, const char *why)
{
	free(l->error);
	l->error = mem_copy(why == NULL ? "psql ended too soon" : why);
	return status == CLI_OK ? CLI_SYSTEM : status;
}

void
loading_free(struct loading *l)
{
	free(l->error);
	*l = (struct loading){ 0 };
}
