#include "place.h"

#include "sql.h"

void
place_move(struct place *p, size_t offset)
{
	size_t at;

	for (at = p->start; at < offset && at < p->len; at++)
		if (p->text[at] == '\n') {
			p->above++;
			p->start = at + 1;
		}
	sql_place(p->text + p->start, p->len - p->start, offset - p->start,
	    &p->line, &p->column);
	p->line += p->above;
}
