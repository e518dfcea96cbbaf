#include "defer.h"

#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "kind.h"
#include "mem.h"
#include "place.h"
#include "setting.h"

/* What stands around a statement; positions, or the count of statements. */
struct defer_around {
	enum effect_kind effect;
	size_t line;     /* where it begins */
	size_t setting;  /* before it, and still in force */
	size_t rollback; /* behind it, of its transaction */
	size_t any;      /* behind it, with an effect on anything */
};

static void look_back(struct defer *);
static void look_ahead(struct defer *);
static void note_mentions(struct defer *);
static const char *refusal(
    const struct defer *, const struct waiting *, size_t, size_t *);
static const char *refusal_before(
    const struct defer *, const struct waiting *, size_t, size_t *);
static const char *refusal_behind(
    const struct defer *, const struct waiting *, size_t, size_t *);
static void touched(const struct defer *, const struct waiting *, uint64_t,
    size_t, size_t *, const char **);
static void blame(size_t, const char *, size_t *, const char **);
static const char *refusal_of_table(
    const struct defer *, const struct waiting *, size_t *);
static char *tell(const struct defer *, const char *, size_t);

void
defer_read(struct defer *d, const struct sql *sql)
{
	*d = (struct defer){ .sql = sql,
		.touching.statements = sql->count,
		.changing.statements = sql->count };
	d->around = mem_resize(NULL, sql->count, sizeof(*d->around));
	look_back(d);
	look_ahead(d);
	note_mentions(d);
}

bool
defer_is_index(const struct sql *sql, size_t n)
{
	return kind_is_index(sql, n) && !sql_begins(sql, n, "COMMENT");
}

char *
defer_refusal(const struct defer *d, size_t n, bool consent)
{
	struct waiting x;
	const char *why;
	size_t at = d->sql->count;

	if (waiting_read(&x, d->sql, n) == -1)
		why = "only CREATE INDEX may wait";
	else
		why = refusal(d, &x, n, &at);
	if (why == NULL && x.unique && !consent)
		why = "it is unique: until it is built, duplicates may enter";
	waiting_free(&x);
	return why == NULL ? NULL : tell(d, why, at);
}

void
defer_free(struct defer *d)
{
	mention_free(&d->touching);
	mention_free(&d->changing);
	free(d->around);
	*d = (struct defer){ 0 };
}

static void
look_back(struct defer *d)
{
	struct setting setting = { .session = d->sql->count,
		.local = d->sql->count };
	struct place place = { .text = d->sql->text, .len = d->sql->len };
	size_t i;

	for (i = 0; i < d->sql->count; i++) {
		place_move(&place, d->sql->statements[i].begin);
		d->around[i].line = place.line;
		d->around[i].setting = setting.session < setting.local
		    ? setting.session
		    : setting.local;
		setting_follow(&setting, d->sql, i);
	}
}

static void
look_ahead(struct defer *d)
{
	size_t none = d->sql->count, rollback = none, any = none, i;

	for (i = none; i-- > 0;) {
		d->around[i].any = any;
		d->around[i].rollback = rollback;
		d->around[i].effect = effect_of(d->sql, i);
		if (d->around[i].effect == EFFECT_ANY)
			any = i;
		if (sql_begins(d->sql, i, "ROLLBACK") ||
		    sql_begins(d->sql, i, "ABORT"))
			rollback = i;
		else if (d->sql->statements[i].kind == SQL_COMMIT ||
		    d->sql->statements[i].kind == SQL_ALONE)
			rollback = none;
	}
}

static void
note_mentions(struct defer *d)
{
	size_t i;

	for (i = 0; i < d->sql->count; i++)
		if (d->around[i].effect == EFFECT_LOOK)
			mention_add(&d->touching, d->sql, i);
		else if (d->around[i].effect == EFFECT_CHANGE)
			mention_add(&d->changing, d->sql, i);
	mention_sort(&d->touching);
	mention_sort(&d->changing);
}

/* *at is the statement that is to blame, if one is. */
static const char *
refusal(const struct defer *d, const struct waiting *x, size_t n, size_t *at)
{
	const char *why;

	if (x->name == 0)
		return "it has no name, and the server gives it one by what "
		       "is there";
	if (x->veiled)
		return "it has a U&\"name\", which is not read";
	if (x->only)
		return "it is on ONLY a table, to be attached";
	if ((why = refusal_before(d, x, n, at)) != NULL)
		return why;
	return refusal_behind(d, x, n, at);
}

static const char *
refusal_before(
    const struct defer *d, const struct waiting *x, size_t n, size_t *at)
{
	const char *why = refusal_of_table(d, x, at);

	if (why != NULL)
		return why;
	*at = d->around[n].setting;
	return *at == d->sql->count ? NULL : "a setting there concerns it";
}

/* The first that touches it. */
static const char *
refusal_behind(
    const struct defer *d, const struct waiting *x, size_t n, size_t *at)
{
	const char *why = NULL;
	size_t i;

	*at = d->sql->count;
	touched(d, x, x->name, n, at, &why);
	touched(d, x, x->table, n, at, &why);
	for (i = 0; i < x->count; i++)
		blame(mention_next(&d->changing, x->words[i], n),
		    "something that it uses changes", at, &why);
	blame(d->around[n].any, "a statement that may do anything runs", at,
	    &why);
	if (why == NULL)
		blame(d->around[n].rollback, "it may be rolled back", at, &why);
	return why;
}

/* By the first statement behind n that mentions this and does touch it. */
static void
touched(const struct defer *d, const struct waiting *x, uint64_t key, size_t n,
    size_t *at, const char **why)
{
	const char *on;
	size_t s;

	for (s = mention_next(&d->touching, key, n); s < *at;
	     s = mention_next(&d->touching, key, s))
		if ((on = effect_on(x, d->sql, s)) != NULL)
			blame(s, on, at, why);
}

/* Unless an earlier one is to blame already. */
static void
blame(size_t s, const char *reason, size_t *at, const char **why)
{
	if (s < *at) {
		*at = s;
		*why = reason;
	}
}

/* What is special of a table counts wherever it is said. */
static const char *
refusal_of_table(const struct defer *d, const struct waiting *x, size_t *at)
{
	size_t s;

	for (s = mention_first(&d->touching, x->table); s < d->sql->count;
	     s = mention_next(&d->touching, x->table, s))
		if (effect_is_kin(d->sql, s)) {
			*at = s;
			return "its table is temporary, or has partitions or "
			       "children,";
		}
	return NULL;
}

static char *
tell(const struct defer *d, const char *why, size_t at)
{
	return at == d->sql->count
	    ? mem_copy(why)
	    : mem_printf("%s in line %zu", why, d->around[at].line);
}
