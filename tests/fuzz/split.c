/*
 * split - feed any text to what cuts it into pieces and sorts them
 *
 * The pieces joined are the text, each but the last is a script of its own
 * with one statement in it, and what is said of a statement lies in it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "defer.h"
#include "kind.h"
#include "piece.h"
#include "place.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void check_pieces(const struct sql *);
static void check_piece(const struct sql *, size_t, size_t, size_t);
static void check_words(const struct sql *);
static void check_refusals(const struct sql *);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just this size: then a byte read behind it is noticed. */
	char *text = malloc(size == 0 ? 1 : size);
	struct sql sql;

	assert(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	if (sql_read(&sql, text, size) == 0) {
		check_pieces(&sql);
		check_words(&sql);
		check_refusals(&sql);
	}
	sql_free(&sql);
	free(text);
	return 0;
}

static void
check_pieces(const struct sql *sql)
{
	size_t n, begin, end, behind = 0;

	for (n = 0; n < piece_count(sql); n++) {
		piece_get(sql, n, &begin, &end);
		assert(begin == behind && begin < end && end <= sql->len);
		if (n < sql->count)
			check_piece(sql, n, begin, end);
		behind = end;
	}
	assert(behind == sql->len);
}

/* A space comes first: at the start of a line a text may mean otherwise. */
static void
check_piece(const struct sql *sql, size_t n, size_t begin, size_t end)
{
	const struct sql_statement *s = &sql->statements[n];
	char *text = malloc(end - begin + 1);
	struct sql one;

	assert(begin <= s->begin && s->next <= end && text != NULL);
	text[0] = ' ';
	memcpy(text + 1, sql->text + begin, end - begin);
	assert(sql_read(&one, text, end - begin + 1) == 0 && one.count == 1);
	assert(one.statements[0].begin - 1 + begin == s->begin);
	assert(one.statements[0].kind == s->kind);
	assert(n + 1 == sql->count || !one.open_comment);
	sql_free(&one);
	free(text);
}

static void
check_words(const struct sql *sql)
{
	struct place place = { .text = sql->text, .len = sql->len };
	size_t n, begin, end, line, column;

	for (n = 0; n < sql->count; n++) {
		assert(*kind_word(sql, n) != '\0');
		if (kind_object(sql, n, &begin, &end))
			assert(sql->statements[n].begin < begin &&
			    begin < end && end <= sql->statements[n].end);
		place_move(&place, sql->statements[n].begin);
		/* The slow way, for a short text only. */
		if (sql->statements[n].begin > 4096)
			continue;
		sql_place(sql->text, sql->len, sql->statements[n].begin, &line,
		    &column);
		assert(line == place.line && column == place.column);
	}
}

/* What consent lets wait is refused without it, and never the reverse. */
static void
check_refusals(const struct sql *sql)
{
	struct defer defer;
	char *with, *without;
	size_t n;

	defer_read(&defer, sql);
	for (n = 0; n < sql->count; n++) {
		if (!defer_is_index(sql, n))
			continue;
		with = defer_refusal(&defer, n, true);
		without = defer_refusal(&defer, n, false);
		assert(with == NULL || strcmp(with, without) == 0);
		free(with);
		free(without);
	}
	defer_free(&defer);
	defer_free(&defer);
}
