#include "sight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "mem.h"
#include "record.h"
#include "session.h"
#include "utf8.h"

enum { LINE = 78 };

/* $1 is the processes; those that wait for each other are not told of. */
static const char look[] =
    "SELECT w.pid, p.phase, f.unit, f.done, f.total,"
    " (SELECT string_agg(" SESSION_WORDS ", '; ' ORDER BY a.pid)"
    "  FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(w.pid))"
    "   AND a.pid <> ALL ($1::int[]))"
    " FROM unnest($1::int[]) AS w (pid)"
    " LEFT JOIN pg_stat_progress_create_index p USING (pid)"
    " LEFT JOIN LATERAL (VALUES"
    "  (1, 'lockers', CASE WHEN p.phase LIKE 'waiting%' THEN"
    "   p.lockers_done END, p.lockers_total),"
    "  (2, 'blocks', p.blocks_done, p.blocks_total),"
    "  (3, 'tuples', p.tuples_done, p.tuples_total))"
    "  AS f (n, unit, done, total) ON f.done IS NOT NULL AND f.total > 0"
    "  AND f.n = CASE WHEN p.phase LIKE 'waiting%' THEN 1"
    "   WHEN p.blocks_total > 0 THEN 2 ELSE 3 END";

static const char *short_phase(const char *);
static char *processes(const struct lane *, size_t);
static struct lane *lane_of(struct lane *, size_t, const char *);
static void see_progress(struct lane *, const struct db *, size_t);
static void see_blockers(
    struct lane *, const char *, long, void (*)(const char *));
static const char *subject(const struct lane *);
static void write_record(const struct lane *);

int
sight_look(struct db *db, struct lane *lanes, size_t count, long silence,
    void (*notice)(const char *text))
{
	char *pids = processes(lanes, count);
	const char *values[] = { pids };
	int result = db_query(db, look, 1, values);
	struct lane *lane;
	size_t i;

	for (i = 0; result == 0 && i < db->count; i++) {
		lane = lane_of(lanes, count, db_value(db, i, 0));
		if (lane == NULL)
			continue;
		see_progress(lane, db, i);
		see_blockers(lane, db_value(db, i, 5), silence, notice);
	}
	free(pids);
	return result;
}

void
sight_records(const struct lane *lanes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (lanes[i].task != NULL && lanes[i].phase != NULL)
			write_record(&lanes[i]);
}

void
sight_line(const struct lane *lanes, size_t count, size_t finished, size_t all)
{
	char *text;
	size_t i, len;
	FILE *out = mem_stream(&text, &len);

	fprintf(out, "%zu/%zu", finished, all);
	for (i = 0; i < count; i++) {
		if (lanes[i].task == NULL)
			continue;
		fprintf(out, "  %s", subject(&lanes[i]));
		if (lanes[i].phase != NULL)
			fprintf(out, ": %s", short_phase(lanes[i].phase));
		if (lanes[i].total > 0)
			fprintf(out, " %.0f%%",
			    100 * lanes[i].done / lanes[i].total);
	}
	fclose(out);
	sight_clear();
	fprintf(stderr, "%.*s", LINE, text);
	free(text);
}

void
sight_clear(void)
{
	fputs("\r\033[K", stderr);
}

/* Most of the time it is this, and the line is short. */
static const char *
short_phase(const char *phase)
{
	static const char usual[] = "building index: ";

	return strncmp(phase, usual, strlen(usual)) == 0 ? phase + strlen(usual)
							 : phase;
}

static char *
processes(const struct lane *lanes, size_t count)
{
	char *text;
	size_t i, len, n = 0;
	FILE *out = mem_stream(&text, &len);

	fputc('{', out);
	for (i = 0; i < count; i++)
		if (lanes[i].task != NULL)
			fprintf(out, "%s%d", n++ == 0 ? "" : ",",
			    db_backend(&lanes[i].db));
	fputc('}', out);
	fclose(out);
	return text;
}

static struct lane *
lane_of(struct lane *lanes, size_t count, const char *pid)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (lanes[i].task != NULL &&
		    db_backend(&lanes[i].db) == (int)strtol(pid, NULL, 10))
			return &lanes[i];
	return NULL;
}

static void
see_progress(struct lane *l, const struct db *db, size_t row)
{
	static const char *const units[] = { "lockers", "blocks", "tuples" };
	const char *phase = db_value(db, row, 1), *unit = db_value(db, row, 2);
	size_t i;

	free(l->phase);
	l->phase = phase == NULL ? NULL : mem_copy(phase);
	l->total = 0;
	for (i = 0; unit != NULL && i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(unit, units[i]) == 0) {
			l->unit = units[i];
			l->done = strtod(db_value(db, row, 3), NULL);
			l->total = strtod(db_value(db, row, 4), NULL);
		}
}

static void
see_blockers(struct lane *l, const char *blockers, long silence,
    void (*notice)(const char *))
{
	char *text;

	if (blockers == NULL) {
		l->since = 0;
		l->free = clock_ms();
		return;
	}
	if (l->since == 0)
		l->since = l->free;
	if (clock_ms() - l->since < silence ||
	    (l->blockers != NULL && strcmp(l->blockers, blockers) == 0))
		return;
	free(l->blockers);
	l->blockers = mem_copy(blockers);
	if (notice == NULL)
		return;
	text = mem_printf("%s: it is kept waiting by %s", subject(l), blockers);
	notice(text);
	free(text);
}

/* The index, or the table if it has no name yet. */
static const char *
subject(const struct lane *l)
{
	const struct task *t = l->task;

	return utf8_visible(t->index != NULL ? t->index
		: t->table != NULL           ? t->table
					     : t->job->migration->name);
}

static void
write_record(const struct lane *l)
{
	struct json_t *record = record_new();

	record_set_string(record, "name", l->task->job->migration->name);
	if (l->task->index != NULL)
		record_set_string(record, "index", l->task->index);
	if (l->task->table != NULL)
		record_set_string(record, "table", l->task->table);
	record_set_string(record, "phase", l->phase);
	if (l->total > 0) {
		record_set_integer(
		    record, "percent", (long long)(100 * l->done / l->total));
		record_set_string(record, "unit", l->unit);
		record_set_integer(record, "done", (long long)l->done);
		record_set_integer(record, "total", (long long)l->total);
	}
	if (l->since != 0 && l->blockers != NULL)
		record_set_string(record, "waits_for", l->blockers);
	record_write(record, stderr);
	record_free(record);
}
