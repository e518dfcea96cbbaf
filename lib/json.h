/*
 * json - one JSON object on one line, by way of jansson
 *
 * jansson keeps the order of members and refuses duplicate keys, invalid
 * UTF-8 and U+0000; integers beyond 63 bits are refused, not rounded.
 */
#ifndef MG_JSON_H
#define MG_JSON_H

#include <jansson.h>
#include <stdio.h>

/*
 * The object that is all of the line (its newline may be part of it), the
 * caller's to json_decref.  NULL if it is not one, with the reason in *why,
 * the caller's to free.
 */
json_t *json_read_line(const char *line, size_t len, char **why);

/* Write an object and a newline. */
void json_write_line(json_t *object, FILE *out);

/* Behind an object without its closing brace: more members, and a newline. */
void json_write_rest(json_t *members, FILE *out);

#endif
