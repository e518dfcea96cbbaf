/*
 * record - whatever the bytes, a stream is refused or read
 *
 * What was read and is written must be read again, as the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char *rewrite(const char *, size_t, size_t *);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *once, *twice;
	size_t nonce, ntwice;

	once = rewrite((const char *)data, size, &nonce);
	if (once == NULL)
		return 0;
	twice = rewrite(once, nonce, &ntwice);
	if (twice == NULL || ntwice != nonce || memcmp(once, twice, nonce) != 0)
		abort();
	free(once);
	free(twice);
	return 0;
}

/* The stream with a member more, or NULL if it is refused. */
static char *
rewrite(const char *data, size_t size, size_t *len)
{
	struct migrations m;
	char *text;
	FILE *in, *out;
	size_t i;
	int got;

	if (size == 0 ||
	    (in = fmemopen((void *)(uintptr_t)data, size, "r")) == NULL)
		return NULL;
	got = migrations_read(&m, in, "fuzz");
	fclose(in);
	if (got == -1 && m.error == NULL)
		abort();
	out = open_memstream(&text, len);
	for (i = 0; i < m.count && got == 0; i++) {
		if (migrations_find(&m, m.list[i].name) != i)
			abort();
		record_set_string(m.list[i].object, "state", "pending");
		record_write(m.list[i].object, out);
	}
	fclose(out);
	migrations_free(&m);
	if (got == 0)
		return text;
	free(text);
	return NULL;
}
