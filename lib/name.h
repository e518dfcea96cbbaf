/*
 * name - the order of migration names as Prisma sees it
 *
 * mg orders names by their bytes, as Prisma did up to 6.5.  Since 6.6 Prisma
 * sorts with JavaScript's localeCompare: the Unicode collation, in which
 * punctuation comes before digits and digits before letters, and case counts
 * only where nothing else differs (observed with 6.19, locale en).
 */
#ifndef MG_NAME_H
#define MG_NAME_H

/*
 * Compare as Prisma 6.6 and later do: below, at or above 0.  Characters
 * beyond ASCII count as letters behind z, in the order of their bytes; the
 * collation knows better.
 */
int name_compare_prisma(const char *a, const char *b);

#endif
