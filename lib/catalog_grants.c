#include "catalog_grants.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static bool has(const json_t *, const char *);
static char *as_default(const char *);
static const char *skip_role(const char *);
static int by_bytes(const void *, const void *);

json_t *
catalog_grants(json_t *lists)
{
	json_t *granted = json_array_get(lists, 0);
	json_t *otherwise = json_array_get(lists, 1), *result = NULL;
	size_t i, count = json_array_size(granted);
	bool same = count == json_array_size(otherwise);
	char **items = mem_resize(NULL, count, sizeof(*items));
	const char *item;

	for (i = 0; i < count; i++) {
		item = json_string_value(json_array_get(granted, i));
		if (has(otherwise, item))
			items[i] = as_default(item);
		else {
			items[i] = mem_copy(item);
			same = false;
		}
	}
	if (count > 0)
		qsort(items, count, sizeof(*items), by_bytes);
	if (!same)
		result = json_array();
	for (i = 0; i < count; i++) {
		if (result != NULL)
			json_array_append_new(result, json_string(items[i]));
		free(items[i]);
	}
	free(items);
	json_decref(lists);
	return result;
}

static bool
has(const json_t *list, const char *item)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), item) ==
		    0)
			return true;
	return false;
}

/* role=privileges/role, without saying which privileges these are. */
static char *
as_default(const char *item)
{
	const char *privileges = skip_role(item);

	return mem_printf("%.*s=(default)%s", (int)(privileges - item), item,
	    privileges + strcspn(privileges, "/"));
}

/* To the = behind it; one in quotes may hold another. */
static const char *
skip_role(const char *item)
{
	bool quoted = false;

	for (; *item != '\0' && (quoted || *item != '='); item++)
		quoted ^= *item == '"';
	return item;
}

static int
by_bytes(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}
