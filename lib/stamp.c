#include "stamp.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

enum { DAY = 8, SECOND = 14 /* digits */ };

static char *count_up(const char *);
static char *next_behind(const char *);
static void write_time(char *, time_t);

void
stamp_now(char stamp[STAMP_TEXT])
{
	write_time(stamp, time(NULL));
}

void
stamp_follow(char stamp[STAMP_TEXT], const char *name)
{
	size_t digits = strspn(name, "0123456789");
	char *number, *next;

	if (digits < DAY)
		return;
	/* Of more digits than a timestamp has, the first count. */
	number = mem_copy_bytes(name, digits < SECOND ? DAY : SECOND);
	next = next_behind(number);
	if (strlen(next) == SECOND && strcmp(next, stamp) > 0)
		memcpy(stamp, next, STAMP_TEXT);
	free(next);
	free(number);
}

static char *
next_behind(const char *digits)
{
	bool day = strlen(digits) == DAY;
	struct tm tm = { 0 };
	char next[STAMP_TEXT];
	const char *end;

	end = strptime(digits, day ? "%Y%m%d" : "%Y%m%d%H%M%S", &tm);
	if (end == NULL || *end != '\0')
		return count_up(digits);
	write_time(next, timegm(&tm) + (day ? 24 * 60 * 60 : 1));
	return mem_copy(next);
}

/* The number behind the one that these digits are; of a day, its midnight. */
static char *
count_up(const char *digits)
{
	long long next = strtoll(digits, NULL, 10) + 1;

	return strlen(digits) == DAY ? mem_printf("%08lld000000", next)
				     : mem_printf("%014lld", next);
}

/* Empty where it would not fit. */
static void
write_time(char *stamp, time_t t)
{
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(stamp, STAMP_TEXT, "%Y%m%d%H%M%S", &tm) == 0)
		*stamp = '\0';
}
