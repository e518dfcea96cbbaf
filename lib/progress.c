#include "progress.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "content.h"
#include "utf8.h"

enum { DRAW_AGAIN = 200 /* milliseconds */ };

static void tell(void *, const char *);
static bool take_table(struct progress *, const char *);
static bool is_complaint(const struct progress *, const char *);
static bool is_secret(const char *);
static void tick(void *);

struct process_watch
progress_watch(struct progress *p)
{
	return (struct process_watch){ tell, tick, p };
}

static void
tell(void *arg, const char *line)
{
	struct progress *p = arg;

	if (p->shown && take_table(p, line))
		return;
	p->complains = is_complaint(p, line);
	if (!p->complains)
		return;
	progress_end(p);
	cli_notice(is_secret(line)
		? "(a line that may hold a secret is not shown)"
		: line);
}

static bool
take_table(struct progress *p, const char *line)
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
	p->tables++;
	snprintf(p->table, sizeof(p->table), "%.60s", utf8_visible(at));
	return true;
}

/* "pg_dump: error: ..." is one, "pg_dump: reading schemas" is not. */
static bool
is_complaint(const struct progress *p, const char *line)
{
	static const char *const kinds[] = {
		"error: ", "warning: ", "detail: ", "hint: "
	};
	const char *colon = strstr(line, ": ");
	size_t i;

	if (!p->shown)
		return true;
	if (strncmp(line, "pg_", 3) != 0 || colon == NULL)
		return p->complains;
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
	struct progress *p = arg;
	char size[PROGRESS_BYTES], of[32] = "";
	long now = clock_ms();

	if (!p->shown || (p->drawn && now < p->last + DRAW_AGAIN))
		return;
	p->last = now;
	p->drawn = true;
	fputs("\r\033[K", stderr);
	if (p->path != NULL) {
		progress_bytes(size, content_size(p->path));
		fprintf(stderr, "%s, ", size);
	}
	if (p->total > 0)
		snprintf(of, sizeof(of), " of %zu", p->total);
	fprintf(stderr, "%zu%s tables %s", p->tables, of, p->table);
}

void
progress_end(struct progress *p)
{
	if (p->drawn)
		fputs("\r\033[K", stderr);
	p->drawn = false;
}

void
progress_bytes(char text[static PROGRESS_BYTES], long long bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	double n = bytes < 0 ? 0 : (double)bytes;
	size_t i;

	for (i = 0; n >= 999.5 && i < 4; i++)
		n /= 1000;
	snprintf(
	    text, PROGRESS_BYTES, i == 0 ? "%.0f %s" : "%.1f %s", n, units[i]);
}
