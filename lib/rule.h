/*
 * rule - what mg-lint looks for: a table, a row for each rule
 *
 * To add one, add its row and its function, and a folder in tests/lint.
 */
#ifndef MG_RULE_H
#define MG_RULE_H

#include <stddef.h>
#include <stdio.h>

#include "finding.h"

struct lint;

/* In which texts a rule looks. */
enum rule_where {
	RULE_ANYWHERE,
	RULE_NOT_INDEX,    /* not in the index track */
	RULE_SCHEMA_TRACK, /* only where there are tracks */
	RULE_INDEX_TRACK,
};

struct rule {
	const char *name;
	enum finding_severity severity;
	enum rule_where where;
	/* Looks at statement n, of which there may be no tree. */
	void (*statement)(struct lint *l, size_t n);
	/* Looks at the text, which may not be SQL. */
	void (*text)(struct lint *l);
	const char *says; /* in a line */
};

extern const struct rule rules[];
extern const size_t rules_count;

/* Its row, or NULL. */
const struct rule *rule_find(const char *name);

/* A line for each: its name, severity, where it looks and what it says. */
void rules_write(FILE *out);

#endif
