#include "visit.h"

#include <stdlib.h>

#include "environment.h"

int
visit_open(
    struct visit *v, const struct db_options *options, const char *database)
{
	*v = (struct visit){ .options = *options };
	if (options->url != NULL)
		v->options.url = environment_replace(options->url, database);
	else
		setenv("PGDATABASE", database, 1);
	/* What there was to say of the URL was said. */
	v->options.notice = NULL;
	return db_open(&v->db, &v->options);
}

int
visit_run(struct visit *v, const char *sql)
{
	enum db_outcome outcome;
	int result = 0;

	if (db_pipeline(&v->db) == -1)
		return -1;
	if (db_send(&v->db, sql, 0, NULL) == -1 || db_sync(&v->db) == -1)
		result = -1;
	while (result == 0 && (outcome = db_next(&v->db)) != DB_SYNC)
		if (outcome == DB_FAILED) {
			result = -1;
			break;
		}
	db_pipeline_end(&v->db);
	return result;
}

void
visit_close(struct visit *v)
{
	db_close(&v->db);
	free(v->options.url);
	*v = (struct visit){ 0 };
}
