#include "raising.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"

/* What the server calls a text that is no number; it quotes that. */
#define NO_NUMBER "22P02"

enum { STATE = 5 /* bytes */ };

void
raising_read(struct db_error *e)
{
	const char *from, *to, *hint;
	char *message;

	if (strcmp(e->sqlstate, NO_NUMBER) != 0 ||
	    (from = strstr(e->message, "\"mg:")) == NULL ||
	    (to = strrchr(from, '"')) < from + 5 + STATE)
		return;
	from += 4;
	memcpy(e->sqlstate, from, STATE);
	from += STATE + 1;
	hint = memchr(from, *RAISE_HINT, (size_t)(to - from));
	if (hint != NULL) {
		free(e->hint);
		e->hint = mem_copy_bytes(hint + 1, (size_t)(to - hint - 1));
		to = hint;
	}
	message = mem_copy_bytes(from, (size_t)(to - from));
	free(e->message);
	e->message = message;
}
