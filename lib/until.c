#include "until.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { DAY = 86400, HOUR = 3600, MINUTE = 60 };

static bool take_number(const char **, long, long *);
static bool take_time(const char **, long *);
static bool take_zone(const char **, long *);
static long seconds_local(long);

long
until_next(const char *text)
{
	struct timespec now;
	long time, east = 0, left;
	bool local;

	if (!take_time(&text, &time))
		return -1;
	local = *text == '\0';
	if (!local && (!take_zone(&text, &east) || *text != '\0'))
		return -1;
	clock_gettime(CLOCK_REALTIME, &now);
	left = local ? seconds_local(time)
		     : (2 * DAY + time - east - now.tv_sec % DAY) % DAY;
	/* This very second is the one that is over. */
	if (left <= 0)
		left += DAY;
	return left * 1000 - now.tv_nsec / 1000000;
}

/* Two digits, below a limit. */
static bool
take_number(const char **p, long limit, long *number)
{
	const unsigned char *s = (const unsigned char *)*p;

	if (!isdigit(s[0]) || !isdigit(s[1]))
		return false;
	*number = (s[0] - '0') * 10 + s[1] - '0';
	*p += 2;
	return *number < limit;
}

static bool
take_time(const char **p, long *time)
{
	long hours, minutes, seconds = 0;

	if (!take_number(p, 24, &hours) || *(*p)++ != ':' ||
	    !take_number(p, 60, &minutes))
		return false;
	if (**p == ':') {
		++*p;
		if (!take_number(p, 60, &seconds))
			return false;
	}
	*time = hours * HOUR + minutes * MINUTE + seconds;
	return true;
}

/* Z, or how far east of Greenwich it is. */
static bool
take_zone(const char **p, long *east)
{
	long hours, minutes = 0;
	char sign = *(*p)++;

	if (sign == 'Z')
		return true;
	if ((sign != '+' && sign != '-') || !take_number(p, 16, &hours))
		return false;
	if (**p == ':') {
		++*p;
		if (!take_number(p, 60, &minutes))
			return false;
	}
	*east = (hours * HOUR + minutes * MINUTE) * (sign == '-' ? -1 : 1);
	return true;
}

/* Today, or tomorrow if it is past: a day may have 23 hours, or 25. */
static long
seconds_local(long of_day)
{
	time_t now = time(NULL), then;
	struct tm t;
	int day;

	for (day = 0; day < 2; day++) {
		localtime_r(&now, &t);
		t.tm_mday += day;
		t.tm_hour = (int)(of_day / HOUR);
		t.tm_min = (int)(of_day % HOUR / MINUTE);
		t.tm_sec = (int)(of_day % MINUTE);
		t.tm_isdst = -1;
		then = mktime(&t);
		if (then > now)
			break;
	}
	return (long)(then - now);
}
