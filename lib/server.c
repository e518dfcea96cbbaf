#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "clock.h"
#include "db.h"
#include "environment.h"
#include "file.h"
#include "folder.h"
#include "mem.h"
#include "programs.h"

enum {
	LOOK_AGAIN = 5,  /* milliseconds: is the server ready? */
	LOG_TAIL = 4000, /* bytes of a log that a message shows */
};

/* What the keeper makes, as it knows it. */
struct cluster {
	const struct server_options *options;
	struct programs programs;
	char *folder; /* where the keeper works, too */
	int log;
	pid_t postgres;
};

static int make(void *, char **);
static int make_folder(struct cluster *, char **);
static int run_initdb(struct cluster *, char **);
static int run_postgres(struct cluster *, char **);
static int await_ready(struct cluster *, char **);
static bool is_ready(void);
static int log_says(const struct cluster *, const char *, char **);
static int create_database(const struct cluster *, char **);
static int clear(void *, char **);

int
server_start(struct server *s, const struct server_options *options)
{
	struct cluster cluster = { .options = options, .log = -1 };
	struct keeper_task task = { make, clear, &cluster };
	int status;

	*s = (struct server){ 0 };
	status = keeper_start(&s->keeper, &task);
	s->error = s->keeper.error;
	s->folder = s->keeper.made;
	if (status == CLI_OK)
		s->url = s->made_url = environment_url(
		    SERVER_USER, s->folder, NULL, SERVER_DATABASE);
	return status;
}

void
server_environment(const struct server *s)
{
	environment_server(SERVER_USER, s->folder, SERVER_PORT);
	environment_database(SERVER_DATABASE, s->url);
}

int
server_stop(struct server *s)
{
	int result = keeper_stop(&s->keeper);

	s->error = s->keeper.error;
	return result;
}

void
server_free(struct server *s)
{
	keeper_free(&s->keeper);
	free(s->made_url);
	*s = (struct server){ 0 };
}

static int
make(void *thing, char **text)
{
	struct cluster *c = thing;
	int status;

	keeper_commit();
	/* Nothing that is meant for another server may reach this one. */
	environment_forget();
	/* The same on each host, and initdb need not look for the host's. */
	setenv("TZ", "UTC", 1);
	if ((status = programs_find(&c->programs, text)) != CLI_OK ||
	    (status = make_folder(c, text)) != CLI_OK ||
	    (status = run_initdb(c, text)) != CLI_OK ||
	    (status = run_postgres(c, text)) != CLI_OK ||
	    (status = create_database(c, text)) != CLI_OK)
		return status;
	return keeper_say(text, CLI_OK, "%s", c->folder);
}

static int
make_folder(struct cluster *c, char **text)
{
	const struct programs *p = &c->programs;
	int status = folder_make(&c->folder, ".s.PGSQL." SERVER_PORT, text);

	if (status == CLI_OK && p->user != NULL &&
	    chown(".", p->uid, p->gid) == -1)
		return keeper_say(
		    text, CLI_SYSTEM, "%s: %s", c->folder, strerror(errno));
	return status;
}

static int
run_initdb(struct cluster *c, char **text)
{
	/* The host's C.UTF-8 sorts as C does, and knows letters beyond. */
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	char *args[] = { "initdb", "--pgdata=data", "--encoding=UTF8",
		utf8 != (locale_t)0 ? "--locale=C.UTF-8" : "--locale=C",
		"--username=" SERVER_USER, "--auth-local=trust",
		"--auth-host=reject", "--no-sync", "--no-instructions",
		"--no-clean", NULL };
	pid_t pid;
	int status;

	/* Not in the folder: the disk may be what is full. */
	if ((c->log = memfd_create("log", MFD_CLOEXEC)) == -1)
		return keeper_say(text, CLI_SYSTEM, "%s", strerror(errno));
	if ((pid = programs_start(&c->programs, args, c->log)) == -1)
		return keeper_say(
		    text, CLI_SYSTEM, "initdb: %s", strerror(errno));
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (status != 0)
		return log_says(c, "initdb failed", text);
	close(c->log);
	return CLI_OK;
}

static int
run_postgres(struct cluster *c, char **text)
{
	/* Relative to its own folder, data. */
	static char *const ours[] = { "listen_addresses=",
		"unix_socket_directories=..", "unix_socket_permissions=0700",
		("port=" SERVER_PORT), "fsync=off", "synchronous_commit=off",
		"full_page_writes=off" };
	enum { OURS = sizeof(ours) / sizeof(*ours) };
	const struct server_options *options = c->options;
	char **args;
	size_t i, n = 0;

	c->log =
	    open("log", O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (c->log == -1)
		return keeper_say(
		    text, CLI_SYSTEM, "%s/log: %s", c->folder, strerror(errno));
	args = mem_alloc((4 + 2 * (OURS + options->nsettings)) * sizeof(*args));
	args[n++] = "postgres";
	args[n++] = "-D";
	args[n++] = "data";
	for (i = 0; i < OURS + options->nsettings; i++) {
		args[n++] = "-c";
		args[n++] = i < OURS ? ours[i] : options->settings[i - OURS];
	}
	c->postgres = programs_start(&c->programs, args, c->log);
	free(args);
	if (c->postgres == -1)
		return keeper_say(
		    text, CLI_SYSTEM, "postgres: %s", strerror(errno));
	return await_ready(c, text);
}

static int
await_ready(struct cluster *c, char **text)
{
	long end = clock_ms() + c->options->wait;

	while (!is_ready()) {
		if (waitpid(c->postgres, NULL, WNOHANG) == c->postgres) {
			c->postgres = 0;
			return log_says(c, "the server did not start", text);
		}
		if (clock_ms() >= end)
			return log_says(
			    c, "the server is not ready in time", text);
		if (keeper_pause(LOOK_AGAIN) == -1)
			return keeper_say(text, CLI_SYSTEM, "interrupted");
	}
	return CLI_OK;
}

/* The last line of postmaster.pid is the server's state. */
static bool
is_ready(void)
{
	struct file f = { 0 };
	bool ready = file_read(&f, "data/postmaster.pid") == 0 &&
	    strstr(f.bytes, "\nready") != NULL;

	file_free(&f);
	return ready;
}

/* What went wrong, and behind it the end of the log. */
static int
log_says(const struct cluster *c, const char *what, char **text)
{
	char tail[LOG_TAIL + 1];
	off_t size = lseek(c->log, 0, SEEK_END);
	ssize_t n;

	n = pread(
	    c->log, tail, LOG_TAIL, size > LOG_TAIL ? size - LOG_TAIL : 0);
	while (n > 0 && tail[n - 1] == '\n')
		n--;
	if (n <= 0)
		return keeper_say(
		    text, CLI_SYSTEM, "%s, and did not say why", what);
	tail[n] = '\0';
	return keeper_say(text, CLI_SYSTEM, "%s:\n%s", what, tail);
}

static int
create_database(const struct cluster *c, char **text)
{
	struct db_options options = { .program = c->options->program };
	struct db db = { 0 };
	int status;

	options.url = environment_url(SERVER_USER, c->folder, NULL, "postgres");
	if ((status = db_open(&db, &options)) == CLI_OK &&
	    db_query(&db,
		db.version >= 150000 ? "CREATE DATABASE " SERVER_DATABASE
				       " STRATEGY FILE_COPY"
				     : "CREATE DATABASE " SERVER_DATABASE,
		0, NULL) == -1)
		status = CLI_SYSTEM;
	if (status != CLI_OK)
		keeper_say(text, status, "%s", db.error.message);
	db_close(&db);
	free(options.url);
	return status;
}

static int
clear(void *thing, char **text)
{
	struct cluster *c = thing;

	if (c->postgres > 0) {
		/* At once: nothing in it will be wanted again. */
		kill(c->postgres, SIGQUIT);
		while (waitpid(c->postgres, NULL, 0) == -1 && errno == EINTR)
			continue;
	}
	programs_free(&c->programs);
	if (c->folder == NULL || folder_remove(c->folder) == 0)
		return CLI_OK;
	return keeper_say(text, CLI_SYSTEM, "%s: not removed: %s", c->folder,
	    strerror(errno));
}
