#include "server.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <locale.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "clock.h"
#include "file.h"
#include "mem.h"
#include "url.h"

enum {
	LINE = 3,        /* the keeper's only descriptor beyond 2 */
	LOOK_AGAIN = 5,  /* milliseconds: is the server ready? */
	LOG_TAIL = 4000, /* bytes of a log that a message shows */
	SOCKET_PATH = sizeof(((struct sockaddr_un *)0)->sun_path) - 1,
};

/* What the keeper makes and clears. */
struct keeper {
	int (*make)(struct keeper *);  /* a status, with text set */
	int (*clear)(struct keeper *); /* the same */
	char *text; /* what was made, or why it was not, or what remains */

	/* A private server. */
	char *const *settings;
	size_t nsettings;
	long wait;
	char *programs, *folder;
	struct passwd *user; /* who runs it; NULL: we do */
	int log;
	pid_t postgres;

	/* A database on another. */
	const struct db_options *options;
	char *database;
};

#define PORT "5432"

/* Where distributions put initdb and postgres. */
static const char *const places[] = {
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/lib/postgresql*/bin",
	"/usr/libexec/postgresql*",
	"/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
};

enum { PLACES = sizeof(places) / sizeof(*places) };

static int keep(struct server *, struct keeper *);
static int read_answer(struct server *);
_Noreturn static void keeper_main(struct keeper *, int);
static void detach(int);
static void answer(const struct keeper *, int);
static int make_server(struct keeper *);
static int find_programs(struct keeper *);
static char *search_path(void);
static char *search_newest(const char *);
static bool has_programs(const char *);
static int make_folder(struct keeper *);
static int run_initdb(struct keeper *);
static int run_postgres(struct keeper *);
static int await_ready(struct keeper *);
static bool is_ready(void);
static pid_t launch(const struct keeper *, char *[]);
static int log_says(struct keeper *, const char *);
static int create_scratch(struct keeper *);
static int clear_server(struct keeper *);
static int remove_tree(int, const char *);
static int make_database(struct keeper *);
static int clear_database(struct keeper *);
static int query_named(struct db *, const char *, const char *, const char *);
static int choose_url(struct server *, const char *);
static char *with_database(const char *, const char *);
static char *environment_url(const char *);
static char *make_url(const char *, const char *, const char *, const char *);
static void write_encoded(FILE *, const char *);
static void forget_libpq(void);
static void set_libpq(const char *);
__attribute__((format(printf, 3, 4))) static int say(
    char **, int, const char *, ...);

int
server_start(
    struct server *s, char *const settings[], size_t nsettings, long wait)
{
	struct keeper k = {
		.make = make_server,
		.clear = clear_server,
		.settings = settings,
		.nsettings = nsettings,
		.wait = wait,
		.log = -1,
	};
	int status;

	*s = (struct server){ 0 };
	if ((status = keep(s, &k)) != CLI_OK)
		return status;
	s->folder = s->error;
	s->error = NULL;
	s->database = mem_copy(SERVER_DATABASE);
	s->url = make_url(SERVER_USER, s->folder, NULL, s->database);
	return CLI_OK;
}

int
server_borrow(struct server *s, const struct db_options *options)
{
	struct db_options chosen = *options;
	struct keeper k = {
		.make = make_database,
		.clear = clear_database,
		.options = &chosen,
	};
	int status;

	*s = (struct server){ 0 };
	if ((status = choose_url(s, options->url)) != CLI_OK)
		return status;
	chosen.url = s->given;
	if ((status = keep(s, &k)) != CLI_OK)
		return status;
	s->database = s->error;
	s->error = NULL;
	s->url = s->given != NULL ? with_database(s->given, s->database)
				  : environment_url(s->database);
	return CLI_OK;
}

void
server_environment(const struct server *s)
{
	if (s->folder != NULL) {
		forget_libpq();
		setenv("PGHOST", s->folder, 1);
		setenv("PGPORT", PORT, 1);
		setenv("PGUSER", SERVER_USER, 1);
	} else if (s->given != NULL)
		set_libpq(s->given);
	setenv("PGDATABASE", s->database, 1);
	unsetenv("DIRECT_URL");
	if (s->url != NULL)
		setenv("DATABASE_URL", s->url, 1);
	else
		unsetenv("DATABASE_URL");
}

int
server_stop(struct server *s)
{
	int got, last = -1;

	if (s->line == NULL)
		return 0;
	/* Heard only by a keeper that has not made anything yet. */
	if (s->database == NULL)
		kill(s->keeper, SIGTERM);
	shutdown(fileno(s->line), SHUT_WR);
	while ((got = read_answer(s)) != -1)
		last = got;
	fclose(s->line);
	s->line = NULL;
	while (waitpid(s->keeper, NULL, 0) == -1 && errno == EINTR)
		continue;
	if (last == -1 && s->database != NULL)
		say(&s->error, -1, "%s remains: its keeper was killed",
		    s->folder != NULL ? s->folder : s->database);
	return last == CLI_OK || s->database == NULL ? 0 : -1;
}

void
server_free(struct server *s)
{
	free(s->folder);
	free(s->database);
	free(s->url);
	free(s->error);
	free(s->given);
	*s = (struct server){ 0 };
}

/* Fork the keeper and read its first answer into s->error. */
static int
keep(struct server *s, struct keeper *k)
{
	int line[2], status;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) == -1)
		return say(&s->error, CLI_SYSTEM, "%s", strerror(errno));
	if ((s->keeper = fork()) == 0)
		keeper_main(k, line[1]);
	close(line[1]);
	if (s->keeper == -1) {
		close(line[0]);
		return say(&s->error, CLI_SYSTEM, "%s", strerror(errno));
	}
	if ((s->line = fdopen(line[0], "r")) == NULL)
		return say(&s->error, CLI_SYSTEM, "%s", strerror(errno));
	if ((status = read_answer(s)) != -1)
		return status;
	return say(&s->error, CLI_SYSTEM, "%s",
	    errno == EINTR ? "interrupted" : "the keeper was killed");
}

/*
 * An answer is a status, a space, and text up to a NUL.  Returns the status,
 * the text in s->error; or -1 if none came.
 */
static int
read_answer(struct server *s)
{
	char *text = NULL, *rest;
	size_t size = 0;
	int status = -1;

	errno = 0;
	clearerr(s->line);
	if (getdelim(&text, &size, '\0', s->line) > 0) {
		status = (int)strtol(text, &rest, 10);
		say(&s->error, status, "%s", rest + 1);
	}
	free(text);
	return status;
}

_Noreturn static void
keeper_main(struct keeper *k, int line)
{
	ssize_t n;
	char c;
	int status;

	detach(line);
	status = k->make(k);
	answer(k, status);
	if (status == CLI_OK)
		while (
		    (n = read(LINE, &c, 1)) == 1 || (n == -1 && errno == EINTR))
			continue;
	status = k->clear(k);
	answer(k, status);
	_exit(status);
}

/*
 * Out of reach of the terminal's signals and of a killall by name; without
 * the descriptors of others, who may wait for their end.
 */
static void
detach(int line)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE };
	int null;
	size_t i;

	setsid();
	prctl(PR_SET_NAME, "mg-keeper");
	for (i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	/* While there is nothing to clear yet, we may just end. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGCHLD, SIG_DFL);
	umask(077);
	if (line != LINE) {
		dup2(line, LINE);
		close(line);
	}
	fcntl(LINE, F_SETFD, FD_CLOEXEC);
	close_range(LINE + 1, ~0U, 0);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (null > LINE)
		close(null);
}

static void
answer(const struct keeper *k, int status)
{
	const char *text = k->text == NULL ? "" : k->text;

	/* If nobody listens any more, nobody is told. */
	dprintf(LINE, "%d %s%c", status, text, '\0');
}

static int
make_server(struct keeper *k)
{
	int status;

	/* From here on there is something to clear. */
	signal(SIGTERM, SIG_IGN);
	forget_libpq();
	if (geteuid() == 0 && (k->user = getpwnam("postgres")) == NULL &&
	    (k->user = getpwnam("nobody")) == NULL)
		return say(&k->text, CLI_SYSTEM,
		    "root may not run a server, and there is neither a user "
		    "postgres nor nobody");
	if ((status = find_programs(k)) != CLI_OK ||
	    (status = make_folder(k)) != CLI_OK ||
	    (status = run_initdb(k)) != CLI_OK ||
	    (status = run_postgres(k)) != CLI_OK ||
	    (status = create_scratch(k)) != CLI_OK)
		return status;
	return say(&k->text, CLI_OK, "%s", k->folder);
}

static int
find_programs(struct keeper *k)
{
	const char *given = getenv("MG_PGBIN");
	char *looked;
	size_t i, len;
	FILE *out;

	if (given != NULL && *given != '\0') {
		k->programs = realpath(given, NULL);
		if (k->programs != NULL && has_programs(k->programs))
			return CLI_OK;
		return say(&k->text, CLI_INPUT,
		    "MG_PGBIN: no initdb and postgres in %s", given);
	}
	k->programs = search_path();
	for (i = 0; k->programs == NULL && i < PLACES; i++)
		k->programs = search_newest(places[i]);
	if (k->programs != NULL)
		return CLI_OK;
	out = mem_stream(&looked, &len);
	for (i = 0; i < PLACES; i++)
		fprintf(out, ", %s", places[i]);
	fclose(out);
	return say(&k->text, CLI_SYSTEM,
	    "no initdb and postgres in PATH%s; install the server (Debian: "
	    "apt install postgresql) or name their folder in MG_PGBIN",
	    looked);
}

static char *
search_path(void)
{
	const char *path = getenv("PATH");
	char *rest = mem_copy(path == NULL ? "" : path), *dir, *found = NULL;
	char *list = rest;

	while (found == NULL && (dir = strsep(&rest, ":")) != NULL)
		if (has_programs(*dir == '\0' ? "." : dir))
			found = realpath(*dir == '\0' ? "." : dir, NULL);
	free(list);
	return found;
}

/* The highest version among the folders of a pattern. */
static char *
search_newest(const char *pattern)
{
	const char *best = NULL;
	char *found = NULL;
	glob_t all;
	size_t i;

	if (glob(pattern, 0, NULL, &all) != 0)
		return NULL;
	for (i = 0; i < all.gl_pathc; i++)
		if (has_programs(all.gl_pathv[i]) &&
		    (best == NULL || strverscmp(all.gl_pathv[i], best) > 0))
			best = all.gl_pathv[i];
	if (best != NULL)
		found = mem_copy(best);
	globfree(&all);
	return found;
}

static bool
has_programs(const char *dir)
{
	char *initdb = mem_printf("%s/initdb", dir);
	char *postgres = mem_printf("%s/postgres", dir);
	bool has = access(initdb, X_OK) == 0 && access(postgres, X_OK) == 0;

	free(initdb);
	free(postgres);
	return has;
}

static int
make_folder(struct keeper *k)
{
	const char *given = getenv("TMPDIR");
	char *base, *folder;
	int fd;

	if (given == NULL || *given == '\0')
		given = "/tmp";
	if ((base = realpath(given, NULL)) == NULL)
		return say(&k->text, CLI_INPUT, "TMPDIR: %s: %s", given,
		    strerror(errno));
	folder = mem_printf(
	    "%s/mg-scratch.XXXXXX", strcmp(base, "/") == 0 ? "" : base);
	if (strlen(folder) + strlen("/.s.PGSQL." PORT) > SOCKET_PATH)
		return say(&k->text, CLI_INPUT,
		    "TMPDIR: %s: too long for the path of a socket, which has "
		    "at most %d bytes; set a shorter one",
		    given, SOCKET_PATH);
	if (strchr(folder, ',') != NULL)
		return say(&k->text, CLI_INPUT,
		    "TMPDIR: %s: a comma, which parts the hosts in PGHOST; set "
		    "another one",
		    given);
	free(base);
	if (mkdtemp(folder) == NULL)
		return say(
		    &k->text, CLI_SYSTEM, "%s: %s", given, strerror(errno));
	k->folder = folder;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 || fchdir(fd) == -1 ||
	    (k->user != NULL &&
		fchown(fd, k->user->pw_uid, k->user->pw_gid) == -1))
		return say(
		    &k->text, CLI_SYSTEM, "%s: %s", folder, strerror(errno));
	close(fd);
	return CLI_OK;
}

static int
run_initdb(struct keeper *k)
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
	if ((k->log = memfd_create("log", MFD_CLOEXEC)) == -1)
		return say(&k->text, CLI_SYSTEM, "%s", strerror(errno));
	if ((pid = launch(k, args)) == -1)
		return say(&k->text, CLI_SYSTEM, "initdb: %s", strerror(errno));
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (status != 0)
		return log_says(k, "initdb failed");
	close(k->log);
	return CLI_OK;
}

static int
run_postgres(struct keeper *k)
{
	/* Relative to its own folder, data. */
	static char *const ours[] = { "listen_addresses=",
		"unix_socket_directories=..", "unix_socket_permissions=0700",
		"port=5432", "fsync=off", "synchronous_commit=off",
		"full_page_writes=off" };
	enum { OURS = sizeof(ours) / sizeof(*ours) };
	char **args;
	size_t i, n = 0;

	k->log =
	    open("log", O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (k->log == -1)
		return say(&k->text, CLI_SYSTEM, "%s/log: %s", k->folder,
		    strerror(errno));
	args = mem_alloc((4 + 2 * (OURS + k->nsettings)) * sizeof(*args));
	args[n++] = "postgres";
	args[n++] = "-D";
	args[n++] = "data";
	for (i = 0; i < OURS + k->nsettings; i++) {
		args[n++] = "-c";
		args[n++] = i < OURS ? ours[i] : k->settings[i - OURS];
	}
	k->postgres = launch(k, args);
	free(args);
	if (k->postgres == -1)
		return say(
		    &k->text, CLI_SYSTEM, "postgres: %s", strerror(errno));
	return await_ready(k);
}

static int
await_ready(struct keeper *k)
{
	struct pollfd line = { .fd = LINE, .events = POLLIN };
	long end = clock_ms() + k->wait;

	while (!is_ready()) {
		if (waitpid(k->postgres, NULL, WNOHANG) == k->postgres) {
			k->postgres = 0;
			return log_says(k, "the server did not start");
		}
		if (clock_ms() >= end)
			return log_says(k, "the server is not ready in time");
		if (poll(&line, 1, LOOK_AGAIN) == 1)
			return say(&k->text, CLI_SYSTEM, "interrupted");
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

/* Start a server program, its standard error in the log. */
static pid_t
launch(const struct keeper *k, char *args[])
{
	static const int ours[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM };
	char *program = mem_printf("%s/%s", k->programs, args[0]);
	pid_t pid = fork();
	size_t i;

	if (pid != 0) {
		free(program);
		return pid;
	}
	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		signal(ours[i], SIG_DFL);
	dup2(k->log, STDERR_FILENO);
	if (k->user != NULL &&
	    (setgroups(0, NULL) == -1 || setgid(k->user->pw_gid) == -1 ||
		setuid(k->user->pw_uid) == -1)) {
		dprintf(STDERR_FILENO, "cannot become %s: %s\n",
		    k->user->pw_name, strerror(errno));
		_exit(CLI_SYSTEM);
	}
	/* After setuid, which would undo it: end with the keeper. */
	prctl(PR_SET_PDEATHSIG, SIGQUIT);
	/* By its path, as it may not be in PATH, a program finds its own. */
	args[0] = program;
	execv(program, args);
	dprintf(STDERR_FILENO, "%s: %s\n", program, strerror(errno));
	_exit(CLI_SYSTEM);
}

/* What went wrong, and behind it the end of the log. */
static int
log_says(struct keeper *k, const char *what)
{
	char tail[LOG_TAIL + 1];
	off_t size = lseek(k->log, 0, SEEK_END);
	ssize_t n;

	n = pread(
	    k->log, tail, LOG_TAIL, size > LOG_TAIL ? size - LOG_TAIL : 0);
	while (n > 0 && tail[n - 1] == '\n')
		n--;
	if (n <= 0)
		return say(
		    &k->text, CLI_SYSTEM, "%s, and did not say why", what);
	tail[n] = '\0';
	return say(&k->text, CLI_SYSTEM, "%s:\n%s", what, tail);
}

static int
create_scratch(struct keeper *k)
{
	struct db_options options = { .program = "mg-scratch" };
	struct db db = { 0 };
	int status;

	options.url = make_url(SERVER_USER, k->folder, NULL, "postgres");
	if ((status = db_open(&db, &options)) == CLI_OK &&
	    db_query(&db, "CREATE DATABASE " SERVER_DATABASE, 0, NULL) == -1)
		status = CLI_SYSTEM;
	if (status != CLI_OK)
		say(&k->text, status, "%s", db.error.message);
	db_close(&db);
	free(options.url);
	return status;
}

static int
clear_server(struct keeper *k)
{
	if (k->postgres > 0) {
		/* At once: nothing in it will be wanted again. */
		kill(k->postgres, SIGQUIT);
		while (waitpid(k->postgres, NULL, 0) == -1 && errno == EINTR)
			continue;
	}
	if (k->folder == NULL || remove_tree(AT_FDCWD, k->folder) == 0)
		return CLI_OK;
	return say(&k->text, CLI_SYSTEM, "%s: not removed: %s", k->folder,
	    strerror(errno));
}

/* By descriptors, so that nobody can lead root elsewhere half way. */
static int
remove_tree(int at, const char *name)
{
	int fd =
	    openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd == -1 || (dir = fdopendir(fd)) == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    unlinkat(fd, entry->d_name, 0) == -1 && errno == EISDIR)
			(void)remove_tree(fd, entry->d_name);
	closedir(dir);
	/* What could not be removed makes this fail. */
	return unlinkat(at, name, AT_REMOVEDIR);
}

static int
make_database(struct keeper *k)
{
	struct db db = { 0 };
	unsigned long random;
	int status;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return say(&k->text, CLI_SYSTEM, "%s", strerror(errno));
	if ((status = db_open(&db, k->options)) == CLI_OK) {
		/* From here on there may be something to clear. */
		signal(SIGTERM, SIG_IGN);
		k->database = mem_printf("mg_scratch_%016lx", random);
		if (query_named(&db, "CREATE DATABASE ", k->database,
			" TEMPLATE template0 ENCODING 'UTF8'") == -1)
			status = strcmp(db.error.sqlstate, "42501") == 0
			    ? CLI_INPUT
			    : CLI_SYSTEM;
	}
	say(&k->text, status, "%s",
	    status == CLI_OK ? k->database : db.error.message);
	db_close(&db);
	return status;
}

/* Anew: in all that time a connection might have been lost. */
static int
clear_database(struct keeper *k)
{
	struct db_options options = *k->options;
	struct db db = { 0 };
	int status;

	if (k->database == NULL)
		return CLI_OK;
	options.notice = NULL;
	if ((status = db_open(&db, &options)) == CLI_OK &&
	    query_named(&db, "DROP DATABASE IF EXISTS ", k->database,
		" WITH (FORCE)") == -1)
		status = CLI_SYSTEM;
	if (status != CLI_OK)
		say(&k->text, status, "database %s: not dropped: %s",
		    k->database, db.error.message);
	db_close(&db);
	return status;
}

static int
query_named(
    struct db *db, const char *before, const char *name, const char *after)
{
	char *quoted = db_quote_name(db, name);
	char *sql = mem_printf("%s%s%s", before, quoted, after);
	int result = db_query(db, sql, 0, NULL);

	free(quoted);
	free(sql);
	return result;
}

/* As db_open does, but for what would lead past the new database. */
static int
choose_url(struct server *s, const char *url)
{
	static const char *const names[] = { "DIRECT_URL", "DATABASE_URL" };
	size_t i;

	for (i = 0; i < 2 && (url == NULL || *url == '\0'); i++)
		url = getenv(names[i]);
	if (url == NULL || *url == '\0') {
		if (getenv("PGSERVICE") == NULL)
			return CLI_OK;
		return say(&s->error, CLI_INPUT,
		    "PGSERVICE: its database would win over the new one; give "
		    "the server's URL");
	}
	if (strncmp(url, "prisma", strlen("prisma")) == 0)
		return say(&s->error, CLI_INPUT,
		    "database URL: a postgresql:// URL is needed here");
	s->given = mem_copy(url);
	unsetenv("PGSERVICE");
	unsetenv("PGHOSTADDR");
	return CLI_OK;
}

/* The URL with another database in it. */
static char *
with_database(const char *url, const char *database)
{
	const char *authority = strstr(url, "://") + strlen("://");
	const char *path = authority + strcspn(authority, "/?#");
	const char *rest = path + strcspn(path, "?#");

	return mem_printf("%.*s/%s%s", (int)(path - url), url, database, rest);
}

/* What libpq's variables say as a URL, or NULL where that cannot be said. */
static char *
environment_url(const char *database)
{
	const char *host = getenv("PGHOST"), *port = getenv("PGPORT");

	if (host == NULL || *host == '\0' || strchr(host, ',') != NULL ||
	    getenv("PGHOSTADDR") != NULL || getenv("PGSSLMODE") != NULL)
		return NULL;
	return make_url(getenv("PGUSER"), host, port, database);
}

/* In a form that libpq, Prisma and node-postgres all read. */
static char *
make_url(
    const char *user, const char *host, const char *port, const char *database)
{
	char *url;
	size_t len;
	FILE *out = mem_stream(&url, &len);

	fputs("postgresql://", out);
	if (user != NULL) {
		write_encoded(out, user);
		fputc('@', out);
	}
	fprintf(
	    out, "localhost:%s/%s?host=", port == NULL ? PORT : port, database);
	write_encoded(out, host);
	fclose(out);
	return url;
}

static void
write_encoded(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text) ||
		    strchr("/-._", *text) != NULL)
			fputc(*text, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*text);
}

/* Nothing that is meant for another server may reach the private one. */
static void
forget_libpq(void)
{
	char **entry = environ, *name;

	while (*entry != NULL) {
		if (strncmp(*entry, "PG", 2) != 0 ||
		    strchr(*entry, '=') == NULL) {
			entry++;
			continue;
		}
		name = mem_copy_bytes(*entry, strcspn(*entry, "="));
		unsetenv(name);
		free(name);
	}
}

/* What the URL says, for psql(1) and others that read no such URL. */
static void
set_libpq(const char *text)
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
	struct url url;
	size_t i, j;

	/* It was read before: it cannot be wrong. */
	if (url_read(&url, text) == 0)
		for (i = 0; i < url.nsettings; i++)
			for (j = 0; j < sizeof(names) / sizeof(*names); j++)
				if (strcmp(url.keywords[i], names[j][0]) == 0)
					setenv(names[j][1], url.values[i], 1);
	url_free(&url);
}

/* Set the text; comes back with the status. */
static int
say(char **text, int status, const char *format, ...)
{
	va_list args;
	char *said;

	va_start(args, format);
	if (vasprintf(&said, format, args) == -1)
		said = NULL;
	va_end(args);
	free(*text);
	*text = said;
	return status;
}
