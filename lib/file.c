#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem.h"

int
file_read(struct file *f, const char *path)
{
	int fd, result, saved;

	/* Not blocking: a pipe that lies among the files must not hang us. */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return -1;
	result = file_read_open(f, fd);
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

int
file_read_open(struct file *f, int fd)
{
	ssize_t n;

	f->len = 0;
	for (;;) {
		if (f->size - f->len < 2) {
			f->size = f->size == 0 ? 16384 : f->size * 2;
			f->bytes = mem_resize(f->bytes, f->size, 1);
		}
		/* One byte stays free for the NUL. */
		n = read(fd, f->bytes + f->len, f->size - f->len - 1);
		if (n == 0 || (n == -1 && errno != EINTR))
			break;
		if (n > 0)
			f->len += (size_t)n;
	}
	f->bytes[f->len] = '\0';
	return n == 0 ? 0 : -1;
}

void
file_free(struct file *f)
{
	free(f->bytes);
	*f = (struct file){ 0 };
}
