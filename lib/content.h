/*
 * content - the bytes of a backup, in one file or in a folder of them
 *
 * The checksum of a file is that of its bytes, as sha256sum(1) says it; that of
 * a folder is the checksum of what sha256sum would print of its files, in the
 * order of the bytes of their names.
 *
 *	if (content_read(&c, path) == -1)
 *		err(CLI_INPUT, "%s", path);
 *	use(c.size, c.checksum);
 */
#ifndef MG_CONTENT_H
#define MG_CONTENT_H

#include <stdbool.h>

#include "hash.h"

struct content {
	long long size;
	char checksum[HASH_CHECKSUM];
};

/*
 * Returns -1 with errno set; EINTR if a signal came that db_signal tells of.
 */
int content_read(struct content *c, const char *path);

/* The same, and all of it is on the disk then. */
int content_sync(struct content *c, const char *path);

/*
 * The same of a file that somebody still appends to, while he does.
 *
 *	while (at_work())
 *		content_follow(&f, path);
 *	if (content_finish(&f, path, &c) == -1)
 *		err(CLI_SYSTEM, "%s", path);
 */
struct content_follower {
	int fd; /* private, as is the rest */
	bool open;
	struct hash hash;
	long long size;
};

/* Read what is new, if the file is there at all. */
void content_follow(struct content_follower *f, const char *path);

/* Read the rest, and see that all is on the disk.  Returns as content_sync. */
int content_finish(
    struct content_follower *f, const char *path, struct content *c);

/* Let go of it.  Harmless on { 0 } and twice. */
void content_forget(struct content_follower *f);

/* Just its size, or -1 with errno set. */
long long content_size(const char *path);

#endif
