/*
 * url - Prisma's DATABASE_URL as libpq keywords
 *
 * A URL that works for Prisma works here and leads to the same database,
 * though libpq itself would reject most of them or read them otherwise.
 *
 *	if (url_read(&u, getenv("DATABASE_URL")) == -1)
 *		errx(CLI_INPUT, "%s", u.error);
 *	for (i = 0; i < u.nwarnings; i++)
 *		warnx("%s", u.warnings[i]);
 *	conn = PQconnectdbParams(u.keywords, u.values, 0);
 *	url_free(&u);
 *
 * What Prisma has a default for is always set, so that no PG* variable can
 * lead elsewhere: host (localhost), port (5432), dbname (postgres), sslmode
 * (prefer), connect_timeout (5, 0 for none).  PGHOSTADDR alone would, since
 * libpq has no word for "no address": whoever connects unsets it.  What Prisma
 * has no default for is left to libpq's environment when the URL lacks it:
 * user, password, service, certificates.
 *
 * Beyond Prisma: several hosts (h1:5432,h2:5433), target_session_attrs,
 * keepalives and its kin, tcp_user_timeout, sslrootcert, and sslkey with
 * sslpassword; where sslkey is given, sslcert is the client's certificate, as
 * for libpq, else it is Prisma's root certificate.  Stricter than Prisma: an
 * sslmode that it would silently read as prefer is honoured or refused; a root
 * certificate is used for verification unless sslaccept=accept_invalid_certs;
 * an @ behind the host is refused, since there it usually means that a
 * password was cut in two.  Of a parameter given twice the last counts.
 */
#ifndef MG_URL_H
#define MG_URL_H

#include <stdbool.h>
#include <stddef.h>

struct url {
	const char **keywords; /* for PQconnectdbParams: parallel to values, */
	const char **values;   /* NULL-terminated; no value is empty */
	size_t nsettings;      /* how many of each, the NULL not counted */
	char *schema;          /* the parameter, or NULL when not given */
	bool pooled;           /* pgbouncer=true: a pooler is in between */
	bool lasting;          /* pgbouncer=false: if so, sessions last */
	char **warnings;  /* parameters dropped or read in another sense, */
	size_t nwarnings; /* a sentence each */
	char *error;      /* why url_read returned -1 */

	/* Private: the URL decoded in place, where the values above lie. */
	char *text;
	size_t size;
	char *ports;
};

/*
 * Read a URL, which is borrowed for the call only.  Returns -1 if it cannot
 * be used; then only error, warnings and url_free may be looked at.  Neither
 * error nor warnings hold a value out of the URL, so both may be logged.
 */
int url_read(struct url *u, const char *text);

/* Release everything, and wipe it first: there is a password in it. */
void url_free(struct url *u);

/*
 * Overwrite all but the scheme of a URL in argv, so that ps(1) shows no
 * password.
 */
void url_blank(char *text);

#endif
