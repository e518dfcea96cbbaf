/*
 * input - the SQL texts to look at, and what is known of each
 *
 *	if (inputs_read(&in, stdin, "<stdin>", LINT_NONE) == -1)
 *		errx(CLI_INPUT, "%s", in.error);
 *	for (i = 0; i < in.count; i++)
 *		look_at(in.list[i].path);
 *	inputs_free(&in);
 */
#ifndef MG_INPUT_H
#define MG_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lint.h"
#include "record.h"

struct input {
	const char *path; /* what findings call it */
	char *name;       /* of the migration, or NULL: it is none */
	enum lint_track track;
	bool baseline; /* it stands for other migrations */
};

struct inputs {
	struct input *list;
	size_t count;
	char *error;                  /* why a function returned -1 */
	struct migrations migrations; /* private: what list points to */
};

/*
 * Those of a stream of records, but for programs.  Their tracks count if one
 * of them is of the index track, as records are of the schema track where
 * nobody thought of tracks; all are of this one, if it is one.  Returns 0, or
 * -1 if a record is wrong.
 */
int inputs_read(struct inputs *in, FILE *records, const char *source,
    enum lint_track track);

/*
 * The SQL at path, which is borrowed.  It is a migration if it is called
 * migration.sql in a folder.  Returns 0, or -1 if path is not UTF-8.
 */
int inputs_add(struct inputs *in, const char *path, enum lint_track track);

/* The position of a migration's name, or in->count. */
size_t inputs_find(const struct inputs *in, const char *name);

/* Harmless on { 0 } and twice. */
void inputs_free(struct inputs *in);

#endif
