#include "filler_private.h"

#include <stdlib.h>
#include <string.h>

#include "arrangement.h"
#include "cli.h"
#include "mem.h"
#include "trial.h"

static int lay_out(struct filler *, struct draft *, struct filler_outcome *);
static int settle_type(struct filler *, struct draft *, size_t);
static int insert(struct filler *, const struct filler_table *, struct draft *,
    const struct trial *, long long, struct filler_outcome *);
static bool gives_any(const struct draft *);
static bool may_drop(const struct draft *);
static int start_behind(struct filler *, struct draft *);
static char *compose(const struct draft *, long long, long long);
static char *shortage(const struct draft *, long long, long long);
static int give_up(struct filler_outcome *, int, char *);

int
filler_fill(struct filler *f, struct filler_table *t, long long rows,
    struct filler_outcome *o)
{
	struct trial trial = { 0 };
	struct draft d;
	int status;

	if (t->blueprint->barren) {
		o->reason = mem_copy("it is partitioned, without a partition");
		return CLI_OK;
	}
	draft_init(&d, t->blueprint, f->seed);
	d.rows = rows;
	d.first = t->there;
	status = lay_out(f, &d, o);
	if (status == CLI_OK) {
		status = trial_run(&trial, f->db, &d);
		if (status != CLI_OK)
			(void)give_up(o, status, mem_copy(trial.error));
		else
			status = insert(f, t, &d, &trial, rows, o);
	}
	trial_free(&trial);
	draft_free(&d);
	return status;
}

static int
lay_out(struct filler *f, struct draft *d, struct filler_outcome *o)
{
	size_t i;
	int status;

	status = parentage_assign(&f->parentage, d, filler_is_waiting, f);
	if (status != CLI_OK) {
		(void)give_up(o, status, f->parentage.error);
		f->parentage.error = NULL;
		return status;
	}
	for (i = 0; i < d->table->ncolumns; i++)
		if (settle_type(f, d, i) == -1)
			return give_up(o, CLI_NO,
			    mem_printf("no values are known for the type %s "
				       "of its column %s",
				d->table->columns[i].type->sql,
				d->table->columns[i].name));
	draft_add_sources(d);
	arrangement_make(d, d->rows);
	return CLI_OK;
}

/* Of what is not known there is the default, null, or what can be guessed. */
static int
settle_type(struct filler *f, struct draft *d, size_t column)
{
	static const struct {
		const char *value, *list;
	} guesses[] = { { "0", "'{0}'" }, { "a", "'{a}'" },
		{ "{}", "'{\"{}\"}'" }, { "[]", "'{[]}'" }, { "()", "'{()}'" },
		{ "(0,0)", "'{\"(0,0)\"}'" } };
	const struct blueprint_column *b = &d->table->columns[column];
	struct draft_column *c = &d->columns[column];
	size_t i, count = sizeof(guesses) / sizeof(*guesses);
	char *sql;

	if (generator_knows(b->type) || !draft_gives(d, column) ||
	    c->reference >= 0 || c->copy >= 0)
		return 0;
	c->values.form = GENERATOR_NONE;
	c->by_default = b->otherwise != NULL;
	if (b->otherwise != NULL || !b->not_null)
		return 0;
	sql = mem_printf("SELECT $1::text::%s", b->type->sql);
	for (i = 0; i < count; i++)
		if (db_query(f->db, sql, 1, &guesses[i].value) == 0)
			break;
	free(sql);
	if (i == count)
		return -1;
	c->values = (struct generator_values){
		.form = GENERATOR_LISTED, .text = guesses[i].list, .count = 1
	};
	return 0;
}

/* More are made where some will not pass. */
static int
insert(struct filler *f, const struct filler_table *t, struct draft *d,
    const struct trial *trial, long long rows, struct filler_outcome *o)
{
	double more = (double)rows / trial->rate * 1.2 + 16;
	char *sql;
	int result;

	arrangement_make(d, trial->rate < 1 ? (long long)more : rows);
	if (t->there > 0) {
		d->unsure = true;
		if (start_behind(f, d) == -1)
			return give_up(
			    o, CLI_NO, mem_copy(f->db->error.message));
	}
	sql = compose(d, d->rows, rows);
	result = db_query(f->db, sql, 0, NULL);
	free(sql);
	if (result == -1)
		return give_up(o, f->db->error.lost ? CLI_SYSTEM : CLI_NO,
		    mem_copy(f->db->error.message));
	o->rows = strtoll(db_value(f->db, 0, 0), NULL, 10);
	o->empty = o->rows == 0;
	if (o->rows < rows)
		o->reason = shortage(d, o->rows, rows);
	sql = mem_printf("ANALYZE %s", t->blueprint->name);
	result = db_query(f->db, sql, 0, NULL);
	free(sql);
	return o->empty ? CLI_NO : CLI_OK;
}

/* Behind the numbers that are there already. */
static int
start_behind(struct filler *f, struct draft *d)
{
	const struct draft_source *s;
	const char *column;
	long long behind;
	size_t i;
	char *sql;

	for (i = 0; i < d->nsources; i++) {
		s = &d->sources[i];
		if (!s->keyed || s->stride != 1 || s->reference >= 0 ||
		    strncmp(
			d->table->columns[s->column].type->name, "int", 3) != 0)
			continue;
		column = d->table->columns[s->column].name;
		sql = mem_printf(
		    "SELECT max(%s) + 1 FROM ONLY %s", column, d->table->name);
		if (db_query(f->db, sql, 0, NULL) == -1) {
			free(sql);
			return -1;
		}
		free(sql);
		if (db_value(f->db, 0, 0) == NULL)
			continue;
		behind = strtoll(db_value(f->db, 0, 0), NULL, 10);
		d->first = behind > d->first ? behind : d->first;
	}
	return 0;
}

static char *
compose(const struct draft *d, long long rows, long long limit)
{
	char *sql;
	size_t len;
	FILE *out = mem_stream(&sql, &len);

	fprintf(out, "WITH mg_new AS (INSERT INTO %s", d->table->name);
	if (gives_any(d)) {
		fputs(" (", out);
		draft_write_names(d, out);
		fputc(')', out);
	}
	fputs(" SELECT ", out);
	draft_write_names(d, out);
	fputs(" FROM (", out);
	draft_write(d, rows, out);
	fputs(") AS mg_rows", out);
	trial_write_condition(d, out);
	if (limit < rows)
		fprintf(out, " LIMIT %lld", limit);
	fprintf(out, "%s RETURNING 1) SELECT count(*) FROM mg_new",
	    may_drop(d) ? " ON CONFLICT DO NOTHING" : "");
	fclose(out);
	return sql;
}

static bool
gives_any(const struct draft *d)
{
	size_t i;

	for (i = 0; i < d->table->ncolumns; i++)
		if (draft_gives(d, i))
			return true;
	return false;
}

/* What is deferrable, the server does not take as a reason to drop a row. */
static bool
may_drop(const struct draft *d)
{
	size_t i;

	for (i = 0; i < d->table->nkeys; i++)
		if (!d->table->keys[i].immediate)
			return false;
	return d->unsure;
}

static char *
shortage(const struct draft *d, long long got, long long wanted)
{
	if (d->narrow != NULL)
		return mem_printf("%lld were wanted; its unique key %s has "
				  "room for no more",
		    wanted, d->narrow);
	return mem_printf("%lld were wanted; %lld did not fit beside others, "
			  "or did not pass its checks",
	    wanted, wanted - got);
}

static int
give_up(struct filler_outcome *o, int status, char *reason)
{
	o->reason = reason;
	o->empty = true;
	return status;
}
