/*
 * state - what the history says of a migration that lies in a folder
 */
#ifndef MG_STATE_H
#define MG_STATE_H

#include "history.h"
#include "record.h"

enum state {
	STATE_APPLIED,
	STATE_PENDING,     /* never begun */
	STATE_FAILED,      /* begun and not finished */
	STATE_ROLLED_BACK, /* nothing but rolled back: it runs again */
	STATE_MODIFIED,    /* applied, but its script has changed since */
	STATE_MISSING,     /* applied, but its folder is gone */
	STATE_REPLACED,    /* a baseline stands for it (baseline.h) */
};

/* As records spell it: "rolled-back". */
const char *state_name(enum state state);

/*
 * The state of a migration and the row that decides it, NULL if there is
 * none.  A record without a checksum is never modified; line ends alone do
 * not modify either (hash_matches).
 */
enum state state_of(const struct history *h, const struct migration *m,
    const struct history_row **row);

#endif
