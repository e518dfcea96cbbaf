/*
 * file - the bytes of a whole file
 *
 *	struct file f = { 0 };
 *
 *	if (file_read(&f, path) == -1)
 *		err(CLI_INPUT, "%s", path);
 *	use(f.bytes, f.len);
 *	file_free(&f);
 */
#ifndef MG_FILE_H
#define MG_FILE_H

#include <stddef.h>

struct file {
	char *bytes; /* with a NUL behind them that len does not count */
	size_t len;
	size_t size; /* private: the room at bytes */
};

/*
 * Read the file at path; the room of an earlier read is used again.  Returns
 * -1 with errno set.
 */
int file_read(struct file *f, const char *path);

/* The same of what is open as fd, which stays so: a pipe, too. */
int file_read_open(struct file *f, int fd);

/* Harmless on { 0 } and twice. */
void file_free(struct file *f);

#endif
