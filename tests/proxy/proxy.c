/*
 * proxy - stand between clients and a PostgreSQL server: delay, cut, count
 *
 *	proxy [options] SERVER SOCKET
 *
 * Listens on SOCKET, and on 127.0.0.1 with --port, and joins each client with
 * the socket SERVER, until SIGTERM or SIGINT.  What comes is held for the
 * delay, then passed on; so any amount may be on its way.  A receiver that
 * does not read holds up its sender only, as it would without us.  The cut
 * comes once, when so many bytes have passed, of all connections and both
 * ways; whoever is about to pass on more is reset.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "connection.h"
#include "mem.h"

enum { DELAY = CLI_OWN, CUT, PORT, STATS, LISTENERS = 2 };
enum { MILLISECOND = 1000000, SECOND = 1000000000 };

static const struct cli cli = {
	.name = "proxy",
	.synopsis = "[--delay MS] [--cut BYTES] [--port PORT] [--stats FILE] "
		    "SERVER SOCKET",
	.summary = "Pass on what clients and a PostgreSQL server say.",
	.options =
	    (const struct cli_option[]){
		{ DELAY, "delay", "MS", "hold what comes, half a round trip" },
		{ CUT, "cut", "BYTES", "reset who is about to pass on more" },
		{ PORT, "port", "PORT", "TCP too; 0: any, told on stdout" },
		{ STATS, "stats", "FILE", "add a line for each connection" },
		{ 0 },
	    },
};

static volatile sig_atomic_t stopped;

static long number(const char *);
static void catch_signals(void);
static void stop(int);
static int listen_at(const char *);
static int listen_on(long);
static void serve(const int[], const char *, struct terms *, FILE *);
static void wait_for_events(
    struct pollfd *, const int[], struct connection *const *, size_t);
static int take_client(const struct pollfd *);

int
main(int argc, char *argv[])
{
	int option, listeners[LISTENERS] = { -1, -1 };
	struct terms terms = { .cut = -1 };
	FILE *stats = NULL;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case DELAY:
			terms.delay = (int64_t)number(optarg) * MILLISECOND;
			break;
		case CUT:
			terms.cut = number(optarg);
			break;
		case PORT:
			listeners[1] = listen_on(number(optarg));
			break;
		case STATS:
			if ((stats = fopen(optarg, "ae")) == NULL)
				err(CLI_SYSTEM, "%s", optarg);
			break;
		}
	if (argc - optind != 2)
		cli_usage(&cli, "which sockets?");

	catch_signals();
	listeners[0] = listen_at(argv[optind + 1]);
	serve(listeners, argv[optind], &terms, stats);
	unlink(argv[optind + 1]);
	if (stats != NULL && fclose(stats) == EOF)
		err(CLI_SYSTEM, "the stats");
	return cli_finish(CLI_OK);
}

static long
number(const char *text)
{
	char *rest;
	long n = strtol(text, &rest, 10);

	if (rest == text || *rest != '\0' || n < 0)
		cli_usage(&cli, "not a number: %s", text);
	return n;
}

static void
catch_signals(void)
{
	const struct sigaction on_stop = { .sa_handler = stop };
	sigset_t blocked;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, NULL); /* but in ppoll */
	sigaction(SIGTERM, &on_stop, NULL);
	sigaction(SIGINT, &on_stop, NULL);
}

static void
stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

/* The socket appears under its name when it can be connected to. */
static int
listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char *early = mem_printf("%s.new", path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(early) >= sizeof(address.sun_path))
		errx(CLI_INPUT, "%s: too long for a socket", path);
	strncpy(address.sun_path, early, sizeof(address.sun_path) - 1);
	if (fd == -1 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1 ||
	    listen(fd, SOMAXCONN) == -1 || rename(early, path) == -1)
		err(CLI_SYSTEM, "%s", path);
	free(early);
	return fd;
}

static int
listen_on(long port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (fd == -1 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1 ||
	    listen(fd, SOMAXCONN) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) == -1)
		err(CLI_SYSTEM, "port %ld", port);
	if (port == 0) {
		printf("%d\n", ntohs(address.sin_port));
		fflush(stdout);
	}
	return fd;
}

static void
serve(
    const int listeners[], const char *server, struct terms *terms, FILE *stats)
{
	struct connection **all = NULL;
	struct pollfd *events = NULL;
	size_t i, kept, count = 0;
	int client;

	while (!stopped) {
		events =
		    mem_resize(events, LISTENERS + 2 * count, sizeof(*events));
		wait_for_events(events, listeners, all, count);
		for (i = kept = 0; i < count; i++)
			if (connection_carry(
				all[i], terms, &events[LISTENERS + 2 * i]))
				all[kept++] = all[i];
			else
				connection_end(all[i], terms, stats);
		count = kept;
		for (i = 0; i < LISTENERS; i++) {
			if ((client = take_client(&events[i])) == -1)
				continue;
			all = mem_resize(all, count + 1, sizeof(*all));
			all[count] = connection_join(client, server);
			count += all[count] != NULL;
		}
	}
	for (i = 0; i < count; i++)
		connection_end(all[i], terms, stats);
	free(events);
	free(all);
}

static void
wait_for_events(struct pollfd *events, const int listeners[],
    struct connection *const *all, size_t count)
{
	int64_t due = INT64_MAX, now = connection_now();
	struct timespec rest = { 0 };
	sigset_t none;
	size_t i;

	for (i = 0; i < LISTENERS; i++)
		events[i] = (struct pollfd){ listeners[i], POLLIN, 0 };
	for (i = 0; i < count; i++) {
		int64_t first =
		    connection_watch(all[i], &events[LISTENERS + 2 * i]);

		due = first < due ? first : due;
	}
	if (due > now) {
		rest.tv_sec = (due - now) / SECOND;
		rest.tv_nsec = (due - now) % SECOND;
	}
	sigemptyset(&none);
	if (ppoll(events, LISTENERS + 2 * count,
		due == INT64_MAX ? NULL : &rest, &none) != -1)
		return;
	if (errno != EINTR)
		err(CLI_SYSTEM, "ppoll");
	for (i = 0; i < LISTENERS + 2 * count; i++)
		events[i].revents = 0;
}

static int
take_client(const struct pollfd *event)
{
	if ((event->revents & POLLIN) == 0)
		return -1;
	return accept4(event->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
