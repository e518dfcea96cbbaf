#include "draft.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "folder.h"
#include "mem.h"

#define DRAFT ".mg-backup."
#define SIDECAR "/sidecar.json"

static int fail(struct draft *, const char *);
static int lock_folder(const char *, int);
static void sweep(const char *);
static void sweep_draft(const char *);
static char *choose(const struct draft *, const char *, time_t);
static bool is_taken(const char *);
static char *folder_of(const char *);
static int move(struct draft *, const char *, const char *, int);

int
draft_begin(struct draft *d, const char *dir)
{
	int lock;

	*d = (struct draft){ .dir = dir, .lock = -1 };
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return fail(d, dir);
	if ((lock = lock_folder(dir, LOCK_EX)) == -1)
		return fail(d, dir);
	sweep(dir);
	d->folder = mem_printf("%s/" DRAFT "XXXXXX", dir);
	if (mkdtemp(d->folder) == NULL) {
		free(d->folder);
		d->folder = NULL;
		close(lock);
		return fail(d, dir);
	}
	/* Before anybody else may sweep. */
	d->lock = lock_folder(d->folder, LOCK_EX | LOCK_NB);
	close(lock);
	d->dump = mem_printf("%s/dump", d->folder);
	return d->lock == -1 ? fail(d, d->folder) : 0;
}

static int
fail(struct draft *d, const char *path)
{
	int error = errno;

	free(d->error);
	d->error = mem_printf("%s: %s", path, strerror(error));
	return -1;
}

/* What is locked stays so until the descriptor is closed. */
static int
lock_folder(const char *path, int how)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	/* The folder itself may well be a link. */
	if (fd == -1 && (errno == ELOOP || errno == ENOTDIR))
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || flock(fd, how) == 0)
		return fd;
	close(fd);
	return -1;
}

/* What is left of those who live no more. */
static void
sweep(const char *dir)
{
	DIR *folder = opendir(dir);
	struct dirent *entry;
	char *path;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		path = mem_printf("%s/%s", dir, entry->d_name);
		if (strcmp(entry->d_name, DRAFT "json") == 0)
			(void)unlink(path);
		else if (strncmp(entry->d_name, DRAFT, strlen(DRAFT)) == 0)
			sweep_draft(path);
		free(path);
	}
	if (folder != NULL)
		closedir(folder);
}

static void
sweep_draft(const char *path)
{
	int lock = lock_folder(path, LOCK_EX | LOCK_NB);

	if (lock == -1)
		return;
	(void)folder_remove(path);
	close(lock);
}

int
draft_publish(struct draft *d, const struct sidecar *s, const char *label,
    time_t taken, const char *ending)
{
	char *written = mem_printf("%s" SIDECAR, d->folder), *stem = NULL;
	int lock, result = -1;

	if (sidecar_write(s, written) == -1)
		fail(d, written);
	else if ((lock = lock_folder(d->dir, LOCK_EX)) == -1)
		fail(d, d->dir);
	else {
		stem = choose(d, label, taken);
		d->path = mem_printf("%s%s", stem, ending);
		result = move(d, written, stem, lock);
		close(lock);
	}
	free(written);
	free(stem);
	return result;
}

/* The sidecar is there, for certain, before its backup is. */
static int
move(struct draft *d, const char *written, const char *stem, int folder)
{
	char *sidecar = mem_printf("%s.json", stem);
	int result = -1;

	if (rename(written, sidecar) == -1 || fsync(folder) == -1)
		fail(d, sidecar);
	else if (rename(d->dump, d->path) == -1 || fsync(folder) == -1)
		fail(d, d->path);
	else
		result = 0;
	free(sidecar);
	return result;
}

/* The path without its ending; the caller's to free. */
static char *
choose(const struct draft *d, const char *label, time_t taken)
{
	char *name, *stem;

	for (;; taken++) {
		name = backup_name(label, taken);
		stem = mem_printf("%s/%s", d->dir, name);
		free(name);
		if (!is_taken(stem))
			return stem;
		free(stem);
	}
}

/* Is there a backup of that path, with any ending? */
static bool
is_taken(const char *stem)
{
	enum backup_format formats[] = { BACKUP_CUSTOM, BACKUP_DIRECTORY,
		BACKUP_PLAIN, BACKUP_PLAIN };
	struct stat st;
	bool taken = false;
	char *path;
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats) && !taken; i++) {
		path =
		    mem_printf("%s%s", stem, backup_ending(formats[i], i == 3));
		taken = lstat(path, &st) == 0;
		free(path);
	}
	return taken;
}

int
draft_remove(const char *path, const char *sidecar_path)
{
	char *dir = folder_of(path);
	char *folder = mem_printf("%s/" DRAFT "XXXXXX", dir);
	char *gone = NULL;
	int lock = lock_folder(dir, LOCK_EX), result = -1;

	if (lock != -1 && mkdtemp(folder) != NULL) {
		gone = mem_printf("%s/dump", folder);
		if ((result = rename(path, gone)) == 0)
			(void)unlink(sidecar_path);
		(void)folder_remove(folder);
	}
	if (lock != -1)
		close(lock);
	free(gone);
	free(folder);
	free(dir);
	return result;
}

int
draft_note(const char *sidecar_path, const struct sidecar *s)
{
	char *dir = folder_of(sidecar_path);
	/* A name that the next backup clears away if we are killed. */
	char *beside = mem_printf("%s/" DRAFT "json", dir);
	int lock = lock_folder(dir, LOCK_EX), result = -1, error;

	if (lock != -1 && (result = sidecar_write(s, beside)) == 0)
		result = rename(beside, sidecar_path);
	error = errno;
	if (lock != -1) {
		(void)unlink(beside);
		close(lock);
	}
	free(beside);
	free(dir);
	errno = error;
	return result;
}

/* The caller's to free. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL
	    ? mem_copy(".")
	    : mem_copy_bytes(path, (size_t)(slash - path + (slash == path)));
}

void
draft_end(struct draft *d)
{
	if (d->folder != NULL)
		(void)folder_remove(d->folder);
	if (d->folder != NULL && d->lock != -1)
		close(d->lock);
	free(d->folder);
	free(d->dump);
	free(d->path);
	free(d->error);
	*d = (struct draft){ .lock = -1 };
}
