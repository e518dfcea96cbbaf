/*
 * proxy - stand between clients and a PostgreSQL server: delay, cut, count
 *
 *	proxy [options] SERVER SOCKET
 *
 * Listens on SOCKET, and on 127.0.0.1 with --port, and joins each client with
 * the socket SERVER, until SIGTERM or SIGINT.  What comes is held for the
 * delay, then passed on; so any amount may be on its way.  A receiver that
 * does not read holds up its sender only, as it would without us.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "traffic.h"

enum { DELAY = CLI_OWN, CUT, PORT, STATS, LISTENERS = 2, CHUNK = 65536 };
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

/* What was read, until it may be passed on.  No bytes: the end. */
struct chunk {
	struct chunk *next;
	int64_t due;
	size_t len, done;
	char bytes[];
};

/* From one socket to the other. */
struct way {
	int from, to;
	struct chunk *first, **last;
	bool read;   /* to its end */
	bool full;   /* the receiver took no more */
	bool broken; /* there is no receiver */
	bool ended;  /* nothing will be passed on any more */
};

struct connection {
	struct way up, down; /* to the server; to the client */
	struct traffic traffic;
	bool cut;
};

static int64_t delay;
static long cut = -1; /* bytes left until then */
static FILE *stats;
static volatile sig_atomic_t stopped;

static long number(const char *);
static void stop(int);
static int listen_at(const char *);
static int listen_on(long);
static void serve(const int[], const char *);
static void wait_for_events(
    struct pollfd *, const int[], struct connection *const *, size_t);
static short wanted(const struct way *, const struct way *);
static struct connection *join(int, const char *);
static bool carry(struct connection *, const struct pollfd *);
static void take(struct connection *, struct way *);
static void pass_on(struct connection *, struct way *);
static size_t allowed(size_t);
static void end(struct connection *);
static void drop(struct way *);
static int64_t now(void);

int
main(int argc, char *argv[])
{
	int option, listeners[LISTENERS] = { -1, -1 };
	struct sigaction on_stop = { .sa_handler = stop };
	sigset_t blocked;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case DELAY:
			delay = (int64_t)number(optarg) * MILLISECOND;
			break;
		case CUT:
			cut = number(optarg);
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

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, NULL); /* but in ppoll */
	sigaction(SIGTERM, &on_stop, NULL);
	sigaction(SIGINT, &on_stop, NULL);
	listeners[0] = listen_at(argv[optind + 1]);
	serve(listeners, argv[optind]);
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
serve(const int listeners[], const char *server)
{
	struct connection **all = NULL;
	struct pollfd *events = NULL;
	size_t i, kept, count = 0;
	int fd;

	while (!stopped) {
		events =
		    mem_resize(events, LISTENERS + 2 * count, sizeof(*events));
		wait_for_events(events, listeners, all, count);
		for (i = kept = 0; i < count; i++)
			if (carry(all[i], &events[LISTENERS + 2 * i]))
				all[kept++] = all[i];
			else
				end(all[i]);
		count = kept;
		for (i = 0; i < LISTENERS; i++) {
			if ((events[i].revents & POLLIN) == 0 ||
			    (fd = accept4(listeners[i], NULL, NULL,
				 SOCK_NONBLOCK | SOCK_CLOEXEC)) == -1)
				continue;
			all = mem_resize(all, count + 1, sizeof(*all));
			if ((all[count] = join(fd, server)) != NULL)
				count++;
		}
	}
	for (i = 0; i < count; i++)
		end(all[i]);
	free(events);
	free(all);
}

static void
wait_for_events(struct pollfd *events, const int listeners[],
    struct connection *const *all, size_t count)
{
	int64_t due = INT64_MAX, rest;
	struct timespec time;
	sigset_t none;
	size_t i;

	for (i = 0; i < LISTENERS; i++)
		events[i] = (struct pollfd){ listeners[i], POLLIN, 0 };
	for (i = 0; i < count; i++) {
		const struct way *up = &all[i]->up, *down = &all[i]->down;
		struct pollfd *pair = &events[LISTENERS + 2 * i];

		pair[0] = (struct pollfd){ up->from, wanted(up, down), 0 };
		pair[1] = (struct pollfd){ down->from, wanted(down, up), 0 };
		/* Else poll would go on telling of one that has hung up. */
		if (pair[0].events == 0)
			pair[0].fd = -1;
		if (pair[1].events == 0)
			pair[1].fd = -1;
		if (up->first != NULL && !up->full && up->first->due < due)
			due = up->first->due;
		if (down->first != NULL && !down->full &&
		    down->first->due < due)
			due = down->first->due;
	}
	rest = due == INT64_MAX || due < now() ? 0 : due - now();
	time.tv_sec = rest / SECOND;
	time.tv_nsec = rest % SECOND;
	sigemptyset(&none);
	if (ppoll(events, LISTENERS + 2 * count,
		due == INT64_MAX ? NULL : &time, &none) == -1) {
		if (errno != EINTR)
			err(CLI_SYSTEM, "ppoll");
		for (i = 0; i < LISTENERS + 2 * count; i++)
			events[i].revents = 0;
	}
}

/* What the socket is watched for that one way leaves and the other reaches. */
static short
wanted(const struct way *leaves, const struct way *reaches)
{
	short events = 0;

	if (!leaves->read && !leaves->full)
		events |= POLLIN;
	if (reaches->full)
		events |= POLLOUT;
	return events;
}

/* NULL if there is no server; the client then sees the end. */
static struct connection *
join(int client, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct connection *c;
	const int yes = 1;
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (server == -1 ||
	    connect(server, (struct sockaddr *)&address, sizeof(address)) ==
		-1 ||
	    fcntl(server, F_SETFL, O_NONBLOCK) == -1) {
		warn("%s", path);
		close(server);
		close(client);
		return NULL;
	}
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	c = mem_alloc(sizeof(*c));
	c->up.from = c->down.to = client;
	c->up.to = c->down.from = server;
	c->up.last = &c->up.first;
	c->down.last = &c->down.first;
	return c;
}

/* Returns whether the connection goes on. */
static bool
carry(struct connection *c, const struct pollfd *events)
{
	if (events[0].revents & (POLLIN | POLLHUP | POLLERR))
		take(c, &c->up);
	if (events[1].revents & (POLLIN | POLLHUP | POLLERR))
		take(c, &c->down);
	pass_on(c, &c->up);
	pass_on(c, &c->down);
	return !c->cut && !(c->up.ended && c->down.ended);
}

static void
take(struct connection *c, struct way *w)
{
	static char bytes[CHUNK];
	struct chunk *new;
	ssize_t got;

	if (w->read || w->full)
		return;
	got = recv(w->from, bytes, sizeof(bytes), 0);
	if (got == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		w->read = true;
		got = 0;
	}
	if (w == &c->up)
		traffic_sent(&c->traffic, bytes, (size_t)got);
	else
		traffic_received(&c->traffic, bytes, (size_t)got);
	new = mem_alloc(sizeof(*new) + (size_t)got);
	new->due = now() + delay;
	new->len = (size_t)got;
	memcpy(new->bytes, bytes, (size_t)got);
	*w->last = new;
	w->last = &new->next;
}

static void
pass_on(struct connection *c, struct way *w)
{
	struct chunk *first;
	ssize_t put;

	w->full = false;
	while ((first = w->first) != NULL && first->due <= now()) {
		put = (ssize_t)first->len;
		if (first->len == 0) {
			shutdown(w->to, SHUT_WR);
			w->ended = true;
		} else if (cut == 0 && !w->broken) {
			c->cut = true;
			return;
		} else if (!w->broken) {
			put = send(w->to, first->bytes + first->done,
			    allowed(first->len - first->done), 0);
			w->full = put == -1 && errno == EAGAIN;
			w->broken = put == -1 && !w->full;
		}
		if (w->full)
			return;
		if (cut != -1 && put > 0)
			cut -= put;
		first->done += w->broken ? first->len : (size_t)put;
		if (first->done >= first->len)
			drop(w);
	}
}

static size_t
allowed(size_t len)
{
	return cut != -1 && (size_t)cut < len ? (size_t)cut : len;
}

static void
drop(struct way *w)
{
	struct chunk *first = w->first;

	w->first = first->next;
	if (w->first == NULL)
		w->last = &w->first;
	free(first);
}

static void
end(struct connection *c)
{
	const struct linger at_once = { .l_onoff = 1 };

	if (c->cut) {
		setsockopt(c->up.from, SOL_SOCKET, SO_LINGER, &at_once,
		    sizeof(at_once));
		cut = -1;
	}
	if (stats != NULL)
		traffic_write(&c->traffic, c->cut, stats);
	close(c->up.from);
	close(c->down.from);
	while (c->up.first != NULL)
		drop(&c->up);
	while (c->down.first != NULL)
		drop(&c->down);
	free(c);
}

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}
