/*
 * utf8 - is this text valid UTF-8, and how may it be shown if it is not?
 */
#ifndef MG_UTF8_H
#define MG_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The offset of the first byte that is not part of well-formed UTF-8, or len.
 * U+0000 counts as malformed: neither JSON strings here nor PostgreSQL's
 * text can hold it.
 */
size_t utf8_invalid(const char *s, size_t len);

bool utf8_valid(const char *s, size_t len);

/*
 * The text fit for one line of a message: control characters and bytes that
 * are not UTF-8 become escapes such as \n and \xe9.  Lent until four more
 * calls were made.
 */
const char *utf8_visible(const char *s);

#endif
