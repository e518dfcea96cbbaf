/*
 * plan - feed any text to what reads statements further than sql does
 *
 * Whatever the text, the steps of a plan are in order and hold statements
 * that there are, and the keys of an index lie in its statement.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "object.h"
#include "plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void check_steps(const struct plan *, const struct sql *);
static void check_keys(const struct sql *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sql sql;
	struct plan plan = { 0 };
	size_t i;

	if (sql_read(&sql, (const char *)data, size) == 0) {
		if (plan_make(&plan, &sql) == 0)
			check_steps(&plan, &sql);
		else
			assert(plan.error != NULL && plan.at < sql.count);
		for (i = 0; i < sql.count; i++)
			check_keys(&sql, i);
	}
	plan_free(&plan);
	sql_free(&sql);
	return 0;
}

static void
check_steps(const struct plan *p, const struct sql *sql)
{
	size_t i, end = 0;

	assert(p->word != NULL && p->atomic == (p->reason == NULL));
	for (i = 0; i < p->count; i++) {
		assert(p->steps[i].first >= end && p->steps[i].count > 0);
		end = p->steps[i].first + p->steps[i].count;
	}
	assert(end <= sql->count);
}

static void
check_keys(const struct sql *sql, size_t n)
{
	struct keys keys;
	char *name, *parent;
	size_t i;

	if (keys_read(&keys, sql, n) == 0)
		for (i = 0; i < keys.count; i++)
			assert(*keys.list[i] != '\0');
	keys_free(&keys);
	(void)object_reindexed(sql, n, &name);
	free(name);
	free(object_detached(sql, n, &parent));
	free(parent);
}
