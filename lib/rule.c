#include "rule.h"

#include <string.h>

#include "rule_private.h"

/*
 * Where Squawk has the same rule, this is its name.  bad-ignore is the last:
 * what an ignore silenced is known by then.
 */
const struct rule rules[] = {
	/* Whether it is SQL. */
	{ "not-sql", FINDING_ERROR, RULE_ANYWHERE, NULL, rule_not_sql,
	    "bytes or lines that no server takes, or a text that is cut off" },
	{ "syntax-error", FINDING_ERROR, RULE_ANYWHERE, rule_syntax, NULL,
	    "a statement that PostgreSQL's grammar does not take" },
	{ "not-parsed", FINDING_NOTE, RULE_ANYWHERE, rule_not_parsed, NULL,
	    "a statement too long or too deep to be looked at closely" },
	{ "identifier-too-long", FINDING_WARNING, RULE_ANYWHERE, rule_long_name,
	    NULL, "a name beyond 63 bytes, which the server cuts off" },
	{ "empty-migration", FINDING_NOTE, RULE_ANYWHERE, NULL, rule_empty,
	    "a migration without a statement" },
	{ "migration-name", FINDING_WARNING, RULE_ANYWHERE, NULL, rule_name,
	    "a folder whose name has no time, or does not say what it does" },

	/* Transactions. */
	{ "ban-uncommitted-transaction", FINDING_ERROR, RULE_ANYWHERE, NULL,
	    rule_uncommitted, "BEGIN without COMMIT" },
	{ "transaction-nesting", FINDING_WARNING, RULE_ANYWHERE, NULL,
	    rule_nesting,
	    "BEGIN inside of a transaction, or COMMIT without BEGIN" },
	{ "own-transaction", FINDING_WARNING, RULE_ANYWHERE, NULL,
	    rule_own_transaction,
	    "BEGIN and COMMIT that keep a migration from being atomic" },
	{ "ban-concurrent-index-creation-in-transaction", FINDING_ERROR,
	    RULE_ANYWHERE, NULL, rule_concurrent_in_transaction,
	    "CREATE INDEX CONCURRENTLY beside other statements" },
	{ "cannot-share-transaction", FINDING_ERROR, RULE_ANYWHERE, NULL,
	    rule_cannot_share,
	    "another statement that refuses a transaction, beside others" },
	{ "refused-statement", FINDING_ERROR, RULE_ANYWHERE, rule_refused, NULL,
	    "a statement that no migration may have" },
	{ "enum-value-used", FINDING_ERROR, RULE_ANYWHERE, NULL,
	    rule_enum_value,
	    "an enum value added and used in one transaction" },
	{ "prefer-robust-stmts", FINDING_WARNING, RULE_ANYWHERE, rule_robust,
	    NULL, "no IF [NOT] EXISTS where a failure leaves a half" },
	{ "session-setting", FINDING_WARNING, RULE_ANYWHERE, rule_setting, NULL,
	    "SET that lasts into the migrations behind" },
	{ "several-tables-locked", FINDING_NOTE, RULE_ANYWHERE,
	    rule_many_tables, NULL,
	    "more than two tables locked in one transaction" },

	/* Tracks. */
	{ "index-in-schema-track", FINDING_ERROR, RULE_SCHEMA_TRACK,
	    rule_index_in_schema, NULL,
	    "an index that belongs into the index track" },
	{ "schema-in-index-track", FINDING_ERROR, RULE_INDEX_TRACK,
	    rule_schema_in_index, NULL,
	    "anything but indexes in the index track" },

	/* Indexes. */
	{ "require-concurrent-index-creation", FINDING_WARNING, RULE_NOT_INDEX,
	    rule_create_index, NULL,
	    "an index that is built while nobody can write" },
	{ "concurrent-index-on-partitioned", FINDING_ERROR, RULE_ANYWHERE,
	    rule_partitioned, NULL,
	    "CREATE INDEX CONCURRENTLY on a partitioned table" },
	{ "require-concurrent-index-deletion", FINDING_WARNING, RULE_ANYWHERE,
	    rule_drop_index, NULL,
	    "DROP INDEX that stops all who use the table" },
	{ "require-concurrent-reindex", FINDING_WARNING, RULE_ANYWHERE,
	    rule_reindex, NULL, "REINDEX that stops all who write" },
	{ "require-concurrent-partition-detach", FINDING_WARNING, RULE_ANYWHERE,
	    rule_detach, NULL,
	    "DETACH PARTITION that stops all who use the table" },

	/* Constraints. */
	{ "adding-foreign-key-constraint", FINDING_WARNING, RULE_ANYWHERE,
	    rule_add_foreign_key, NULL,
	    "a foreign key that is checked while two tables are locked" },
	{ "constraint-missing-not-valid", FINDING_WARNING, RULE_ANYWHERE,
	    rule_add_check, NULL,
	    "a CHECK, or VALIDATE beside it, that reads a locked table" },
	{ "disallowed-unique-constraint", FINDING_WARNING, RULE_ANYWHERE,
	    rule_add_unique, NULL,
	    "UNIQUE that builds its index while the table is locked" },
	{ "adding-serial-primary-key-field", FINDING_WARNING, RULE_ANYWHERE,
	    rule_add_primary_key, NULL,
	    "a primary key that builds its index likewise" },
	{ "adding-exclusion-constraint", FINDING_WARNING, RULE_ANYWHERE,
	    rule_add_exclusion, NULL,
	    "EXCLUDE that builds its index likewise" },

	/* Columns. */
	{ "adding-required-field", FINDING_WARNING, RULE_ANYWHERE,
	    rule_add_required, NULL, "a NOT NULL column without a default" },
	{ "adding-not-nullable-field", FINDING_WARNING, RULE_ANYWHERE,
	    rule_set_not_null, NULL,
	    "SET NOT NULL that reads the table while it is locked" },
	{ "adding-field-with-default", FINDING_WARNING, RULE_ANYWHERE,
	    rule_add_rewriting, NULL,
	    "a new column that writes every row of the table" },
	{ "changing-column-type", FINDING_WARNING, RULE_ANYWHERE,
	    rule_change_type, NULL,
	    "a type that writes every row of the table" },
	{ "ban-drop-not-null", FINDING_NOTE, RULE_ANYWHERE, rule_drop_not_null,
	    NULL, "DROP NOT NULL, which clients may not expect" },

	/* What gets lost, or another name. */
	{ "ban-drop-column", FINDING_WARNING, RULE_ANYWHERE, rule_drop_column,
	    NULL, "a column dropped" },
	{ "ban-drop-table", FINDING_WARNING, RULE_ANYWHERE, rule_drop_table,
	    NULL, "a table dropped" },
	{ "ban-drop-database", FINDING_WARNING, RULE_ANYWHERE,
	    rule_drop_database, NULL, "a database dropped" },
	{ "ban-truncate-cascade", FINDING_WARNING, RULE_ANYWHERE,
	    rule_truncate_cascade, NULL, "TRUNCATE … CASCADE" },
	{ "drop-cascade", FINDING_WARNING, RULE_ANYWHERE, rule_cascade, NULL,
	    "DROP … CASCADE, which drops what it does not name" },
	{ "renaming-column", FINDING_WARNING, RULE_ANYWHERE, rule_rename_column,
	    NULL, "a column renamed" },
	{ "renaming-table", FINDING_WARNING, RULE_ANYWHERE, rule_rename_table,
	    NULL, "a table renamed" },
	{ "renaming-enum-value", FINDING_WARNING, RULE_ANYWHERE,
	    rule_rename_value, NULL, "an enum value renamed" },

	/* Rows. */
	{ "data-in-schema-migration", FINDING_WARNING, RULE_NOT_INDEX, NULL,
	    rule_data, "rows changed while tables are locked" },
	{ "missing-where", FINDING_WARNING, RULE_ANYWHERE, rule_no_where, NULL,
	    "UPDATE or DELETE of all rows" },
	{ "prefer-repack", FINDING_WARNING, RULE_ANYWHERE, rule_whole_table,
	    NULL, "VACUUM FULL or CLUSTER" },

	{ "bad-ignore", FINDING_WARNING, RULE_ANYWHERE, NULL, rule_bad_ignore,
	    "a comment that is to silence a rule, and does not" },
};

const size_t rules_count = sizeof(rules) / sizeof(*rules);

const struct rule *
rule_find(const char *name)
{
	size_t i;

	for (i = 0; i < rules_count; i++)
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	return NULL;
}

void
rules_write(FILE *out)
{
	static const char *const places[] = {
		[RULE_ANYWHERE] = "anywhere",
		[RULE_NOT_INDEX] = "not in the index track",
		[RULE_SCHEMA_TRACK] = "in the schema track",
		[RULE_INDEX_TRACK] = "in the index track",
	};
	size_t i;

	for (i = 0; i < rules_count; i++)
		fprintf(out, "%s\t%s\t%s\t%s\n", rules[i].name,
		    finding_word(rules[i].severity), places[rules[i].where],
		    rules[i].says);
}
