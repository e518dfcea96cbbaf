#include "foreign.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "utf8.h"

#define MICROSECONDS(column) \
	"trunc(extract(epoch FROM " column "::timestamptz) * 1000000)::bigint"

/*
 * What a tool's table is known by.  select gives name, version, time, whether
 * it failed, and whether it stands for all lower versions.
 */
static const struct kind {
	const char *tool;
	const char *columns[6];
	bool alone; /* it has no others */
	bool timed;
	const char *select; /* and what comes behind the table's name */
	const char *tags;   /* between it and that of its tags, if it has any */
	const char *behind;
	const char *mend; /* what that tool has to do where a row failed */
} kinds[] = {
	{ .tool = "knex",
	    .columns = { "id", "name", "batch", "migration_time" },
	    .timed = true,
	    .select = "SELECT name, NULL, " MICROSECONDS(
		"migration_time") ", false, false FROM",
	    .behind = "ORDER BY id" },
	{ .tool = "node-pg-migrate",
	    .columns = { "id", "name", "run_on" },
	    .timed = true,
	    .select = "SELECT name, NULL, " MICROSECONDS(
		"run_on") ", false, false FROM",
	    .behind = "ORDER BY run_on, id" },
	/* A version that was undone or deleted has a later row that says so. */
	{ .tool = "Flyway",
	    .columns = { "installed_rank", "version", "type", "script",
		"installed_on", "success" },
	    .timed = true,
	    .select = "SELECT script, version, " MICROSECONDS(
		"installed_on") ", NOT success, type LIKE '%BASELINE' FROM "
				"(SELECT DISTINCT ON"
				" (coalesce(version, script)) * FROM",
	    .behind =
		"WHERE type <> 'SCHEMA' ORDER BY coalesce(version,"
		" script), installed_rank DESC) AS last WHERE type NOT LIKE"
		" 'UNDO%' AND type <> 'DELETE' ORDER BY installed_rank",
	    .mend = "mend it, have flyway repair its table" },
	{ .tool = "sqitch",
	    .columns = { "change_id", "change", "project", "committed_at",
		"planned_at" },
	    .timed = true,
	    /* One that was reworked has the name of its file since. */
	    .select =
		"WITH c AS (SELECT *, lead(planned_at) OVER (PARTITION BY "
		"project, change ORDER BY committed_at, planned_at) FROM",
	    .tags = ") SELECT concat(change, (SELECT tag FROM",
	    .behind = "AS t WHERE t.project = c.project AND t.planned_at "
		      "BETWEEN c.planned_at AND c.lead ORDER BY t.planned_at "
		      "DESC LIMIT 1)), NULL, " MICROSECONDS(
			  "committed_at") ", false, false FROM c "
					  "ORDER BY committed_at, planned_at" },
	{ .tool = "golang-migrate",
	    .columns = { "version", "dirty" },
	    .alone = true,
	    .select = "SELECT version, version, NULL, dirty, true FROM",
	    .behind = "",
	    .mend = "mend it, then set its version with migrate force" },
	{ .tool = "dbmate or Rails",
	    .columns = { "version" },
	    .alone = true,
	    .select = "SELECT version, version, NULL, false, false FROM",
	    .behind = "" },
	/* No select: it does not say what it has applied. */
	{ .tool = "graphile-migrate", .columns = { "hash", "previous_hash" } },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/*
 * Its name as SQL spells it from anywhere, and a row for each column; and that
 * of the tags that sqitch has beside it.
 */
static const char look[] =
    "SELECT format('%I.%I', n.nspname, c.relname), a.attname,"
    " format('%I.tags', n.nspname)"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
    " ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_attribute a"
    " ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.oid = to_regclass($1)";

static const struct kind *find_kind(const struct db *);
static bool is_kind(const struct db *, const struct kind *);
static bool has_column(const struct db *, const char *);
static int refuse_kind(struct foreign *, const struct kind *, size_t);
static int read_rows(struct foreign *, struct db *, const struct kind *);
static void take_rows(struct foreign *, const struct db *);
static int check_row(
    struct foreign *, const struct db *, size_t, const struct kind *);
static int fail(struct foreign *, const struct db *);
static char *copy(const char *);

int
foreign_read(struct foreign *f, struct db *db, const char *table)
{
	const struct kind *kind;

	*f = (struct foreign){ .table = table };
	if (db_query(db, look, 1, &table) == -1)
		return fail(f, db);
	kind = find_kind(db);
	if (kind == NULL || kind->select == NULL)
		return refuse_kind(f, kind, db->count);
	f->tool = kind->tool;
	f->timed = kind->timed;
	return read_rows(f, db, kind);
}

void
foreign_free(struct foreign *f)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		free(f->rows[i].name);
		free(f->rows[i].version);
	}
	free(f->rows);
	free(f->error);
	*f = (struct foreign){ 0 };
}

static const struct kind *
find_kind(const struct db *db)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (is_kind(db, &kinds[i]))
			return &kinds[i];
	return NULL;
}

static bool
is_kind(const struct db *db, const struct kind *kind)
{
	size_t i, max = sizeof(kind->columns) / sizeof(*kind->columns);

	for (i = 0; i < max && kind->columns[i] != NULL; i++)
		if (!has_column(db, kind->columns[i]))
			return false;
	return !kind->alone || db->count == i;
}

static bool
has_column(const struct db *db, const char *name)
{
	const char *column;
	size_t i;

	for (i = 0; i < db->count; i++) {
		column = db_value(db, i, 1);
		if (column != NULL && strcmp(column, name) == 0)
			return true;
	}
	return false;
}

static int
refuse_kind(struct foreign *f, const struct kind *kind, size_t columns)
{
	const char *table = utf8_visible(f->table);

	if (kind != NULL)
		f->error = mem_printf(
		    "%s: %s keeps hashes of its migrations, and no folder has "
		    "those; give mg-mark --applied the names",
		    table, kind->tool);
	else if (columns == 0)
		f->error = mem_printf(
		    "%s: there is no such table; write it as SQL does, with "
		    "its schema, and with quotes where it has capitals",
		    table);
	else
		f->error = mem_printf(
		    "%s: no tool that mg knows keeps its history in such "
		    "columns; give mg-mark --applied the names",
		    table);
	return kind != NULL ? CLI_NO : CLI_INPUT;
}

static int
read_rows(struct foreign *f, struct db *db, const struct kind *kind)
{
	bool tags = kind->tags != NULL;
	char *sql = mem_printf("%s %s %s %s %s", kind->select,
	    db_value(db, 0, 0), tags ? kind->tags : "",
	    tags ? db_value(db, 0, 2) : "", kind->behind);
	int status = CLI_OK;
	size_t i;

	if (db_query(db, sql, 0, NULL) == -1)
		status = fail(f, db);
	for (i = 0; status == CLI_OK && i < db->count; i++)
		status = check_row(f, db, i, kind);
	if (status == CLI_OK)
		take_rows(f, db);
	free(sql);
	return status;
}

static int
check_row(
    struct foreign *f, const struct db *db, size_t row, const struct kind *kind)
{
	const char *name = db_value(db, row, 0);

	if (name == NULL)
		f->error = mem_printf("%s: it has a row without a name; take "
				      "it out",
		    utf8_visible(f->table));
	else if (db_true(db, row, 3))
		f->error = mem_printf("%s: %s says that %s failed; %s, and "
				      "run this again",
		    utf8_visible(f->table), kind->tool, utf8_visible(name),
		    kind->mend);
	return f->error == NULL ? CLI_OK : CLI_NO;
}

static void
take_rows(struct foreign *f, const struct db *db)
{
	const char *time;
	size_t i;

	f->rows = mem_resize(NULL, db->count, sizeof(*f->rows));
	for (i = 0; i < db->count; i++) {
		time = db_value(db, i, 2);
		f->rows[i] = (struct foreign_row){
			.name = mem_copy(db_value(db, i, 0)),
			.version = copy(db_value(db, i, 1)),
			.time = time == NULL ? 0 : strtoll(time, NULL, 10),
			.through = db_true(db, i, 4),
		};
	}
	f->count = db->count;
}

static int
fail(struct foreign *f, const struct db *db)
{
	f->error =
	    mem_printf("%s: %s", utf8_visible(f->table), db->error.message);
	/* 42602: what to_regclass says of a text that names nothing. */
	return strcmp(db->error.sqlstate, "42602") == 0
	    ? CLI_INPUT
	    : db_error_status(&db->error);
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : mem_copy(text);
}
