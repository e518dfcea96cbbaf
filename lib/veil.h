/*
 * veil - where a script keeps the catalog from telling what of it was done
 *
 *	struct veil v = veil_of(&sql);
 *
 *	for (i = 0; i < sql.count; i++) {
 *		veil_follow(&v, &sql, i);
 *		if (!v.all && !v.names)
 *			ask_for_what_it_makes(i);
 *	}
 */
#ifndef MG_VEIL_H
#define MG_VEIL_H

#include <stdbool.h>
#include <stddef.h>

#include "setting.h"
#include "sql.h"

struct veil {
	bool all;    /* the script undoes some of it itself */
	size_t last; /* the last that may take away what was made before */
	bool names;  /* by now, names without a schema may mean other things */
	struct setting setting; /* private */
};

struct veil veil_of(const struct sql *sql);

/* Come to statement n. */
void veil_follow(struct veil *v, const struct sql *sql, size_t n);

/* Is statement n one that no catalog would tell of: BEGIN, COMMIT, SET? */
bool veil_is_silent(const struct sql *sql, size_t n);

#endif
