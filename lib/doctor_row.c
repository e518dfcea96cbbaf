#include <stdlib.h>
#include <string.h>

#include "doctor_private.h"
#include "mem.h"
#include "repeat.h"
#include "resume.h"
#include "trace.h"
#include "undo.h"

static int learn(struct about *);
static bool is_applied(const struct about *);
static int read_steps(struct about *);
static int read_script(struct about *);
static enum about_state decide(struct about *);
static bool goes_on(struct about *);
static void note_resumed(struct about *);
static void tell(struct about *);
static void add_facts(const struct about *, struct json_t *);
static bool is_from_index(const struct about *);

int
doctor_row(
    struct doctor *d, const struct history_row *row, const struct migration *m)
{
	struct about a = { .doctor = d, .row = row, .migration = m };
	int result;

	ending_read(&a.ending, row->logs);
	if ((result = learn(&a)) == 0)
		tell(&a);
	free(a.error);
	evidence_free(&a.evidence);
	script_free(&a.script);
	ending_free(&a.ending);
	return result;
}

static int
learn(struct about *a)
{
	a->applied = is_applied(a);
	a->back = a->row->state == HISTORY_FAILED && a->row->logs != NULL &&
	    strncmp(a->row->logs, UNDO_LOGS, strlen(UNDO_LOGS)) == 0;
	if (a->row->state == HISTORY_FAILED && read_steps(a) == -1)
		return -1;
	if (a->migration != NULL && !record_is_script(a->migration->object) &&
	    read_script(a) == -1)
		return -1;
	a->state = decide(a);
	return 0;
}

static bool
is_applied(const struct about *a)
{
	const struct history *h = &a->doctor->history;
	const struct history_row *row = history_find(h, a->row->name);

	for (; row < h->rows + h->count && strcmp(row->name, a->row->name) == 0;
	     row++)
		if (row->state == HISTORY_APPLIED)
			return true;
	return false;
}

/* Prisma counts the step when the script has come to its end. */
static int
read_steps(struct about *a)
{
	const char *values[] = { a->row->id };
	struct db *db = a->doctor->db;
	char *sql =
	    mem_printf("SELECT applied_steps_count FROM %s WHERE id = $1",
		a->doctor->history.table);
	int result = db_query(db, sql, 1, values);

	if (result == 0 && db->count > 0)
		a->steps = strtol(db_value(db, 0, 0), NULL, 10);
	free(sql);
	return result;
}

static int
read_script(struct about *a)
{
	a->script.apart = is_from_index(a);
	if (script_read(&a->script, a->migration) == -1)
		return 0;
	a->sql = true;
	a->edited = !hash_matches(
	    a->row->checksum, a->script.file.bytes, a->script.file.len);
	return evidence_read(&a->evidence, a->doctor->db, &a->script);
}

static enum about_state
decide(struct about *a)
{
	if (a->row->state == HISTORY_ROLLED_BACK)
		return ABOUT_ROLLED_BACK;
	if (a->doctor->holder != NULL) {
		a->doctor->unfinished = true;
		return ABOUT_RUNNING;
	}
	if (goes_on(a))
		return ABOUT_HALF_DONE;
	return a->ending.message == NULL ||
		strcmp(a->row->logs, REPEAT_BEGUN) == 0 ||
		strcmp(a->row->logs, UNDO_BEGUN) == 0
	    ? ABOUT_STOPPED
	    : ABOUT_FAILED;
}

static bool
goes_on(struct about *a)
{
	struct resume resume;
	bool may;

	if (a->migration == NULL)
		return false;
	if (!resume_is_ours(a->row)) {
		a->stopped = a->row->logs != NULL &&
		    strcmp(a->row->logs, REPEAT_BEGUN) != 0;
		return repeat_may(a->migration, a->row);
	}
	if (!a->sql)
		return false;
	may = resume_read(&resume, a->row, &a->script) == 0;
	a->done = resume.done;
	a->stopped = resume.failed;
	if (may)
		note_resumed(a);
	else
		a->error = mem_copy(resume.error);
	resume_free(&resume);
	return may;
}

/* What it has still to build concurrently is cleared away before that. */
static void
note_resumed(struct about *a)
{
	struct doctor *d = a->doctor;
	struct traces traces = { 0 };
	size_t i;

	for (i = a->done; i < a->script.plan.count; i++)
		traces_add(
		    &traces, &a->script.sql, a->script.plan.steps[i].first);
	for (i = 0; i < traces.count; i++) {
		if (traces.list[i].kind != TRACE_INDEX)
			continue;
		d->resumed =
		    mem_grow(d->resumed, d->nresumed, sizeof(*d->resumed));
		d->resumed[d->nresumed++] = mem_copy(traces.list[i].part);
	}
	traces_free(&traces);
}

static void
tell(struct about *a)
{
	static const char *const findings[] = { "rolled-back", "running",
		"half-done", "stopped", "failed" };
	const char *finding = findings[a->state];

	if (a->migration == NULL && a->state == ABOUT_ROLLED_BACK)
		finding = "unknown";
	add_facts(a,
	    diagnosis_add(
		&a->doctor->found, finding, a->row->name, doctor_words(a)));
	doctor_settle(a);
}

static void
add_facts(const struct about *a, struct json_t *finding)
{
	const struct evidence *e = &a->evidence;

	if (a->row->started_at != NULL && a->state != ABOUT_ROLLED_BACK) {
		record_set_string(finding, "started_at", a->row->started_at);
		record_set_integer(finding, "steps", a->steps);
	}
	if (*a->ending.sqlstate != '\0')
		record_set_string(finding, "sqlstate", a->ending.sqlstate);
	if (a->ending.tail != NULL)
		record_set_string(finding, "logs", a->ending.tail);
	if (!a->sql)
		return;
	record_set_integer(finding, "statements", (long long)e->count);
	record_set_integer(
	    finding, "there", (long long)e->number[EVIDENCE_THERE]);
	record_set_integer(
	    finding, "lacking", (long long)e->number[EVIDENCE_LACKS]);
	record_set_integer(
	    finding, "unknown", (long long)e->number[EVIDENCE_OPEN]);
}

static bool
is_from_index(const struct about *a)
{
	static const char mark[] = "mg-index: ";

	return a->row->logs != NULL &&
	    strncmp(a->row->logs, mark, strlen(mark)) == 0;
}
