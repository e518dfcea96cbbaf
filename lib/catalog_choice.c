#include "catalog_choice.h"

#include <stdio.h>
#include <stdlib.h>

#include "mem.h"

static void add_queries(
    struct catalog_choice *, int, bool, const struct catalog_options *);
static char *write_question(const struct catalog_choice *);

void
catalog_choose(
    struct catalog_choice *c, int major, const struct catalog_options *options)
{
	*c = (struct catalog_choice){ 0 };
	add_queries(c, major, true, options);
	c->always = c->count;
	add_queries(c, major, false, options);
	c->question = write_question(c);
}

static void
add_queries(struct catalog_choice *c, int major, bool always,
    const struct catalog_options *options)
{
	const struct catalog_queries *const all[] = { &catalog_relations,
		&catalog_parts, &catalog_types, &catalog_routines,
		&catalog_texts, &catalog_globals,
		options->column_order ? &catalog_column_order : NULL,
		options->enum_order ? &catalog_enum_order : NULL,
		options->settings ? &catalog_whole : NULL };
	const struct catalog_query *q, *end;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (all[i] == NULL)
			continue;
		end = all[i]->list + all[i]->count;
		for (q = all[i]->list; q < end; q++) {
			if ((q->of == NULL) != always || major < q->since ||
			    (q->until != 0 && major > q->until))
				continue;
			c->list = mem_grow(c->list, c->count, sizeof(*c->list));
			c->list[c->count++] = q;
		}
	}
}

static char *
write_question(const struct catalog_choice *c)
{
	char *question;
	size_t i, len;
	FILE *out = mem_stream(&question, &len);

	for (i = c->always; i < c->count; i++)
		fprintf(out, "%s EXISTS (SELECT FROM %s)%s",
		    i == c->always ? "SELECT" : ",", c->list[i]->of,
		    i == c->always ? " AS found" : "");
	fclose(out);
	return question;
}

void
catalog_answer(struct catalog_choice *c, const struct db *db)
{
	size_t i, count = c->always;

	for (i = c->always; i < c->count; i++)
		if (db_true(db, 0, (int)(i - c->always)))
			c->list[count++] = c->list[i];
	c->count = count;
}

void
catalog_choice_free(struct catalog_choice *c)
{
	free(c->list);
	free(c->question);
	*c = (struct catalog_choice){ 0 };
}
