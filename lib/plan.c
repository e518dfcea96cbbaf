#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "enum.h"
#include "kind.h"
#include "mem.h"
#include "refusal.h"

/* Words of a plan that is not atomic. */
static const char stepwise[] = "stepwise", own[] = "own transactions";

/* The transaction that the statements read so far belong to. */
struct open {
	bool explicit; /* begun by the script */
	size_t begun;  /* by this statement */
	size_t begin;  /* likewise, if it is worth sending */
	size_t first;
	struct enum_added added;
};

static enum plan_kind kind_apart(const struct sql *, size_t);
static void add(struct plan *, const struct sql *, struct open *, size_t);
static void begin(struct open *, const struct sql *, size_t);
static void cut(struct plan *, struct open *, enum plan_kind, size_t);
static void end(struct open *, const struct sql *, size_t);
static void add_step(struct plan *, struct plan_step);
static void explain(struct plan *, const char *, const char *, size_t);
static void part_enum(struct plan *, struct open *, const struct sql *, size_t);
static bool tied(const struct sql *, size_t, size_t);
static bool undone(const struct sql *, size_t);
static bool reads_only(const struct sql *, size_t);
static bool plain_begin(const struct sql *, size_t);

int
plan_make(struct plan *p, const struct sql *sql)
{
	struct open open = { .begin = PLAN_NONE };
	size_t i;

	*p = (struct plan){ .at = 0 };
	for (i = 0; i < sql->count && p->error == NULL; i++)
		add(p, sql, &open, i);
	if (p->error == NULL && open.explicit) {
		p->error = "the transaction that begins here is never ended, "
			   "and all of it would be lost; add COMMIT";
		p->at = open.begun;
	}
	cut(p, &open, PLAN_TRANSACTION, sql->count);
	p->atomic = p->count == 0 ||
	    (p->count == 1 && p->steps[0].kind == PLAN_TRANSACTION);
	if (p->atomic) {
		p->reason = NULL;
		p->word = "atomic";
	}
	return p->error == NULL ? 0 : -1;
}

int
plan_make_apart(struct plan *p, const struct sql *sql)
{
	size_t i;

	*p = (struct plan){ .word = "apart", .reason = "each index by itself" };
	for (i = 0; i < sql->count && p->error == NULL; i++) {
		if (!kind_is_index(sql, i)) {
			p->error = "this is no index statement; such a "
				   "migration belongs to mg-apply";
			p->at = i;
		}
		add_step(p,
		    (struct plan_step){ .kind = kind_apart(sql, i),
			.first = i,
			.count = 1,
			.begin = PLAN_NONE });
	}
	return p->error == NULL ? 0 : -1;
}

void
plan_make_alone(struct plan *p)
{
	p->steps[0].kind = PLAN_ALONE;
	p->atomic = false;
	explain(p, stepwise, "its statement refuses a transaction", 0);
}

bool
plan_skips(const struct sql *sql, size_t n)
{
	return sql->statements[n].kind == SQL_BEGIN && plain_begin(sql, n);
}

void
plan_free(struct plan *p)
{
	free(p->steps);
	*p = (struct plan){ 0 };
}

/* An index without a name, too, may be built concurrently: mg-index(1). */
static enum plan_kind
kind_apart(const struct sql *sql, size_t i)
{
	size_t begin, end;

	if (sql->statements[i].kind == SQL_ALONE ||
	    (strcmp(kind_word(sql, i), "create-index") == 0 &&
		!kind_object(sql, i, &begin, &end)))
		return PLAN_ALONE;
	return PLAN_TRANSACTION;
}

static void
add(struct plan *p, const struct sql *sql, struct open *open, size_t i)
{
	p->error = refusal_of(sql, i, open->explicit);
	if (p->error != NULL) {
		p->at = i;
		return;
	}
	part_enum(p, open, sql, i);
	switch (sql->statements[i].kind) {
	case SQL_BEGIN:
		begin(open, sql, i);
		break;
	case SQL_COMMIT:
		explain(p, own, "its own COMMIT cuts it", i);
		cut(p, open,
		    reads_only(sql, open->begin) ? PLAN_READ_ONLY
						 : PLAN_TRANSACTION,
		    i);
		end(open, sql, i);
		break;
	case SQL_ROLLBACK:
		explain(p, own, "its own ROLLBACK cuts it", i);
		cut(p, open, PLAN_ROLLBACK, i);
		end(open, sql, i);
		break;
	case SQL_ALONE:
		explain(p, stepwise, "this statement refuses a transaction", i);
		cut(p, open, PLAN_TRANSACTION, i);
		open->first = i;
		cut(p, open, PLAN_ALONE, i + 1);
		open->first = i + 1;
		break;
	case SQL_SESSION:
	case SQL_OPAQUE:
		p->resets = true;
		break;
	default:
		break;
	}
}

/*
 * What stands before BEGIN belongs to its transaction, as it does in one
 * simple query (PostgreSQL manual, 55.2.2.1), so that a BEGIN starts one
 * only if nothing is open.
 */
static void
begin(struct open *open, const struct sql *sql, size_t i)
{
	if (!open->explicit)
		open->begun = i;
	open->explicit = true;
	if (open->first == i) {
		open->begin = plain_begin(sql, i) ? PLAN_NONE : i;
		open->first = i + 1;
	}
}

/* End the step before statement i, unless it is empty. */
static void
cut(struct plan *p, struct open *open, enum plan_kind kind, size_t i)
{
	if (i > open->first)
		add_step(p,
		    (struct plan_step){ .kind = kind,
			.first = open->first,
			.count = i - open->first,
			.begin =
			    kind == PLAN_ALONE ? PLAN_NONE : open->begin });
	enum_forget(&open->added);
}

/* After COMMIT or ROLLBACK: AND CHAIN begins the next with the same options. */
static void
end(struct open *open, const struct sql *sql, size_t i)
{
	open->first = i + 1;
	if (sql->statements[i].chain)
		return;
	open->explicit = false;
	open->begin = PLAN_NONE;
}

static void
add_step(struct plan *p, struct plan_step step)
{
	p->steps = mem_grow(p->steps, p->count, sizeof(step));
	p->steps[p->count++] = step;
}

/* The first reason is the one that is told. */
static void
explain(struct plan *p, const char *word, const char *reason, size_t i)
{
	if (p->reason == NULL) {
		p->word = word;
		p->reason = reason;
		p->at = i;
	}
}

/* End the transaction that adds a value before statement i, which uses it. */
static void
part_enum(struct plan *p, struct open *open, const struct sql *sql, size_t i)
{
	if (!open->explicit && enum_uses(&open->added, sql, i) &&
	    !tied(sql, open->first, i) && !undone(sql, i)) {
		explain(p, stepwise, "it uses an enum value that it adds", i);
		cut(p, open, PLAN_TRANSACTION, i);
		open->first = i;
	}
	enum_add(&open->added, sql, i);
}

/* Is there, from first on and before statement end, what a COMMIT lets go? */
static bool
tied(const struct sql *sql, size_t first, size_t end)
{
	static const char *const words[] = { "DECLARE", "LOCK", "SAVEPOINT",
		"SET LOCAL", "SET CONSTRAINTS", "SET TRANSACTION" };
	size_t i;

	for (; first < end; first++)
		for (i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (sql_begins(sql, first, words[i]))
				return true;
	return false;
}

/* Does the script roll the transaction of statement i back? */
static bool
undone(const struct sql *sql, size_t i)
{
	for (; i < sql->count; i++)
		switch (sql->statements[i].kind) {
		case SQL_ROLLBACK:
			return true;
		case SQL_COMMIT:
		case SQL_ALONE:
			return false;
		default:
			break;
		}
	return false;
}

/* BEGIN or START TRANSACTION without a mode: the words and no more. */
static bool
plain_begin(const struct sql *sql, size_t i)
{
	static const char *const plain[] = { "BEGIN", "BEGIN WORK",
		"BEGIN TRANSACTION", "START TRANSACTION" };
	const struct sql_statement *s = &sql->statements[i];
	size_t n, len = s->end - s->begin;

	for (n = 0; n < sizeof(plain) / sizeof(*plain); n++)
		if (len == strlen(plain[n]) && sql_begins(sql, i, plain[n]))
			return true;
	return false;
}

/* Of BEGIN with modes; of several that contradict, the last counts. */
static bool
reads_only(const struct sql *sql, size_t begin)
{
	struct tokens t;
	bool only = false;

	if (begin == PLAN_NONE)
		return false;
	t = sql_tokens(sql, begin);
	while (t.kind > TOKEN_ERROR)
		if (token_take(&t, "READ"))
			only = token_is(&t, "ONLY") ||
			    (only && !token_is(&t, "WRITE"));
		else
			token_step(&t);
	return only;
}
