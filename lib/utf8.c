#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static size_t character(const unsigned char *, const unsigned char *);
static void write_visible(FILE *, const unsigned char *, size_t);

size_t
utf8_invalid(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	const unsigned char *start = p, *end = p + len;
	size_t n;

	while (p < end) {
		/* Most are ASCII, and need no call. */
		n = *p > 0 && *p < 0x80 ? 1 : character(p, end);
		if (n == 0)
			return (size_t)(p - start);
		p += n;
	}
	return len;
}

bool
utf8_valid(const char *s, size_t len)
{
	return utf8_invalid(s, len) == len;
}

const char *
utf8_visible(const char *s)
{
	static char *shown[4];
	static unsigned next;
	const unsigned char *p = (const unsigned char *)s;
	const unsigned char *end = p + strlen(s);
	char **text = &shown[next++ % 4];
	size_t n, len;
	FILE *out;

	free(*text);
	out = mem_stream(text, &len);
	for (; p < end; p += n == 0 ? 1 : n) {
		n = character(p, end);
		write_visible(out, p, n);
	}
	fclose(out);
	return *text;
}

/*
 * The length of the character that starts at p, 0 if none does.  The second
 * byte's range rules out overlong forms, surrogates and what lies beyond
 * U+10FFFF (Unicode 15, table 3-7).
 */
static size_t
character(const unsigned char *p, const unsigned char *end)
{
	unsigned low = 0x80, high = 0xbf;
	size_t i, n;

	if (*p == 0)
		return 0;
	if (*p < 0x80)
		return 1;
	if (*p >= 0xc2 && *p <= 0xdf)
		n = 2;
	else if (*p >= 0xe0 && *p <= 0xef)
		n = 3;
	else if (*p >= 0xf0 && *p <= 0xf4)
		n = 4;
	else
		return 0;
	if (*p == 0xe0)
		low = 0xa0;
	else if (*p == 0xed)
		high = 0x9f;
	else if (*p == 0xf0)
		low = 0x90;
	else if (*p == 0xf4)
		high = 0x8f;
	if ((size_t)(end - p) < n || p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static void
write_visible(FILE *out, const unsigned char *p, size_t n)
{
	static const char letters[] = "abtnvfr";

	if (n == 1 && *p >= '\a' && *p <= '\r')
		fprintf(out, "\\%c", letters[*p - '\a']);
	else if (n == 0 || *p < 0x20 || *p == 0x7f)
		fprintf(out, "\\x%02x", *p);
	else if (*p == 0xc2 && p[1] < 0xa0)
		/* C1 controls: a terminal obeys them. */
		fprintf(out, "\\u%04x", p[1]);
	else
		fwrite(p, 1, n, out);
}
