/*
 * ending - how a migration ended that did not come to its end, by the logs of
 * its history row
 *
 * Prisma's engine writes several lines there, with the server's error among
 * them; mg-apply and mg-index write where it stopped, and why.
 *
 *	ending_read(&e, row->logs);
 *	use(e.sqlstate, e.message);
 *	ending_free(&e);
 */
#ifndef MG_ENDING_H
#define MG_ENDING_H

struct ending {
	char sqlstate[6]; /* "" where it is not told */
	char *message;    /* one line, and not too long a one; NULL for none */
	char *tail;       /* the last of the logs; NULL where they are empty */
};

/* logs may be NULL. */
void ending_read(struct ending *e, const char *logs);

/* Harmless on { 0 } and twice. */
void ending_free(struct ending *e);

#endif
