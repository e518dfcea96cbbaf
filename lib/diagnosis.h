/*
 * diagnosis - what is wrong with a history, what that means, and the commands
 * that settle it
 *
 *	finding = diagnosis_add(&d, "failed", name, words);
 *	record_set_integer(finding, "steps", 1);
 *	diagnosis_way(&d, "once it is mended");
 *	diagnosis_command(&d, "mg-mark --rolled-back %s", quoted);
 *	diagnoses_write(&d, DIAGNOSIS_TEXT, stdout);
 *	diagnoses_free(&d);
 */
#ifndef MG_DIAGNOSIS_H
#define MG_DIAGNOSIS_H

#include <stddef.h>
#include <stdio.h>

struct json_t;

enum diagnosis_format {
	DIAGNOSIS_TEXT, /* name: finding: text; below it the ways out */
	DIAGNOSIS_JSON, /* JSON Lines */
};

struct diagnoses {
	struct json_t **list;
	size_t count;
};

/*
 * A finding, lent until diagnoses_free, so that facts can be added.  It takes
 * the text over.
 */
struct json_t *diagnosis_add(
    struct diagnoses *d, const char *finding, const char *name, char *text);

/* A way out of the last one; when says when it is the right one, "" always. */
void diagnosis_way(struct diagnoses *d, const char *when);

/* A command of that way, behind those that it has. */
__attribute__((format(printf, 2, 3))) void diagnosis_command(
    struct diagnoses *d, const char *format, ...);

/* As a word of a shell, quoted if need be; the caller's to free. */
char *diagnosis_quote(const char *word);

void diagnoses_write(
    const struct diagnoses *d, enum diagnosis_format format, FILE *out);

/* The format of that name.  Returns 0, or -1 if there is none. */
int diagnosis_format(enum diagnosis_format *format, const char *name);

/* Harmless on { 0 } and twice. */
void diagnoses_free(struct diagnoses *d);

#endif
