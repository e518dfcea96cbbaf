#include "numbering.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "legacy.h"
#include "mem.h"
#include "name.h"
#include "stamp.h"

enum { DIGITS = STAMP_TEXT - 1, NAME_BYTES = 200 /* that Prisma takes */ };

static const char before_all[] = "20000101000000";

static bool read_time(char *, const char *, size_t);
static bool read_date(char *, const char *, size_t);
static void read_seconds(char *, const char *, size_t);
static char *make(const char *, const char *);
static bool is_behind(const struct numbering *, const char *);

char *
numbering_next(struct numbering *n, const char *legacy)
{
	const char *title = legacy_title(legacy), *version;
	size_t len = legacy_version(legacy, &version);
	char stamp[STAMP_TEXT], *name = NULL;

	if (read_time(stamp, version, len))
		name = make(stamp, title);
	if (name == NULL || !is_behind(n, name)) {
		free(name);
		memcpy(stamp, before_all, sizeof(before_all));
		stamp_follow(stamp, n->last == NULL ? before_all : n->last);
		name = make(stamp, title);
	}
	if (strlen(name) > NAME_BYTES || !is_behind(n, name)) {
		free(name);
		return NULL;
	}
	free(n->last);
	n->last = mem_copy(name);
	return name;
}

void
numbering_free(struct numbering *n)
{
	free(n->last);
	n->last = NULL;
}

/* Which time a version is, if it is one. */
static bool
read_time(char *stamp, const char *version, size_t len)
{
	if (memchr(version, '.', len) != NULL ||
	    memchr(version, '_', len) != NULL)
		return false;
	switch (len) {
	case 8:
	case 12:
	case 14:
		return read_date(stamp, version, len);
	case 17: /* with milliseconds */
		return read_date(stamp, version, DIGITS);
	case 10:
		if (!read_date(stamp, version, len))
			read_seconds(stamp, version, len);
		return true;
	case 13:
		read_seconds(stamp, version, len - 3);
		return true;
	default:
		return false;
	}
}

/* Of this century, for else 10 digits are seconds. */
static bool
read_date(char *stamp, const char *digits, size_t len)
{
	struct tm tm = { 0 };
	char back[STAMP_TEXT];
	time_t t;

	memset(stamp, '0', DIGITS);
	memcpy(stamp, digits, len);
	stamp[DIGITS] = '\0';
	if (strncmp(stamp, "20", 2) != 0 ||
	    strptime(stamp, "%Y%m%d%H%M%S", &tm) == NULL)
		return false;
	/* No 30th of February. */
	t = timegm(&tm);
	return gmtime_r(&t, &tm) != NULL &&
	    strftime(back, sizeof(back), "%Y%m%d%H%M%S", &tm) == DIGITS &&
	    strcmp(stamp, back) == 0;
}

static void
read_seconds(char *stamp, const char *digits, size_t len)
{
	char *number = mem_copy_bytes(digits, len);
	time_t t = (time_t)strtoll(number, NULL, 10);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(stamp, STAMP_TEXT, "%Y%m%d%H%M%S", &tm);
	free(number);
}

static char *
make(const char *stamp, const char *title)
{
	size_t len = legacy_stem(title);

	return mem_printf(
	    "%s%s%.*s", stamp, len == 0 ? "" : "_", (int)len, title);
}

static bool
is_behind(const struct numbering *n, const char *name)
{
	return n->last == NULL ||
	    (strcmp(n->last, name) < 0 &&
		name_compare_prisma(n->last, name) < 0);
}
