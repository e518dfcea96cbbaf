/*
 * catalog_spelling - one spelling of what servers deparse in two
 *
 * A name that only a newer version has as a key word is quoted there and not
 * before; a list of strings that is compared with a varchar is deparsed as
 * one cast until it was dumped and restored, and as a cast for each afterwards.
 */
#ifndef MG_CATALOG_SPELLING_H
#define MG_CATALOG_SPELLING_H

/* The text in that spelling, the caller's to free; NULL if it already is. */
char *catalog_spelling(const char *text);

#endif
