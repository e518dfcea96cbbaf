/*
 * clock - time that passes, for deadlines and pauses
 */
#ifndef MG_CLOCK_H
#define MG_CLOCK_H

/* Milliseconds since some moment; never set back. */
long clock_ms(void);

/* Sleep, or until a signal comes. */
void clock_pause(long ms);

/* About as likely each, from 0 to below limit: to keep rivals apart. */
long clock_random(unsigned long limit);

#endif
