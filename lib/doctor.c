#include "doctor_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "insert.h"
#include "mem.h"

/* For SQL that must not wait for the lock: its holder may be what it ends. */
#define WITHOUT_LOCK "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK=1 mg-lock -- "

static int begin(struct doctor *);
static int examine(struct doctor *);

int
doctor_look(struct doctor *d)
{
	if (baselines_read(&d->baselines, d->migrations) == -1) {
		d->error = mem_copy(d->baselines.names.error);
		return CLI_INPUT;
	}
	if (begin(d) == 0 && examine(d) == 0 &&
	    db_query(d->db, "ROLLBACK", 0, NULL) == 0)
		return CLI_OK;
	d->error = mem_copy(d->db->error.message);
	return db_error_status(&d->db->error);
}

void
doctor_free(struct doctor *d)
{
	size_t i;

	for (i = 0; i < d->nresumed; i++)
		free(d->resumed[i]);
	diagnoses_free(&d->found);
	free(d->records);
	free(d->error);
	free(d->holder);
	free(d->holder_id);
	free(d->resumed);
	history_free(&d->history);
	baselines_free(&d->baselines);
}

/* In a transaction an error is the end of it, so no table is only tried. */
static int
begin(struct doctor *d)
{
	d->history.table = mem_copy("");
	if (db_query(d->db, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
		0, NULL) == -1)
		return -1;
	if (d->db->local != NULL &&
	    db_query(d->db, d->db->local, 0, NULL) == -1)
		return -1;
	return history_read(&d->history, d->db);
}

static int
examine(struct doctor *d)
{
	if (doctor_holder(d) == -1 || doctor_knex(d) == -1)
		return -1;
	baselines_decide(
	    &d->baselines, &d->history, d->migrations->count, NULL);
	if (doctor_history(d) == -1)
		return -1;
	doctor_order(d);
	doctor_baselines(d);
	doctor_lock(d);
	return doctor_indexes(d);
}

/* From the last commit that wrote it, wherever it was. */
void
doctor_fetch(struct doctor *d, const char *name, const char *behind)
{
	char *files = mem_printf("*/%s%s", name, behind);
	char *word = diagnosis_quote(files);

	diagnosis_way(&d->found, "to have it back as git has it");
	diagnosis_command(&d->found,
	    "git checkout \"$(git log --all --diff-filter=AM --format=%%h -1 "
	    "-- %s)\" -- %s",
	    word, word);
	free(files);
	free(word);
}

void
doctor_mark(struct doctor *d, const char *when, const char *name)
{
	char *word = diagnosis_quote(name);

	diagnosis_way(&d->found, when);
	diagnosis_command(
	    &d->found, "mg-mark --applied %s <%s", word, d->records);
	free(word);
}

void
doctor_again(struct doctor *d, const char *when, const char *name)
{
	char *word = diagnosis_quote(name);

	diagnosis_way(&d->found, when);
	diagnosis_command(&d->found, "mg-mark --rolled-back %s", word);
	diagnosis_command(&d->found, "mg-apply <%s", d->records);
	free(word);
}

void
doctor_wait(struct doctor *d)
{
	char *sql = mem_printf("SELECT pg_terminate_backend(%s)", d->holder_id);

	diagnosis_way(&d->found, "to let it come to its end, and look again");
	diagnosis_command(&d->found, "mg-lock --lock-wait 1h -- true");
	diagnosis_command(&d->found, "mg-doctor <%s", d->records);
	diagnosis_way(&d->found, "if it hangs, to end it, and look again");
	diagnosis_command(&d->found, WITHOUT_LOCK "psql -Xc '%s'", sql);
	diagnosis_command(&d->found, "mg-doctor <%s", d->records);
	free(sql);
}

char *
doctor_literal(const char *text)
{
	char *literal;
	size_t len;
	FILE *out = mem_stream(&literal, &len);

	insert_value('t', text, out);
	fclose(out);
	return literal;
}

void
doctor_sql(struct doctor *d, const char *sql)
{
	char *word = diagnosis_quote(sql);

	diagnosis_command(&d->found, "mg-lock -- psql -Xc %s", word);
	free(word);
}
