/*
 * script - the SQL of a migration: read, checked, cut and planned
 *
 *	struct script s;
 *
 *	if (script_read(&s, &migration) == -1)
 *		errx(CLI_INPUT, "%s", s.error);
 *	use(s.sql, s.plan);
 *	script_free(&s);
 */
#ifndef MG_SCRIPT_H
#define MG_SCRIPT_H

#include <stdbool.h>

#include "file.h"
#include "hash.h"
#include "plan.h"
#include "record.h"
#include "sql.h"

struct script {
	bool plain;       /* yours to set: the word CONCURRENTLY is left out */
	bool apart;       /* yours to set: its plan is plan_make_apart's */
	const char *path; /* the migration's */
	struct file file;
	char checksum[HASH_CHECKSUM];
	struct sql sql;
	struct plan plan;
	char *error; /* why script_read returned -1: path, place, reason */
};

/*
 * Returns 0; -1 if the file cannot be read, is not the one whose checksum the
 * record has, or is not SQL that can be run with a history row.  Reading into
 * a script that was read before uses its room again.
 */
int script_read(struct script *s, const struct migration *m);

/*
 * The same for a migration that is only noted in the history: where the record
 * has no path, its checksum is enough, and the script is an empty one.
 */
int script_identify(struct script *s, const struct migration *m);

/* "path:line:column" of a byte, the caller's to free. */
char *script_place(const struct script *s, size_t offset);

/*
 * Does a name in statement n mean the same outside of the script?  Not where
 * a search_path or a temporary table of before may count.
 */
bool script_means(const struct script *s, size_t n, const char *name);

/* Harmless on { 0 } and twice. */
void script_free(struct script *s);

#endif
