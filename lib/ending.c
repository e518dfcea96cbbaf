#include "ending.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "undo.h"
#include "utf8.h"

enum { SHOWN = 240, TAIL = 1000 }; /* bytes */

static void read_sqlstate(struct ending *, const char *);
static const char *message(const char *);
static char *cut(const char *, size_t, size_t);

void
ending_read(struct ending *e, const char *logs)
{
	const char *line;
	size_t len, skipped;

	*e = (struct ending){ 0 };
	if (logs == NULL || *logs == '\0')
		return;
	read_sqlstate(e, logs);
	line = message(logs);
	e->message = cut(line, strcspn(line, "\n"), SHOWN);
	len = strlen(logs);
	skipped = len > TAIL ? len - TAIL : 0;
	while (skipped > 0 && skipped < len && (logs[skipped] & 0xc0) == 0x80)
		skipped++;
	e->tail = mem_copy(logs + skipped);
}

void
ending_free(struct ending *e)
{
	free(e->message);
	free(e->tail);
	*e = (struct ending){ 0 };
}

static void
read_sqlstate(struct ending *e, const char *logs)
{
	static const char *const marks[] = {
		"Database error code: ", "(SQLSTATE ", "the next step failed: "
	};
	const char *at;
	size_t i, n;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if ((at = strstr(logs, marks[i])) == NULL)
			continue;
		at += strlen(marks[i]);
		for (n = 0; n < 5 && isalnum((unsigned char)at[n]); n++)
			continue;
		if (n == 5 && strchr(" \n)", at[n]) != NULL) {
			memcpy(e->sqlstate, at, n);
			return;
		}
	}
}

/* The server's, else why a step failed, else the first line. */
static const char *
message(const char *logs)
{
	static const char *const marks[] = { "the next step failed: ",
		"mg-apply: script ", UNDO_LOGS, "ERROR: " };
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if ((at = strstr(logs, marks[i])) != NULL)
			return at + strlen(marks[i]);
	return logs;
}

/* Never within a character. */
static char *
cut(const char *text, size_t len, size_t most)
{
	if (len > most)
		len = utf8_invalid(text, most);
	return mem_copy_bytes(text, len);
}
