#include "prepared.h"

#include <stdio.h>

void
prepared_begin(struct prepared *p)
{
	history_new_id(p->id);
	p->made = 0;
}

void
prepared_send(struct prepared *p, struct flight *f, enum flight_part part,
    size_t number, const struct prepared_statement *s)
{
	unsigned bit = 1U << s->number;
	char name[HISTORY_ID + 2];

	snprintf(name, sizeof(name), "%s-%u", p->id, s->number % 10);
	if ((p->made & bit) == 0)
		flight_prepare(f, name, s->sql);
	p->made |= bit;
	flight_send_prepared(f, part, number, name, s->count, s->values);
}
