#include "provider.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "mem.h"
#include "utf8.h"

static char *judge(const char *, char *);
static char *value(char *);

char *
provider_refusal(const char *dir)
{
	char *path = mem_printf("%s/migration_lock.toml", dir);
	struct file file = { 0 };
	char *why = NULL;

	if (file_read(&file, path) == 0)
		why = judge(path, file.bytes);
	else if (errno != ENOENT && errno != ENOTDIR)
		why = mem_printf("%s: %s", utf8_visible(path), strerror(errno));
	file_free(&file);
	free(path);
	return why;
}

static char *
judge(const char *path, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")) != NULL)
		if (strncmp(line, "provider", strlen("provider")) == 0)
			break;
	if (line == NULL)
		return mem_printf("%s: P3019: it names no provider; write: "
				  "provider = \"postgresql\"",
		    utf8_visible(path));
	line = value(line);
	if (strcmp(line, "postgresql") == 0)
		return NULL;
	return mem_printf("%s: P3019: the provider is not postgresql but %s",
	    utf8_visible(path), utf8_visible(line));
}

/* What is left of the line, in its place. */
static char *
value(char *line)
{
	static const char prefix[] = "provider = ";
	char *from, *to;

	if (strncmp(line, prefix, strlen(prefix)) == 0)
		line += strlen(prefix);
	for (from = to = line; *from != '\0'; from++)
		if (*from != '"' && (*from != '\r' || from[1] != '\0'))
			*to++ = *from;
	*to = '\0';
	return line;
}
