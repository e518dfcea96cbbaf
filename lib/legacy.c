#include "legacy.h"

#include <string.h>

static bool ends(const char *, size_t, const char *);
static bool is_digit(char);
static size_t number(const char **, size_t *, const char **);

size_t
legacy_stem(const char *name)
{
	/* The longer of two that fit comes first. */
	static const char *const endings[] = { ".up.sql", ".sql", ".js", ".cjs",
		".mjs", ".ts", ".cts", ".mts", ".coffee" };
	size_t i, len = strlen(name);

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (ends(name, len, endings[i]))
			return len - strlen(endings[i]);
	return len;
}

size_t
legacy_version(const char *name, const char **begin)
{
	bool dotted = (*name == 'V' || *name == 'B') && is_digit(name[1]);
	size_t len = 0;

	*begin = name + dotted;
	while (is_digit((*begin)[len]) ||
	    (dotted && len > 0 && strchr("._", (*begin)[len]) != NULL &&
		is_digit((*begin)[len + 1])))
		len++;
	return len;
}

const char *
legacy_title(const char *name)
{
	const char *begin;
	size_t len = legacy_version(name, &begin);

	if (len == 0)
		return name;
	begin += len;
	return begin + strspn(begin, "_-");
}

int
legacy_compare(const char *a, size_t alen, const char *b, size_t blen)
{
	const char *x, *y;
	size_t xlen, ylen;
	int order = 0;

	while (order == 0 && (alen > 0 || blen > 0)) {
		xlen = number(&a, &alen, &x);
		ylen = number(&b, &blen, &y);
		order = xlen != ylen ? (xlen > ylen) - (xlen < ylen)
				     : memcmp(x, y, xlen);
	}
	return order;
}

bool
legacy_same(const char *a, const char *b)
{
	size_t len = legacy_stem(a);

	return legacy_stem(b) == len && memcmp(a, b, len) == 0;
}

static bool
ends(const char *name, size_t len, const char *ending)
{
	size_t n = strlen(ending);

	return len > n && memcmp(name + len - n, ending, n) == 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The next one without its leading zeros; of nothing, nothing: that is 0. */
static size_t
number(const char **text, size_t *left, const char **digits)
{
	size_t len = 0;

	while (*left > 0 && **text == '0') {
		(*text)++;
		(*left)--;
	}
	*digits = *text;
	while (len < *left && is_digit((*text)[len]))
		len++;
	*text += len;
	*left -= len;
	if (*left > 0) { /* the dot, or whatever stands for it */
		(*text)++;
		(*left)--;
	}
	return len;
}
