#include "chosen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "file.h"
#include "foreign.h"
#include "hash.h"
#include "matching.h"
#include "mem.h"
#include "utf8.h"

static void tell_empty(const struct chosen *, const char *);
static int add_matches(struct chosen *, const struct matching *,
    const struct foreign *, struct migrations *);
static int find_checksum(struct chosen *, struct migration *);
static void add_times(
    struct chosen *, const struct matching *, const struct foreign *);

int
chosen_add(struct chosen *c, struct migration *m, bool checksum)
{
	if (checksum && m->checksum == NULL && find_checksum(c, m) == -1)
		return -1;
	c->migrations = mem_grow(c->migrations, c->count, sizeof(m));
	c->names = mem_grow(c->names, c->count, sizeof(*c->names));
	c->checksums = mem_grow(c->checksums, c->count, sizeof(*c->checksums));
	c->migrations[c->count] = m;
	c->names[c->count] = m->name;
	c->checksums[c->count++] = m->checksum;
	return 0;
}

int
chosen_import(struct chosen *c, struct db *db, const char *table,
    struct migrations *migrations, const struct replaced *names)
{
	struct matching matching = { .notice = c->notice };
	struct foreign foreign;
	int status = foreign_read(&foreign, db, table);

	if (status != CLI_OK)
		c->error = mem_copy(foreign.error);
	else {
		if (foreign.count == 0)
			tell_empty(c, table);
		status = matching_make(&matching, &foreign, migrations, names);
		if (status != CLI_OK)
			c->error = mem_copy(matching.error);
		else if (add_matches(c, &matching, &foreign, migrations) == -1)
			status = CLI_INPUT;
	}
	matching_free(&matching);
	foreign_free(&foreign);
	return status;
}

static void
tell_empty(const struct chosen *c, const char *table)
{
	char *words = mem_printf(
	    "%s: it has no rows, so nothing is marked", utf8_visible(table));

	c->notice(words);
	free(words);
}

static int
add_matches(struct chosen *c, const struct matching *m, const struct foreign *f,
    struct migrations *migrations)
{
	struct migration *migration;
	size_t i;

	for (i = 0; i < m->count; i++) {
		migration = &migrations->list[m->list[i].at];
		if (chosen_add(c, migration, true) == -1)
			return -1;
		if (!m->list[i].baseline)
			record_set_string(migration->object, "from",
			    f->rows[m->list[i].row].name);
	}
	if (f->timed)
		add_times(c, m, f);
	return 0;
}

void
chosen_free(struct chosen *c)
{
	size_t i;

	for (i = 0; c->times != NULL && i < c->count; i++)
		free(c->times[i]);
	free(c->times);
	free(c->migrations);
	free(c->names);
	free(c->checksums);
	free(c->error);
	*c = (struct chosen){ 0 };
}

static int
find_checksum(struct chosen *c, struct migration *m)
{
	struct file file = { 0 };

	if (m->path == NULL)
		c->error = mem_printf(
		    "%s: the record has no \"path\"", utf8_visible(m->name));
	else if (file_read(&file, m->path) == -1)
		c->error = mem_printf(
		    "%s: %s", utf8_visible(m->path), strerror(errno));
	if (c->error != NULL)
		return -1;
	m->checksum = mem_resize(NULL, HASH_CHECKSUM, 1);
	hash_checksum(file.bytes, file.len, m->checksum);
	file_free(&file);
	return 0;
}

/* In one transaction a tool may have noted one moment for all. */
static void
add_times(struct chosen *c, const struct matching *m, const struct foreign *f)
{
	long long time, last = 0;
	size_t i;

	c->times = mem_resize(NULL, c->count, sizeof(*c->times));
	for (i = 0; i < c->count; i++) {
		time = f->rows[m->list[i].row].time;
		last = time > last ? time : last + 1;
		c->times[i] = mem_printf("%lld", last);
	}
}
