/*
 * stamp - the timestamp that a new migration's name begins with
 *
 * Fourteen digits, YYYYMMDDHHMMSS in UTC: the time, or what comes next behind
 * the migrations that are there.
 *
 *	stamp_now(stamp);
 *	for (i = 0; i < layout.count; i++)
 *		stamp_follow(stamp, layout.list[i].name);
 *
 * share/stamp.jq has the same rules.
 */
#ifndef MG_STAMP_H
#define MG_STAMP_H

enum { STAMP_TEXT = 15 /* bytes of one, its NUL included */ };

void stamp_now(char stamp[STAMP_TEXT]);

/*
 * Move it, if need be, to what comes next behind a name: a second later; or
 * where that has 8 to 13 digits, the day after, for it sorts behind all of its
 * day.  What is no time is counted up as a number.  It stays where nothing can
 * be behind: a name that begins with fewer digits, or the end of the year 9999.
 */
void stamp_follow(char stamp[STAMP_TEXT], const char *name);

#endif
