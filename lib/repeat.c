#include "repeat.h"

#include <string.h>

#include "file.h"
#include "mem.h"

static const char ours[] = "mg-apply: script ";

static bool is_comment(const char *);

char *
repeat_logs(const char *how, const char *tail)
{
	return mem_printf(
	    "%s%s%s%s", ours, how, *tail == '\0' ? "" : "\n", tail);
}

bool
repeat_may(const struct migration *m, const struct history_row *row)
{
	return record_is_script(m->object) && m->path != NULL &&
	    row->logs != NULL && strncmp(row->logs, ours, strlen(ours)) == 0 &&
	    repeat_says(m->path);
}

bool
repeat_says(const char *path)
{
	static const char word[] = "mg: idempotent";
	struct file file = { 0 };
	const char *line, *at;
	bool says = false;

	if (file_read(&file, path) == -1)
		return false;
	for (line = file.bytes; *line != '\0' && is_comment(line) && !says;
	     line += *line == '\n') {
		at = strstr(line, word);
		says = at != NULL && at < line + strcspn(line, "\n");
		line += strcspn(line, "\n");
	}
	file_free(&file);
	return says;
}

/* Or an empty line. */
static bool
is_comment(const char *line)
{
	line += strspn(line, " \t\r");
	return *line == '#' || *line == '\n' || *line == '*' ||
	    strncmp(line, "//", 2) == 0 || strncmp(line, "/*", 2) == 0 ||
	    strncmp(line, "--", 2) == 0 ||
	    strncmp(line, "'use strict'", 12) == 0 ||
	    strncmp(line, "\"use strict\"", 12) == 0 ||
	    strncmp(line, "\"\"\"", 3) == 0;
}
