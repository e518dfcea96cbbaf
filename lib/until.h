/*
 * until - the moment at which a time of day comes next
 */
#ifndef MG_UNTIL_H
#define MG_UNTIL_H

/*
 * Of 06:00 or 06:00:30, in the time zone of this process (TZ), or of 06:00Z,
 * 06:00+02 or 06:00-03:30: the milliseconds until it comes.  Returns -1 if it
 * is none of these.
 */
long until_next(const char *text);

#endif
