#include "statement.h"

#include <string.h>

#include "token.h"

/* What a list of options says of one of them. */
enum said { SAID_NOTHING, SAID_ON, SAID_OFF };

static enum sql_kind kind_of(struct tokens *, struct sql_statement *);
static enum sql_kind alter(struct tokens *, struct sql_statement *);
static enum sql_kind alter_subscription(struct tokens *);
static enum sql_kind alter_table(struct tokens *, struct sql_statement *);
static enum sql_kind cluster(struct tokens *, struct sql_statement *);
static enum sql_kind commit(struct tokens *, struct sql_statement *);
static enum sql_kind concurrent(struct tokens *, struct sql_statement *);
static enum sql_kind create(struct tokens *, struct sql_statement *);
static enum sql_kind create_relation(struct tokens *);
static enum sql_kind declare(struct tokens *, struct sql_statement *);
static enum sql_kind discard(struct tokens *, struct sql_statement *);
static enum sql_kind do_block(struct tokens *, struct sql_statement *);
static enum sql_kind drop(struct tokens *, struct sql_statement *);
static enum sql_kind prepare(struct tokens *, struct sql_statement *);
static enum sql_kind reindex(struct tokens *, struct sql_statement *);
static enum sql_kind rollback(struct tokens *, struct sql_statement *);
static enum sql_kind set(struct tokens *, struct sql_statement *);
static enum sql_kind start(struct tokens *, struct sql_statement *);

static bool commits(const char *, size_t, size_t);
static bool is_secret(const char *, const struct sql_statement *);
static bool tells_password(const char *, size_t, size_t);
static bool tells_login(const char *, size_t, size_t);
static bool is_setting(const struct tokens *);
static enum said option(struct tokens, const char *);
static bool skip_to(struct tokens *, const char *);
static bool holds(const char *, size_t, size_t, const char *);
static size_t search(const char *, size_t, size_t, const char *);

static const struct {
	const char *word;
	enum sql_kind kind;
	/* Looks further where the word alone does not tell. */
	enum sql_kind (*look)(struct tokens *, struct sql_statement *);
} beginnings[] = {
	{ "ABORT", SQL_ROLLBACK, rollback },
	{ "ALTER", SQL_PLAIN, alter },
	{ "ANALYSE", SQL_PLAIN, NULL },
	{ "ANALYZE", SQL_PLAIN, NULL },
	{ "BEGIN", SQL_BEGIN, NULL },
	{ "CHECKPOINT", SQL_PLAIN, NULL },
	{ "CLOSE", SQL_PLAIN, NULL },
	{ "CLUSTER", SQL_PLAIN, cluster },
	{ "COMMENT", SQL_PLAIN, NULL },
	{ "COMMIT", SQL_COMMIT, commit },
	{ "CREATE", SQL_PLAIN, create },
	{ "DEALLOCATE", SQL_SESSION, NULL },
	{ "DECLARE", SQL_PLAIN, declare },
	{ "DISCARD", SQL_SESSION, discard },
	{ "DO", SQL_OPAQUE, do_block },
	{ "DROP", SQL_PLAIN, drop },
	{ "END", SQL_COMMIT, commit },
	{ "GRANT", SQL_PLAIN, NULL },
	{ "IMPORT", SQL_PLAIN, NULL },
	{ "LISTEN", SQL_SESSION, NULL },
	{ "LOAD", SQL_SESSION, NULL },
	{ "LOCK", SQL_PLAIN, NULL },
	{ "NOTIFY", SQL_PLAIN, NULL },
	{ "PREPARE", SQL_SESSION, prepare },
	{ "REASSIGN", SQL_PLAIN, NULL },
	{ "REFRESH", SQL_PLAIN, NULL },
	{ "REINDEX", SQL_PLAIN, reindex },
	{ "RELEASE", SQL_SAVEPOINT, NULL },
	{ "RESET", SQL_SESSION, NULL },
	{ "REVOKE", SQL_PLAIN, NULL },
	{ "ROLLBACK", SQL_ROLLBACK, rollback },
	{ "SAVEPOINT", SQL_SAVEPOINT, NULL },
	{ "SECURITY", SQL_PLAIN, NULL },
	{ "SET", SQL_SESSION, set },
	{ "START", SQL_BEGIN, start },
	{ "UNLISTEN", SQL_SESSION, NULL },
	{ "VACUUM", SQL_ALONE, NULL },
};

void
statement_look(const char *text, struct sql_statement *s)
{
	struct tokens t;

	token_start(&t, text, s->begin, s->end);
	s->kind = kind_of(&t, s);
	if (s->kind == SQL_PLAIN && holds(text, s->begin, s->end, "SET_CONFIG"))
		s->kind = SQL_OPAQUE;
	s->secret = is_secret(text, s);
}

/* What is not known may be a query in a form to come. */
static enum sql_kind
kind_of(struct tokens *t, struct sql_statement *s)
{
	size_t i;

	for (i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (token_take(t, beginnings[i].word))
			return beginnings[i].look == NULL
			    ? beginnings[i].kind
			    : beginnings[i].look(t, s);
	return SQL_OPAQUE;
}

static enum sql_kind
alter(struct tokens *t, struct sql_statement *s)
{
	if (token_is(t, "SYSTEM"))
		return SQL_ALONE;
	if (token_take(t, "TABLE"))
		return alter_table(t, s);
	if (token_take(t, "SUBSCRIPTION"))
		return alter_subscription(t);
	if (!token_take(t, "DATABASE"))
		return SQL_PLAIN;
	token_step(t);
	if (!token_take(t, "SET"))
		(void)token_take(t, "WITH");
	return token_is(t, "TABLESPACE") ? SQL_ALONE : SQL_PLAIN;
}

/* DETACH PARTITION … CONCURRENTLY; with FINALIZE instead it is allowed. */
static enum sql_kind
alter_table(struct tokens *t, struct sql_statement *s)
{
	size_t begin, end;

	while (skip_to(t, "DETACH"))
		if (token_take(t, "PARTITION") &&
		    token_take_name(t, &begin, &end))
			return concurrent(t, s);
	return SQL_PLAIN;
}

/*
 * What asks the other server is refused.  So is what touches the slot there:
 * failover from version 17, two_phase from 18.
 */
static enum sql_kind
alter_subscription(struct tokens *t)
{
	token_step(t);
	if (token_is(t, "REFRESH"))
		return SQL_ALONE;
	if (token_take(t, "SET") && token_is(t, "("))
		return option(*t, "FAILOVER") != SAID_NOTHING ||
			option(*t, "TWO_PHASE") != SAID_NOTHING
		    ? SQL_ALONE
		    : SQL_PLAIN;
	(void)(token_take(t, "ADD") || token_take(t, "DROP"));
	if (!token_is(t, "PUBLICATION"))
		return SQL_PLAIN;
	return skip_to(t, "WITH") && option(*t, "REFRESH") == SAID_OFF
	    ? SQL_PLAIN
	    : SQL_ALONE;
}

/* Without a table, CLUSTER takes all tables, each in its own transaction. */
static enum sql_kind
cluster(struct tokens *t, struct sql_statement *s)
{
	(void)s;
	(void)token_skip_list(t);
	(void)token_take(t, "VERBOSE");
	return t->kind == TOKEN_END ? SQL_ALONE : SQL_PLAIN;
}

static enum sql_kind
commit(struct tokens *t, struct sql_statement *s)
{
	if (!token_take(t, "WORK"))
		(void)token_take(t, "TRANSACTION");
	s->chain = token_take(t, "AND") && token_is(t, "CHAIN");
	return token_is(t, "PREPARED") ? SQL_ALONE : SQL_COMMIT;
}

/* No index and no table can bear the name CONCURRENTLY without quotes. */
static enum sql_kind
concurrent(struct tokens *t, struct sql_statement *s)
{
	if (!token_is(t, "CONCURRENTLY"))
		return SQL_PLAIN;
	s->concurrently = t->begin;
	s->concurrent = true;
	return SQL_ALONE;
}

static enum sql_kind
create(struct tokens *t, struct sql_statement *s)
{
	if (token_is(t, "DATABASE") || token_is(t, "TABLESPACE"))
		return SQL_ALONE;
	if (token_take(t, "SUBSCRIPTION"))
		return skip_to(t, "WITH") &&
			(option(*t, "CREATE_SLOT") == SAID_OFF ||
			    option(*t, "CONNECT") == SAID_OFF)
		    ? SQL_PLAIN
		    : SQL_ALONE;
	(void)token_take(t, "UNIQUE");
	if (token_take(t, "INDEX"))
		return concurrent(t, s);
	if (token_take(t, "OR"))
		(void)token_take(t, "REPLACE");
	return create_relation(t);
}

/*
 * What is temporary stays until the session ends; so does what is put into
 * the schema of temporary things, functions most of all.
 */
static enum sql_kind
create_relation(struct tokens *t)
{
	bool temporary;

	if (!token_take(t, "GLOBAL"))
		(void)token_take(t, "LOCAL");
	temporary = token_take(t, "TEMP") || token_take(t, "TEMPORARY") ||
	    holds(t->text, t->begin, t->len, "PG_TEMP");
	(void)token_take(t, "UNLOGGED");
	if (!token_take(t, "TABLE"))
		return temporary ? SQL_SESSION : SQL_PLAIN;
	while (t->kind != TOKEN_END && !token_is(t, "AS")) {
		if (token_take(t, "ON") && token_take(t, "COMMIT"))
			temporary = !token_is(t, "DROP");
		else if (token_is(t, "("))
			(void)token_skip_list(t);
		else
			token_step(t);
	}
	if (temporary)
		return SQL_SESSION;
	return t->kind == TOKEN_END ? SQL_PLAIN : SQL_OPAQUE;
}

/* Without HOLD a cursor ends with its transaction. */
static enum sql_kind
declare(struct tokens *t, struct sql_statement *s)
{
	(void)s;
	return skip_to(t, "CURSOR") && token_take(t, "WITH") ? SQL_SESSION
							     : SQL_PLAIN;
}

static enum sql_kind
discard(struct tokens *t, struct sql_statement *s)
{
	(void)s;
	return token_is(t, "ALL") ? SQL_ALONE : SQL_SESSION;
}

/*
 * DO [LANGUAGE name] string, in either order.  In other languages, and where
 * escapes veil the body, the mere word counts.
 */
static enum sql_kind
do_block(struct tokens *t, struct sql_statement *s)
{
	bool plpgsql = true, ends;
	size_t begin = 0, end = 0;

	while (t->kind != TOKEN_END) {
		if (token_take(t, "LANGUAGE"))
			plpgsql = token_is(t, "PLPGSQL") ||
			    token_is(t, "'PLPGSQL'") ||
			    token_is(t, "\"PLPGSQL\"");
		else if (t->kind == TOKEN_STRING && s->body == 0) {
			s->body = t->begin;
			token_content(t, &begin, &end);
		}
		token_step(t);
	}
	if (plpgsql && strchr("'$", t->text[s->body]) != NULL)
		ends = commits(t->text, begin, end);
	else
		ends = holds(t->text, begin, end, "COMMIT") ||
		    holds(t->text, begin, end, "ROLLBACK");
	return ends ? SQL_ALONE : SQL_OPAQUE;
}

static enum sql_kind
drop(struct tokens *t, struct sql_statement *s)
{
	if (token_is(t, "DATABASE") || token_is(t, "TABLESPACE") ||
	    token_is(t, "SUBSCRIPTION"))
		return SQL_ALONE;
	return token_take(t, "INDEX") ? concurrent(t, s) : SQL_PLAIN;
}

/* A prepared statement may be called "transaction" without quotes. */
static enum sql_kind
prepare(struct tokens *t, struct sql_statement *s)
{
	(void)s;
	return token_take(t, "TRANSACTION") && t->kind == TOKEN_STRING
	    ? SQL_PREPARE
	    : SQL_SESSION;
}

static enum sql_kind
reindex(struct tokens *t, struct sql_statement *s)
{
	s->concurrent = option(*t, "CONCURRENTLY") == SAID_ON;
	(void)token_skip_list(t);
	if (!token_take(t, "INDEX") && !token_take(t, "TABLE")) {
		token_step(t);
		s->concurrent |= token_is(t, "CONCURRENTLY");
		return SQL_ALONE;
	}
	return concurrent(t, s) == SQL_ALONE || s->concurrent ? SQL_ALONE
							      : SQL_PLAIN;
}

static enum sql_kind
rollback(struct tokens *t, struct sql_statement *s)
{
	enum sql_kind kind = commit(t, s);

	if (kind == SQL_ALONE)
		return kind;
	return token_is(t, "TO") ? SQL_SAVEPOINT : SQL_ROLLBACK;
}

/* Any of the words here may also begin the name of a custom setting. */
static enum sql_kind
set(struct tokens *t, struct sql_statement *s)
{
	(void)s;
	if (!is_setting(t) && token_is(t, "LOCAL"))
		return SQL_PLAIN;
	if (!is_setting(t))
		(void)token_take(t, "SESSION");
	if (!is_setting(t) &&
	    (token_is(t, "TRANSACTION") || token_is(t, "CONSTRAINTS")))
		return SQL_PLAIN;
	return SQL_SESSION;
}

static enum sql_kind
start(struct tokens *t, struct sql_statement *s)
{
	(void)s;
	return token_is(t, "TRANSACTION") ? SQL_BEGIN : SQL_OPAQUE;
}

/*
 * Whether a PL/pgSQL body ends transactions: COMMIT or ROLLBACK, where a
 * statement can begin, with what can follow there.  In a body with doubled
 * quotes these count as empty strings, and what they enclose is read too.
 */
static bool
commits(const char *text, size_t begin, size_t end)
{
	struct tokens t;
	bool first = true;

	token_start(&t, text, begin, end);
	while (t.kind > TOKEN_ERROR) {
		if (first &&
		    (token_take(&t, "COMMIT") || token_take(&t, "ROLLBACK")) &&
		    (token_is(&t, ";") || token_is(&t, "AND")))
			return true;
		first = token_is(&t, ";") || token_is(&t, "BEGIN") ||
		    token_is(&t, "THEN") || token_is(&t, "ELSE") ||
		    token_is(&t, "LOOP");
		token_step(&t);
	}
	return false;
}

static bool
is_secret(const char *text, const struct sql_statement *s)
{
	struct tokens t;

	if (tells_password(text, s->begin, s->end) ||
	    tells_login(text, s->begin, s->end))
		return true;
	token_start(&t, text, s->begin, s->end);
	if (!token_take(&t, "CREATE") && !token_take(&t, "ALTER"))
		return false;
	if (token_is(&t, "SERVER") || token_is(&t, "SUBSCRIPTION") ||
	    (token_is(&t, "USER") && token_next_is(&t, "MAPPING")))
		return true;
	return (token_is(&t, "ROLE") || token_is(&t, "USER") ||
		   token_is(&t, "GROUP") || token_is(&t, "FOREIGN")) &&
	    holds(text, s->begin, s->end, "PASSWORD");
}

/*
 * PASSWORD 'x' where a body builds a role, and password=x of connection
 * strings; the word alone is but the name of a column.
 */
static bool
tells_password(const char *text, size_t begin, size_t end)
{
	static const char word[] = "PASSWORD", blanks[] = " \t\r\n";
	size_t at = begin, behind;

	while ((at = search(text, at, end, word)) < end) {
		at += sizeof(word) - 1;
		behind = at;
		while (behind < end && strchr(blanks, text[behind]) != NULL)
			behind++;
		if (behind < end && text[behind] == '=')
			return true;
		/* Without a blank, the quote more often ends a 'password'. */
		if (behind < end && behind > at &&
		    (strchr("'%$", text[behind]) != NULL ||
			(behind + 1 < end && text[behind + 1] == '\'')))
			return true;
	}
	return false;
}

/* A connection URI with a password: ://user:password@ */
static bool
tells_login(const char *text, size_t begin, size_t end)
{
	const char *p = text + begin, *stop = text + end;
	bool colon;

	while ((p = memmem(p, (size_t)(stop - p), "://", 3)) != NULL) {
		colon = false;
		for (p += 3; p < stop && strchr("/@' \t\r\n", *p) == NULL; p++)
			colon = colon || *p == ':';
		if (colon && p < stop && *p == '@')
			return true;
	}
	return false;
}

/* Whether the word, whatever it is, is the name of a setting. */
static bool
is_setting(const struct tokens *t)
{
	return token_next_is(t, ".") || token_next_is(t, "=") ||
	    token_next_is(t, "TO");
}

/* Of a list such as (verbose, concurrently off), if one stands here. */
static enum said
option(struct tokens t, const char *name)
{
	enum said said = SAID_NOTHING;

	if (!token_take(&t, "("))
		return said;
	while (t.kind != TOKEN_END && !token_is(&t, ")")) {
		if (!token_take(&t, name)) {
			token_step(&t);
			continue;
		}
		(void)token_take(&t, "=");
		said = token_is(&t, "FALSE") || token_is(&t, "'FALSE'") ||
			token_is(&t, "OFF") || token_is(&t, "'OFF'") ||
			token_is(&t, "0")
		    ? SAID_OFF
		    : SAID_ON;
	}
	return said;
}

/* Step behind the next such word outside parentheses; false if none comes. */
static bool
skip_to(struct tokens *t, const char *word)
{
	while (t->kind != TOKEN_END) {
		if (token_take(t, word))
			return true;
		if (token_is(t, "("))
			(void)token_skip_list(t);
		else
			token_step(t);
	}
	return false;
}

static bool
holds(const char *text, size_t begin, size_t end, const char *upper)
{
	return search(text, begin, end, upper) < end;
}

/* Where this stands in text[begin .. end), in whatever case; end if nowhere. */
static size_t
search(const char *text, size_t begin, size_t end, const char *upper)
{
	size_t n = strlen(upper), i;

	for (; begin + n <= end; begin++) {
		for (i = 0; token_upper(text[begin + i]) == upper[i]; i++)
			if (i + 1 == n)
				return begin;
	}
	return end;
}
