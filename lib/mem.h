/*
 * mem - allocation that does not fail
 *
 * No memory ends the process, CLI_SYSTEM: nobody can act on running out of
 * it.  What comes back is the caller's to free.
 */
#ifndef MG_MEM_H
#define MG_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Zeroed. */
void *mem_alloc(size_t size);

/* Resize an array to count elements of size bytes. */
void *mem_resize(void *array, size_t count, size_t size);

/*
 * Room for one more element in an array that holds count of them: grows it
 * by doubling, whenever count is zero or a power of two.
 */
void *mem_grow(void *array, size_t count, size_t size);

char *mem_copy(const char *text);

/* A copy of len bytes with a NUL behind them. */
char *mem_copy_bytes(const char *bytes, size_t len);

__attribute__((format(printf, 1, 2))) char *mem_printf(const char *format, ...);
__attribute__((format(printf, 1, 0))) char *mem_vprintf(
    const char *format, va_list args);

/* A stream that collects text; *text and *len are right after fclose. */
FILE *mem_stream(char **text, size_t *len);

#endif
