#include "content.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "mem.h"

enum { PIECE = 1 << 18, PIECES = 256 /* at once, of a file that grows */ };

static int read_any(struct content *, const char *, bool);
static int read_file(struct content *, int);
static int read_folder(struct content *, const char *, bool);
static int add_entries(
    struct content *, struct hash *, const char *, struct dirent **, int, bool);
static int list_folder(const char *, struct dirent ***);
static void free_list(struct dirent **, int);
static int is_entry(const struct dirent *);
static int by_bytes(const struct dirent **, const struct dirent **);

int
content_read(struct content *c, const char *path)
{
	return read_any(c, path, false);
}

int
content_sync(struct content *c, const char *path)
{
	return read_any(c, path, true);
}

static int
read_any(struct content *c, const char *path, bool sync)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int result, error;

	*c = (struct content){ 0 };
	if (fd == -1)
		return -1;
	result = fstat(fd, &st);
	if (result == 0)
		result = S_ISDIR(st.st_mode) ? read_folder(c, path, sync)
					     : read_file(c, fd);
	if (result == 0 && sync)
		result = fsync(fd);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static int
read_file(struct content *c, int fd)
{
	struct hash hash;
	char *piece;
	ssize_t n;

	if (hash_begin(&hash) == -1)
		return -1;
	piece = mem_alloc(PIECE);
	while ((n = read(fd, piece, PIECE)) > 0) {
		hash_add(&hash, piece, (size_t)n);
		c->size += n;
		/* Signals are heard in pauses only. */
		db_pause(0);
		if (db_signal() != 0) {
			errno = EINTR;
			n = -1;
			break;
		}
	}
	hash_end(&hash, c->checksum);
	free(piece);
	return n == 0 ? 0 : -1;
}

static int
read_folder(struct content *c, const char *path, bool sync)
{
	struct dirent **list;
	struct hash hash;
	int count, result;

	if ((count = list_folder(path, &list)) == -1)
		return -1;
	if ((result = hash_begin(&hash)) == 0) {
		result = add_entries(c, &hash, path, list, count, sync);
		hash_end(&hash, c->checksum);
	}
	free_list(list, count);
	return result;
}

static int
add_entries(struct content *c, struct hash *hash, const char *path,
    struct dirent **list, int count, bool sync)
{
	struct content file;
	char *name, *line;
	int i, result = 0;

	for (i = 0; i < count && result == 0; i++) {
		name = mem_printf("%s/%s", path, list[i]->d_name);
		result = read_any(&file, name, sync);
		line = mem_printf("%s  %s\n", file.checksum, list[i]->d_name);
		hash_add(hash, line, strlen(line));
		c->size += file.size;
		free(line);
		free(name);
	}
	return result;
}

void
content_follow(struct content_follower *f, const char *path)
{
	char *piece;
	ssize_t n = 1;
	int i;

	if (!f->open) {
		f->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (f->fd == -1)
			return;
		f->open = hash_begin(&f->hash) == 0;
		if (!f->open) {
			close(f->fd);
			return;
		}
	}
	piece = mem_alloc(PIECE);
	for (i = 0; i < PIECES && n > 0; i++)
		if ((n = read(f->fd, piece, PIECE)) > 0) {
			hash_add(&f->hash, piece, (size_t)n);
			f->size += n;
		}
	free(piece);
}

int
content_finish(struct content_follower *f, const char *path, struct content *c)
{
	long long before;
	int result;

	do {
		before = f->size;
		content_follow(f, path);
	} while (f->size > before);
	if (!f->open)
		return -1;
	c->size = f->size;
	hash_end(&f->hash, c->checksum);
	f->open = false;
	result = fsync(f->fd);
	close(f->fd);
	/* A read that failed looks like the end. */
	if (result == 0 && content_size(path) != c->size) {
		errno = EIO;
		return -1;
	}
	return result;
}

void
content_forget(struct content_follower *f)
{
	char checksum[HASH_CHECKSUM];

	if (!f->open)
		return;
	hash_end(&f->hash, checksum);
	close(f->fd);
	f->open = false;
}

long long
content_size(const char *path)
{
	struct dirent **list;
	struct stat st;
	long long size = 0, one;
	int i, count;
	char *name;

	if (stat(path, &st) == -1)
		return -1;
	if (!S_ISDIR(st.st_mode))
		return st.st_size;
	if ((count = list_folder(path, &list)) == -1)
		return -1;
	for (i = 0; i < count && size != -1; i++) {
		name = mem_printf("%s/%s", path, list[i]->d_name);
		one = content_size(name);
		size = one == -1 ? -1 : size + one;
		free(name);
	}
	free_list(list, count);
	return size;
}

static int
list_folder(const char *path, struct dirent ***list)
{
	return scandir(path, list, is_entry, by_bytes);
}

static void
free_list(struct dirent **list, int count)
{
	while (count > 0)
		free(list[--count]);
	free(list);
}

static int
is_entry(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

/* Not alphasort: that one follows the locale. */
static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}
