/*
 * connect - connect to the server of libpq's environment, then end
 *
 * What any program that uses libpq costs at the least.
 */
#include <err.h>
#include <libpq-fe.h>

int
main(void)
{
	PGconn *conn = PQconnectdb("");

	if (PQstatus(conn) != CONNECTION_OK)
		errx(1, "%s", PQerrorMessage(conn));
	PQfinish(conn);
	return 0;
}
