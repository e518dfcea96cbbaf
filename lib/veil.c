#include "veil.h"

#include <string.h>
#include <strings.h>

static bool takes_away(const struct sql *, size_t);
static bool holds(const struct sql *, size_t, const char *);

struct veil
veil_of(const struct sql *sql)
{
	struct veil v = { .setting = { sql->count, sql->count } };
	enum sql_kind kind;
	size_t i;

	for (i = 0; i < sql->count; i++) {
		kind = sql->statements[i].kind;
		v.all |= kind == SQL_ROLLBACK || kind == SQL_SAVEPOINT ||
		    kind == SQL_PREPARE;
		if (takes_away(sql, i))
			v.last = i;
	}
	return v;
}

/* A temporary table hides one that stays. */
void
veil_follow(struct veil *v, const struct sql *sql, size_t n)
{
	bool temporary = sql->statements[n].kind == SQL_SESSION &&
	    sql_begins(sql, n, "CREATE");

	setting_follow(&v->setting, sql, n);
	v->names = v->names || temporary || v->setting.session < sql->count ||
	    v->setting.local < sql->count;
}

bool
veil_is_silent(const struct sql *sql, size_t n)
{
	switch (sql->statements[n].kind) {
	case SQL_BEGIN:
	case SQL_COMMIT:
	case SQL_SESSION:
		return true;
	default:
		return sql_is_set_config(sql, n);
	}
}

/* May it take away more than it names? */
static bool
takes_away(const struct sql *sql, size_t n)
{
	if (sql_begins(sql, n, "CALL"))
		return true;
	if (sql_begins(sql, n, "DO"))
		return holds(sql, n, "drop") || holds(sql, n, "rename") ||
		    holds(sql, n, "execute");
	return holds(sql, n, "cascade") &&
	    (sql_begins(sql, n, "DROP") || sql_begins(sql, n, "ALTER"));
}

/* In any case of letters. */
static bool
holds(const struct sql *sql, size_t n, const char *word)
{
	const struct sql_statement *s = &sql->statements[n];
	size_t i, len = strlen(word);

	for (i = s->begin; i + len <= s->end; i++)
		if (strncasecmp(sql->text + i, word, len) == 0)
			return true;
	return false;
}
