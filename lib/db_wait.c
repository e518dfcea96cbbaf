#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>

#include "clock.h"
#include "db_private.h"
#include "mem.h"

static size_t first_ready(struct db *const[], size_t);
static bool is_ready(const struct db *);
static void listen_to(struct pollfd *, const struct db *);
static size_t take(struct db *const[], const struct pollfd *, size_t);

size_t
db_wait(struct db *const list[], size_t count, long ms)
{
	struct pollfd *polls = mem_resize(NULL, count, sizeof(*polls));
	long end = clock_ms() + ms;
	size_t i, ready = first_ready(list, count);

	while (ready == count && clock_ms() < end) {
		for (i = 0; i < count; i++)
			listen_to(&polls[i], list[i]);
		if (db_poll(polls, count, end - clock_ms() + 1) == -1)
			break;
		ready = take(list, polls, count);
	}
	free(polls);
	return ready;
}

static size_t
first_ready(struct db *const list[], size_t count)
{
	size_t i = 0;

	while (i < count && (list[i] == NULL || !is_ready(list[i])))
		i++;
	return i;
}

static bool
is_ready(const struct db *db)
{
	return PQstatus(db->conn) == CONNECTION_BAD || !PQisBusy(db->conn);
}

/* ppoll passes over what is negative. */
static void
listen_to(struct pollfd *p, const struct db *db)
{
	*p = (struct pollfd){ .fd = -1 };
	if (db == NULL)
		return;
	p->fd = PQsocket(db->conn);
	p->events = POLLIN;
	if (PQflush(db->conn) == 1)
		p->events |= POLLOUT;
}

/* What has come; one from which nothing can come counts as ready. */
static size_t
take(struct db *const list[], const struct pollfd *polls, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (list[i] != NULL && (polls[i].revents & ~POLLOUT) != 0 &&
		    PQconsumeInput(list[i]->conn) == 0)
			return i;
	return first_ready(list, count);
}
