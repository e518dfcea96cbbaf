#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "flat_private.h"
#include "mem.h"
#include "utf8.h"

/* Where reading is. */
struct plan_line {
	const char *path;
	size_t number;
	char *text;
	char *tag;     /* the last one above it */
	size_t tagged; /* how many changes are above that */
};

static int take_all(struct flat *, struct plan_line *, char *);
static int take_line(struct flat *, struct plan_line *);
static int take_change(struct flat *, struct plan_line *);
static int rename_reworked(
    struct flat *, const struct plan_line *, const char *);
static char *name_at(const struct plan_line *, const char *);
static const char *skip_requires(const char *);
static int give_scripts(struct flat *, const char *);
static int fail_at(struct flat *, const struct plan_line *, const char *);

int
flat_plan(struct flat *f, const char *dir, const char *path)
{
	struct plan_line line = { .path = path };
	struct file plan = { 0 };
	char *text;
	int status;

	f->kind = FLAT_PLAN;
	if (file_read(&plan, path) == -1)
		return flat_fail_file(f, path);
	if (!utf8_valid(plan.bytes, plan.len)) {
		file_free(&plan);
		return flat_fail(
		    f, CLI_INPUT, "%s: not UTF-8", utf8_visible(path));
	}
	text = mem_copy_bytes(plan.bytes, plan.len);
	status = take_all(f, &line, text);
	free(text);
	free(line.tag);
	file_free(&plan);
	if (status == CLI_OK && f->count == 0)
		status = flat_fail(f, CLI_INPUT, "there is no migration in it");
	return status == CLI_OK ? give_scripts(f, dir) : status;
}

static int
take_all(struct flat *f, struct plan_line *l, char *text)
{
	char *rest = text;
	int status = CLI_OK;

	while (status == CLI_OK && (l->text = strsep(&rest, "\n")) != NULL) {
		l->number++;
		l->text += strspn(l->text, " \t");
		l->text[strcspn(l->text, "\r")] = '\0';
		status = take_line(f, l);
	}
	return status;
}

static int
take_line(struct flat *f, struct plan_line *l)
{
	switch (*l->text) {
	case '\0':
	case '#':
	case '%':
		return CLI_OK;
	case '@':
		free(l->tag);
		l->tag = mem_copy_bytes(l->text, strcspn(l->text, " \t"));
		l->tagged = f->count;
		return CLI_OK;
	case '+':
		l->text++;
		l->text += strspn(l->text, " \t");
		break;
	case '-':
		return fail_at(f, l,
		    "it reverts a change, which a migration that has run "
		    "does not; take both lines out, or write a change that "
		    "undoes the other");
	}
	return take_change(f, l);
}

static int
take_change(struct flat *f, struct plan_line *l)
{
	char *change = mem_copy_bytes(l->text, strcspn(l->text, " \t["));
	char *name = name_at(l, change);
	int status;

	if (name == NULL)
		status = fail_at(
		    f, l, "no change with a time, as 2024-01-02T03:04:05Z");
	else
		status = rename_reworked(f, l, change);
	if (status != CLI_OK) {
		free(change);
		free(name);
		return status;
	}
	f->list = mem_grow(f->list, f->count, sizeof(*f->list));
	f->list[f->count++] =
	    (struct flat_migration){ .legacy = change, .name = name };
	return CLI_OK;
}

/* Its scripts have had the name of a tag since. */
static int
rename_reworked(struct flat *f, const struct plan_line *l, const char *change)
{
	char *legacy;
	size_t i;

	for (i = 0; i < f->count; i++) {
		if (strcmp(f->list[i].legacy, change) != 0)
			continue;
		if (l->tagged <= i)
			return fail_at(f, l,
			    "it is there already, and no tag in between tells "
			    "the two apart");
		legacy = mem_printf("%s%s", change, l->tag);
		free(f->list[i].legacy);
		f->list[i].legacy = legacy;
	}
	return CLI_OK;
}

/* With the time that is behind what the change requires; or NULL. */
static char *
name_at(const struct plan_line *l, const char *change)
{
	static const char shape[] = "0000-00-00T00:00:00Z";
	const char *time = skip_requires(l->text + strlen(change));
	char digits[sizeof(shape)], *name, *slash;
	size_t i, n = 0;

	if (*change == '\0')
		return NULL;
	for (i = 0; shape[i] != '\0'; i++) {
		if (shape[i] == '0' && time[i] >= '0' && time[i] <= '9')
			digits[n++] = time[i];
		else if (shape[i] == '0' || time[i] != shape[i])
			return NULL;
	}
	digits[n] = '\0';
	name = mem_printf("%s_%s", digits, change);
	while ((slash = strchr(name, '/')) != NULL)
		*slash = '_';
	return name;
}

static const char *
skip_requires(const char *text)
{
	text += strspn(text, " \t");
	if (*text == '[') {
		text += strcspn(text, "]");
		text += strspn(text, "] \t");
	}
	return text;
}

static int
give_scripts(struct flat *f, const char *dir)
{
	char *up, *down;
	size_t i;
	int status = CLI_OK;

	for (i = 0; i < f->count && status == CLI_OK; i++) {
		up = mem_printf("%s/deploy/%s.sql", dir, f->list[i].legacy);
		down = mem_printf("%s/revert/%s.sql", dir, f->list[i].legacy);
		status = flat_give_both(f, &f->list[i], up, down);
		free(up);
		free(down);
	}
	return status;
}

static int
fail_at(struct flat *f, const struct plan_line *l, const char *why)
{
	return flat_fail(
	    f, CLI_INPUT, "%s:%zu: %s", utf8_visible(l->path), l->number, why);
}
