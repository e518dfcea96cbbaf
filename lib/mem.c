#include "mem.h"

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

void *
mem_alloc(size_t size)
{
	return memset(mem_resize(NULL, 1, size), 0, size);
}

void *
mem_resize(void *array, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		errx(CLI_SYSTEM, "too large: %zu times %zu bytes", count, size);
	/* One byte at least: what realloc does with none is up to libc. */
	array = realloc(array, count * size == 0 ? 1 : count * size);
	if (array == NULL)
		err(CLI_SYSTEM, NULL);
	return array;
}

void *
mem_grow(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return mem_resize(array, count == 0 ? 1 : count * 2, size);
}

char *
mem_copy(const char *text)
{
	return mem_copy_bytes(text, strlen(text));
}

char *
mem_copy_bytes(const char *bytes, size_t len)
{
	char *copy = mem_resize(NULL, len + 1, 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

char *
mem_printf(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = mem_vprintf(format, args);
	va_end(args);
	return text;
}

char *
mem_vprintf(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) == -1)
		err(CLI_SYSTEM, NULL);
	return text;
}

FILE *
mem_stream(char **text, size_t *len)
{
	FILE *stream = open_memstream(text, len);

	if (stream == NULL)
		err(CLI_SYSTEM, NULL);
	return stream;
}
