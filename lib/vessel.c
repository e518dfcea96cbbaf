#include "vessel.h"

int
vessel_clear(struct db *db, const struct inventory *was)
{
	if (!was->has_public &&
	    db_query(db, "DROP SCHEMA IF EXISTS public", 0, NULL) == -1)
		return -1;
	if (!was->has_plpgsql &&
	    db_query(db, "DROP EXTENSION IF EXISTS plpgsql", 0, NULL) == -1)
		return -1;
	return 0;
}
