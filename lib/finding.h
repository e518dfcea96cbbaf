/*
 * finding - what is wrong in a text, where, and how that is written
 *
 *	findings_add(&f, (struct finding){ .file = file, .offset = at,
 *	    .severity = FINDING_WARNING, .rule = "ban-drop-table",
 *	    .text = text });
 *	findings_place(&f, bytes, len);
 *	findings_write(&f, FINDING_GITHUB, stdout);
 *	findings_free(&f);
 */
#ifndef MG_FINDING_H
#define MG_FINDING_H

#include <stdio.h>

enum finding_severity {
	FINDING_NOTE,    /* worth knowing */
	FINDING_WARNING, /* may stop, break or lose something */
	FINDING_ERROR,   /* will not run, or not as it is meant */
};

enum finding_format {
	FINDING_TEXT,   /* file:line:column: severity: rule: text */
	FINDING_JSON,   /* JSON Lines */
	FINDING_GITHUB, /* commands of a GitHub workflow */
	FINDING_GITLAB, /* a report of GitLab's Code Quality */
};

struct finding {
	const char *file; /* borrowed, as is the rule */
	size_t offset;    /* the byte that is to blame */
	size_t line, column;
	enum finding_severity severity;
	const char *rule;
	char *text; /* of the list once it is added */
};

struct findings {
	struct finding *list;
	size_t count;
	size_t placed; /* private: so many have their line */
};

void findings_add(struct findings *f, struct finding finding);

/*
 * Tell the lines of what was added since the last time, all of it in this
 * text, and put it in their order.
 */
void findings_place(struct findings *f, const char *bytes, size_t len);

/* Whether one is so severe, or more. */
int findings_reach(const struct findings *f, enum finding_severity severity);

void findings_write(
    const struct findings *f, enum finding_format format, FILE *out);

/* The format of that name.  Returns 0, or -1 if there is none. */
int finding_format(enum finding_format *format, const char *name);

/* Static text: error, warning, note. */
const char *finding_word(enum finding_severity severity);

/* Harmless on { 0 } and twice. */
void findings_free(struct findings *f);

#endif
