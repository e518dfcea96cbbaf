#include "parentage_private.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Of one group so many are enough to choose from. */
enum { GROUP = 64 };

struct parentage_copy {
	char *sql; /* that made it; the same one is not made again */
	struct draft_parent *parent;
};

static char *compose(const struct blueprint_reference *, const bool *, size_t);
static void write_keys(
    const struct blueprint_reference *, const bool *, const char *, FILE *);
static const struct draft_parent *copy(struct parentage *, char *);

const struct draft_parent *
parentage_find(struct parentage *p, const struct blueprint_reference *r,
    const bool *given, size_t ngiven)
{
	char *sql = compose(r, given, ngiven);
	size_t i;

	for (i = 0; i < p->count; i++)
		if (strcmp(p->list[i].sql, sql) == 0) {
			free(sql);
			return p->list[i].parent;
		}
	return copy(p, sql);
}

/* In groups of equal keys where some of them are given. */
static char *
compose(const struct blueprint_reference *r, const bool *given, size_t ngiven)
{
	char *sql;
	size_t i, len;
	FILE *out = mem_stream(&sql, &len);

	fputs("SELECT * FROM (SELECT row_number() OVER (", out);
	if (ngiven > 0)
		write_keys(r, given, "PARTITION BY ", out);
	write_keys(r, NULL, " ORDER BY ", out);
	fputs(") - 1 AS n", out);
	if (ngiven > 0) {
		fprintf(out, ", least(%d, count(*) OVER (", GROUP);
		write_keys(r, given, "PARTITION BY ", out);
		fputs(")) AS m", out);
	}
	for (i = 0; i < r->count; i++)
		fprintf(out, ", %s AS k%zu", r->keys[i], i);
	fprintf(out, " FROM %s", r->parent);
	for (i = 0; i < r->count; i++)
		fprintf(out, " %s %s IS NOT NULL", i == 0 ? "WHERE" : "AND",
		    r->keys[i]);
	fputs(") AS mg_keys", out);
	if (ngiven > 0)
		fprintf(out, " WHERE n < %d", GROUP);
	fclose(out);
	return sql;
}

static void
write_keys(const struct blueprint_reference *r, const bool *which,
    const char *word, FILE *out)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		if (which == NULL || which[i]) {
			fprintf(out, "%s%s", word, r->keys[i]);
			word = ", ";
		}
}

static const struct draft_parent *
copy(struct parentage *p, char *sql)
{
	struct draft_parent *parent = mem_alloc(sizeof(*parent));
	char *statement;
	int result;

	p->list = mem_grow(p->list, p->count, sizeof(*p->list));
	parent->name = mem_printf("mg_parent_%zu", p->count);
	p->list[p->count++] =
	    (struct parentage_copy){ .sql = sql, .parent = parent };
	statement =
	    mem_printf("CREATE TEMPORARY TABLE %s AS %s", parent->name, sql);
	result = db_query(p->db, statement, 0, NULL);
	free(statement);
	statement = mem_printf("ANALYZE pg_temp.%s", parent->name);
	if (result == 0)
		result = db_query(p->db, statement, 0, NULL);
	free(statement);
	statement = mem_printf("SELECT count(*) FROM pg_temp.%s", parent->name);
	if (result == 0)
		result = db_query(p->db, statement, 0, NULL);
	free(statement);
	if (result == -1)
		return NULL;
	parent->count = strtoll(db_value(p->db, 0, 0), NULL, 10);
	return parent;
}

void
parentage_free(struct parentage *p)
{
	while (p->count > 0) {
		p->count--;
		free(p->list[p->count].parent->name);
		free(p->list[p->count].parent);
		free(p->list[p->count].sql);
	}
	free(p->list);
	free(p->error);
	*p = (struct parentage){ 0 };
}
