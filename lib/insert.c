#include "insert.h"

#include <string.h>

/* Of one statement. */
enum { MOST_ROWS = 1000, MOST_BYTES = 65536 };

static size_t write_row(const char *, const struct db *, size_t, FILE *);

void
insert_write(
    const char *start, const char *kinds, const struct db *db, FILE *out)
{
	size_t i, rows = 0, bytes = 0;

	for (i = 0; i < db->count; i++) {
		if (rows == 0)
			fputs(start, out);
		if (*kinds != '\0') {
			fputs(rows == 0 ? "\n\t" : ",\n\t", out);
			bytes += write_row(kinds, db, i, out);
		}
		rows++;
		if (*kinds != '\0' && i + 1 < db->count && rows < MOST_ROWS &&
		    bytes < MOST_BYTES)
			continue;
		fputs(";\n\n", out);
		rows = bytes = 0;
	}
}

static size_t
write_row(const char *kinds, const struct db *db, size_t row, FILE *out)
{
	size_t bytes = 0;
	int i;

	fputc('(', out);
	for (i = 0; kinds[i] != '\0'; i++) {
		if (i > 0)
			fputs(", ", out);
		bytes += insert_value(kinds[i], db_value(db, row, i), out);
	}
	fputc(')', out);
	return bytes;
}

size_t
insert_value(char kind, const char *value, FILE *out)
{
	const char *p;
	size_t len;

	if (value == NULL) {
		fputs("NULL", out);
		return 4;
	}
	if (kind == 'b')
		value = *value == 't' ? "true" : "false";
	if (kind != 't') {
		fputs(value, out);
		return strlen(value);
	}
	/* E'' means the same whatever standard_conforming_strings says. */
	fputs(strchr(value, '\\') == NULL ? "'" : "E'", out);
	for (p = value; *p != '\0'; p += len) {
		len = strcspn(p, "'\\");
		fwrite(p, 1, len, out);
		if (p[len] != '\0') {
			fputc(p[len], out);
			fputc(p[len++], out);
		}
	}
	fputc('\'', out);
	return (size_t)(p - value);
}
