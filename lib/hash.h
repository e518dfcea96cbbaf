/*
 * hash - checksums of a script's bytes
 *
 * The only file that includes the headers of libcrypto and xxHash.
 */
#ifndef MG_HASH_H
#define MG_HASH_H

#include <stdbool.h>
#include <stddef.h>

/* Room for the text forms, lower-case hexadecimal with a NUL. */
#define HASH_CHECKSUM 65 /* SHA-256: what Prisma stores */
#define HASH_XXH3 33     /* XXH3-128: the fast fingerprint */

void hash_checksum(
    const void *bytes, size_t len, char text[static HASH_CHECKSUM]);
void hash_xxh3(const void *bytes, size_t len, char text[static HASH_XXH3]);

/*
 * The checksum of bytes that come piece by piece.  hash_begin returns -1 with
 * errno set, and then there is nothing to end.
 */
struct hash {
	struct evp_md_ctx_st *context; /* private */
};

int hash_begin(struct hash *h);
void hash_add(struct hash *h, const void *bytes, size_t len);
void hash_end(struct hash *h, char text[static HASH_CHECKSUM]);

/* Is the text a checksum: 64 lower-case hexadecimal digits? */
bool hash_is_checksum(const char *text);

/*
 * Does a checksum from the history belong to these bytes?  As Prisma Migrate
 * compares since 2.x (schema-engine, "checksum" module): the bytes as they
 * are, with all line ends LF, or with all CRLF; and a checksum of another
 * length than 64 was written without each byte's leading zero.
 */
bool hash_matches(const char *stored, const char *bytes, size_t len);

#endif
