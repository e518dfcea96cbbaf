#include "built.h"

#include <stdlib.h>

#include "object.h"

int
built_names(const struct script *s, size_t step, char *names[2])
{
	size_t n = s->plan.steps[step].first;

	if (!s->sql.statements[n].concurrent)
		return -1;
	names[0] = object_table(&s->sql, n);
	names[1] = object_index(&s->sql, n);
	if (names[0] != NULL && names[1] != NULL)
		return 0;
	free(names[0]);
	free(names[1]);
	return -1;
}
