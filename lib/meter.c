#include "meter.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "content.h"
#include "utf8.h"

enum { DRAW_AGAIN = 200 /* milliseconds */ };

static void tell(void *, const char *);
static bool take_table(struct meter *, const char *);
static bool is_complaint(const struct meter *, const char *);
static bool is_secret(const char *);
static void tick(void *);

struct process_watch
meter_watch(struct meter *m)
{
	return (struct process_watch){ tell, tick, m };
}

static void
tell(void *arg, const char *line)
{
	struct meter *m = arg;

	if (m->shown && take_table(m, line))
		return;
	m->complains = is_complaint(m, line);
	if (!m->complains)
		return;
	meter_end(m);
	cli_notice(is_secret(line)
		? "(a line that may hold a secret is not shown)"
		: line);
}

static bool
take_table(struct meter *m, const char *line)
{
	static const char *const words[] = { "dumping contents of table ",
		"processing data for table " };
	const char *at = NULL;
	size_t i;

	for (i = 0; i < 2 && at == NULL; i++)
		if ((at = strstr(line, words[i])) != NULL)
			at += strlen(words[i]);
	if (at == NULL)
		return false;
	m->tables++;
	snprintf(m->table, sizeof(m->table), "%.60s", utf8_visible(at));
	return true;
}

/* "pg_dump: error: ..." is one, "pg_dump: reading schemas" is not. */
static bool
is_complaint(const struct meter *m, const char *line)
{
	static const char *const kinds[] = {
		"error: ", "warning: ", "detail: ", "hint: "
	};
	const char *colon = strstr(line, ": ");
	size_t i;

	if (!m->shown)
		return true;
	if (strncmp(line, "pg_", 3) != 0 || colon == NULL)
		return m->complains;
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncmp(colon + 2, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

static bool
is_secret(const char *line)
{
	static const char *const words[] = { "password", "passfile", "secret",
		"CONNECTION '", "USER MAPPING" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasestr(line, words[i]) != NULL)
			return true;
	return false;
}

static void
tick(void *arg)
{
	struct meter *m = arg;
	char size[METER_BYTES], of[32] = "";
	long now = clock_ms();

	if (!m->shown || (m->drawn && now < m->last + DRAW_AGAIN))
		return;
	m->last = now;
	m->drawn = true;
	fputs("\r\033[K", stderr);
	if (m->path != NULL) {
		meter_bytes(size, content_size(m->path));
		fprintf(stderr, "%s, ", size);
	}
	if (m->total > 0)
		snprintf(of, sizeof(of), " of %zu", m->total);
	fprintf(stderr, "%zu%s tables %s", m->tables, of, m->table);
}

void
meter_end(struct meter *m)
{
	if (m->drawn)
		fputs("\r\033[K", stderr);
	m->drawn = false;
}

void
meter_bytes(char text[static METER_BYTES], long long bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	double n = bytes < 0 ? 0 : (double)bytes;
	size_t i;

	for (i = 0; n >= 999.5 && i < 4; i++)
		n /= 1000;
	snprintf(
	    text, METER_BYTES, i == 0 ? "%.0f %s" : "%.1f %s", n, units[i]);
}
