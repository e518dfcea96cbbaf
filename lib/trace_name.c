#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "trace_private.h"

static char *take_part(struct tokens *);
static char *unquoted(const struct tokens *, size_t, size_t, char);

bool
trace_take_name(struct tokens *t, struct trace_name *name)
{
	char *part, *schema = NULL, *last = NULL;

	*name = (struct trace_name){ 0 };
	do {
		if ((part = take_part(t)) == NULL)
			break;
		free(schema);
		schema = last;
		last = part;
	} while (token_take(t, "."));
	if (part == NULL) {
		free(schema);
		free(last);
		return false;
	}
	name->schema = schema == NULL ? mem_copy("") : schema;
	name->name = last;
	return true;
}

char *
trace_take_string(struct tokens *t)
{
	char *text = NULL;

	if (t->kind == TOKEN_STRING && t->text[t->begin] == '\'')
		text = unquoted(t, t->begin + 1, t->end - 1, '\'');
	token_step(t);
	return text;
}

void
trace_name_free(struct trace_name *name)
{
	free(name->schema);
	free(name->name);
	*name = (struct trace_name){ 0 };
}

static char *
take_part(struct tokens *t)
{
	char *part = NULL, *p;

	if (t->kind == TOKEN_NAME && t->text[t->begin] == '"')
		part = unquoted(t, t->begin + 1, t->end - 1, '"');
	else if (t->kind == TOKEN_WORD) {
		part = mem_copy_bytes(t->text + t->begin, t->end - t->begin);
		for (p = part; *p != '\0'; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p - 'A' + 'a');
	}
	token_step(t);
	return part;
}

/* Two quotes stand for one. */
static char *
unquoted(const struct tokens *t, size_t begin, size_t end, char quote)
{
	char *text = mem_copy_bytes(t->text + begin, end - begin);
	char *from = text, *to = text;

	for (; *from != '\0'; from++) {
		if (*from == quote && from[1] == quote)
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return text;
}
