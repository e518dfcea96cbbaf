#include <stdarg.h>
#include <stdlib.h>

#include "matching_private.h"
#include "mem.h"
#include "utf8.h"

static void tell_rows(const struct matching *);
static void tell_gaps(const struct matching *);
static void tell_order(const struct matching *);
__attribute__((format(printf, 2, 3))) static void say(
    const struct matching *, const char *, ...);

void
matching_tell(const struct matching *m)
{
	tell_rows(m);
	tell_gaps(m);
	if (m->foreign->timed)
		tell_order(m);
}

static void
tell_rows(const struct matching *m)
{
	bool *taken = matching_claimed(m);
	size_t i;

	for (i = 0; i < m->foreign->count; i++)
		if (!taken[i])
			say(m, "%s: %s has it, and no folder here is it",
			    utf8_visible(m->foreign->rows[i].name),
			    utf8_visible(m->foreign->table));
	free(taken);
}

/* What mg-apply runs next although what is behind it was applied before. */
static void
tell_gaps(const struct matching *m)
{
	size_t i, last = 0;

	for (i = 0; i < m->count; i++)
		if (!m->list[i].baseline && m->list[i].at > last)
			last = m->list[i].at;
	for (i = 0; i < m->ncandidates; i++)
		if (m->candidates[i].row == m->foreign->count &&
		    m->candidates[i].at < last)
			say(m,
			    "%s: %s does not have it, but has %s, which comes "
			    "behind it: it is pending",
			    utf8_visible(m->candidates[i].name),
			    utf8_visible(m->foreign->table),
			    utf8_visible(m->migrations->list[last].name));
}

static void
tell_order(const struct matching *m)
{
	size_t i, last = 0;

	for (i = 0; i < m->count; i++) {
		if (m->list[i].baseline)
			continue;
		if (m->list[i].at < last)
			say(m,
			    "%s: %s has applied it behind %s, which comes "
			    "behind it here",
			    utf8_visible(
				m->migrations->list[m->list[i].at].name),
			    utf8_visible(m->foreign->table),
			    utf8_visible(m->migrations->list[last].name));
		else
			last = m->list[i].at;
	}
}

static void
say(const struct matching *m, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = mem_vprintf(format, args);
	va_end(args);
	m->notice(text);
	free(text);
}
