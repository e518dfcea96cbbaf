/*
 * doctor - what is wrong with the histories of a database
 *
 * Its migration history and, where the stream has migrations of knex, knex's;
 * the locks of both, and the indexes that broken builds left.  Nothing is
 * changed: all is read in one read-only transaction.
 *
 *	struct doctor d = { .db = &db, .migrations = &migrations,
 *	    .records = diagnosis_quote("records") };
 *
 *	if ((status = doctor_look(&d)) != CLI_OK)
 *		errx(status, "%s", d.error);
 *	diagnoses_write(&d.found, DIAGNOSIS_TEXT, stdout);
 *	doctor_free(&d);
 */
#ifndef MG_DOCTOR_H
#define MG_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "baseline.h"
#include "db.h"
#include "diagnosis.h"
#include "history.h"
#include "record.h"

struct doctor {
	struct db *db; /* open; borrowed, as are the next two */
	const struct migrations *migrations;
	char *records; /* the file of the stream, for a shell; its to free */

	struct diagnoses found;
	char *error; /* why doctor_look returned anything but CLI_OK */

	struct history history; /* private, as is the rest */
	struct baselines baselines;
	char *holder;    /* of the migration lock, in words, or NULL */
	char *holder_id; /* its process */
	bool unfinished; /* there are rows that it may be working on */
	char **resumed;  /* indexes that mg-apply will build anew */
	size_t nresumed;
};

/* Returns CLI_OK; CLI_INPUT or CLI_SYSTEM with error set. */
int doctor_look(struct doctor *d);

/* Harmless twice. */
void doctor_free(struct doctor *d);

#endif
