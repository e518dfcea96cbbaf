#include "name.h"

#include <ctype.h>
#include <string.h>

static int weight(unsigned char);
static int compare_case(const char *, const char *);

int
name_compare_prisma(const char *a, const char *b)
{
	const char *x = a, *y = b;
	int order;

	for (; *x != '\0' && *y != '\0'; x++, y++)
		if ((order = weight((unsigned char)*x) -
			    weight((unsigned char)*y)) != 0)
			return order;
	if (*x != *y)
		return *x == '\0' ? -1 : 1;
	return compare_case(a, b);
}

/* The primary weight: the same for both cases of a letter. */
static int
weight(unsigned char c)
{
	static const char order[] =
	    " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"
	    "abcdefghijklmnopqrstuvwxyz";
	const char *at = c == '\0' ? NULL : strchr(order, tolower(c));

	if (at != NULL)
		return (int)(at - order) + 1;
	return c < 0x80 ? 0 : c + 0x80;
}

/* Of names that differ in case alone, the lower case comes first. */
static int
compare_case(const char *a, const char *b)
{
	for (; *a != '\0'; a++, b++)
		if (*a != *b)
			return islower((unsigned char)*a) ? -1 : 1;
	return 0;
}
