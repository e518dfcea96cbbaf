#include <stdlib.h>
#include <string.h>

#include "doctor_private.h"
#include "mem.h"
#include "state.h"
#include "utf8.h"

static void look_at_table(struct doctor *);
static int look_at(struct doctor *, size_t);
static void tell_edited(
    struct doctor *, const struct migration *, const struct history_row *);
static void tell_twice(struct doctor *, const struct history_row *);
static int look_at_others(struct doctor *);
static void tell_missing(struct doctor *, const struct history_row *);

int
doctor_history(struct doctor *d)
{
	size_t i;

	look_at_table(d);
	for (i = 0; i < d->migrations->count; i++)
		if (look_at(d, i) == -1)
			return -1;
	return look_at_others(d);
}

static void
look_at_table(struct doctor *d)
{
	const struct history *h = &d->history;
	const char *schema = h->schema == NULL ? "public" : h->schema;
	char *sql, *name;

	if (h->second != NULL) {
		diagnosis_add(&d->found, "two-histories", "_prisma_migrations",
		    mem_printf("the schema %s has one and %s has another: "
			       "mg-apply refuses to choose; say which with "
			       "?schema= in the URL, or drop the other",
			utf8_visible(schema), utf8_visible(h->second)));
		diagnosis_way(&d->found, "to see which is the right one");
		name = db_quote_name(d->db, h->second);
		sql = mem_printf("SELECT * FROM %s._prisma_migrations "
				 "ORDER BY started_at",
		    name);
		doctor_sql(d, sql);
		free(sql);
		free(name);
	}
	if (h->exists || !h->occupied || h->count > 0)
		return;
	diagnosis_add(&d->found, "no-history", "_prisma_migrations",
	    mem_printf("the schema %s has tables, and nothing says which "
		       "migrations made them: nothing can be applied (P3005)",
		utf8_visible(schema)));
	diagnosis_way(&d->found,
	    "if they are what these migrations make, "
	    "which make drift tells");
	diagnosis_command(&d->found, "mg-mark --applied <%s", d->records);
}

static int
look_at(struct doctor *d, size_t i)
{
	const struct migration *m = &d->migrations->list[i];
	const struct history_row *row;

	switch (state_of(&d->history, m, &row)) {
	case STATE_FAILED:
		return doctor_row(d, row, m);
	case STATE_ROLLED_BACK:
		return d->baselines.list[i].fate == BASELINE_NONE
		    ? doctor_row(d, row, m)
		    : 0;
	case STATE_MODIFIED:
		tell_edited(d, m, row);
		break;
	default:
		break;
	}
	tell_twice(d, history_find(&d->history, m->name));
	return 0;
}

static void
tell_edited(
    struct doctor *d, const struct migration *m, const struct history_row *row)
{
	const char *path = m->path == NULL ? m->name : m->path;
	char *word = diagnosis_quote(path);
	struct json_t *finding = diagnosis_add(&d->found, "edited", m->name,
	    mem_printf("it was applied, and %s has changed since: the change "
		       "has not run and will not; prisma migrate dev wants a "
		       "reset for it",
		utf8_visible(path)));

	record_set_string(finding, "applied", row->checksum);
	record_set_string(finding, "is", m->checksum);
	diagnosis_way(&d->found,
	    "to have the script back that was applied, "
	    "if git has it; the change belongs into a "
	    "migration of its own");
	diagnosis_command(&d->found,
	    "git log --all --format=%%h -- %s | while read -r c; do "
	    "git show \"$c\":./%s | sha256sum | grep -q ^%s && "
	    "git checkout \"$c\" -- %s && break; done",
	    word, word, row->checksum, word);
	free(word);
}

/* The first row of a name; may be NULL. */
static void
tell_twice(struct doctor *d, const struct history_row *row)
{
	const struct history *h = &d->history;
	const struct history_row *end = h->rows + h->count, *first = NULL;
	size_t count = 0;
	char *sql, *name, *id;

	for (; row != NULL && row < end; row++) {
		if (first != NULL && strcmp(row->name, first->name) != 0)
			break;
		if (row->state != HISTORY_APPLIED)
			continue;
		if (count++ == 0)
			first = row;
	}
	if (count < 2)
		return;
	diagnosis_add(&d->found, "twice", first->name,
	    mem_printf("%zu rows say that it is applied: it was marked, or "
		       "run, more than once; one is enough, and no more are "
		       "read",
		count));
	diagnosis_way(&d->found, "to keep the first of them");
	name = doctor_literal(first->name);
	id = doctor_literal(first->id);
	sql = mem_printf("DELETE FROM %s WHERE migration_name = %s AND "
			 "finished_at IS NOT NULL AND rolled_back_at IS NULL "
			 "AND id <> %s",
	    h->table, name, id);
	doctor_sql(d, sql);
	free(sql);
	free(name);
	free(id);
}

/* What only the history has; each name once. */
static int
look_at_others(struct doctor *d)
{
	const struct history *h = &d->history;
	const struct history_row *row;
	size_t i;

	for (i = 0; i < h->count; i++) {
		(void)history_state(h, h->rows[i].name, &row);
		if (row != &h->rows[i] ||
		    migrations_find(d->migrations, row->name) <
			d->migrations->count)
			continue;
		if (row->state != HISTORY_APPLIED) {
			if (doctor_row(d, row, NULL) == -1)
				return -1;
		} else if (replaced_find(&d->baselines.names, row->name) ==
		    d->baselines.names.count)
			tell_missing(d, row);
	}
	return 0;
}

static void
tell_missing(struct doctor *d, const struct history_row *row)
{
	diagnosis_add(&d->found, "missing", row->name,
	    mem_copy("it is applied, and the stream lacks it: a new database "
		     "would go without it; give mg-scan the folder that has "
		     "it, or a baseline that replaces it"));
	doctor_fetch(d, row->name, "/*");
}
