#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

/* Decimal digits that a double always keeps, and that it ever needs. */
enum { DIGITS_LEAST = 15, DIGITS_MOST = 17 };

static size_t digits(json_t *);
static size_t digits_of(double);

json_t *
json_read_line(const char *line, size_t len, char **why)
{
	json_error_t error;
	json_t *object;

	object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	if (object == NULL)
		*why = mem_printf("not JSON: column %d: %s", error.column,
		    utf8_visible(error.text));
	else if (!json_is_object(object)) {
		*why = mem_copy("not a JSON object");
		json_decref(object);
		object = NULL;
	}
	return object;
}

void
json_write_line(json_t *object, FILE *out)
{
	size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(digits(object));
	char *text = json_dumps(object, flags);

	fputs(text, out);
	fputc('\n', out);
	free(text);
}

void
json_write_rest(json_t *members, FILE *out)
{
	char *text = json_dumps(members, JSON_COMPACT);

	fputc(',', out);
	fputs(text + 1, out);
	fputc('\n', out);
	free(text);
}

/*
 * How many digits the real numbers in there need, to be read as what they are:
 * jansson's own default turns 1.1 into 1.1000000000000001.
 */
static size_t
digits(json_t *value)
{
	size_t most = DIGITS_LEAST, n, i;
	const char *key;
	json_t *part;

	if (json_is_real(value))
		return digits_of(json_real_value(value));
	json_array_foreach(value, i, part)
	{
		if ((n = digits(part)) > most)
			most = n;
	}
	json_object_foreach(value, key, part)
	{
		if ((n = digits(part)) > most)
			most = n;
	}
	return most;
}

static size_t
digits_of(double real)
{
	char text[32];
	size_t n;

	for (n = DIGITS_LEAST; n < DIGITS_MOST; n++) {
		snprintf(text, sizeof(text), "%.*g", (int)n, real);
		if (strtod(text, NULL) == real)
			break;
	}
	return n;
}
