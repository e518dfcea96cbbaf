#include "generator_private.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* How long a text may become that has no limit of its own. */
enum { WIDTH = 12, LONG = 40 };

static long long type_count(const struct blueprint_type *, long);
static int width(long);
static long long power(long long, int);
static int precision(long);
static int scale(long);
static void write_usual(
    const struct blueprint_type *, long, const char *, FILE *);
static void write_numeric(long, const char *, FILE *);
static void write_text(long, const char *, FILE *);
static void write_array(
    const struct blueprint_type *, long, const char *, FILE *);
static void write_range(const struct blueprint_type *, const char *, FILE *);
static void write_from(const struct blueprint_column *,
    const struct generator_values *, const char *, FILE *);
static void write_shaped(const struct generator_values *, const char *, FILE *);
static void replace(const char *, const char *, const char *, FILE *);

long long
generator_count(
    const struct blueprint_column *c, const struct generator_values *v)
{
	switch (v->form) {
	case GENERATOR_NONE:
		return 1;
	case GENERATOR_USUAL:
		return type_count(c->type, c->modifier);
	case GENERATOR_SHAPED:
		return power(v->digits == DIGITS_DECIMAL ? 10 : 16, v->width);
	default:
		return v->count;
	}
}

static long long
type_count(const struct blueprint_type *type, long modifier)
{
	const struct generator_maker *m = generator_maker(type);

	if (type->kind == BLUEPRINT_ENUM)
		return type->nlabels;
	if (type->kind != BLUEPRINT_BASE && type->inner != NULL)
		return type_count(type->inner, modifier);
	if (generator_is_text(type))
		return power(16, width(modifier));
	if (m == NULL)
		return power(2, modifier < 0 ? 32 : (int)modifier);
	if (strcmp(type->name, "numeric") == 0 && modifier >= 0)
		return power(10, precision(modifier));
	return m->count;
}

long long
generator_usual_count(
    const struct blueprint_column *c, const struct generator_values *v)
{
	const struct generator_maker *m = generator_maker(c->type);
	long long usual = m == NULL ? 1000 : m->usual;
	long long count = generator_count(c, v);

	if (v->form == GENERATOR_LISTED || count < usual)
		return count;
	return usual;
}

/* What a varchar or a bit holds: an unlimited one is none too wide. */
static int
width(long modifier)
{
	long limit = modifier - 4;

	return modifier < 4 || limit > WIDTH ? WIDTH : (int)limit;
}

static long long
power(long long base, int exponent)
{
	long long result = 1;

	while (exponent-- > 0 && result < GENERATOR_ENDLESS)
		result *= base;
	return result < GENERATOR_ENDLESS ? result : GENERATOR_ENDLESS;
}

static int
precision(long modifier)
{
	return (int)(((modifier - 4) >> 16) & 0xffff);
}

/* Eleven bits with a sign. */
static int
scale(long modifier)
{
	return (int)((((modifier - 4) & 0x7ff) ^ 1024) - 1024);
}

void
generator_write(const struct blueprint_column *c,
    const struct generator_values *v, const char *number, FILE *out)
{
	switch (v->form) {
	case GENERATOR_USUAL:
		write_usual(c->type, c->modifier, number, out);
		break;
	case GENERATOR_LISTED:
		fprintf(out, "(%s::text[])[(1 + %s)::int]::%s", v->text, number,
		    c->type->sql);
		break;
	case GENERATOR_FROM:
		write_from(c, v, number, out);
		break;
	case GENERATOR_SHAPED:
		write_shaped(v, number, out);
		break;
	case GENERATOR_NONE:
		fprintf(out, "NULL::%s", c->type->sql);
		break;
	}
}

static void
write_usual(const struct blueprint_type *type, long modifier,
    const char *number, FILE *out)
{
	const struct generator_maker *m = generator_maker(type);

	if (type->kind == BLUEPRINT_ENUM)
		fprintf(out, "(%s::%s[])[(1 + %s)::int]", type->labels,
		    type->sql, number);
	else if (type->kind == BLUEPRINT_ARRAY)
		write_array(type, modifier, number, out);
	else if (type->kind == BLUEPRINT_RANGE)
		write_range(type, number, out);
	else if (type->kind == BLUEPRINT_MULTIRANGE) {
		fprintf(out, "%s(", type->sql);
		write_range(type->inner, number, out);
		fputc(')', out);
	} else if (generator_is_text(type))
		write_text(modifier, number, out);
	else if (m == NULL)
		fprintf(out, "(%s)::bit(%ld)::%s", number,
		    modifier < 0 ? 32 : modifier, type->sql);
	else if (strcmp(type->name, "numeric") == 0)
		write_numeric(modifier, number, out);
	else
		replace(m->sql, number, type->sql, out);
}

static void
write_numeric(long modifier, const char *number, FILE *out)
{
	int digits = modifier < 0 ? 2 : scale(modifier);

	fprintf(out, "((%s)::numeric * 1e%d)", number, -digits);
}

/* As long as a usual one, where there is room for that. */
static void
write_text(long modifier, const char *number, FILE *out)
{
	fprintf(out, "lpad(to_hex(%s), %d, '0')", number, width(modifier));
	if (modifier < 0 || modifier >= LONG)
		fprintf(out, " || to_hex(hashint8extended(%s, 5))", number);
}

/* None to two elements; one where rows have to differ by them. */
static void
write_array(const struct blueprint_type *type, long modifier,
    const char *number, FILE *out)
{
	char *next = mem_printf(
	    "((%s + 1) %% %lld)", number, type_count(type->inner, modifier));

	fputs("(ARRAY[", out);
	write_usual(type->inner, modifier, number, out);
	fputs(", ", out);
	write_usual(type->inner, modifier, next, out);
	fprintf(out, "])[1:(1 + %s %% 2)::int]", number);
	free(next);
}

/* No two of them overlap. */
static void
write_range(const struct blueprint_type *type, const char *number, FILE *out)
{
	char *next = mem_printf("(%s + 1)", number);

	fprintf(out, "%s(", type->sql);
	write_usual(type->inner, -1, number, out);
	fputs(", ", out);
	write_usual(type->inner, -1, next, out);
	fputs(", '[)')", out);
	free(next);
}

static void
write_from(const struct blueprint_column *c, const struct generator_values *v,
    const char *number, FILE *out)
{
	fprintf(out, "(%s::%s + ", v->text, c->type->sql);
	if (strcmp(c->type->name, "numeric") == 0)
		write_numeric(c->modifier, number, out);
	else
		replace(
		    generator_maker(c->type)->step, number, c->type->sql, out);
	fputc(')', out);
}

static void
write_shaped(const struct generator_values *v, const char *number, FILE *out)
{
	static const char *const digits[] = {
		[DIGITS_LOWER] = "abcdefghijklmnop",
		[DIGITS_UPPER] = "ABCDEFGHIJKLMNOP",
		[DIGITS_HEX] = "0123456789abcdef",
	};

	fprintf(out, "%s || ", v->before);
	if (v->digits == DIGITS_DECIMAL)
		fprintf(out, "lpad((%s)::text, %d, '0')", number, v->width);
	else
		fprintf(out,
		    "translate(lpad(to_hex(%s), %d, '0'), "
		    "'0123456789abcdef', '%s')",
		    number, v->width, digits[v->digits]);
	fprintf(out, " || %s", v->after);
}

static void
replace(const char *sql, const char *number, const char *type, FILE *out)
{
	for (; *sql != '\0'; sql++)
		if (*sql == '#')
			fputs(number, out);
		else if (*sql == '@')
			fputs(type, out);
		else
			fputc(*sql, out);
}
