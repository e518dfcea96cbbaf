/*
 * doctor_private - what the parts of doctor share; for nobody else
 *
 * doctor.c reads, calls the others, and has the ways out that several findings
 * share.  doctor_row.c is about a migration that did not come to its end, or
 * was rolled back: doctor_words.c says what that means, doctor_settle.c how it
 * is settled.  doctor_history.c is about the other rows, doctor_order.c about
 * what is pending, doctor_knex.c about knex's tables, doctor_trouble.c about
 * locks and indexes.  What returns an int returns -1 with db->error set.
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
	bool back;    /* it was, and its way back did not come to its end */
	long steps;   /* of the row */
	size_t done;  /* of the steps of one that is half done */
	bool stopped; /* it failed there */
	char *error;  /* why it cannot go on, or NULL */
};

/* What that means, in a sentence; the caller's to free. */
char *doctor_words(const struct about *a);

/* Add the ways out to what was found last. */
void doctor_settle(const struct about *a);

/* m is NULL where the stream has no such migration. */
int doctor_row(
    struct doctor *d, const struct history_row *row, const struct migration *m);

int doctor_history(struct doctor *d);

/* What is pending before what is applied, and what cannot become of baselines.
 */
void doctor_order(struct doctor *d);
void doctor_baselines(struct doctor *d);

/* Afterwards what knex has run is applied in d->history, too. */
int doctor_knex(struct doctor *d);

/* Who holds the migration lock. */
int doctor_holder(struct doctor *d);

/* That it is held, unless a row was told to be what it is held for. */
void doctor_lock(struct doctor *d);

int doctor_indexes(struct doctor *d);

/*
 * Ways out: to fetch the files of a migration from git, whose name has that
 * behind it; to mark it as applied; to mark it as rolled back and run it again;
 * to wait for who has the lock, or end it.
 */
void doctor_fetch(struct doctor *d, const char *name, const char *behind);
void doctor_mark(struct doctor *d, const char *when, const char *name);
void doctor_again(struct doctor *d, const char *when, const char *name);
void doctor_wait(struct doctor *d);

/* As SQL has a text, quoted; the caller's to free. */
char *doctor_literal(const char *text);

/* A command that runs SQL in that database, behind those of the last way. */
void doctor_sql(struct doctor *d, const char *sql);

#endif
