/*
 * foreign - the history that another tool keeps in a table of its own
 *
 * The columns tell which tool it is: knex, node-pg-migrate, Flyway, sqitch,
 * golang-migrate, or dbmate and Rails, whose tables are alike.
 *
 *	status = foreign_read(&f, &db, "public.knex_migrations");
 *	if (status != CLI_OK)
 *		errx(status, "%s", f.error);
 *	for (i = 0; i < f.count; i++)
 *		use(f.rows[i].name);
 *	foreign_free(&f);
 */
#ifndef MG_FOREIGN_H
#define MG_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"

struct foreign_row {
	char *name;     /* as the tool knows it; where it knows no names, the */
	char *version;  /* version; NULL where the name begins with it */
	long long time; /* it was applied, microseconds since 1970; or 0 */
	bool through;   /* and so was all that has a lower version */
};

struct foreign {
	const char *table;        /* borrowed */
	const char *tool;         /* whose it is */
	bool timed;               /* the tool notes when it applied what */
	struct foreign_row *rows; /* if so, in the order of that */
	size_t count;
	char *error; /* why foreign_read failed */
};

/*
 * Read the table, which is named as in SQL.  Returns CLI_OK; CLI_INPUT if
 * there is none or it is nobody's history; CLI_NO if the tool has left it dirty
 * or it does not say what was applied; else CLI_SYSTEM.
 */
int foreign_read(struct foreign *f, struct db *db, const char *table);

/* Harmless on { 0 } and twice. */
void foreign_free(struct foreign *f);

#endif
