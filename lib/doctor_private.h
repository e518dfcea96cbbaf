/*
 * doctor_private - what the parts of doctor share; for nobody else
 *
 * doctor.c reads and calls the others: doctor_row.c is about a migration that
 * was begun and did not end or was rolled back, and doctor_words.c has the
 * words for it; doctor_history.c is about the rest of the history,
 * doctor_knex.c about that of knex, doctor_trouble.c about locks and indexes.
 * What returns an int returns -1 with db->error set.
 */
#ifndef MG_DOCTOR_PRIVATE_H
#define MG_DOCTOR_PRIVATE_H

#include "doctor.h"
#include "ending.h"
#include "evidence.h"
#include "script.h"

/* What is known of a row that is not simply applied. */
struct about {
	struct doctor *doctor;
	const struct history_row *row;
	const struct migration *migration; /* or NULL */
	enum about_state {
		ABOUT_ROLLED_BACK,
		ABOUT_RUNNING,
		ABOUT_HALF_DONE, /* mg-apply or mg-index goes on with it */
		ABOUT_STOPPED,   /* nobody noted how it ended */
		ABOUT_FAILED,
	} state;
	struct ending ending;
	struct script script;
	struct evidence evidence;
	bool sql;     /* its script was read, and the evidence with it */
	bool edited;  /* and is another than the one that was begun */
	bool applied; /* another row says that it is applied */
	long steps;   /* of the row */
	size_t done;  /* of the steps of one that is half done */
	bool stopped; /* it failed there */
	char *error;  /* why it cannot go on, or NULL */
};

/* What that means, in a sentence; the caller's to free. */
char *doctor_words(const struct about *a);

/* m is NULL where the stream has no such migration. */
int doctor_row(
    struct doctor *d, const struct history_row *row, const struct migration *m);

int doctor_history(struct doctor *d);

/* Afterwards what knex has run is applied in d->history, too. */
int doctor_knex(struct doctor *d);

/* Who holds the migration lock. */
int doctor_holder(struct doctor *d);

/* That it is held, unless a row was told to be what it is held for. */
void doctor_lock(struct doctor *d);

int doctor_indexes(struct doctor *d);

/* The ways out that several findings have. */
void doctor_fetch(struct doctor *d, const char *name, const char *behind);
void doctor_mark(struct doctor *d, const char *when, const char *name);
void doctor_again(struct doctor *d, const char *when, const char *name);
void doctor_wait(struct doctor *d);

/* A command that runs SQL in that database, behind those of the last way. */
void doctor_sql(struct doctor *d, const char *sql);

#endif
