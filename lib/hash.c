#include "hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "mem.h"

static const char digits[] = "0123456789abcdef";

static void hex(const unsigned char *, size_t, char *);
static bool equal(const char *, const char *, size_t);
static void strip_zeros(const char *, char *);
static size_t to_lf(const char *, size_t, char *);
static size_t to_crlf(const char *, size_t, char *);

void
hash_checksum(const void *bytes, size_t len, char text[static HASH_CHECKSUM])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256(bytes, len, digest);
	hex(digest, sizeof(digest), text);
}

void
hash_xxh3(const void *bytes, size_t len, char text[static HASH_XXH3])
{
	XXH128_canonical_t digest;

	XXH128_canonicalFromHash(&digest, XXH3_128bits(bytes, len));
	hex(digest.digest, sizeof(digest.digest), text);
}

int
hash_begin(struct hash *h)
{
	h->context = EVP_MD_CTX_new();
	if (h->context != NULL &&
	    EVP_DigestInit_ex(h->context, EVP_sha256(), NULL) == 1)
		return 0;
	EVP_MD_CTX_free(h->context);
	errno = ENOMEM;
	return -1;
}

void
hash_add(struct hash *h, const void *bytes, size_t len)
{
	(void)EVP_DigestUpdate(h->context, bytes, len);
}

void
hash_end(struct hash *h, char text[static HASH_CHECKSUM])
{
	unsigned char digest[SHA256_DIGEST_LENGTH] = { 0 };

	(void)EVP_DigestFinal_ex(h->context, digest, NULL);
	hex(digest, sizeof(digest), text);
	EVP_MD_CTX_free(h->context);
	h->context = NULL;
}

bool
hash_is_checksum(const char *text)
{
	return strlen(text) == HASH_CHECKSUM - 1 &&
	    strspn(text, digits) == HASH_CHECKSUM - 1;
}

bool
hash_matches(const char *stored, const char *bytes, size_t len)
{
	/* CRLF line ends at most double the text. */
	char *other;
	bool same;

	if (equal(stored, bytes, len))
		return true;
	other = mem_resize(NULL, len, 2);
	same = equal(stored, other, to_lf(bytes, len, other)) ||
	    equal(stored, other, to_crlf(bytes, len, other));
	free(other);
	return same;
}

static void
hex(const unsigned char *digest, size_t len, char *text)
{
	size_t i;

	for (i = 0; i < len; i++) {
		*text++ = digits[digest[i] >> 4];
		*text++ = digits[digest[i] & 15];
	}
	*text = '\0';
}

static bool
equal(const char *stored, const char *bytes, size_t len)
{
	char whole[HASH_CHECKSUM], stripped[HASH_CHECKSUM];

	hash_checksum(bytes, len, whole);
	if (strcmp(stored, whole) == 0)
		return true;
	strip_zeros(whole, stripped);
	return strlen(stored) != HASH_CHECKSUM - 1 &&
	    strcmp(stored, stripped) == 0;
}

static void
strip_zeros(const char *whole, char *stripped)
{
	for (; *whole != '\0'; whole += 2) {
		if (whole[0] != '0')
			*stripped++ = whole[0];
		*stripped++ = whole[1];
	}
	*stripped = '\0';
}

static size_t
to_lf(const char *bytes, size_t len, char *to)
{
	char *start = to;
	size_t i;

	for (i = 0; i < len; i++)
		if (bytes[i] != '\r' || i + 1 == len || bytes[i + 1] != '\n')
			*to++ = bytes[i];
	return (size_t)(to - start);
}

static size_t
to_crlf(const char *bytes, size_t len, char *to)
{
	char *start = to;
	size_t i;

	for (i = 0; i < len; i++) {
		if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
			*to++ = '\r';
		*to++ = bytes[i];
	}
	return (size_t)(to - start);
}
