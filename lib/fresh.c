#include "fresh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "utf8.h"

struct folder {
	const char *path;
	int fd;
	dev_t device;
	ino_t inode;
};

static int open_folder(struct folder *, const char *);
static int by_inode(const void *, const void *);
static int lock_folder(const struct folder *);
static int make_beside(const char *, const char *);
static int make_in_place(const char *);
static int add_script(const char *);
static void undo(const char *);
static void loosen(const char *);

/* In the same order for everybody, so that no two wait for each other. */
int
fresh_lock(char *const dirs[], size_t count, char **error)
{
	struct folder *list = mem_resize(NULL, count, sizeof(*list));
	const char *failed = NULL;
	int status = CLI_OK;
	size_t i;

	for (i = 0; i < count && status == CLI_OK; i++)
		if (open_folder(&list[i], failed = dirs[i]) == -1)
			status = CLI_INPUT;
	if (status == CLI_OK)
		qsort(list, count, sizeof(*list), by_inode);
	/* The same folder, given twice, would wait for itself. */
	for (i = 0; i < count && status == CLI_OK; i++)
		if ((i == 0 || by_inode(&list[i - 1], &list[i]) != 0) &&
		    lock_folder(&list[i]) == -1) {
			failed = list[i].path;
			status = CLI_SYSTEM;
		}
	if (status != CLI_OK)
		*error = mem_printf("%s: %s%s", utf8_visible(failed),
		    strerror(errno),
		    errno == ENOENT ? "; make it with mkdir -p, or name the "
				      "folder that the migrations are in"
				    : "");
	free(list);
	return status;
}

int
fresh_make(const char *dir, const char *name)
{
	char *beside = mem_printf("%s/../.mg-new.XXXXXX", dir);
	char *path = mem_printf("%s/%s", dir, name);
	int made = make_beside(beside, path);

	if (made == -1 && errno != EEXIST)
		made = make_in_place(path);
	free(beside);
	free(path);
	return made;
}

static int
open_folder(struct folder *f, const char *path)
{
	struct stat st;

	f->path = path;
	f->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd == -1 || fstat(f->fd, &st) == -1)
		return -1;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	return 0;
}

static int
by_inode(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

static int
lock_folder(const struct folder *f)
{
	int locked;

	do
		locked = flock(f->fd, LOCK_EX);
	while (locked == -1 && errno == EINTR);
	return locked;
}

static int
make_beside(const char *template, const char *path)
{
	char *beside = mem_copy(template);
	int made = -1, saved;

	if (mkdtemp(beside) != NULL) {
		loosen(beside);
		if (add_script(beside) == 0)
			made = renameat2(
			    AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE);
		saved = errno;
		if (made == -1)
			undo(beside);
		errno = saved;
	}
	saved = errno;
	free(beside);
	errno = saved;
	return made;
}

static int
make_in_place(const char *path)
{
	int saved;

	if (mkdir(path, 0777) == -1)
		return -1;
	if (add_script(path) == 0)
		return 0;
	saved = errno;
	undo(path);
	errno = saved;
	return -1;
}

static int
add_script(const char *dir)
{
	char *path = mem_printf("%s/migration.sql", dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int saved = errno;

	free(path);
	errno = saved;
	return fd == -1 ? -1 : close(fd);
}

static void
undo(const char *dir)
{
	char *path = mem_printf("%s/migration.sql", dir);

	(void)unlink(path);
	(void)rmdir(dir);
	free(path);
}

/* mkdtemp lets nobody else in; mkdir would have asked the umask. */
static void
loosen(const char *dir)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	(void)chmod(dir, 0777 & ~mask);
}
