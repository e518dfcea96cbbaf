#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup_private.h"
#include "cli.h"
#include "client.h"
#include "content.h"
#include "db.h"
#include "mem.h"
#include "process.h"

/* How pg_dump ends a script. */
#define COMPLETE "-- PostgreSQL database dump complete"

enum { TAIL = 4096 };

static int list_archive(struct backup *);
static int test_script(struct backup *);
static int run(struct backup *, char *const[]);
static void keep_quiet(void *, const char *);

int
backup_verify(struct backup *b)
{
	const char *was = sidecar_text(&b->sidecar, "checksum");
	struct content is;

	if (content_read(&is, b->path) == -1) {
		if (db_signal() != 0)
			return backup_fail(
			    b, 128 + db_signal(), mem_copy("interrupted"));
		return backup_fail(b, CLI_NO, mem_copy(strerror(errno)));
	}
	if (was == NULL || strcmp(is.checksum, was) != 0)
		return backup_fail(b, CLI_NO,
		    mem_copy("its bytes are not those that were written; "
			     "take another one, mg-backup --list names them"));
	return backup_try(b);
}

int
backup_load(struct backup *b, const char *path)
{
	int status = backup_open(b, path);

	return status == CLI_OK ? backup_verify(b) : status;
}

int
backup_try(struct backup *b)
{
	return b->format == BACKUP_PLAIN ? test_script(b) : list_archive(b);
}

static int
list_archive(struct backup *b)
{
	char *error, *path;
	char *command[] = { NULL, "--list", b->path, NULL };
	int status = client_find("pg_restore",
	    (int)sidecar_number(&b->sidecar, "tool.number"), &path, &error);

	if (status != CLI_OK)
		return backup_fail(b, status, error);
	command[0] = path;
	status = run(b, command);
	free(path);
	return status;
}

static int
test_script(struct backup *b)
{
	char *command[] = { "gzip", "--test", b->path, NULL };
	char tail[TAIL + 1];
	ssize_t n = -1;
	off_t size;
	int fd;

	if (b->zipped)
		return run(b, command);
	if ((fd = open(b->path, O_RDONLY | O_CLOEXEC)) != -1) {
		size = lseek(fd, 0, SEEK_END);
		n = pread(fd, tail, TAIL, size > TAIL ? size - TAIL : 0);
		close(fd);
	}
	tail[n < 0 ? 0 : n] = '\0';
	if (strstr(tail, COMPLETE) == NULL)
		return backup_fail(b, CLI_NO, mem_copy("it has no end"));
	return CLI_OK;
}

static int
run(struct backup *b, char *const command[])
{
	struct process_watch watch = { .tell = keep_quiet };
	struct process p;
	int status;

	process_start(&p, command, -1, -1);
	status = process_wait(&p, &watch);
	if (status != CLI_OK)
		backup_fail(b, status, mem_copy(p.error));
	process_free(&p);
	return status == CLI_SYSTEM ? CLI_NO : status;
}

static void
keep_quiet(void *arg, const char *line)
{
	(void)arg;
	(void)line;
}
