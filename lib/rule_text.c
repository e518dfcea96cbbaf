/* Rules for a text as a whole, and for what cannot be looked into. */
#include <ctype.h>
#include <string.h>

#include "rule_private.h"
#include "utf8.h"

enum { NAME_BYTES = 63 /* that the server keeps */ };

static bool is_time(const char *);
static int digits(const char *, size_t);
static bool says_something(const char *);

void
rule_not_sql(struct lint *l)
{
	if (l->sql.error != NULL)
		lint_tell(l, l->sql.at, "%s", l->sql.error);
}

void
rule_empty(struct lint *l)
{
	if (l->sql.error == NULL && l->sql.count == 0)
		lint_tell(l, 0,
		    "there is no statement in it; if it is not applied "
		    "anywhere yet, remove it");
}

/* What is secret may not be told by the grammar's message either. */
void
rule_syntax(struct lint *l, size_t n)
{
	const struct grammar *g = &l->trees[n];

	if (g->error != NULL && !g->refused)
		lint_tell_as(l,
		    l->server_version > grammar_version() ? FINDING_NOTE
							  : l->rule->severity,
		    lint_begin(l, n) + g->at,
		    "%s, says the grammar of PostgreSQL %d; only rules that "
		    "need no grammar have looked at this statement",
		    l->sql.statements[n].secret ? "syntax error" : g->error,
		    grammar_version());
}

void
rule_not_parsed(struct lint *l, size_t n)
{
	if (l->trees[n].refused)
		lint_tell(l, lint_begin(l, n),
		    "%s: only rules that need no grammar have looked at this "
		    "statement",
		    l->trees[n].error);
}

/* The tree has the name as the server cuts it. */
void
rule_long_name(struct lint *l, size_t n)
{
	struct tokens t;
	size_t len;

	for (t = sql_tokens(&l->sql, n); t.kind > TOKEN_ERROR; token_step(&t)) {
		len = t.end - t.begin;
		if (t.kind == TOKEN_NAME && t.text[t.begin] == '"')
			len -= 2;
		else if (t.kind != TOKEN_WORD)
			continue;
		if (len > NAME_BYTES)
			lint_tell(l, t.begin,
			    "a name of %zu bytes, of which the server keeps "
			    "the first %d; choose a shorter one",
			    len, NAME_BYTES);
	}
}

void
rule_name(struct lint *l)
{
	const char *name = l->text->name;
	size_t count;

	if (name == NULL || l->text->baseline)
		return;
	count = strspn(name, "0123456789");
	/* The first of all is often called so. */
	if (strcmp(name, "0_init") == 0 || strcmp(name, "0_baseline") == 0)
		return;
	if (count != 14 || name[count] != '_')
		lint_tell(l, 0,
		    "the name %s does not begin with YYYYMMDDHHMMSS_, so that "
		    "its place among others is not clear; mg-new makes such "
		    "names",
		    utf8_visible(name));
	else if (!is_time(name))
		lint_tell(l, 0,
		    "the name %s begins with a time that there is not",
		    utf8_visible(name));
	else if (!says_something(name + count + 1))
		lint_tell(l, 0,
		    "the name %s does not say what the migration does",
		    utf8_visible(name));
}

void
rule_bad_ignore(struct lint *l)
{
	const struct rule *rule;
	const struct ignore *i;

	for (i = l->ignores.list; i < l->ignores.list + l->ignores.count; i++) {
		rule = i->rule == NULL ? NULL : rule_find(i->rule);
		if (i->rule == NULL)
			lint_tell(l, i->at,
			    "not understood; write \"-- mg-lint: ignore RULE "
			    "because REASON\"");
		else if (rule == NULL)
			lint_tell(l, i->at, "there is no rule %s",
			    utf8_visible(i->rule));
		else if (!i->reason)
			lint_tell(l, i->at,
			    "%s is not silenced without a reason; write "
			    "\"because REASON\" behind it",
			    i->rule);
		else if (!i->used && lint_asks(l, rule) &&
		    (i->statement == l->sql.count ||
			l->trees[i->statement].tree != NULL))
			lint_tell(l, i->at,
			    "%s has nothing to say here; remove the comment",
			    i->rule);
	}
}

static bool
is_time(const char *stamp)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int month = digits(stamp + 4, 2), day = digits(stamp + 6, 2);

	return month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] && digits(stamp + 8, 2) < 24 &&
	    digits(stamp + 10, 2) < 60 && digits(stamp + 12, 2) < 60;
}

static int
digits(const char *text, size_t count)
{
	int value = 0;

	while (count-- > 0)
		value = value * 10 + (*text++ - '0');
	return value;
}

/* At least three letters, and more than that something is migrated. */
static bool
says_something(const char *words)
{
	static const char *const empty[] = { "change", "changes", "fix",
		"fixes", "migrate", "migration", "new", "schema", "temp",
		"test", "tmp", "update", "updates", "wip" };
	size_t i, letters = 0;

	for (i = 0; i < sizeof(empty) / sizeof(*empty); i++)
		if (strcasecmp(words, empty[i]) == 0)
			return false;
	for (; *words != '\0'; words++)
		letters += isalpha((unsigned char)*words) != 0 ||
		    (unsigned char)*words >= 0x80;
	return letters >= 3;
}
