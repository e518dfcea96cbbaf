/*
 * numbering - names with timestamps for migrations that came without
 *
 * Fourteen digits each, in the order in which they are asked for: the time
 * that the old version is, whether it has 8, 10, 12, 14 or 17 digits of a date
 * or the seconds or milliseconds since 1970; else, or where that would come
 * before the one before it, a second behind that, from the year 2000 on.
 *
 *	struct numbering n = { 0 };
 *
 *	for (i = 0; i < flat.count; i++)
 *		name = numbering_next(&n, flat.list[i].legacy);
 *	numbering_free(&n);
 */
#ifndef MG_NUMBERING_H
#define MG_NUMBERING_H

struct numbering {
	char *last; /* private: the last name */
};

/*
 * The name for what another tool calls so; the caller's to free.  NULL when
 * there is no year left, or it would be too long for a history.
 */
char *numbering_next(struct numbering *n, const char *legacy);

/* Harmless on { 0 } and twice. */
void numbering_free(struct numbering *n);

#endif
