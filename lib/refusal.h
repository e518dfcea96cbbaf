/*
 * refusal - why a statement can not be run with a history row
 */
#ifndef MG_REFUSAL_H
#define MG_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

/*
 * Static text, or NULL if nothing speaks against statement n; inside says
 * whether it stands between BEGIN and COMMIT of the script.
 */
const char *refusal_of(const struct sql *sql, size_t n, bool inside);

#endif
