#include "compiled.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

static size_t stem_of(const char *);

static const char *const ends[] = { ".js", ".mjs", ".cjs" };

bool
compiled_is(const char *file, const char *source)
{
	size_t stem = stem_of(source), i;

	if (stem == 0 || strncmp(file, source, stem) != 0)
		return false;
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (strcmp(file + stem, ends[i]) == 0)
			return true;
	return false;
}

char *
compiled_find(const char *source)
{
	size_t stem = stem_of(source), i;
	char *path;

	for (i = 0; stem > 0 && i < sizeof(ends) / sizeof(*ends); i++) {
		path = mem_printf("%.*s%s", (int)stem, source, ends[i]);
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

bool
compiled_is_old(const char *file, const char *source)
{
	struct stat a, b;

	if (stat(file, &a) == -1 || stat(source, &b) == -1)
		return false;
	return a.st_mtim.tv_sec < b.st_mtim.tv_sec ||
	    (a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
		a.st_mtim.tv_nsec < b.st_mtim.tv_nsec);
}

/* Without its end; 0 if it is no TypeScript. */
static size_t
stem_of(const char *source)
{
	static const char end[] = ".ts";
	size_t len = strlen(source), size = strlen(end);

	return len > size && strcmp(source + len - size, end) == 0 ? len - size
								   : 0;
}
