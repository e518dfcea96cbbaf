/*
 * known - what the statements so far have made, as far as rules ask for it
 *
 * Tables with their columns' types and checks, and indexes, from one text and
 * those before it.  Nothing is known of what no text has made.
 *
 *	known_begin(&k);
 *	for (n = 0; n < count; n++) {
 *		if (!known_fresh(&k, relation))
 *			warn();
 *		known_follow(&k, tree[n]);
 *	}
 *	known_free(&k);
 *
 * A relation is what the tree has as RangeVar: an object with relname and
 * schemaname.
 */
#ifndef MG_KNOWN_H
#define MG_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

struct json_t;

struct known {
	struct json_t *tables;  /* private: by name */
	struct json_t *indexes; /* private: the text that made it, by name */
	int text;               /* private: the number of this text */
};

/* Another text begins. */
void known_begin(struct known *k);

/* Note what a statement makes, changes and drops; tree may be NULL. */
void known_follow(struct known *k, const struct json_t *tree);

/*
 * Whether this text itself has made the table, so that nobody waits for it,
 * and what it holds came from here.
 */
bool known_fresh(const struct known *k, const struct json_t *relation);

bool known_partitioned(const struct known *k, const struct json_t *relation);

/* Its TypeName, lent until the next call of known_follow; or NULL. */
struct json_t *known_type(
    const struct known *k, const struct json_t *relation, const char *column);

/* Whether a valid CHECK (column IS NOT NULL) is there. */
bool known_checked(
    const struct known *k, const struct json_t *relation, const char *column);

/*
 * The text that made the index of this name, by its last part: KNOWN_HERE,
 * KNOWN_EARLIER or KNOWN_NOT.
 */
enum known_where { KNOWN_NOT, KNOWN_EARLIER, KNOWN_HERE };
enum known_where known_index(const struct known *k, const char *name);

/*
 * The parts of a name as a relation, the caller's to release: DropStmt has its
 * names as lists.
 */
struct json_t *known_relation(const struct json_t *names);

/* Harmless on { 0 } and twice. */
void known_free(struct known *k);

#endif
