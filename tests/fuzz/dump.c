/*
 * dump - whatever the bytes, they are refused or made fit to be a migration
 *
 * What was made of them is fit already.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int has_mark(const uint8_t *, size_t);
static char *make(const char *, size_t, size_t *);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *once, *twice;
	size_t nonce, ntwice;

	if (has_mark(data, size))
		return 0;
	once = make((const char *)data, size, &nonce);
	if (once == NULL)
		return 0;
	twice = make(once, nonce, &ntwice);
	if (twice == NULL || ntwice != nonce || memcmp(once, twice, nonce) != 0)
		abort();
	free(once);
	free(twice);
	return 0;
}

/*
 * What is refused only where a text or a line begins: a byte order mark, and
 * the marks of a merge.  Statements come to stand there.
 */
static int
has_mark(const uint8_t *data, size_t size)
{
	static const char *const marks[] = { "\xef\xbb\xbf", "<<<<<<<",
		"=======", ">>>>>>>", "|||||||" };
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (memmem(data, size, marks[i], strlen(marks[i])) != NULL)
			return 1;
	return 0;
}

/* The migration, or NULL if the text is refused. */
static char *
make(const char *data, size_t size, size_t *len)
{
	char *copy = mem_copy_bytes(data, size), *text = NULL;
	char *commented[] = { (char[]){ "a\"b" } };
	enum dump_section section;
	struct dump d;
	FILE *out;

	if (dump_read(&d, copy, size, commented, 1) == 0) {
		out = mem_stream(&text, len);
		for (section = DUMP_BEFORE; section <= DUMP_LAST; section++)
			dump_write(&d, section, out);
		fclose(out);
	}
	dump_free(&d);
	free(copy);
	return text;
}
