/*
 * raising - a query that raises an error of ours
 *
 * A DO block raises what it likes, but takes no parameters, and the server
 * compiles it each time.  What guards a statement is better a query, whose
 * plan can be kept (prepared.h); what it raises is that a text is no number.
 *
 *	"SELECT CASE WHEN " IS_THERE " THEN 0"
 *	" ELSE " RAISE("55000", "'there is no index ', $1") " END"
 *
 * The error (db.h) then has the SQLSTATE and the message that are said there,
 * and a hint where the text goes on behind RAISE_HINT.
 */
#ifndef MG_RAISING_H
#define MG_RAISING_H

struct db_error;

/*
 * The parts of the text are concat's arguments.  As that is stable, and no
 * more, the planner does not work it out beforehand.
 */
#define RAISE(sqlstate, parts) \
	"pg_catalog.concat('mg:" sqlstate ":', " parts ")::pg_catalog.int4"
#define RAISE_HINT "\n"

/* Have an error of the server say so, if that is where it came from. */
void raising_read(struct db_error *error);

#endif
