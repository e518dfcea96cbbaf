/*
 * traffic - count what a client and a PostgreSQL server say to each other
 *
 * Understands the headers of messages only.  A part of proxy.c, which is the
 * only file to include it.
 *
 * A statement is a Query or an Execute.  A round trip is a change of direction
 * once the server has said for the first time that it is ready: the client,
 * having sent something, heard something.  Terminate asks for nothing.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* One side's messages: type (but not of the first ones), length, body. */
struct messages {
	unsigned char header[9];
	size_t have, left; /* of the header; of the body */
	bool typed;
};

struct traffic {
	size_t sent, received; /* bytes, from the client's point of view */
	size_t statements, round_trips;
	bool ready, asked;
	struct messages client, server;
	size_t letters; /* that answer a request for encryption: no messages */
};

static void traffic_sent(struct traffic *, const char *, size_t);
static void traffic_received(struct traffic *, const char *, size_t);
static void traffic_write(const struct traffic *, bool, FILE *);
static void traffic_begin(struct traffic *);
static int traffic_next(struct messages *, const char **, const char *);

enum { TRAFFIC_NONE = -1, TRAFFIC_UNTYPED = 0 };
enum { TRAFFIC_SSL = 80877103, TRAFFIC_GSS = 80877104, TRAFFIC_V3 = 196608 };

static void
traffic_sent(struct traffic *t, const char *bytes, size_t len)
{
	const char *end = bytes + len;
	int type;

	t->sent += len;
	while ((type = traffic_next(&t->client, &bytes, end)) != TRAFFIC_NONE) {
		if (type == TRAFFIC_UNTYPED)
			traffic_begin(t);
		if (type == 'Q' || type == 'E')
			t->statements++;
		if (t->ready && type != 'X')
			t->asked = true;
	}
}

static void
traffic_begin(struct traffic *t)
{
	uint32_t code;

	memcpy(&code, t->client.header + 4, 4);
	code = ntohl(code);
	if (code == TRAFFIC_SSL || code == TRAFFIC_GSS)
		t->letters++;
	if (code >> 16 == TRAFFIC_V3 >> 16)
		t->client.typed = true;
}

static void
traffic_received(struct traffic *t, const char *bytes, size_t len)
{
	const char *end = bytes + len;
	int type;

	t->received += len;
	if (t->ready && t->asked && len > 0) {
		t->asked = false;
		t->round_trips++;
	}
	for (; t->letters > 0 && bytes < end; t->letters--)
		bytes++;
	t->server.typed = true;
	while ((type = traffic_next(&t->server, &bytes, end)) != TRAFFIC_NONE)
		if (type == 'Z')
			t->ready = true;
}

/* The type of the next message whose header is whole. */
static int
traffic_next(struct messages *m, const char **bytes, const char *end)
{
	const size_t want = m->typed ? 5 : 8;
	size_t skip = (size_t)(end - *bytes);
	uint32_t len;

	if (skip > m->left)
		skip = m->left;
	*bytes += skip;
	m->left -= skip;
	while (m->have < want && *bytes < end)
		m->header[m->have++] = (unsigned char)*(*bytes)++;
	if (m->have < want)
		return TRAFFIC_NONE;
	m->have = 0;
	memcpy(&len, m->header + m->typed, 4);
	m->left = ntohl(len) - (m->typed ? 4 : 8);
	return m->typed ? m->header[0] : TRAFFIC_UNTYPED;
}

static void
traffic_write(const struct traffic *t, bool cut, FILE *out)
{
	fprintf(out,
	    "{\"sent\":%zu,\"received\":%zu,\"statements\":%zu,"
	    "\"round_trips\":%zu,\"cut\":%s}\n",
	    t->sent, t->received, t->statements, t->round_trips,
	    cut ? "true" : "false");
	fflush(out);
}
