#include "staging.h"

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

#define STAGING ".mg-backup."
#define SIDECAR "/sidecar.json"

static int fail(struct staging *, const char *);
static int lock_folder(const char *, int);
static void sweep(const char *);
static void sweep_folder(const char *);
static char *choose(const struct staging *, const char *, time_t);
static bool is_taken(const char *);
static char *folder_of(const char *);
static int move(struct staging *, const char *, const char *, int);

int
staging_begin(struct staging *s, const char *dir)
{
	int lock;

	*s = (struct staging){ .dir = dir, .lock = -1 };
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return fail(s, dir);
	if ((lock = lock_folder(dir, LOCK_EX)) == -1)
		return fail(s, dir);
	sweep(dir);
	s->folder = mem_printf("%s/" STAGING "XXXXXX", dir);
	if (mkdtemp(s->folder) == NULL) {
		free(s->folder);
		s->folder = NULL;
		close(lock);
		return fail(s, dir);
	}
	/* Before anybody else may sweep. */
	s->lock = lock_folder(s->folder, LOCK_EX | LOCK_NB);
	close(lock);
	s->dump = mem_printf("%s/dump", s->folder);
	return s->lock == -1 ? fail(s, s->folder) : 0;
}

static int
fail(struct staging *s, const char *path)
{
	int error = errno;

	free(s->error);
	s->error = mem_printf("%s: %s", path, strerror(error));
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
		if (strcmp(entry->d_name, STAGING "json") == 0)
			(void)unlink(path);
		else if (strncmp(entry->d_name, STAGING, strlen(STAGING)) == 0)
			sweep_folder(path);
		free(path);
	}
	if (folder != NULL)
		closedir(folder);
}

static void
sweep_folder(const char *path)
{
	int lock = lock_folder(path, LOCK_EX | LOCK_NB);

	if (lock == -1)
		return;
	(void)folder_remove(path);
	close(lock);
}

int
staging_publish(struct staging *s, const struct sidecar *sidecar,
    const char *label, time_t taken, const char *ending)
{
	char *written = mem_printf("%s" SIDECAR, s->folder), *stem = NULL;
	int lock, result = -1;

	if (sidecar_write(sidecar, written) == -1)
		fail(s, written);
	else if ((lock = lock_folder(s->dir, LOCK_EX)) == -1)
		fail(s, s->dir);
	else {
		stem = choose(s, label, taken);
		s->path = mem_printf("%s%s", stem, ending);
		result = move(s, written, stem, lock);
		close(lock);
	}
	free(written);
	free(stem);
	return result;
}

/* The sidecar is there, for certain, before its backup is. */
static int
move(struct staging *s, const char *written, const char *stem, int folder)
{
	char *sidecar = mem_printf("%s.json", stem);
	int result = -1;

	if (rename(written, sidecar) == -1 || fsync(folder) == -1)
		fail(s, sidecar);
	else if (rename(s->dump, s->path) == -1 || fsync(folder) == -1)
		fail(s, s->path);
	else
		result = 0;
	free(sidecar);
	return result;
}

/* The path without its ending; the caller's to free. */
static char *
choose(const struct staging *s, const char *label, time_t taken)
{
	char *name, *stem;

	for (;; taken++) {
		name = backup_name(label, taken);
		stem = mem_printf("%s/%s", s->dir, name);
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
staging_remove(const char *path, const char *sidecar_path)
{
	char *dir = folder_of(path);
	char *folder = mem_printf("%s/" STAGING "XXXXXX", dir);
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
staging_note(const char *sidecar_path, const struct sidecar *s)
{
	char *dir = folder_of(sidecar_path);
	/* A name that the next backup clears away if we are killed. */
	char *beside = mem_printf("%s/" STAGING "json", dir);
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
staging_end(struct staging *s)
{
	if (s->folder != NULL)
		(void)folder_remove(s->folder);
	if (s->folder != NULL && s->lock != -1)
		close(s->lock);
	free(s->folder);
	free(s->dump);
	free(s->path);
	free(s->error);
	*s = (struct staging){ .lock = -1 };
}
