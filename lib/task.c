#include "task.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "kind.h"
#include "mem.h"
#include "mention.h"
#include "object.h"
#include "resume.h"
#include "utf8.h"

/* What a statement is about, and whether that is partitioned. */
static const char look[] =
    "SELECT t.oid, t.relkind = 'p',"
    " CASE WHEN t.oid IS NOT NULL THEN t.oid::regclass END"
    " FROM unnest($1::text[], $2::bool[]) WITH ORDINALITY"
    "  AS w (name, is_table, n)"
    " LEFT JOIN pg_index i ON NOT w.is_table"
    "  AND i.indexrelid = to_regclass(nullif(w.name, ''))"
    " LEFT JOIN pg_class t ON t.oid = CASE WHEN w.is_table"
    "  THEN to_regclass(nullif(w.name, ''))::oid ELSE i.indrelid END"
    " ORDER BY w.n";

static int read_job(struct tasks *, struct job *, enum concurrently);
static int take_row(struct tasks *, struct job *, const struct script *);
static void add(struct tasks *, struct job *, size_t, enum concurrently);
static bool is_lenient(const struct sql *, size_t);
static void read_names(struct task *);
static bool names_several(const struct sql *, size_t);
static char *subject(const struct task *);
static void take_look(struct tasks *, const struct db *, size_t);
static void inherit_tables(struct tasks *);
static int refuse_parted(struct tasks *);
static bool is_on_only(const struct task *);
static int fail(struct tasks *, int, char *);

int
tasks_read(struct tasks *t, const struct pending *p, enum concurrently how)
{
	int status = CLI_OK;
	size_t i;

	tasks_free(t);
	t->scripts = mem_resize(NULL, p->count, sizeof(*t->scripts));
	for (i = 0; i < p->count && status == CLI_OK; i++)
		status = read_job(t, &p->jobs[i], how);
	return status;
}

int
tasks_look(struct tasks *t, struct db *db)
{
	char **names = mem_resize(NULL, t->count, sizeof(*names));
	const char **tables = mem_resize(NULL, t->count, sizeof(*tables));
	char *values[2];
	size_t i;
	int result;

	for (i = 0; i < t->count; i++) {
		names[i] = subject(&t->list[i]);
		tables[i] = t->list[i].table != NULL ? "t" : "f";
	}
	values[0] = db_array((const char *const *)names, t->count);
	values[1] = db_array(tables, t->count);
	result = db_query(db, look, 2, (const char *const *)values);
	for (i = 0; i < t->count; i++) {
		if (result == 0)
			take_look(t, db, i);
		free(names[i]);
	}
	free(values[0]);
	free(values[1]);
	free(names);
	free(tables);
	if (result == -1)
		return fail(t, db_error_status(&db->error),
		    mem_printf("the tables cannot be looked up: %s",
			db->error.message));
	inherit_tables(t);
	return refuse_parted(t);
}

bool
task_is_done(const struct task *t)
{
	return t->state == TASK_DONE || t->state == TASK_FOUND;
}

void
tasks_free(struct tasks *t)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		concurrently_free(&t->list[i].spelling);
		free(t->list[i].table);
		free(t->list[i].index);
		free(t->list[i].error);
	}
	for (i = 0; i < t->nscripts; i++)
		script_free(&t->scripts[i]);
	free(t->list);
	free(t->scripts);
	free(t->error);
	*t = (struct tasks){ 0 };
}

static int
read_job(struct tasks *t, struct job *job, enum concurrently how)
{
	struct script *s = &t->scripts[t->nscripts++];
	int status;
	size_t i;

	*s = (struct script){ .apart = true };
	if (job_is_script(job))
		return fail(t, CLI_INPUT,
		    mem_printf("%s: is a script, and no SQL that builds "
			       "indexes; such a migration belongs to mg-apply",
			utf8_visible(job->migration->name)));
	if (job->way != JOB_RUN)
		return fail(t, CLI_INPUT,
		    mem_printf("%s: is a baseline; such a migration belongs "
			       "to mg-apply",
			utf8_visible(job->migration->name)));
	if (script_read(s, job->migration) == -1)
		return fail(t, CLI_INPUT, mem_copy(s->error));
	memcpy(job->checksum, s->checksum, sizeof(job->checksum));
	job->plan = s->plan.word;
	job->reason = s->plan.reason;
	job->steps = s->plan.count;
	job->done = 0;
	if (job->row != NULL && (status = take_row(t, job, s)) != CLI_OK)
		return status;
	for (i = 0; i < s->sql.count; i++)
		add(t, job, i, how);
	return CLI_OK;
}

static int
take_row(struct tasks *t, struct job *job, const struct script *s)
{
	struct resume resume = { 0 };
	int status = CLI_OK;

	if (resume_read(&resume, job->row, s) == -1)
		status = fail(t, CLI_NO, mem_copy(resume.error));
	job->done = resume.done;
	resume_free(&resume);
	return status;
}

static void
add(struct tasks *t, struct job *job, size_t n, enum concurrently how)
{
	struct script *s = &t->scripts[t->nscripts - 1];
	struct task *task;

	t->list = mem_grow(t->list, t->count, sizeof(*t->list));
	task = &t->list[t->count++];
	*task = (struct task){ .job = job, .script = s, .number = n };
	task->state = n < job->done ? TASK_DONE : TASK_WAITING;
	concurrently_spell(&task->spelling, &s->sql, n, how);
	read_names(task);
	task->lenient = is_lenient(&s->sql, n);
	task->build = task->table != NULL && task->index != NULL;
	task->alone = task->spelling.concurrent ||
	    (s->sql.statements[n].kind == SQL_ALONE &&
		s->sql.statements[n].concurrently == 0);
}

static bool
is_lenient(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	while (t.kind > TOKEN_ERROR && !token_is(&t, "ON"))
		if (token_take(&t, "IF") && token_is(&t, "NOT"))
			return true;
		else
			token_step(&t);
	return false;
}

static void
read_names(struct task *t)
{
	const struct sql *sql = &t->script->sql;
	size_t begin, end;
	char *name = NULL;
	const char *what = object_reindexed(sql, t->number, &name);

	t->table = object_table(sql, t->number);
	if (what != NULL && strcmp(what, "TABLE") == 0) {
		t->table = name;
		return;
	}
	free(name);
	if (names_several(sql, t->number) ||
	    !kind_object(sql, t->number, &begin, &end)) {
		t->barrier = t->table == NULL;
		return;
	}
	t->names[0] = mention_key_of(sql->text, begin, end);
	t->index = mem_copy_bytes(sql->text + begin, end - begin);
	/* What the server's functions cannot read is a U&"name". */
	if (t->names[0] == 0 || (what != NULL && strcmp(what, "INDEX") != 0))
		t->barrier = true;
}

/* Several indexes, or another that it attaches, or a new name? */
static bool
names_several(const struct sql *sql, size_t n)
{
	struct tokens t = sql_tokens(sql, n);

	if (token_is(&t, "CREATE"))
		return false;
	for (; t.kind > TOKEN_ERROR; token_step(&t))
		if (token_is(&t, ",") || token_is(&t, "RENAME") ||
		    token_is(&t, "ATTACH") || token_is(&t, "ALL"))
			return true;
	return false;
}

/* The name to look up; "" for none. */
static char *
subject(const struct task *t)
{
	if (t->barrier)
		return mem_copy("");
	return mem_copy(t->table != NULL ? t->table
		: t->index != NULL       ? t->index
					 : "");
}

static void
take_look(struct tasks *t, const struct db *db, size_t n)
{
	struct task *task = &t->list[n];
	const char *oid = db_value(db, n, 0);

	if (oid == NULL)
		return;
	task->oid = strtoul(oid, NULL, 10);
	task->parted = db_true(db, n, 1);
	free(task->table);
	task->table = mem_copy(db_value(db, n, 2));
}

/* Where the index is not there yet, an earlier statement may make it. */
static void
inherit_tables(struct tasks *t)
{
	struct task *task;
	size_t i, n;

	for (n = 0; n < t->count; n++) {
		task = &t->list[n];
		if (task->oid != 0 || task->barrier)
			continue;
		for (i = n; i-- > 0 && task->oid == 0;)
			if (task->names[0] != 0 &&
			    t->list[i].names[0] == task->names[0])
				task->oid = t->list[i].oid;
		task->barrier = task->oid == 0;
	}
}

/* On ONLY the parent nothing is built, and nobody waits. */
static int
refuse_parted(struct tasks *t)
{
	struct task *task;
	char *place;
	size_t n;

	for (n = 0; n < t->count; n++) {
		task = &t->list[n];
		if (!task->parted || !task->build || !task->spelling.concurrent)
			continue;
		if (task->spelling.put > 0 && is_on_only(task)) {
			concurrently_free(&task->spelling);
			concurrently_spell(&task->spelling, &task->script->sql,
			    task->number, CONCURRENTLY_AS_WRITTEN);
			task->alone = false;
			continue;
		}
		place = script_place(task->script,
		    task->script->sql.statements[task->number].begin);
		(void)fail(t, CLI_INPUT,
		    mem_printf(
			"%s: %s is partitioned, and PostgreSQL builds no index "
			"on such a table concurrently; write CREATE INDEX ON "
			"ONLY it, an index on each partition, and ALTER INDEX "
			"ATTACH PARTITION, or build it with --plain",
			place, utf8_visible(task->table)));
		free(place);
		return CLI_INPUT;
	}
	return CLI_OK;
}

static bool
is_on_only(const struct task *task)
{
	struct tokens t = sql_tokens(&task->script->sql, task->number);

	while (t.kind > TOKEN_ERROR && !token_take(&t, "ON"))
		token_step(&t);
	return token_is(&t, "ONLY");
}

static int
fail(struct tasks *t, int status, char *why)
{
	free(t->error);
	t->error = why;
	return status;
}
