#include "sequence.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "insert.h"
#include "mem.h"

struct sequence {
	char *name;  /* qualified and quoted */
	char *start; /* the value that it gave first */
};

struct sequences {
	struct sequence *list;
	size_t count;
};

static const char list_sequences[] =
    "SELECT format('%I.%I', nspname, relname), seqstart"
    " FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid"
    " JOIN pg_namespace n ON n.oid = relnamespace"
    " LEFT JOIN pg_depend o ON o.objid = c.oid AND o.deptype IN ('a', 'i')"
    "  AND o.classid = 'pg_class'::regclass"
    "  AND o.refclassid = 'pg_class'::regclass"
    " LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e'"
    "  AND d.classid = 'pg_class'::regclass"
    " LEFT JOIN pg_extension e ON e.oid = d.refobjid"
    " WHERE c.oid >= 16384 AND relpersistence <> 't'"
    " AND c.oid <> ALL ($1::oid[])"
    " AND ($2::oid[] IS NULL OR o.refobjid = ANY ($2::oid[]))"
    " AND (d.objid IS NULL OR c.oid = ANY (extconfig))"
    " ORDER BY nspname COLLATE \"C\", relname COLLATE \"C\"";

static int list(
    struct sequences *, const struct sequence_options *, struct db *);
static int ask(const struct sequences *, struct db *);
static int write_all(const struct sequences *, struct db *, FILE *);
static void write_position(const struct sequence *, const struct db *, FILE *);

int
sequence_write(const struct sequence_options *options, struct db *db, FILE *out,
    char **error)
{
	struct sequences s = { 0 };
	int result = list(&s, options, db);

	if (result == 0)
		result = ask(&s, db);
	if (result == 0)
		result = write_all(&s, db, out);
	*error = result == 0
	    ? NULL
	    : mem_printf("the sequences: %s", db->error.message);
	while (s.count > 0) {
		free(s.list[--s.count].name);
		free(s.list[s.count].start);
	}
	free(s.list);
	return result == 0 ? CLI_OK : db_error_status(&db->error);
}

static int
list(struct sequences *s, const struct sequence_options *options, struct db *db)
{
	const char *values[] = { options->excluded, options->tables };
	size_t i;

	if (db_query(db, list_sequences, 2, values) == -1)
		return -1;
	s->list = mem_resize(NULL, db->count, sizeof(*s->list));
	for (i = 0; i < db->count; i++) {
		s->list[i].name = mem_copy(db_value(db, i, 0));
		s->list[i].start = mem_copy(db_value(db, i, 1));
	}
	s->count = db->count;
	return 0;
}

/* All in one round trip. */
static int
ask(const struct sequences *s, struct db *db)
{
	char *select;
	int result = db_pipeline(db);
	size_t i;

	for (i = 0; result == 0 && i < s->count; i++) {
		select = mem_printf(
		    "SELECT last_value, is_called FROM %s", s->list[i].name);
		result = db_send(db, select, 0, NULL);
		free(select);
	}
	return result == 0 ? db_sync(db) : -1;
}

static int
write_all(const struct sequences *s, struct db *db, FILE *out)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (db_next(db) != DB_DONE)
			return -1;
		write_position(&s->list[i], db, out);
	}
	(void)db_next(db);
	db_pipeline_end(db);
	return 0;
}

static void
write_position(const struct sequence *s, const struct db *db, FILE *out)
{
	bool called = db_true(db, 0, 1);

	if (!called && strcmp(db_value(db, 0, 0), s->start) == 0)
		return;
	fputs("SELECT pg_catalog.setval(", out);
	(void)insert_value('t', s->name, out);
	fprintf(out, ", %s, %s);\n\n", db_value(db, 0, 0),
	    called ? "true" : "false");
}
