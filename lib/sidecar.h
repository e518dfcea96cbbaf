/*
 * sidecar - what is known of a backup, in a file of JSON beside it
 *
 * Its last member is the checksum of all the others, so that not even a digit
 * of them changes unseen.  mg-backup(1) describes the members.
 *
 *	if (sidecar_read(&s, path) == -1)
 *		warnx("%s: %s", path, s.error);
 *	use(sidecar_text(&s, "checksum"));
 *	sidecar_free(&s);
 */
#ifndef MG_SIDECAR_H
#define MG_SIDECAR_H

#include "inventory.h"
#include "json.h"

struct sidecar {
	json_t *object; /* NULL: it could not be read */
	char *error;
};

/* Returns -1 with error set. */
int sidecar_read(struct sidecar *s, const char *path);

/* A member of the object, or of one in it: "history.head"; NULL if not there.
 */
const char *sidecar_text(const struct sidecar *s, const char *key);
long long sidecar_number(const struct sidecar *s, const char *key);

/* What the database had, without its own settings; the caller's to free. */
void sidecar_inventory(const struct sidecar *s, struct inventory *i);

/* Have it say that too. */
void sidecar_add_inventory(struct sidecar *s, const struct inventory *i);

/*
 * Write it with its checksum, and see that it is on the disk.  Returns -1 with
 * errno set, and then there may be a part of it.
 */
int sidecar_write(const struct sidecar *s, const char *path);

/* Harmless on { 0 } and twice. */
void sidecar_free(struct sidecar *s);

#endif
