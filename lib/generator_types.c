#include "generator_private.h"

#include <string.h>

#define ENDLESS GENERATOR_ENDLESS
#define MANY 1000

static const struct generator_maker makers[] = {
	{ "bool", "(# = 1)", NULL, 2, 2 },
	{ "int2", "(#)::int2", "(#)::int2", 32768, MANY },
	{ "int4", "(#)::int4", "(#)::int4", 2147483647, MANY },
	{ "int8", "(#)", "(#)", ENDLESS, MANY },
	{ "oid", "(#)::oid", NULL, 2147483647, MANY },
	{ "float4", "((#)::float4 / 4)", "((#)::float4 / 100)", 1 << 22, MANY },
	{ "float8", "((#)::float8 / 4)", "((#)::float8 / 100)", ENDLESS, MANY },
	{ "money", "(#)::money", NULL, ENDLESS, MANY },
	{ "\"char\"", "chr((97 + #)::int)::\"char\"", NULL, 26, 26 },
	{ "uuid",
	    "(lpad(to_hex(hashint8extended(#, 7)), 16, '0')"
	    " || lpad(to_hex(#), 16, '0'))::uuid",
	    NULL, ENDLESS, ENDLESS },
	{ "bytea", "int8send(#)", NULL, ENDLESS, ENDLESS },
	{ "json", "json_build_object('n', #)", NULL, ENDLESS, MANY },
	{ "jsonb", "jsonb_build_object('n', #)", NULL, ENDLESS, MANY },
	{ "xml", "('<n>' || # || '</n>')::xml", NULL, ENDLESS, MANY },
	{ "date", "(date '2020-01-01' + (#)::int)", "(#)::int", 700000, 2000 },
	{ "time", "(time '00:00' + # * interval '1 second')",
	    "# * interval '1 second'", 86400, 86400 },
	{ "timetz", "(timetz '00:00+00' + # * interval '1 second')", NULL,
	    86400, 86400 },
	{ "timestamp", "(timestamp '2020-01-01' + # * interval '1 second')",
	    "# * interval '1 second'", 100000000000, 150000000 },
	{ "timestamptz",
	    "(timestamptz '2020-01-01 00:00+00' + # * interval '1 second')",
	    "# * interval '1 second'", 100000000000, 150000000 },
	{ "interval", "(# * interval '1 minute')", NULL, 1000000000, MANY },
	{ "inet", "('10.0.0.0'::inet + #)", NULL, 1 << 24, MANY },
	{ "cidr", "('10.0.0.0'::inet + #)::cidr", NULL, 1 << 24, MANY },
	{ "macaddr", "lpad(to_hex(#), 12, '0')::macaddr", NULL, ENDLESS, MANY },
	{ "macaddr8", "lpad(to_hex(#), 16, '0')::macaddr8", NULL, ENDLESS,
	    MANY },
	{ "pg_lsn", "('0/0'::pg_lsn + (#)::numeric)", NULL, ENDLESS, MANY },
	{ "tsvector", "array_to_tsvector(ARRAY['n' || #])", NULL, ENDLESS,
	    MANY },
	{ "tsquery", "('n' || #)::tsquery", NULL, ENDLESS, MANY },
	{ "point", "point((#)::float8, (#)::float8)", NULL, ENDLESS, MANY },
	{ "box", "box(point((#)::float8, 0), point((#)::float8 + 0.5, 1))",
	    NULL, ENDLESS, MANY },
	{ "circle", "circle(point((#)::float8 * 4, 0), 1)", NULL, ENDLESS,
	    MANY },
	{ "lseg", "lseg(point(0, 0), point((#)::float8, 1))", NULL, ENDLESS,
	    MANY },
	{ "line", "line(point(0, 0), point((#)::float8, 1))", NULL, ENDLESS,
	    MANY },
	{ "path", "('((0,0),(1,' || # || '))')::path", NULL, ENDLESS, MANY },
	{ "polygon", "('((0,0),(1,' || # || '),(2,0))')::polygon", NULL,
	    ENDLESS, MANY },
	{ "hstore", "('n=>' || #)::@", NULL, ENDLESS, MANY },
	{ "ltree", "('n' || #)::@", NULL, ENDLESS, MANY },
	{ "numeric", "(#::numeric / 100)", "(#::numeric / 100)", ENDLESS,
	    100000 },
};

static const char *const texts[] = { "text", "varchar", "bpchar", "citext",
	"name" };

const struct generator_maker *
generator_maker(const struct blueprint_type *type)
{
	size_t i;

	if (type->kind == BLUEPRINT_BASE)
		for (i = 0; i < sizeof(makers) / sizeof(*makers); i++)
			if (strcmp(makers[i].name, type->name) == 0)
				return &makers[i];
	return NULL;
}

bool
generator_is_text(const struct blueprint_type *type)
{
	size_t i;

	if (type->kind == BLUEPRINT_BASE)
		for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
			if (strcmp(texts[i], type->name) == 0)
				return true;
	return false;
}

bool
generator_is_json(const struct blueprint_type *type)
{
	return strcmp(type->name, "json") == 0 ||
	    strcmp(type->name, "jsonb") == 0;
}

bool
generator_steps(const struct blueprint_type *type)
{
	const struct generator_maker *m = generator_maker(type);

	return m != NULL && m->step != NULL;
}

bool
generator_knows(const struct blueprint_type *type)
{
	switch (type->kind) {
	case BLUEPRINT_BASE:
		return generator_maker(type) != NULL ||
		    generator_is_text(type) || strcmp(type->name, "bit") == 0 ||
		    strcmp(type->name, "varbit") == 0;
	case BLUEPRINT_ENUM:
		return type->nlabels > 0;
	case BLUEPRINT_ARRAY:
	case BLUEPRINT_RANGE:
	case BLUEPRINT_MULTIRANGE:
		return type->inner != NULL && generator_knows(type->inner);
	/* Inside of another type nobody sees its checks. */
	case BLUEPRINT_DOMAIN:
	default:
		return false;
	}
}
