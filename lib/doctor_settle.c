#include <stdlib.h>

#include "doctor_private.h"
#include "mem.h"

static void add_ways_back(const struct about *);
static void add_ways_of_lost(const struct about *);
static void add_ways_of_way_back(const struct about *);
static void add_ways_by_evidence(const struct about *);

void
doctor_settle(const struct about *a)
{
	struct doctor *d = a->doctor;
	char *name = diagnosis_quote(a->row->name);

	if (a->state == ABOUT_RUNNING)
		doctor_wait(d);
	else if (a->state == ABOUT_ROLLED_BACK)
		add_ways_back(a);
	else if (a->applied) {
		diagnosis_way(&d->found, "");
		diagnosis_command(&d->found, "mg-mark --rolled-back %s", name);
	} else if (a->migration == NULL)
		add_ways_of_lost(a);
	else if (a->back)
		add_ways_of_way_back(a);
	else if (a->state == ABOUT_HALF_DONE) {
		diagnosis_way(&d->found,
		    a->stopped ? "once what stopped it is mended" : "");
		diagnosis_command(&d->found, "%s <%s",
		    a->script.apart ? "mg-index" : "mg-apply", d->records);
	} else
		add_ways_by_evidence(a);
	free(name);
}

static void
add_ways_back(const struct about *a)
{
	struct doctor *d = a->doctor;
	char *sql, *name;

	if (a->migration == NULL) {
		doctor_fetch(d, a->row->name, "/*");
		diagnosis_way(&d->found, "if it is gone for good");
		name = doctor_literal(a->row->name);
		sql = mem_printf("DELETE FROM %s WHERE migration_name = %s AND "
				 "rolled_back_at IS NOT NULL",
		    d->history.table, name);
		doctor_sql(d, sql);
		free(sql);
		free(name);
		return;
	}
	switch (a->evidence.sum) {
	case EVIDENCE_ALL:
		doctor_mark(d, "", a->row->name);
		break;
	case EVIDENCE_PART:
	case EVIDENCE_MIXED:
		doctor_mark(d, "once the rest is done by hand", a->row->name);
		diagnosis_way(
		    &d->found, "once what is there is taken back by hand");
		diagnosis_command(&d->found, "mg-apply <%s", d->records);
		break;
	default:
		diagnosis_way(&d->found, "");
		diagnosis_command(&d->found, "mg-apply <%s", d->records);
	}
}

/* Without its folder nobody can tell what it was to do, nor run it. */
static void
add_ways_of_lost(const struct about *a)
{
	struct doctor *d = a->doctor;
	char *name = diagnosis_quote(a->row->name);

	doctor_fetch(d, a->row->name, "/*");
	diagnosis_way(&d->found, "if the database has nothing of it");
	diagnosis_command(&d->found, "mg-mark --rolled-back %s", name);
	free(name);
}

/* To run it again would bring back what was to go. */
static void
add_ways_of_way_back(const struct about *a)
{
	struct doctor *d = a->doctor;
	char *name = diagnosis_quote(a->row->name);

	doctor_mark(d, "if the database has all of it", a->row->name);
	diagnosis_command(&d->found, "mg-undo <%s", d->records);
	diagnosis_way(&d->found, "if it has nothing of it");
	diagnosis_command(&d->found, "mg-mark --rolled-back %s", name);
	free(name);
}

static void
add_ways_by_evidence(const struct about *a)
{
	struct doctor *d = a->doctor;
	const char *name = a->row->name;
	bool open = a->evidence.number[EVIDENCE_OPEN] > 0;

	if (a->steps > 0) {
		doctor_mark(d, "", name);
		return;
	}
	switch (a->evidence.sum) {
	case EVIDENCE_ALL:
		doctor_mark(d,
		    open ? "once the rest is seen to be there, too" : "", name);
		break;
	case EVIDENCE_NONE:
	case EVIDENCE_HARMLESS:
		doctor_again(d,
		    a->state == ABOUT_FAILED && !a->edited
			? "once what stopped it is mended"
			: "",
		    name);
		break;
	case EVIDENCE_PART:
	case EVIDENCE_MIXED:
		doctor_mark(d, "once the rest is done by hand", name);
		doctor_again(
		    d, "once what is there is taken back by hand", name);
		break;
	case EVIDENCE_UNKNOWN:
		doctor_mark(d, "if the database has all of it", name);
		doctor_again(d, "if it has nothing of it", name);
		break;
	}
}
