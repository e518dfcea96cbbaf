#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

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

/*
 * Real numbers are written with as many digits as they need: jansson's own
 * default turns 1.1 into 1.1000000000000001.
 */
void
json_write_line(const json_t *object, FILE *out)
{
	char *text = NULL;
	json_t *again;
	size_t digits;
	int same;

	for (same = 0, digits = 15; !same; digits++) {
		free(text);
		text = json_dumps(
		    object, JSON_COMPACT | JSON_REAL_PRECISION(digits));
		again = json_loads(text, 0, NULL);
		same = digits == 17 || json_equal(object, again);
		json_decref(again);
	}
	fputs(text, out);
	fputc('\n', out);
	free(text);
}
