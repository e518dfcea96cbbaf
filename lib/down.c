#include "down.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compiled.h"
#include "file.h"
#include "hash.h"
#include "mem.h"
#include "utf8.h"

static int find_in_folder(struct down *, const struct migration *);
static bool is_file(const char *);
static int find_beside(struct down *, const struct migration *);
static bool is_flat(const struct migration *);
static int find_inside(struct down *, const struct migration *);
static bool has_own_folder(const struct migration *);
static size_t folder_len(const struct migration *);

int
down_find(struct down *d, const struct migration *m)
{
	down_free(d);
	if (is_flat(m))
		return find_beside(d, m);
	if (has_own_folder(m)) {
		if (find_in_folder(d, m) == -1)
			return -1;
		return d->there ? 0 : find_inside(d, m);
	}
	if (record_is_script(m->object))
		return find_inside(d, m);
	d->error = mem_printf("%s: %s is in no folder of its own, where a "
			      "down.sql would be; undo it with the tool that "
			      "it was made for",
	    utf8_visible(m->name), utf8_visible(m->path));
	return -1;
}

int
down_interpreter(
    const struct down *d, const struct migration *m, struct interpreter *i)
{
	struct file file = { 0 };
	char checksum[HASH_CHECKSUM];
	int result;

	if (file_read(&file, d->path) == -1) {
		interpreter_free(i);
		i->error = mem_printf(
		    "%s: %s", utf8_visible(d->path), strerror(errno));
		return -1;
	}
	result = interpreter_find(i, d->path, file.bytes, INTERPRETER_DOWN);
	hash_checksum(file.bytes, file.len, checksum);
	if (d->own && strcmp(checksum, m->checksum) != 0) {
		interpreter_free(i);
		i->error = mem_printf("%s: its bytes are not those of the "
				      "record's checksum; run mg-scan and "
				      "mg-hash again",
		    utf8_visible(d->path));
		result = -1;
	}
	file_free(&file);
	return result;
}

void
down_free(struct down *d)
{
	free(d->path);
	free(d->error);
	*d = (struct down){ 0 };
}

/* What is compiled of a TypeScript beside it is no other one. */
static int
find_in_folder(struct down *d, const struct migration *m)
{
	static const char *const names[] = { "down.sql", "down", "down.ts",
		"down.cjs", "down.js", "down.mjs", "down.py", "down.sh" };
	int len = (int)folder_len(m);
	char *path;
	size_t n;

	d->path = mem_printf("%.*s%s", len, m->path, names[0]);
	for (n = 0; n < sizeof(names) / sizeof(*names); n++) {
		path = mem_printf("%.*s%s", len, m->path, names[n]);
		if (!is_file(path) ||
		    (d->there && compiled_is(path, d->path))) {
			free(path);
			continue;
		}
		if (d->there) {
			d->error = mem_printf("%s and %s: two ways back of one "
					      "migration; remove one",
			    utf8_visible(d->path), utf8_visible(path));
			free(path);
			return -1;
		}
		free(d->path);
		d->path = path;
		d->there = true;
		d->script = n > 0;
	}
	return 0;
}

static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

static int
find_beside(struct down *d, const struct migration *m)
{
	d->path = mem_printf(
	    "%.*s.down.sql", (int)(strlen(m->path) - strlen(".sql")), m->path);
	d->there = is_file(d->path);
	return 0;
}

/* A file that is called as its migration, in a folder of many. */
static bool
is_flat(const struct migration *m)
{
	size_t len = strlen(m->name), begin = folder_len(m);

	return strncmp(m->path + begin, m->name, len) == 0 &&
	    strcmp(m->path + begin + len, ".sql") == 0 &&
	    !(has_own_folder(m) && strcmp(m->name, "migration") == 0);
}

/* Where there is none, a file would be beside it, if it may. */
static int
find_inside(struct down *d, const struct migration *m)
{
	struct file file = { 0 };

	if (file_read(&file, m->path) == -1) {
		d->error = mem_printf(
		    "%s: %s", utf8_visible(m->path), strerror(errno));
		return -1;
	}
	d->own = d->there = record_is_script(m->object) &&
	    interpreter_exports_down(m->path, file.bytes);
	file_free(&file);
	if (d->own || d->path == NULL) {
		free(d->path);
		d->path = mem_copy(m->path);
		d->own = d->script = true;
	}
	return 0;
}

/* A down.sql beside files of other migrations would be nobody's. */
static bool
has_own_folder(const struct migration *m)
{
	size_t folder = folder_len(m), len = strlen(m->name);
	const char *name = m->path + folder - 1 - len;

	return folder > len && strncmp(name, m->name, len) == 0 &&
	    (name == m->path || name[-1] == '/');
}

static size_t
folder_len(const struct migration *m)
{
	const char *slash = strrchr(m->path, '/');

	return slash == NULL ? 0 : (size_t)(slash - m->path) + 1;
}
