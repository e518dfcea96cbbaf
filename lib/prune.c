#include "prune.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define KEPT "_mg._mg_replaced"

static const char create[] =
    "DO $$ BEGIN IF to_regclass('" KEPT "') IS NULL THEN"
    " CREATE SCHEMA IF NOT EXISTS _mg;"
    " CREATE TABLE " KEPT " ("
    " id varchar(36) NOT NULL,"
    " checksum varchar(64) NOT NULL,"
    " finished_at timestamptz,"
    " migration_name varchar(255) NOT NULL,"
    " logs text,"
    " rolled_back_at timestamptz,"
    " started_at timestamptz NOT NULL,"
    " applied_steps_count integer NOT NULL,"
    " replaced_by text NOT NULL,"
    " history text NOT NULL); END IF; END $$";

#define COLUMNS                                                            \
	"id, checksum, finished_at, migration_name, logs, rolled_back_at," \
	" started_at, applied_steps_count"

/* $1 names, $2 the baseline, $3 the history. */
static const char move[] =
    "WITH gone AS (DELETE FROM %s WHERE migration_name = ANY ($1::text[])"
    " RETURNING " COLUMNS ") INSERT INTO " KEPT " (" COLUMNS
    ", replaced_by, history) SELECT " COLUMNS ", $2, $3 FROM gone";

static size_t folder(const char *);

char *
prune_names(
    const struct baselines *b, size_t at, const struct history *h, bool rest)
{
	size_t i, count,
	    *all = replaced_all(&b->names, b->list[at].place, &count);
	const char **names = mem_resize(NULL, count, sizeof(*names));
	char *text = NULL;

	for (i = 0; i < count; i++) {
		names[i] = b->names.list[all[i]].name;
		rest |= history_find(h, names[i]) != NULL;
	}
	if (rest)
		text = db_array(names, count);
	free(names);
	free(all);
	return text;
}

const char *
prune_beside(const struct baselines *b, size_t at)
{
	const struct migration *list = b->migrations->list, *m = NULL;
	const char *path = list[at].path, *beside = NULL;
	size_t i, count, len = folder(path);
	size_t *all = replaced_all(&b->names, b->list[at].place, &count);

	for (i = 0; i < count && beside == NULL; i++) {
		if (b->names.list[all[i]].at == b->migrations->count)
			continue;
		m = &list[b->names.list[all[i]].at];
		if (path != NULL && m->path != NULL && folder(m->path) == len &&
		    strncmp(m->path, path, len) == 0)
			beside = m->name;
	}
	free(all);
	return beside;
}

void
prune_send(struct flight *f, const struct history *h, const char *baseline,
    const char *names)
{
	const char *values[] = { names, baseline, h->table };
	char *sql = mem_printf(move, h->table);

	flight_send(f, FLIGHT_OWN, 0, create, 0, NULL);
	flight_send(f, FLIGHT_OWN, 0, sql, 3, values);
	free(sql);
}

/* The length of the path of what holds the folders: "migrations/1_a/x". */
static size_t
folder(const char *path)
{
	const char *end = path == NULL ? NULL : strrchr(path, '/');

	while (end != NULL && end > path && end[-1] != '/')
		end--;
	return end == NULL ? 0 : (size_t)(end - path);
}
