#include "unfold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "folder.h"
#include "layout.h"
#include "mem.h"
#include "utf8.h"

static bool is_free(const char *);
static int write_file(const char *, const char *, size_t);
static int write_all(int, const char *, size_t);
static int fail(struct unfold *, const char *);

int
unfold_begin(struct unfold *u, const char *dir)
{
	char *plain = layout_without_slashes(dir);
	mode_t mask = umask(0);

	umask(mask);
	*u = (struct unfold){ .dir = dir };
	u->beside = mem_printf("%s.mg-convert.XXXXXX", plain);
	free(plain);
	if (!is_free(dir) || mkdtemp(u->beside) == NULL) {
		(void)fail(u, dir);
		free(u->beside);
		u->beside = NULL;
		return -1;
	}
	return chmod(u->beside, 0777 & ~mask) == -1 ? fail(u, u->beside) : 0;
}

int
unfold_add(struct unfold *u, const char *name, const char *file,
    const char *bytes, size_t len)
{
	char *folder = mem_printf("%s/%s", u->beside, name);
	char *path = mem_printf("%s/%s", folder, file);
	int result = 0;

	if ((mkdir(folder, 0777) == -1 && errno != EEXIST) ||
	    write_file(path, bytes, len) == -1)
		result = fail(u, path);
	free(folder);
	free(path);
	return result;
}

/* The kernel refuses a folder that is not empty by now. */
int
unfold_end(struct unfold *u)
{
	int fd = open(u->beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int synced = fd == -1 ? -1 : syncfs(fd);

	if (fd != -1)
		close(fd);
	if (synced == -1)
		return fail(u, u->beside);
	if (rename(u->beside, u->dir) == -1)
		return fail(u, u->dir);
	free(u->beside);
	u->beside = NULL;
	return 0;
}

void
unfold_free(struct unfold *u)
{
	if (u->beside != NULL)
		(void)folder_remove(u->beside);
	free(u->beside);
	free(u->error);
	*u = (struct unfold){ 0 };
}

/* Not there, or empty; else errno says why not. */
static bool
is_free(const char *dir)
{
	DIR *open = opendir(dir);
	const struct dirent *entry;
	size_t count = 0;

	if (open == NULL)
		return errno == ENOENT;
	while ((entry = readdir(open)) != NULL)
		count += strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0;
	closedir(open);
	errno = ENOTEMPTY;
	return count == 0;
}

static int
write_file(const char *path, const char *bytes, size_t len)
{
	int fd, result, saved;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd == -1)
		return -1;
	result = write_all(fd, bytes, len);
	saved = errno;
	if (close(fd) == -1 && result == 0)
		return -1;
	errno = saved;
	return result;
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	ssize_t written;

	for (; len > 0; bytes += written, len -= (size_t)written)
		if ((written = write(fd, bytes, len)) == -1)
			return -1;
	return 0;
}

static int
fail(struct unfold *u, const char *path)
{
	const char *why = strerror(errno);

	u->status = errno == ENOSPC || errno == EIO || errno == EDQUOT
	    ? CLI_SYSTEM
	    : CLI_INPUT;
	if (errno == ENOTEMPTY || errno == EEXIST)
		why = "it has something in it already, and nothing is "
		      "overwritten; give a new folder";
	else if (errno == ENOENT)
		why = "the folder that it belongs in is not there; make that "
		      "with mkdir -p";
	u->error = mem_printf("%s: %s", utf8_visible(path), why);
	return -1;
}
