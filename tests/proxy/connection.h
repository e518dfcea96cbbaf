/*
 * connection - a client and a server that talk by way of us
 *
 * What one says is held for the delay, then passed on.  A part of proxy.c,
 * which is the only file to include it.
 *
 *	c = connection_join(client, "/tmp/.s.PGSQL.5432");
 *	due = connection_watch(c, events);
 *	ppoll(events, 2, ...);
 *	if (!connection_carry(c, &terms, events))
 *		connection_end(c, &terms, stats);
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "traffic.h"

enum { CONNECTION_CHUNK = 65536, CONNECTION_SECOND = 1000000000 };

/* What all connections are subject to. */
struct terms {
	int64_t delay; /* of each way, nanoseconds */
	long cut;      /* bytes until one is reset; -1: none will be */
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

/* NULL if there is no server; the client then sees the end. */
static struct connection *connection_join(int client, const char *server);

/* What to wait for on two sockets, and until when: INT64_MAX is for ever. */
static int64_t connection_watch(const struct connection *, struct pollfd[]);

/* Returns whether the connection goes on. */
static bool connection_carry(
    struct connection *, struct terms *, const struct pollfd[]);

/* Close it, by a reset if it is cut, and write its line to stats, if any. */
static void connection_end(struct connection *, struct terms *, FILE *stats);

static int64_t connection_now(void);

static short connection_wants(const struct way *, const struct way *);
static void connection_take(
    struct connection *, struct way *, const struct terms *);
static void connection_pass_on(
    struct connection *, struct way *, struct terms *);
static size_t connection_allowed(size_t, const struct terms *);
static void connection_drop(struct way *);

static struct connection *
connection_join(int client, const char *server)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct connection *c;
	const int yes = 1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, server, sizeof(address.sun_path) - 1);
	if (fd == -1 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) == -1) {
		warn("%s", server);
		close(fd);
		close(client);
		return NULL;
	}
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	c = mem_alloc(sizeof(*c));
	c->up.from = c->down.to = client;
	c->up.to = c->down.from = fd;
	c->up.last = &c->up.first;
	c->down.last = &c->down.first;
	return c;
}

static int64_t
connection_watch(const struct connection *c, struct pollfd events[])
{
	const struct way *ways[] = { &c->up, &c->down };
	int64_t due = INT64_MAX;
	int i;

	for (i = 0; i < 2; i++) {
		const struct way *leaves = ways[i], *reaches = ways[!i];
		short wanted = connection_wants(leaves, reaches);

		/* Else poll would go on telling of one that has hung up. */
		events[i].fd = wanted == 0 ? -1 : leaves->from;
		events[i].events = wanted;
		events[i].revents = 0;
		if (leaves->first != NULL && !leaves->full &&
		    leaves->first->due < due)
			due = leaves->first->due;
	}
	return due;
}

/* Of the socket that one way leaves and the other reaches. */
static short
connection_wants(const struct way *leaves, const struct way *reaches)
{
	short events = 0;

	if (!leaves->read && !leaves->full)
		events |= POLLIN;
	if (reaches->full)
		events |= POLLOUT;
	return events;
}

static bool
connection_carry(
    struct connection *c, struct terms *terms, const struct pollfd events[])
{
	const short news = POLLIN | POLLHUP | POLLERR;

	if (events[0].revents & news)
		connection_take(c, &c->up, terms);
	if (events[1].revents & news)
		connection_take(c, &c->down, terms);
	connection_pass_on(c, &c->up, terms);
	connection_pass_on(c, &c->down, terms);
	return !c->cut && !(c->up.ended && c->down.ended);
}

static void
connection_take(struct connection *c, struct way *w, const struct terms *terms)
{
	static char bytes[CONNECTION_CHUNK];
	struct chunk *chunk;
	ssize_t got;
	size_t len;

	if (w->read || w->full)
		return;
	got = recv(w->from, bytes, sizeof(bytes), 0);
	if (got == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	w->read = got <= 0;
	len = w->read ? 0 : (size_t)got;
	if (w == &c->up)
		traffic_sent(&c->traffic, bytes, len);
	else
		traffic_received(&c->traffic, bytes, len);
	chunk = mem_alloc(sizeof(*chunk) + len);
	chunk->due = connection_now() + terms->delay;
	chunk->len = len;
	memcpy(chunk->bytes, bytes, len);
	*w->last = chunk;
	w->last = &chunk->next;
}

static void
connection_pass_on(struct connection *c, struct way *w, struct terms *terms)
{
	struct chunk *first;
	ssize_t put;

	w->full = false;
	while ((first = w->first) != NULL && first->due <= connection_now()) {
		put = (ssize_t)first->len;
		if (first->len == 0) {
			shutdown(w->to, SHUT_WR);
			w->ended = true;
		} else if (terms->cut == 0 && !w->broken) {
			c->cut = true;
			return;
		} else if (!w->broken) {
			put = send(w->to, first->bytes + first->done,
			    connection_allowed(first->len - first->done, terms),
			    0);
			w->full = put == -1 && errno == EAGAIN;
			w->broken = put == -1 && !w->full;
		}
		if (w->full)
			return;
		if (terms->cut != -1 && put > 0)
			terms->cut -= put;
		first->done += w->broken ? first->len : (size_t)put;
		if (first->done >= first->len)
			connection_drop(w);
	}
}

static size_t
connection_allowed(size_t len, const struct terms *terms)
{
	if (terms->cut != -1 && (size_t)terms->cut < len)
		return (size_t)terms->cut;
	return len;
}

static void
connection_drop(struct way *w)
{
	struct chunk *first = w->first;

	w->first = first->next;
	if (w->first == NULL)
		w->last = &w->first;
	free(first);
}

static void
connection_end(struct connection *c, struct terms *terms, FILE *stats)
{
	const struct linger at_once = { .l_onoff = 1 };

	if (c->cut) {
		setsockopt(c->up.from, SOL_SOCKET, SO_LINGER, &at_once,
		    sizeof(at_once));
		terms->cut = -1;
	}
	if (stats != NULL)
		traffic_write(&c->traffic, c->cut, stats);
	close(c->up.from);
	close(c->down.from);
	while (c->up.first != NULL)
		connection_drop(&c->up);
	while (c->down.first != NULL)
		connection_drop(&c->down);
	free(c);
}

static int64_t
connection_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * CONNECTION_SECOND + time.tv_nsec;
}
