#include "trial_private.h"

#include <stdlib.h>

#include "arrangement.h"
#include "cli.h"
#include "mem.h"

/* A few rows of many will do: what always passes is less varied. */
enum { SAMPLE = 256, ROUNDS = 3, ENOUGH = 16 };

static bool is_failing(const struct trial *, size_t);
static long score(const struct trial *);
static int measure(struct trial *);
static int climb(struct trial *);
static int improve(struct trial *, size_t);
static int find_candidates(struct trial *, size_t);
static int try_values(
    struct trial *, size_t, const struct generator_values *, enum draft_nulls);
static void list_literals(struct trial *);
static int refuse(struct trial *);

int
trial_run(struct trial *t, struct db *db, struct draft *draft)
{
	*t = (struct trial){ .db = db,
		.draft = draft,
		.rate = 1,
		.wanted = draft->rows,
		.enough = ENOUGH };
	t->kept = mem_alloc((draft->table->ncolumns + 1) * sizeof(*t->kept));
	t->each = mem_alloc((draft->table->nchecks + 1) * sizeof(*t->each));
	if (draft->table->nchecks == 0)
		return CLI_OK;
	if (measure(t) == -1 || climb(t) == -1)
		return refuse(t);
	t->enough = 1;
	if (t->passed * ENOUGH * 4 < t->rows && climb(t) == -1)
		return refuse(t);
	if (t->passed == 0) {
		list_literals(t);
		if (measure(t) == -1 || climb(t) == -1)
			return refuse(t);
	}
	if (t->passed == 0)
		return refuse(t);
	t->rate = (double)t->passed / SAMPLE;
	return CLI_OK;
}

static bool
is_failing(const struct trial *t, size_t check)
{
	return trial_has(t->draft, &t->draft->table->checks[check]) &&
	    t->each[check] * t->enough < t->rows;
}

static long
score(const struct trial *t)
{
	long sum = t->passed;
	size_t i;

	for (i = 0; i < t->draft->table->nchecks; i++)
		sum += t->each[i];
	return sum;
}

/* A check that fails for an error passes no row. */
static int
measure(struct trial *t)
{
	size_t i, at = 2;
	char *sql;
	int result;

	draft_count_values(t->draft);
	arrangement_make(t->draft, t->wanted);
	sql = trial_compose(t->draft, SAMPLE);
	result = db_query(t->db, sql, 0, NULL);
	free(sql);
	if (result == -1 && t->db->error.lost)
		return -1;
	t->rows = result == -1 ? 1 : strtol(db_value(t->db, 0, 0), NULL, 10);
	t->passed = result == -1 ? 0 : strtol(db_value(t->db, 0, 1), NULL, 10);
	for (i = 0; i < t->draft->table->nchecks; i++)
		t->each[i] = result == -1
		    ? 0
		    : strtol(db_value(t->db, 0, (int)at++), NULL, 10);
	return 0;
}

static int
climb(struct trial *t)
{
	const struct blueprint_table *b = t->draft->table;
	size_t i, k, round;
	long before = -1;

	for (round = 0; round < ROUNDS && before < score(t); round++) {
		before = score(t);
		for (i = 0; i < b->nchecks; i++)
			for (k = 0; k < b->checks[i].count; k++)
				if (is_failing(t, i) &&
				    improve(t,
					(size_t)b->checks[i].columns[k]) == -1)
					return -1;
	}
	return 0;
}

/* Of what is equally good, what makes more different values is better. */
static int
improve(struct trial *t, size_t column)
{
	struct draft_column *c = &t->draft->columns[column];
	const struct candidates *kept = &t->kept[column];
	size_t i;

	if (c->source == -1 || c->reference >= 0)
		return 0;
	if (find_candidates(t, column) == -1)
		return -1;
	for (i = 0; i < kept->count; i++)
		if (try_values(t, column, &kept->list[i], c->nulls) == -1)
			return -1;
	if (t->draft->table->columns[column].not_null)
		return 0;
	if (try_values(t, column, &c->values, DRAFT_NEVER) == -1)
		return -1;
	return try_values(t, column, &c->values, DRAFT_ALWAYS);
}

/* From all the checks that the column is part of. */
static int
find_candidates(struct trial *t, size_t column)
{
	const struct blueprint_table *b = t->draft->table;
	size_t i, k, len;
	char *text;
	FILE *out;
	int result;

	if (t->kept[column].list != NULL)
		return 0;
	out = mem_stream(&text, &len);
	for (i = 0; i < b->nchecks; i++)
		for (k = 0; k < b->checks[i].count; k++)
			if ((size_t)b->checks[i].columns[k] == column)
				fprintf(out, "%s ", b->checks[i].sql);
	fclose(out);
	result =
	    candidates_find(&t->kept[column], t->db, &b->columns[column], text);
	free(text);
	return result;
}

static int
try_values(struct trial *t, size_t column, const struct generator_values *v,
    enum draft_nulls nulls)
{
	const struct blueprint_column *b = &t->draft->table->columns[column];
	struct draft_column *c = &t->draft->columns[column], before = *c;
	long best = score(t);
	bool more = generator_count(b, v) > generator_count(b, &c->values);

	c->values = *v;
	c->nulls = nulls;
	if (measure(t) == -1)
		return -1;
	if (score(t) > best ||
	    (score(t) == best && more && best > 0 &&
		before.values.form != GENERATOR_USUAL))
		return 0;
	*c = before;
	return measure(t);
}

/* Where two columns have to change together, none of them is better alone. */
static void
list_literals(struct trial *t)
{
	struct candidates *k;
	size_t i;

	for (i = 0; i < t->draft->table->ncolumns; i++) {
		k = &t->kept[i];
		if (k->listed < k->count)
			t->draft->columns[i].values = k->list[k->listed];
	}
}

static int
refuse(struct trial *t)
{
	const struct blueprint_table *b = t->draft->table;
	size_t i, len, worst = 0;
	FILE *out;

	if (t->db->error.lost) {
		t->error = mem_copy(t->db->error.message);
		return CLI_SYSTEM;
	}
	for (i = 0; i < b->nchecks; i++)
		if (is_failing(t, i) &&
		    (!is_failing(t, worst) || t->each[i] < t->each[worst]))
			worst = i;
	out = mem_stream(&t->error, &len);
	fprintf(out, "no values were found that pass its check %s: %s",
	    b->checks[worst].name, b->checks[worst].sql);
	fclose(out);
	return CLI_NO;
}

void
trial_free(struct trial *t)
{
	size_t i;

	for (i = 0; t->kept != NULL && i < t->draft->table->ncolumns; i++)
		candidates_free(&t->kept[i]);
	free(t->kept);
	free(t->each);
	free(t->error);
	*t = (struct trial){ 0 };
}
