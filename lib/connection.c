#include "connection.h"

#include <stdlib.h>

#include "environment.h"

int
connection_open(struct connection *c, const struct db_options *options,
    const char *database)
{
	*c = (struct connection){ .options = *options };
	if (options->url != NULL)
		c->options.url = environment_replace(options->url, database);
	else
		setenv("PGDATABASE", database, 1);
	/* What there was to say of the URL was said. */
	c->options.notice = NULL;
	return db_open(&c->db, &c->options);
}

int
connection_run(struct connection *c, const char *sql)
{
	enum db_outcome outcome;
	int result = 0;

	if (db_pipeline(&c->db) == -1)
		return -1;
	if (db_send(&c->db, sql, 0, NULL) == -1 || db_sync(&c->db) == -1)
		result = -1;
	while (result == 0 && (outcome = db_next(&c->db)) != DB_SYNC)
		if (outcome == DB_FAILED) {
			result = -1;
			break;
		}
	db_pipeline_end(&c->db);
	return result;
}

void
connection_close(struct connection *c)
{
	db_close(&c->db);
	free(c->options.url);
	*c = (struct connection){ 0 };
}
