/*
 * sight - how far the builds are, and who keeps them waiting
 *
 * Asked of another connection than those that build.
 */
#ifndef MG_SIGHT_H
#define MG_SIGHT_H

#include <stddef.h>

#include "lane.h"

/*
 * Look at all lanes that have a task.  Returns -1 if the server does not
 * answer.  notice, if not NULL, is told of who has kept one of them waiting for
 * so many milliseconds.
 */
int sight_look(struct db *db, struct lane *lanes, size_t count, long silence,
    void (*notice)(const char *text));

/* Write a record for each build, on standard error. */
void sight_records(const struct lane *lanes, size_t count);

/* Write over the line on standard error. */
void sight_line(
    const struct lane *lanes, size_t count, size_t finished, size_t all);

/* Away with it. */
void sight_clear(void);

#endif
