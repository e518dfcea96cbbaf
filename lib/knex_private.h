/*
 * knex_private - what the parts of knex share; for nobody else
 *
 * knex.c compares histories, knex_list.c lists what knex knows, knex_table.c
 * has the SQL of knex's table and knex_lock.c that of its lock.  In such SQL,
 * of which knex_text.c makes that of one table, %1 stands for the table and %2
 * for that of the lock, as names; %3 and %4 are the same as texts; %5 is our
 * own history.
 */
#ifndef MG_KNEX_PRIVATE_H
#define MG_KNEX_PRIVATE_H

#include "knex.h"

/* What knex may call a migration; borrowed. */
struct knex_name {
	const char *source;
	const char *compiled; /* of that; empty if there is none */
};

/* From a record, or what one tells of another.  Returns whether it has one. */
bool knex_name_read(struct knex_name *n, const struct json_t *object);

/* All that knex knows of a stream, what its baselines replace among it. */
struct knex_list {
	struct knex_one {
		const char *name, *checksum;
		struct knex_name knex;
		const char *baseline; /* that tells of it, or NULL */
	} * list;
	size_t count;
	const char *table; /* all are taken to be of one; NULL: there is none */
};

/* Add those of a stream; those that one baseline replaces.  All is borrowed. */
void knex_list_all(struct knex_list *l, const struct migrations *m);
void knex_list_replaced(struct knex_list *l, const struct migration *baseline);

/* The one that knex may call so, or NULL; as may be the name. */
const struct knex_one *knex_list_find(
    const struct knex_list *l, const char *name);

void knex_list_free(struct knex_list *l);

/* As two of SQL's arrays, the caller's to free. */
void knex_arrays(const struct knex_name *names, size_t count, char *arrays[2]);

/* The table in which knex has it. */
const char *knex_table_of(const struct migration *m);

/* The SQL; the caller's to free.  history may be NULL, where no %5 is. */
char *knex_text(
    struct db *db, const char *table, const char *format, const char *history);

/* Run it; value is its $1, or NULL.  Returns 0, or -1 with db->error set. */
int knex_run(
    struct db *db, const char *table, const char *format, const char *value);

/* The texts of two of those below, the caller's to free. */
char *knex_create_text(const char *table, struct db *db);
char *knex_insert_text(const char *table, struct db *db); /* $1, $2: arrays */

/* The others return 0, or -1 with db->error set. */

/* Is its table there?  Returns 1, too. */
int knex_exists(const char *table, struct db *db);

/* Create what is missing of them. */
int knex_create(const char *table, struct db *db);

/*
 * The names that they have, and how many rows of the history, unless that is
 * NULL, are older: rows for db_value, in knex's order.
 */
int knex_names(const char *table, struct db *db, const char *history);

/* Write a row of each that has none. */
int knex_insert(const char *table, struct db *db, const struct knex_name *names,
    size_t count);

/* Has the table, which is there, a row of it?  Returns 1, too. */
int knex_has_row(const struct migration *m, struct db *db);

/* Give a lock back that we left. */
int knex_give_left(const char *table, struct db *db);

#endif
