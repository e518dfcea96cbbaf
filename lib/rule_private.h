/*
 * rule_private - what the rules are made of, for the files named rule_*
 */
#ifndef MG_RULE_PRIVATE_H
#define MG_RULE_PRIVATE_H

#include "lint.h"

/*
 * The commands of an ALTER TABLE whose table this text has not made.
 *
 *	if (alter_start(&a, l, n))
 *		while (alter_next(&a, "AT_DropColumn"))
 *			lint_tell(l, a.at, "drops %s", a.name);
 */
struct alter {
	const struct lint *lint;
	json_t *relation;
	const char *table; /* its name */
	json_t *command;   /* the current one, and what belongs to it: */
	const char *subtype;
	json_t *def;      /* the ColumnDef or Constraint, if it has one */
	const char *name; /* of the column or constraint, "" for none */
	size_t at;        /* where it stands */

	json_t *commands; /* private, as is the rest */
	size_t n, count;
	struct tokens tokens;
};

bool alter_start(struct alter *a, const struct lint *l, size_t n);

/* To the next one of this subtype, or of any if that is NULL. */
bool alter_next(struct alter *a, const char *subtype);

/*
 * What a DROP names, of this type.
 *
 *	for (drop_start(&d, l, n, "OBJECT_INDEX"); drop_next(&d);)
 *		lint_tell(l, lint_begin(l, n), "drops %s", d.name);
 */
struct drop {
	json_t *relation; /* the current one, until drop_next */
	const char *name; /* its last part */

	json_t *objects; /* private, as is the rest */
	size_t count;
};

void drop_start(
    struct drop *d, const struct lint *l, size_t n, const char *type);
bool drop_next(struct drop *d);

/*
 * The constraints that an ALTER TABLE adds to a table that is not fresh: by
 * themselves, or with a column.
 *
 *	if (added_start(&c, l, n))
 *		while (added_next(&c, "CONSTR_CHECK"))
 *			lint_tell(l, c.at, "…");
 */
struct added {
	struct alter alter;
	json_t *constraint; /* the current one */
	size_t at;
};

bool added_start(struct added *c, const struct lint *l, size_t n);
bool added_next(struct added *c, const char *type);

/* The column's first constraint of this type, or NULL. */
json_t *column_constraint(json_t *column, const char *type);

/* The last part of a type's name, and whether it is a serial. */
const char *type_name(json_t *type);
bool type_serial(json_t *type);

/* Whether it is for the index track: an index that may wait. */
bool index_waits(const struct lint *l, size_t n);

/* Rules for a text. */
void rule_bad_ignore(struct lint *l);
void rule_cannot_share(struct lint *l);
void rule_concurrent_in_transaction(struct lint *l);
void rule_data(struct lint *l);
void rule_empty(struct lint *l);
void rule_enum_value(struct lint *l);
void rule_name(struct lint *l);
void rule_nesting(struct lint *l);
void rule_not_sql(struct lint *l);
void rule_own_transaction(struct lint *l);
void rule_uncommitted(struct lint *l);

/* Rules for a statement. */
void rule_add_check(struct lint *l, size_t n);
void rule_add_exclusion(struct lint *l, size_t n);
void rule_add_foreign_key(struct lint *l, size_t n);
void rule_add_primary_key(struct lint *l, size_t n);
void rule_add_required(struct lint *l, size_t n);
void rule_add_rewriting(struct lint *l, size_t n);
void rule_add_unique(struct lint *l, size_t n);
void rule_cascade(struct lint *l, size_t n);
void rule_change_type(struct lint *l, size_t n);
void rule_create_index(struct lint *l, size_t n);
void rule_detach(struct lint *l, size_t n);
void rule_drop_column(struct lint *l, size_t n);
void rule_drop_database(struct lint *l, size_t n);
void rule_drop_index(struct lint *l, size_t n);
void rule_drop_not_null(struct lint *l, size_t n);
void rule_drop_table(struct lint *l, size_t n);
void rule_index_in_schema(struct lint *l, size_t n);
void rule_long_name(struct lint *l, size_t n);
void rule_many_tables(struct lint *l, size_t n);
void rule_no_where(struct lint *l, size_t n);
void rule_not_parsed(struct lint *l, size_t n);
void rule_partitioned(struct lint *l, size_t n);
void rule_refused(struct lint *l, size_t n);
void rule_reindex(struct lint *l, size_t n);
void rule_rename_column(struct lint *l, size_t n);
void rule_rename_table(struct lint *l, size_t n);
void rule_rename_value(struct lint *l, size_t n);
void rule_robust(struct lint *l, size_t n);
void rule_schema_in_index(struct lint *l, size_t n);
void rule_set_not_null(struct lint *l, size_t n);
void rule_setting(struct lint *l, size_t n);
void rule_syntax(struct lint *l, size_t n);
void rule_truncate_cascade(struct lint *l, size_t n);
void rule_whole_table(struct lint *l, size_t n);

#endif
