#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_private.h"
#include "knex.h"
#include "lock.h"
#include "mem.h"
#include "utf8.h"

/* Knex's two tables, as the records of its migrations name them. */
struct tables {
	char *history, *lock; /* quoted */
	bool has_history, has_lock;
	char **names;       /* of the rows */
	const char **found; /* ours for these, or NULL (knex.h) */
	size_t count;
	char *locked; /* what the lock says, if it is taken */
	char *others; /* sessions of this database but ours */
};

static int read_tables(struct tables *, struct db *, const char *);
static int read_names(struct tables *, struct db *);
static int read_lock(struct tables *, struct db *);
static void compare(struct doctor *, const struct tables *);
__attribute__((format(printf, 4, 5))) static void tell_difference(
    struct doctor *, const struct migration *, const char *, const char *, ...);
static bool is_in(const struct tables *, const struct migration *);
static bool is_failed(const struct doctor *);
static void tell_missing(struct doctor *, const struct tables *);
static void tell_lock(struct doctor *, const struct tables *);
static void free_tables(struct tables *);

int
doctor_knex(struct doctor *d)
{
	const char *table = knex_table(d->migrations);
	struct tables t = { 0 };
	int result;

	if (table == NULL)
		return 0;
	if ((result = read_tables(&t, d->db, table)) == 0) {
		t.found = mem_resize(NULL, t.count + 1, sizeof(*t.found));
		knex_find(d->migrations, t.names, t.count, t.found);
		compare(d, &t);
		tell_missing(d, &t);
		if (t.locked != NULL)
			tell_lock(d, &t);
		result = knex_read(&d->history, d->migrations, d->db);
	}
	free_tables(&t);
	return result;
}

static int
read_tables(struct tables *t, struct db *db, const char *table)
{
	char *lock = mem_printf("%s_lock", table);
	const char *values[2];

	values[0] = t->history = db_quote_name(db, table);
	values[1] = t->lock = db_quote_name(db, lock);
	free(lock);
	if (db_query(db,
		"SELECT to_regclass($1) IS NOT NULL,"
		" to_regclass($2) IS NOT NULL",
		2, values) == -1)
		return -1;
	t->has_history = db_true(db, 0, 0);
	t->has_lock = db_true(db, 0, 1);
	if (t->has_history && read_names(t, db) == -1)
		return -1;
	return t->has_lock ? read_lock(t, db) : 0;
}

static int
read_names(struct tables *t, struct db *db)
{
	char *sql =
	    mem_printf("SELECT name FROM %s WHERE name IS NOT NULL ORDER BY id",
		t->history);
	int result = db_query(db, sql, 0, NULL);
	size_t i;

	free(sql);
	if (result == -1)
		return -1;
	t->names = mem_resize(NULL, db->count + 1, sizeof(*t->names));
	for (i = 0; i < db->count; i++)
		t->names[t->count++] = mem_copy(db_value(db, i, 0));
	return 0;
}

/* It does not say whose it is, but a session that is not there has none. */
static int
read_lock(struct tables *t, struct db *db)
{
	char *sql = mem_printf(
	    "SELECT max(is_locked), (SELECT string_agg(pid || coalesce("
	    "' (' || nullif(application_name, '') || ')', ''), ', ' ORDER BY"
	    " pid) FROM pg_stat_activity WHERE datname = current_database()"
	    " AND backend_type = 'client backend' AND pid <> pg_backend_pid())"
	    " FROM %s WHERE is_locked <> 0",
	    t->lock);
	int result = db_query(db, sql, 0, NULL);

	free(sql);
	if (result == 0 && db->count > 0 && db_value(db, 0, 0) != NULL) {
		t->locked = mem_copy(db_value(db, 0, 0));
		if (db_value(db, 0, 1) != NULL)
			t->others = mem_copy(db_value(db, 0, 1));
	}
	return result;
}

/* d->history is still ours alone. */
static void
compare(struct doctor *d, const struct tables *t)
{
	const struct migration *m;
	const struct history_row *row;
	enum history_state state;
	bool theirs;
	size_t i;

	for (i = 0; i < d->migrations->count; i++) {
		m = &d->migrations->list[i];
		if (!knex_has(m))
			continue;
		state = history_state(&d->history, m->name, &row);
		theirs = is_in(t, m);
		if (state == HISTORY_APPLIED && !theirs)
			tell_difference(d, m, "row-without-knex-row",
			    "it is applied, and %s does not say so: knex would "
			    "run it again",
			    t->history);
		else if (state != HISTORY_APPLIED && state != HISTORY_FAILED &&
		    theirs)
			tell_difference(d, m, "knex-row-without-row",
			    "knex has run it, as %s says, and no row does: "
			    "mg-apply passes it over, but nobody would see "
			    "that it was edited",
			    t->history);
	}
}

static void
tell_difference(struct doctor *d, const struct migration *m,
    const char *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diagnosis_add(&d->found, finding, m->name, mem_vprintf(format, args));
	va_end(args);
	doctor_mark(d, "", m->name);
}

static bool
is_in(const struct tables *t, const struct migration *m)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->found[i] == m->name)
			return true;
	return false;
}

static void
tell_missing(struct doctor *d, const struct tables *t)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (t->found[i] != NULL)
			continue;
		diagnosis_add(&d->found, "missing", t->names[i],
		    mem_printf("%s says that knex has run it, and the stream "
			       "lacks it: knex refuses to run anything",
			t->history));
		doctor_fetch(d, t->names[i], "");
	}
}

static void
tell_lock(struct doctor *d, const struct tables *t)
{
	bool ours = strcmp(t->locked, LOCK_KEY) == 0;
	char *sql;

	/* mg-apply is at it, which is told by its own lock; or it is to keep
	 * knex away from what has failed, which comes first. */
	if (ours && (d->holder != NULL || is_failed(d)))
		return;
	diagnosis_add(&d->found, "knex-lock-left", t->lock,
	    ours ? mem_copy("mg-apply was killed while it ran a script, and "
			    "nobody has the migration lock: knex takes its "
			    "own for taken")
		: t->others == NULL
		? mem_copy("knex takes its lock for taken, and no session but "
			   "this is there to have it: what took it died")
		: mem_printf("knex takes its lock for taken; if none of the "
			     "sessions %s is knex at work, what took it died",
		      t->others));
	diagnosis_way(
	    &d->found, ours || t->others == NULL ? "" : "if none of them is");
	sql = mem_printf("UPDATE %s SET is_locked = 0", t->lock);
	doctor_sql(d, sql);
	free(sql);
}

static bool
is_failed(const struct doctor *d)
{
	const struct history_row *row;
	const struct migration *m;
	size_t i;

	for (i = 0; i < d->migrations->count; i++) {
		m = &d->migrations->list[i];
		if (knex_has(m) &&
		    history_state(&d->history, m->name, &row) == HISTORY_FAILED)
			return true;
	}
	return false;
}

static void
free_tables(struct tables *t)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		free(t->names[i]);
	free(t->names);
	free(t->found);
	free(t->history);
	free(t->lock);
	free(t->locked);
	free(t->others);
}
