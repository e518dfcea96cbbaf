/*
 * statement - what one SQL statement does to the transaction and the session
 *
 * Told from its tokens alone; sql finds where it begins and ends.
 */
#ifndef MG_STATEMENT_H
#define MG_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Versions 14 to 18 count alike: what only newer ones refuse, an older one
 * takes alone just as well.  tests/sql/refused lists them.
 *
 * Where the text cannot tell, the kind is the one that asks for more care.
 * But REINDEX and CLUSTER of one relation, which refuse a transaction block if
 * that is partitioned, are SQL_PLAIN, and so are definitions that call a
 * function, as the default of a new column does.
 */
enum sql_kind {
	SQL_PLAIN,     /* may run in a transaction, leaves nothing behind */
	SQL_BEGIN,     /* BEGIN, START TRANSACTION */
	SQL_COMMIT,    /* COMMIT, END */
	SQL_ROLLBACK,  /* ROLLBACK, ABORT */
	SQL_SAVEPOINT, /* SAVEPOINT, RELEASE, ROLLBACK TO */
	SQL_PREPARE,   /* PREPARE TRANSACTION */
	SQL_ALONE,     /* refuses a transaction block, or DO that commits */
	SQL_SESSION,   /* SET, LISTEN, PREPARE, CREATE TEMP: leaves something */
	SQL_OPAQUE,    /* DO, CALL, SELECT, INSERT: may call what leaves such */
};

struct sql_statement {
	/*
	 * From the first token to behind the last: neither the semicolon nor
	 * the comments around.  next is behind the semicolon, or the end of
	 * the text if none closes the statement.
	 */
	size_t begin, end, next;
	bool closed; /* by a semicolon */
	bool chain;  /* COMMIT or ROLLBACK AND CHAIN: a BEGIN as well */
	bool secret; /* may hold a password: never to be printed */
	/*
	 * Runs CONCURRENTLY, outside of a transaction: it waits for others
	 * without stopping them, and cut off it leaves a half-done thing.
	 */
	bool concurrent;
	enum sql_kind kind;
	/*
	 * Where CONCURRENTLY stands, if it is what makes the statement
	 * SQL_ALONE and can be left out; 0 else.
	 */
	size_t concurrently;
	size_t body; /* of DO: where its string stands, line 1; 0 else */
};

/*
 * Look at the statement in text[begin .. end): sets its kind, chain, secret,
 * concurrent, concurrently and body.
 */
void statement_look(const char *text, struct sql_statement *s);

#endif
