#include "catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog_choice.h"
#include "catalog_line.h"
#include "catalog_prepare.h"
#include "catalog_sql.h"
#include "mem.h"

enum { MAJOR = 10000 };

struct reading {
	struct catalog *catalog;
	struct db *db;
	const struct catalog_options *options;
	struct catalog_choice choice;
	char **rows; /* a query for each table, which the server wrote */
	size_t nrows;
	bool answered; /* what the second round trip asks for is known */
};

static int read_all(struct reading *);
static int send_first(struct reading *);
static int read_first(struct reading *);
static int send_rest(struct reading *);
static int finish(struct reading *, int);
static void take(struct reading *);
static void take_rows(struct reading *);
static void take_lines(struct reading *);
static int by_bytes(const void *, const void *);

int
catalog_read(
    struct catalog *c, struct db *db, const struct catalog_options *options)
{
	struct reading r = { .catalog = c, .db = db, .options = options };
	size_t i;
	int result;

	*c = (struct catalog){ 0 };
	catalog_choose(&r.choice, db->version / MAJOR, options);
	result = read_all(&r);
	catalog_choice_free(&r.choice);
	for (i = 0; i < r.nrows; i++)
		free(r.rows[i]);
	free(r.rows);
	if (result == -1) {
		catalog_free(c);
		if (db_in_transaction(db))
			(void)db_query(db, "ROLLBACK", 0, NULL);
	} else if (c->count > 0)
		qsort(c->lines, c->count, sizeof(*c->lines), by_bytes);
	return result;
}

void
catalog_digest(const struct catalog *c, char text[static HASH_CHECKSUM])
{
	char *all;
	size_t i, len;
	FILE *out = mem_stream(&all, &len);

	for (i = 0; i < c->count; i++)
		fprintf(out, "%s\n", c->lines[i]);
	fclose(out);
	hash_checksum(all, len, text);
	free(all);
}

void
catalog_free(struct catalog *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		free(c->lines[i]);
	free(c->lines);
	*c = (struct catalog){ 0 };
}

static int
read_all(struct reading *r)
{
	int result = -1;

	if (db_pipeline(r->db) == -1)
		return -1;
	if (send_first(r) == 0 && read_first(r) == 0)
		result = send_rest(r);
	result = finish(r, result);
	db_pipeline_end(r->db);
	return result;
}

/*
 * The server goes on with this while we decide what else to ask, unless that
 * depends on all of it.
 */
static int
send_first(struct reading *r)
{
	struct db *db = r->db;
	bool data = r->options->data;
	size_t i;

	if (catalog_prepare(db, r->options) == -1 ||
	    db_send(db, r->choice.question, 0, NULL) == -1 ||
	    (!data && db_flush(db) == -1) ||
	    db_send(db, catalog_begin, 0, NULL) == -1)
		return -1;
	for (i = 0; i < r->choice.always; i++)
		if (db_send(db, r->choice.list[i]->sql, 0, NULL) == -1)
			return -1;
	if (!data)
		return 0;
	return db_send(db, catalog_rows, 0, NULL) == -1 ? -1 : db_flush(db);
}

static int
read_first(struct reading *r)
{
	while (!r->answered) {
		if (db_next(r->db) != DB_DONE)
			return -1;
		take(r);
	}
	return 0;
}

static int
send_rest(struct reading *r)
{
	size_t i;

	for (i = r->choice.always; i < r->choice.count; i++)
		if (db_send(r->db, r->choice.list[i]->sql, 0, NULL) == -1)
			return -1;
	for (i = 0; i < r->nrows; i++)
		if (db_send(r->db, r->rows[i], 0, NULL) == -1)
			return -1;
	return db_send(r->db, "COMMIT", 0, NULL);
}

/* Take all answers that there still are. */
static int
finish(struct reading *r, int result)
{
	enum db_outcome outcome;

	if (db_sync(r->db) == -1)
		return -1;
	while ((outcome = db_next(r->db)) != DB_SYNC) {
		if (outcome == DB_DONE)
			take(r);
		else
			result = -1;
		if (outcome == DB_FAILED && r->db->error.lost)
			break;
	}
	return result;
}

static void
take(struct reading *r)
{
	const char *first;

	if (db_columns(r->db) == 0)
		return;
	first = db_column_name(r->db, 0);
	if (strcmp(first, "found") == 0) {
		catalog_answer(&r->choice, r->db);
		r->answered = !r->options->data;
	} else if (strcmp(first, "query") == 0) {
		take_rows(r);
		r->answered = true;
	} else if (strcmp(first, "kind") == 0)
		take_lines(r);
}

static void
take_rows(struct reading *r)
{
	size_t i;

	for (i = 0; i < r->db->count; i++) {
		r->rows = mem_grow(r->rows, r->nrows, sizeof(*r->rows));
		r->rows[r->nrows++] = mem_copy(db_value(r->db, i, 0));
	}
}

static void
take_lines(struct reading *r)
{
	const struct catalog_without *without = &r->options->without;
	struct catalog *c = r->catalog;
	size_t i;

	for (i = 0; i < r->db->count; i++) {
		if (catalog_is_without(without, db_value(r->db, i, 0)))
			continue;
		c->lines = mem_grow(c->lines, c->count, sizeof(*c->lines));
		c->lines[c->count++] = catalog_line(r->db, i, without);
	}
}

static int
by_bytes(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}
