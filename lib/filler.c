#include "filler_private.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "mem.h"

/*
 * So that the catalog spells each name in full; and then as usual.  Parents
 * are looked up by hashes: the server guesses badly what expressions give.
 */
static const char begin[] =
    "SELECT set_config(name, value, false) FROM"
    " (VALUES ('search_path', ''), ('row_security',"
    " 'off'), ('timezone', 'UTC'), ('datestyle', 'ISO'),"
    " ('synchronous_commit', 'off'), ('jit', 'off'),"
    " ('default_statistics_target', '10'),"
    " ('enable_nestloop', 'off'),"
    " ('enable_mergejoin', 'off'))"
    " AS setting (name, value)";
static const char usual_path[] = "RESET search_path";

static int prepare(struct filler *);
static int choose(struct filler *);
static bool matches(const char *, const struct blueprint_table *);
static int count_there(struct filler *);
static int fill_all(struct filler *, size_t);
static int fill(
    struct filler *, struct filler_table *, long long, struct filler_outcome *);
static int fail(struct filler *);

int
filler_run(struct filler *f, struct db *db)
{
	int status;

	f->db = f->parentage.db = db;
	if ((status = prepare(f)) != CLI_OK)
		return status;
	if ((status = choose(f)) != CLI_OK)
		return status;
	if ((status = count_there(f)) != CLI_OK)
		return status;
	return fill_all(f, filler_sort(f));
}

static int
prepare(struct filler *f)
{
	size_t i;

	if (db_query(f->db, begin, 0, NULL) == -1 ||
	    blueprint_read(&f->blueprint, f->db) == -1 ||
	    db_query(f->db, usual_path, 0, NULL) == -1)
		return fail(f);
	f->tables = mem_alloc((f->blueprint.count + 1) * sizeof(*f->tables));
	for (i = 0; i < f->blueprint.count; i++)
		f->tables[i].blueprint = &f->blueprint.tables[i];
	return CLI_OK;
}

static int
choose(struct filler *f)
{
	size_t i, k;
	bool found;

	for (i = 0; f->npatterns == 0 && i < f->blueprint.count; i++)
		f->tables[i].chosen = true;
	for (k = 0; k < f->npatterns; k++) {
		found = false;
		for (i = 0; i < f->blueprint.count; i++)
			if (matches(f->patterns[k], f->tables[i].blueprint))
				f->tables[i].chosen = found = true;
		if (!found) {
			f->error = mem_printf(
			    "%s: there is no such table", f->patterns[k]);
			return CLI_INPUT;
		}
	}
	if (f->blueprint.count > 0)
		return CLI_OK;
	f->error = mem_copy("there is no table to fill");
	return CLI_INPUT;
}

/* With a dot it is compared with schema and name, else with the name. */
static bool
matches(const char *pattern, const struct blueprint_table *t)
{
	const char *schemas[] = { t->schema, t->root_schema };
	const char *names[] = { t->relation, t->root_relation };
	bool any = false;
	char *both;
	size_t i;

	for (i = 0; i < 2; i++) {
		both = mem_printf("%s.%s", schemas[i], names[i]);
		any |=
		    fnmatch(pattern,
			strchr(pattern, '.') == NULL ? names[i] : both, 0) == 0;
		free(both);
	}
	return any;
}

static int
count_there(struct filler *f)
{
	struct filler_table *t;
	char *sql;
	size_t i;
	int result;

	for (i = 0; i < f->blueprint.count; i++) {
		t = &f->tables[i];
		sql = mem_printf("SELECT count(*) FROM %s%s",
		    t->blueprint->barren ? "" : "ONLY ", t->blueprint->name);
		result = db_query(f->db, sql, 0, NULL);
		free(sql);
		if (result == -1)
			return fail(f);
		t->there = strtoll(db_value(f->db, 0, 0), NULL, 10);
		if (t->there > 0 && !f->append) {
			f->error = mem_printf(
			    "%s holds rows: this is for scratch databases; "
			    "if that is one, --append adds to what it holds",
			    t->blueprint->name);
			return CLI_INPUT;
		}
	}
	return CLI_OK;
}

/* What one table has no room for goes to those behind it. */
static int
fill_all(struct filler *f, size_t count)
{
	struct filler_outcome outcome;
	long long left = f->rows, share;
	double weight = 0;
	size_t i;
	int status, result = CLI_OK;

	for (i = 0; i < count; i++)
		weight += f->tables[f->order[i]].weight;
	for (i = 0; i < count; i++) {
		struct filler_table *t = &f->tables[f->order[i]];

		share = (long long)((double)left * t->weight / weight + 0.5);
		status = fill(f, t, share > 0 ? share : 1, &outcome);
		if (status == CLI_SYSTEM)
			return status;
		if (status != CLI_OK)
			result = status;
		weight -= t->weight;
		left = left > outcome.rows ? left - outcome.rows : 0;
	}
	return result;
}

static int
fill(struct filler *f, struct filler_table *t, long long rows,
    struct filler_outcome *outcome)
{
	long before = clock_ms();
	int status;

	*outcome = (struct filler_outcome){ .table = t->blueprint->name };
	status = filler_fill(f, t, rows, outcome);
	t->waiting = false;
	outcome->ms = clock_ms() - before;
	if (status != CLI_SYSTEM)
		f->told(outcome);
	else if (f->error == NULL)
		f->error =
		    mem_printf("%s: %s", t->blueprint->name, outcome->reason);
	free(outcome->reason);
	return status;
}

static int
fail(struct filler *f)
{
	f->error = mem_copy(f->db->error.message);
	return db_error_status(&f->db->error);
}

void
filler_free(struct filler *f)
{
	parentage_free(&f->parentage);
	blueprint_free(&f->blueprint);
	free(f->tables);
	free(f->order);
	free(f->error);
	*f = (struct filler){ 0 };
}
