#include "diagnosis.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"
#include "record.h"
#include "utf8.h"

static void write_text(const json_t *, FILE *);
static void write_way(const json_t *, FILE *);
static const char *string(const json_t *, const char *);

json_t *
diagnosis_add(
    struct diagnoses *d, const char *finding, const char *name, char *text)
{
	json_t *object = record_new();

	record_set_string(object, "finding", finding);
	record_set_string(object, "name", name);
	record_set_string(object, "text", text);
	free(text);
	d->list = mem_grow(d->list, d->count, sizeof(*d->list));
	return d->list[d->count++] = object;
}

void
diagnosis_way(struct diagnoses *d, const char *when)
{
	json_t *way = json_pack("{s:s, s:[]}", "when", when, "commands");

	record_append(d->list[d->count - 1], "ways", way);
}

void
diagnosis_command(struct diagnoses *d, const char *format, ...)
{
	json_t *ways = json_object_get(d->list[d->count - 1], "ways");
	json_t *way = json_array_get(ways, json_array_size(ways) - 1);
	va_list args;
	char *command;

	va_start(args, format);
	command = mem_vprintf(format, args);
	va_end(args);
	(void)json_array_append_new(
	    json_object_get(way, "commands"), json_string(command));
	free(command);
}

char *
diagnosis_quote(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
	char *text;
	size_t len;
	FILE *out;

	if (*word != '\0' && *word != '-' &&
	    strspn(word, plain) == strlen(word))
		return mem_copy(word);
	out = mem_stream(&text, &len);
	fputc('\'', out);
	for (; *word != '\0'; word++)
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	fputc('\'', out);
	fclose(out);
	return text;
}

void
diagnoses_write(
    const struct diagnoses *d, enum diagnosis_format format, FILE *out)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		if (format == DIAGNOSIS_JSON)
			json_write_line(d->list[i], out);
		else
			write_text(d->list[i], out);
}

int
diagnosis_format(enum diagnosis_format *format, const char *name)
{
	if (strcmp(name, "text") == 0)
		*format = DIAGNOSIS_TEXT;
	else if (strcmp(name, "json") == 0)
		*format = DIAGNOSIS_JSON;
	else
		return -1;
	return 0;
}

void
diagnoses_free(struct diagnoses *d)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		record_free(d->list[i]);
	free(d->list);
	*d = (struct diagnoses){ 0 };
}

static void
write_text(const json_t *finding, FILE *out)
{
	const json_t *ways = json_object_get(finding, "ways");
	size_t i;

	fprintf(out, "%s: %s: %s\n", utf8_visible(string(finding, "name")),
	    string(finding, "finding"), utf8_visible(string(finding, "text")));
	for (i = 0; i < json_array_size(ways); i++)
		write_way(json_array_get(ways, i), out);
}

static void
write_way(const json_t *way, FILE *out)
{
	const json_t *commands = json_object_get(way, "commands");
	size_t i;

	if (*string(way, "when") != '\0')
		fprintf(out, "    %s:\n", utf8_visible(string(way, "when")));
	for (i = 0; i < json_array_size(commands); i++)
		fprintf(out, "\t%s\n",
		    utf8_visible(
			json_string_value(json_array_get(commands, i))));
}

static const char *
string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}
