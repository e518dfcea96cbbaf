#include "alteration.h"

#include "kind.h"
#include "mention.h"

static bool mentions_rename(const struct sql *, size_t);
static bool action_concerns(const struct waiting *, struct tokens *);
static bool column_is_in(const struct waiting *, struct tokens *);
static bool adds_unnamed(struct tokens);

bool
alteration_concerns(const struct waiting *x, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	size_t begin, end;

	if (!kind_object(sql, n, &begin, &end))
		return true;
	if (mention_key_of(sql->text, begin, end) != x->table)
		return mentions_rename(sql, n);
	token_start(&t, sql->text, end, sql->statements[n].end);
	(void)token_take(&t, "*");
	do
		if (action_concerns(x, &t))
			return true;
	while (token_take(&t, ","));
	return t.kind != TOKEN_END;
}

/* Another table may get this one's name. */
static bool
mentions_rename(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	for (; t.kind > TOKEN_ERROR; token_step(&t))
		if (token_is(&t, "RENAME"))
			return true;
	return false;
}

/* Steps to the end of the action. */
static bool
action_concerns(const struct waiting *x, struct tokens *t)
{
	static const char *const harmless[] = { "VALIDATE", "ENABLE", "DISABLE",
		"OWNER", "FORCE" };
	struct tokens action = *t;
	size_t i;

	token_skip_item(t);
	for (i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (token_is(&action, harmless[i]))
			return false;
	if (token_take(&action, "ADD"))
		return adds_unnamed(action);
	if (token_is(&action, "SET") || token_is(&action, "RESET"))
		return !token_next_is(&action, "(");
	if (token_next_is(&action, "CONSTRAINT"))
		return !token_is(&action, "ALTER") &&
		    !token_is(&action, "DROP") && !token_is(&action, "RENAME");
	if (token_take(&action, "ALTER")) {
		if (!column_is_in(x, &action))
			return false;
		(void)token_take(&action, "SET");
		return token_is(&action, "DATA") || token_is(&action, "TYPE");
	}
	if (token_take(&action, "DROP") || token_take(&action, "RENAME"))
		return column_is_in(x, &action);
	return true;
}

/* Steps over it.  RENAME TO names none, but concerns each. */
static bool
column_is_in(const struct waiting *x, struct tokens *t)
{
	bool is;

	(void)token_take(t, "COLUMN");
	if (token_take(t, "IF"))
		(void)token_take(t, "EXISTS");
	is = token_is(t, "TO") || mention_key(t) == 0 ||
	    waiting_holds(x, mention_key(t));
	token_step(t);
	return is;
}

/* A constraint without a name gets an index whose name may be ours. */
static bool
adds_unnamed(struct tokens t)
{
	if (token_is(&t, "CONSTRAINT"))
		return false;
	while (!token_ends_item(&t)) {
		if (token_is(&t, "UNIQUE") || token_is(&t, "PRIMARY") ||
		    token_is(&t, "EXCLUDE"))
			return true;
		if (token_is(&t, "("))
			(void)token_skip_list(&t);
		else
			token_step(&t);
	}
	return false;
}
