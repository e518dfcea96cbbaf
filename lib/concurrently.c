#include "concurrently.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char word[] = "CONCURRENTLY";

static void put_in(struct concurrently_spelling *, const struct sql *, size_t);

void
concurrently_spell(struct concurrently_spelling *s, const struct sql *sql,
    size_t n, enum concurrently how)
{
	const struct sql_statement *statement = &sql->statements[n];

	*s = (struct concurrently_spelling){
		.text = mem_copy_bytes(sql->text + statement->begin,
		    statement->end - statement->begin),
		.concurrent = statement->concurrent,
	};
	if (how == CONCURRENTLY_NEVER && statement->concurrently > 0) {
		memset(s->text + statement->concurrently - statement->begin,
		    ' ', strlen(word));
		s->concurrent = false;
	}
	if (how == CONCURRENTLY_ALWAYS && !statement->concurrent)
		put_in(s, sql, n);
}

void
concurrently_place(
    const struct concurrently_spelling *s, struct db_error *error)
{
	size_t len = strlen(s->text);

	if (s->put > 0 && sql_offset(s->text, len, error->position) > s->put)
		error->position -= sizeof(word);
}

void
concurrently_free(struct concurrently_spelling *s)
{
	free(s->text);
	*s = (struct concurrently_spelling){ 0 };
}

/* Behind CREATE INDEX or CREATE UNIQUE INDEX. */
static void
put_in(struct concurrently_spelling *s, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	char *rest;

	if (!token_take(&t, "CREATE"))
		return;
	(void)token_take(&t, "UNIQUE");
	if (!token_take(&t, "INDEX"))
		return;
	s->put = t.begin - sql->statements[n].begin;
	s->concurrent = true;
	rest = s->text;
	s->text =
	    mem_printf("%.*s%s %s", (int)s->put, rest, word, rest + s->put);
	free(rest);
}
