/*
 * blueprint - what a database's tables demand of their rows
 *
 * Of each table that holds rows of its own, a partition among them: its
 * columns, what has to be unique, what refers to other tables, and what is
 * checked.  All names are as SQL spells them, quoted by the server.
 *
 *	if (blueprint_read(&b, &db) == -1)
 *		warnx("%s", db.error.message);
 *	for (i = 0; i < b.count; i++)
 *		use(b.tables[i].name);
 *	blueprint_free(&b);
 */
#ifndef MG_BLUEPRINT_H
#define MG_BLUEPRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"

enum blueprint_kind {
	BLUEPRINT_BASE,
	BLUEPRINT_ENUM,
	BLUEPRINT_ARRAY,
	BLUEPRINT_RANGE,
	BLUEPRINT_MULTIRANGE,
	BLUEPRINT_DOMAIN,
	BLUEPRINT_OTHER, /* such as a composite type */
};

struct blueprint_type {
	char *oid;
	enum blueprint_kind kind;
	char *name;   /* bare, as int4 */
	char *sql;    /* as a cast spells it */
	char *labels; /* of an enum, as a literal of an array; else NULL */
	long nlabels;
	char *inner_oid; /* of elements, ranges' bounds, a domain's base */
	const struct blueprint_type *inner;
	long modifier; /* of a domain, as of a column */
};

struct blueprint_column {
	int number;
	char *name;
	const struct blueprint_type *type; /* never a domain */
	long modifier;                     /* -1: none */
	bool not_null;
	bool left_out;      /* the server fills it, by a sequence or else */
	bool sequence;      /* and no two rows alike */
	char *otherwise;    /* its default, an expression; or NULL */
	unsigned long salt; /* of this column, of this name, alone */
};

/* An index or a constraint for which no two rows may be alike. */
struct blueprint_key {
	char *name;
	int *columns; /* positions, not numbers */
	size_t count;
	bool plain;     /* of columns alone and all rows */
	bool immediate; /* not deferrable */
	bool no_nulls;  /* as nulls are not distinct, or refuse */
	bool exclusion;
};

struct blueprint_reference {
	char *name;
	char *parent_oid, *parent;
	int *columns; /* positions here */
	char **keys;  /* and the names there */
	size_t count;
	bool to_itself;
};

struct blueprint_check {
	char *name;
	char *sql;    /* an expression over bare names of columns */
	int *columns; /* positions */
	size_t count;
};

struct blueprint_table {
	char *oid;
	char *root; /* the oid of the table that it is a part of, or its own */
	char *name, *schema, *relation; /* the last two are not quoted */
	char *root_schema, *root_relation;
	bool barren; /* partitioned, without a partition */
	long parts;  /* that the root has */
	struct blueprint_column *columns;
	size_t ncolumns;
	struct blueprint_key *keys;
	size_t nkeys;
	struct blueprint_reference *references;
	size_t nreferences;
	struct blueprint_check *checks;
	size_t nchecks;
};

struct blueprint {
	struct blueprint_table *tables; /* by name */
	size_t count;
	struct blueprint_type *types; /* private, as is the next */
	size_t ntypes;
};

/*
 * Tables of extensions and of migration tools are left out.  The session must
 * have an empty search_path.  Returns 0, or -1 with db->error set.
 */
int blueprint_read(struct blueprint *b, struct db *db);

/* Harmless on { 0 } and twice. */
void blueprint_free(struct blueprint *b);

#endif
