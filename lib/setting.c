#include "setting.h"

#include <string.h>
#include <strings.h>

enum { RESET = 128 /* bytes of one */ };

static void begin(size_t *, size_t);
static bool matters(struct tokens);
static bool is_harmless(const struct tokens *);
static bool empties(struct tokens);
static bool undoes(const struct sql *, size_t, size_t);

void
setting_follow(struct setting *s, const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);
	size_t none = sql->count;

	switch (sql->statements[n].kind) {
	case SQL_COMMIT:
	case SQL_ROLLBACK:
		s->local = none;
		return;
	default:
		break;
	}
	if (token_take(&t, "SET")) {
		if (!token_is(&t, "LOCAL") || token_next_is(&t, ".")) {
			if (matters(t))
				begin(&s->session, n);
		} else if (token_take(&t, "LOCAL") && matters(t))
			begin(&s->local, n);
	} else if (sql_is_set_config(sql, n)) {
		if (matters(t))
			begin(&s->session, n);
	} else if (s->session < none && undoes(sql, n, s->session))
		s->session = none;
}

static void
begin(size_t *at, size_t n)
{
	if (n < *at)
		*at = n;
}

/* Standing on the name, on SESSION before it, or on SELECT set_config. */
static bool
matters(struct tokens t)
{
	(void)token_take(&t, "SESSION");
	if (token_take(&t, "SELECT")) {
		while (t.kind > TOKEN_ERROR && !token_take(&t, "("))
			token_step(&t);
	}
	return !is_harmless(&t) && !empties(t);
}

static bool
is_harmless(const struct tokens *t)
{
	static const char *const names[] = { "application_name",
		"check_function_bodies", "client_encoding",
		"client_min_messages", "constraints",
		"default_table_access_method", "maintenance_work_mem",
		"max_parallel_maintenance_workers", "row_security",
		"standard_conforming_strings", "synchronous_commit",
		"transaction", "work_mem", "xmloption" };
	static const char timeout[] = "_timeout";
	size_t len = t->end - t->begin, tail = strlen(timeout), i;
	const char *name = t->text + t->begin;

	if (len > tail && strncasecmp(name + len - tail, timeout, tail) == 0)
		return true;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (len == strlen(names[i]) &&
		    strncasecmp(name, names[i], len) == 0)
			return true;
	return false;
}

/* As pg_dump does, to write names that need no path and no tablespace. */
static bool
empties(struct tokens t)
{
	if (!token_is(&t, "SEARCH_PATH") && !token_is(&t, "'SEARCH_PATH'") &&
	    !token_is(&t, "DEFAULT_TABLESPACE"))
		return false;
	token_step(&t);
	return (token_take(&t, "=") || token_take(&t, "TO") ||
		   token_take(&t, ",")) &&
	    token_is(&t, "''");
}

static bool
undoes(const struct sql *sql, size_t n, size_t set)
{
	const struct sql_statement *s = &sql->statements[n];
	char reset[RESET];

	if (sql_begins(sql, n, "RESET ALL") ||
	    sql_begins(sql, n, "DISCARD ALL"))
		return true;
	return sql_setting(sql, set, reset, sizeof(reset)) == 0 &&
	    strlen(reset) == s->end - s->begin &&
	    strncasecmp(sql->text + s->begin, reset, strlen(reset)) == 0;
}
