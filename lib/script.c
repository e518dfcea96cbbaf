#include "script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

static int understand(struct script *);
static void drop_concurrently(struct script *);
static int fail(struct script *, const char *);
static int fail_at(struct script *, size_t, const char *);

int
script_read(struct script *s, const struct migration *m)
{
	s->path = m->path == NULL ? m->name : m->path;
	free(s->error);
	s->error = NULL;
	if (m->path == NULL)
		return fail(s, "the record has no \"path\"");
	if (file_read(&s->file, m->path) == -1)
		return fail(s, strerror(errno));
	hash_checksum(s->file.bytes, s->file.len, s->checksum);
	if (m->checksum != NULL && strcmp(m->checksum, s->checksum) != 0)
		return fail(s,
		    "its bytes are not those of the record's "
		    "checksum; run mg-scan and mg-hash again");
	return understand(s);
}

int
script_identify(struct script *s, const struct migration *m)
{
	if (m->path != NULL || m->checksum == NULL)
		return script_read(s, m);
	s->path = m->name;
	if (file_read(&s->file, "/dev/null") == -1)
		return fail(s, strerror(errno));
	memcpy(s->checksum, m->checksum, sizeof(s->checksum));
	return understand(s);
}

char *
script_place(const struct script *s, size_t offset)
{
	size_t line, column;

	sql_place(s->file.bytes, s->file.len, offset, &line, &column);
	return mem_printf("%s:%zu:%zu", utf8_visible(s->path), line, column);
}

bool
script_means(const struct script *s, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n && strchr(name, '.') == NULL; i++)
		if (s->sql.statements[i].kind == SQL_SESSION)
			return false;
	return true;
}

void
script_free(struct script *s)
{
	plan_free(&s->plan);
	sql_free(&s->sql);
	file_free(&s->file);
	free(s->error);
	*s = (struct script){ 0 };
}

static int
understand(struct script *s)
{
	plan_free(&s->plan);
	sql_free(&s->sql);
	if (sql_read(&s->sql, s->file.bytes, s->file.len) == -1)
		return fail_at(s, s->sql.at, s->sql.error);
	if (s->plain)
		drop_concurrently(s);
	if ((s->apart ? plan_make_apart(&s->plan, &s->sql)
		      : plan_make(&s->plan, &s->sql)) == -1)
		return fail_at(
		    s, s->sql.statements[s->plan.at].begin, s->plan.error);
	return 0;
}

/*
 * Blanks take the place of the word, so that every other byte stays where it
 * is; then the statements are what they are without it.
 */
static void
drop_concurrently(struct script *s)
{
	size_t i, at;

	for (i = 0; i < s->sql.count; i++) {
		at = s->sql.statements[i].concurrently;
		if (at > 0)
			memset(s->file.bytes + at, ' ', strlen("CONCURRENTLY"));
	}
	sql_free(&s->sql);
	(void)sql_read(&s->sql, s->file.bytes, s->file.len);
}

/* Both return -1, so that callers can return it. */
static int
fail(struct script *s, const char *why)
{
	s->error = mem_printf("%s: %s", utf8_visible(s->path), why);
	return -1;
}

static int
fail_at(struct script *s, size_t offset, const char *why)
{
	char *place = script_place(s, offset);

	s->error = mem_printf("%s: %s", place, why);
	free(place);
	return -1;
}
