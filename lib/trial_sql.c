#include "trial_private.h"

#include <stdlib.h>

#include "mem.h"

/* What the server itself fills is not known before. */
bool
trial_has(const struct draft *d, const struct blueprint_check *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (!draft_gives(d, (size_t)c->columns[i]))
			return false;
	return true;
}

char *
trial_compose(const struct draft *d, long long rows)
{
	char *sql;
	size_t i, len;
	FILE *out = mem_stream(&sql, &len);

	fputs("SELECT count(*), count(*) FILTER (WHERE true", out);
	for (i = 0; i < d->table->nchecks; i++)
		if (trial_has(d, &d->table->checks[i]))
			fprintf(out, " AND (%s) IS NOT FALSE",
			    d->table->checks[i].sql);
	fputc(')', out);
	for (i = 0; i < d->table->nchecks; i++)
		fprintf(out, ", count(*) FILTER (WHERE (%s) IS TRUE)",
		    trial_has(d, &d->table->checks[i]) ? d->table->checks[i].sql
						       : "true");
	fputs(" FROM (", out);
	draft_write(d, rows, out);
	fputs(") AS mg_trial", out);
	fclose(out);
	return sql;
}

void
trial_write_condition(const struct draft *d, FILE *out)
{
	const char *word = "WHERE";
	size_t i;

	for (i = 0; i < d->table->nchecks; i++)
		if (trial_has(d, &d->table->checks[i])) {
			fprintf(out, " %s (%s) IS NOT FALSE", word,
			    d->table->checks[i].sql);
			word = "AND";
		}
}
