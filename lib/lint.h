/*
 * lint - SQL texts as rules see them, one text behind the other
 *
 *	struct lint l = { .findings = &findings };
 *
 *	lint_text(&l, &(struct lint_text){ .file = path, .bytes = bytes,
 *	    .len = len });
 *	lint_free(&l);
 *
 * What a rule may ask is below: of the text, of its statements, of what was
 * made before.  It looks at one statement at a time, and tells what it finds.
 */
#ifndef MG_LINT_H
#define MG_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "defer.h"
#include "finding.h"
#include "grammar.h"
#include "ignore.h"
#include "json.h"
#include "known.h"
#include "plan.h"
#include "rule.h"
#include "sql.h"

struct lint_text {
	const char *file; /* what findings call it; borrowed until the end */
	const char *name; /* the migration's, or NULL: it is none */
	bool baseline;    /* it stands for other migrations */
	enum lint_track { LINT_NONE, LINT_SCHEMA, LINT_INDEX } track;
	bool silent; /* what it makes is noted, and no finding */
	const char *bytes;
	size_t len;
};

struct lint {
	/* Yours to set. */
	struct findings *findings;
	const bool *off;     /* of each rule, as in rules; NULL: all are on */
	long server_version; /* the major one, 0: it is not known */

	/* For the rules. */
	const struct lint_text *text;
	struct sql sql;        /* its error is NULL but in text rules */
	struct grammar *trees; /* one for each statement */
	struct plan plan;      /* error or not */
	struct defer defer;
	struct known known; /* what was made before this statement */

	json_t *locked; /* tables, by name, by this transaction */

	struct ignores ignores;  /* private, as is the rest */
	const struct rule *rule; /* that is asked */
	size_t n;                /* about this statement, or IGNORE_TEXT */
};

void lint_text(struct lint *l, const struct lint_text *text);

/* Harmless on { 0 } and twice. */
void lint_free(struct lint *l);

/* The rule finds something at this byte of the text. */
__attribute__((format(printf, 3, 4))) void lint_tell(
    struct lint *l, size_t at, const char *format, ...);

/* The same, more or less severe than the rule is. */
__attribute__((format(printf, 4, 5))) void lint_tell_as(struct lint *l,
    enum finding_severity severity, size_t at, const char *format, ...);

/* Whether this rule is on, and looks at such texts. */
bool lint_asks(const struct lint *l, const struct rule *rule);

/* Where statement n begins. */
size_t lint_begin(const struct lint *l, size_t n);

/* If statement n is such a node, that, lent; else NULL. */
json_t *lint_node(const struct lint *l, size_t n, const char *node);

/* Where something of statement n's tree stands in the text. */
size_t lint_place(const struct lint *l, size_t n, const json_t *part);

/* A string of a tree, "" where there is none. */
const char *lint_string(const json_t *part, const char *key);

/* Whether a member of a tree is true. */
bool lint_true(const json_t *part, const char *key);

#endif
