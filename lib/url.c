#include "url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"
#include "utf8.h"

enum use {
	KEEP, /* libpq knows it by the same name, in the same sense */
	READ, /* ours to translate */
	DROP, /* means nothing here: about pools, or prepared statements */
};

/* What a value must be, if it is not one of several|words. */
static const char any[] = "anything", filled[] = "not empty",
		  number[] = "a number";

static const struct parameter {
	const char *name;
	enum use use;
	const char *must;
} parameters[] = {
	{ "application_name", KEEP, any },
	{ "channel_binding", KEEP, "disable|prefer|require" },
	{ "connect_timeout", READ, number },
	{ "connection_limit", DROP, number },
	{ "host", READ, any },
	{ "keepalives", KEEP, number },
	{ "keepalives_count", KEEP, number },
	{ "keepalives_idle", KEEP, number },
	{ "keepalives_interval", KEEP, number },
	{ "max_connection_lifetime", DROP, number },
	{ "max_idle_connection_lifetime", DROP, number },
	{ "options", KEEP, any },
	{ "pgbouncer", READ, "true|false" },
	{ "pool_timeout", DROP, number },
	{ "schema", READ, filled },
	{ "single_use_connections", DROP, any },
	{ "socket_timeout", DROP, number },
	{ "sslaccept", READ, any },
	{ "sslcert", READ, filled },
	{ "sslidentity", READ, any },
	{ "sslkey", READ, filled },
	{ "sslmode", READ,
	    "disable|allow|prefer|require|verify-ca|verify-full" },
	{ "sslpassword", READ, any },
	{ "sslrootcert", READ, filled },
	{ "statement_cache_size", DROP, number },
	{ "target_session_attrs", KEEP,
	    "any|read-write|read-only|primary|standby|prefer-standby" },
	{ "tcp_user_timeout", KEEP, number },
};

enum {
	PARAMETERS = sizeof(parameters) / sizeof(parameters[0]),
	/* user, password, dbname, port, and the NULL at the end */
	SETTINGS = PARAMETERS + 5,
};

/* The likely cause of a URL that falls apart in the wrong places. */
#define ENCODE "; in the password write # ? / @ as %%23 %%3F %%2F %%40"

/* Give up; the message is a format, and its arguments. */
#define refuse(u, ...) \
	((u)->error = mem_printf("database URL: " __VA_ARGS__), -1)

static int refuse_service(struct url *);
static int read_prisma_dev(struct url *, const char *);
static char *decode_base64url(const char *, size_t *);
static int read_postgres(struct url *, const char *);
static bool at_sign_is_stray(const char *);
static int collect(struct url *, char *, char *[]);
static void warn_of_unknown(struct url *, const char *);
static int read_authority(struct url *, char *, const char *);
static int read_hosts(struct url *, char *);
static int read_parameters(struct url *, char *[]);
static int read_tls(struct url *, char *[]);
static size_t find(const char *);
static void set(struct url *, const char *, const char *);
static bool decode(char *, bool);
static bool fits(const char *, const char *);
static bool is_number(const char *, unsigned long);
static bool is_word(const char *, size_t, const char *);
static const char *after(const char *, const char *);
static void warn_if(struct url *, bool, const char *, const char *);

int
url_read(struct url *u, const char *text)
{
	const char *rest;

	*u = (struct url){ 0 };
	if (*text == '\0')
		return refuse(u, "P1012: it is empty");
	if ((rest = after(text, "prisma+postgres://")) != NULL)
		return read_prisma_dev(u, rest);
	if (after(text, "prisma://") != NULL)
		return refuse_service(u);
	return read_postgres(u, text);
}

void
url_free(struct url *u)
{
	size_t i;

	if (u->text != NULL)
		explicit_bzero(u->text, u->size);
	for (i = 0; i < u->nwarnings; i++)
		free(u->warnings[i]);
	free(u->text);
	free(u->ports);
	free(u->keywords);
	free(u->values);
	free(u->warnings);
	free(u->error);
	*u = (struct url){ 0 };
}

void
url_blank(char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz+");

	if (after(text + len, "://") != NULL)
		text += len + strlen("://");
	explicit_bzero(text, strlen(text));
}

static int
refuse_service(struct url *u)
{
	return refuse(u,
	    "P1012: it leads to a service, not to PostgreSQL; "
	    "give the postgresql:// URL of the database itself");
}

/*
 * `prisma dev` runs a server on this machine, whose URL is in the key: JSON,
 * in the base64 made for URLs.
 */
static int
read_prisma_dev(struct url *u, const char *rest)
{
	const char *key = strstr(rest, "api_key="), *inner;
	size_t len = strcspn(rest, *rest == '[' ? "/?#]" : "/?#:");
	char *text, *why = NULL;
	json_t *object;
	int result;

	if (!is_word(rest, len, "localhost|127.0.0.1|[::1"))
		return refuse_service(u);
	if (key != NULL)
		key += strlen("api_key=");
	text = decode_base64url(key == NULL ? "" : key, &len);
	object = json_read_line(text, len, &why);
	inner = json_string_value(json_object_get(object, "databaseUrl"));
	if (inner != NULL)
		result = read_postgres(u, inner);
	else
		result = refuse(u, "P1013: its api_key has no databaseUrl");
	explicit_bzero(text, len);
	free(text);
	free(why);
	json_decref(object);
	return result;
}

/* Stops at what is no digit: padding, escaped or not, or the next parameter. */
static char *
decode_base64url(const char *from, size_t *len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char *text = mem_alloc(strlen(from) + 1);
	const char *digit;
	unsigned bits = 0, nbits = 0;

	for (*len = 0; *from != '\0'; from++) {
		if ((digit = strchr(digits, *from)) == NULL)
			break;
		bits = bits << 6 | (unsigned)(digit - digits);
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			text[(*len)++] = (char)(bits >> nbits & 0xff);
		}
	}
	return text;
}

static int
read_postgres(struct url *u, const char *text)
{
	char *given[PARAMETERS] = { NULL };
	char *path, *query, *end;
	const char *rest;
	size_t len;

	if ((rest = after(text, "postgresql://")) == NULL &&
	    (rest = after(text, "postgres://")) == NULL)
		return refuse(u,
		    "P1012: it must look like "
		    "postgresql://user:password@host:5432/database");
	/* A .env file with CRLF leaves white space, which Prisma forgives. */
	len = strlen(rest);
	while (len > 0 && (unsigned char)rest[len - 1] <= ' ')
		len--;
	u->text = mem_copy_bytes(rest, len);
	u->size = len + 1;
	u->keywords = mem_alloc(SETTINGS * sizeof(*u->keywords));
	u->values = mem_alloc(SETTINGS * sizeof(*u->values));

	path = u->text + strcspn(u->text, "/?#");
	if (at_sign_is_stray(path))
		return refuse(u, "P1013: there is an @ behind the host" ENCODE);
	path[strcspn(path, "#")] = '\0';
	if ((query = strchr(path, '?')) != NULL)
		*query++ = '\0';
	if (*path == '/')
		*path++ = '\0';
	end = path + strcspn(path, "/");
	warn_if(u, *end != '\0', "what follows the second /", "was dropped");
	*end = '\0';
	decode(path, false);

	if (collect(u, query, given) == -1 ||
	    read_authority(u, u->text, given[find("host")]) == -1)
		return -1;
	set(u, "dbname", *path == '\0' ? "postgres" : path);
	return read_parameters(u, given);
}

/*
 * Is there an @ in what follows the authority, other than in a parameter's
 * value?  Then a # ? or / in the password ended the authority too early, and
 * half of the password would pass for a host.
 */
static bool
at_sign_is_stray(const char *tail)
{
	const char *p = tail + strcspn(tail, "?#@");

	if (*tail == '/' && *p == '?')
		p += strcspn(p, "=#@");
	return *p != '=' && strchr(p, '@') != NULL;
}

/* Put each parameter's value into given, at its place in parameters. */
static int
collect(struct url *u, char *query, char *given[])
{
	char *name, *value;
	size_t i;

	while ((name = strsep(&query, "&")) != NULL) {
		value = name + strcspn(name, "=");
		if (*value == '=')
			*value++ = '\0';
		if (!decode(name, true) || !decode(value, true))
			return refuse(u, "P1013: a parameter is not UTF-8");
		if ((i = find(name)) < PARAMETERS)
			given[i] = value;
		else if (*name != '\0')
			warn_of_unknown(u, name);
	}
	return 0;
}

static void
warn_of_unknown(struct url *u, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

	/* What does not look like a name may be a piece of a password. */
	warn_if(u, true,
	    name[strspn(name, plain)] == '\0' ? name : "a parameter",
	    "is not known and was dropped");
}

static int
read_authority(struct url *u, char *authority, const char *socket)
{
	char *hosts = authority, *at, *password;
	bool bare = *authority == '\0';

	/* The last @ splits, so that a password may contain others. */
	if ((at = strrchr(authority, '@')) != NULL) {
		*at = '\0';
		hosts = at + 1;
		if ((password = strchr(authority, ':')) != NULL) {
			*password++ = '\0';
			decode(password, false);
			set(u, "password", password);
		}
		decode(authority, false);
		set(u, "user", authority);
	}
	if (read_hosts(u, hosts) == -1)
		return -1;
	if (socket == NULL)
		socket = bare ? "localhost" : hosts;
	if (*socket == '\0')
		return refuse(
		    u, "P1013: no host; a socket is ?host=/directory");
	set(u, "host", socket);
	set(u, "port", u->ports);
	return 0;
}

/* Split "h1:p1,h2:p2" into "h1,h2", in place, and "p1,p2", in u->ports. */
static int
read_hosts(struct url *u, char *list)
{
	bool several = strchr(list, ',') != NULL;
	char *to = list, *next = list, *host, *end, *ports;
	const char *port;

	while ((host = strsep(&next, ",")) != NULL) {
		end = host + strcspn(host, *host == '[' ? "]" : ":");
		if (*end == ']') {
			*end++ = '\0';
			host++;
		}
		if (*end == ':')
			*end++ = '\0';
		port = *end == '\0' ? "5432" : end;
		decode(host, false);
		if (*host == '[' || (several && *host == '\0'))
			return refuse(
			    u, "P1013: a host is empty or lacks its ]");
		if (!is_number(port, 65535))
			return refuse(
			    u, "P1013: the port is not a number" ENCODE);
		if (to != list)
			*to++ = ',';
		memmove(to, host, strlen(host) + 1);
		to += strlen(to);
		ports = u->ports == NULL ? mem_copy(port)
					 : mem_printf("%s,%s", u->ports, port);
		free(u->ports);
		u->ports = ports;
	}
	return 0;
}

static int
read_parameters(struct url *u, char *given[])
{
	const char *timeout = given[find("connect_timeout")];
	const char *pooled = given[find("pgbouncer")];
	const struct parameter *p;
	const char *value;
	size_t i;

	for (i = 0; i < PARAMETERS; i++) {
		p = &parameters[i];
		if ((value = given[i]) == NULL)
			continue;
		if (!fits(value, p->must))
			return refuse(
			    u, "P1013: %s must be %s", p->name, p->must);
		if (p->use == KEEP)
			set(u, p->name, value);
	}
	set(u, "connect_timeout", timeout == NULL ? "5" : timeout);
	u->schema = given[find("schema")];
	u->pooled = pooled != NULL && strcmp(pooled, "true") == 0;
	u->lasting = pooled != NULL && !u->pooled;
	return read_tls(u, given);
}

static int
read_tls(struct url *u, char *given[])
{
	const char *accept = given[find("sslaccept")];
	const char *cert = given[find("sslcert")];
	const char *key = given[find("sslkey")];
	const char *mode = given[find("sslmode")];
	const char *password = given[find("sslpassword")];
	const char *root = given[find("sslrootcert")];
	bool lax, verify;

	if (given[find("sslidentity")] != NULL)
		return refuse(u,
		    "sslidentity cannot be used; split its file "
		    "with openssl pkcs12 -nodes -in FILE -out PEM, then write "
		    "sslcert=PEM&sslkey=PEM, and the root as sslrootcert");
	if (key != NULL) {
		set(u, "sslcert", cert);
		set(u, "sslkey", key);
		set(u, "sslpassword", password);
		warn_if(u, cert != NULL, "sslcert",
		    "was read as the client's certificate: there is an sslkey");
	} else {
		warn_if(u, password != NULL, "sslpassword",
		    "was dropped: there is no sslkey");
		warn_if(u, cert != NULL && root != NULL, "sslrootcert",
		    "was dropped: sslcert names the root certificate");
		root = cert != NULL ? cert : root;
	}

	if (mode == NULL)
		mode = "prefer";
	verify = after(mode, "verify-") != NULL;
	lax = accept != NULL && strcmp(accept, "accept_invalid_certs") == 0;
	if (lax && !verify && root != NULL) {
		warn_if(u, true, "the root certificate",
		    "was dropped: sslaccept=accept_invalid_certs");
		root = NULL;
	}
	set(u, "sslrootcert", root);

	if (strcmp(mode, "disable") == 0)
		warn_if(u, accept != NULL && !lax, "sslaccept",
		    "was dropped: sslmode=disable");
	else if (accept != NULL && !lax) {
		mode = "verify-full";
		warn_if(u, root == NULL, "sslaccept",
		    "needs a root certificate: name its file as sslcert, or "
		    "put it into ~/.postgresql/root.crt");
	} else if (root != NULL && !verify) {
		/* With prefer, libpq would go on in plain text. */
		mode = "verify-ca";
		warn_if(u, true, "sslmode",
		    "was read as verify-ca: there is a root certificate");
	}
	set(u, "sslmode", mode);
	return 0;
}

/* The place of a parameter, or PARAMETERS if there is none of that name. */
static size_t
find(const char *name)
{
	size_t i;

	for (i = 0; i < PARAMETERS; i++)
		if (strcmp(parameters[i].name, name) == 0)
			break;
	return i;
}

/* An empty value is none to libpq either. */
static void
set(struct url *u, const char *keyword, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	u->keywords[u->nsettings] = keyword;
	u->values[u->nsettings++] = value;
}

/*
 * Decode %xx in place and, in a form, + as a space.  What would not be UTF-8
 * then stays as it was, and false comes back.
 */
static bool
decode(char *text, bool form)
{
	size_t size = strlen(text) + 1;
	char *raw = mem_copy(text), *from, *to = text;
	char digits[3] = "";
	bool valid;

	for (from = raw; *from != '\0'; from++)
		if (*from == '%' && isxdigit((unsigned char)from[1]) &&
		    isxdigit((unsigned char)from[2])) {
			memcpy(digits, from + 1, 2);
			*to++ = (char)strtol(digits, NULL, 16);
			from += 2;
		} else
			*to++ = form && *from == '+' ? ' ' : *from;
	*to = '\0';
	valid = utf8_valid(text, (size_t)(to - text));
	if (!valid)
		memcpy(text, raw, size);
	explicit_bzero(raw, size);
	free(raw);
	return valid;
}

static bool
fits(const char *value, const char *must)
{
	if (must == any)
		return true;
	if (must == filled)
		return *value != '\0';
	if (must == number)
		return is_number(value, 999999999);
	return is_word(value, strlen(value), must);
}

static bool
is_number(const char *text, unsigned long max)
{
	size_t len = strspn(text, "0123456789");

	/* Of what is too large, strtoul makes the largest that there is. */
	return len > 0 && text[len] == '\0' && strtoul(text, NULL, 10) <= max;
}

/* Are these len bytes one of several|words? */
static bool
is_word(const char *text, size_t len, const char *words)
{
	size_t n;

	for (; *words != '\0'; words += n + strspn(words + n, "|")) {
		n = strcspn(words, "|");
		if (n == len && strncmp(text, words, n) == 0)
			return true;
	}
	return false;
}

/* What follows the prefix of text, or NULL if it has another. */
static const char *
after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static void
warn_if(struct url *u, bool so, const char *what, const char *why)
{
	if (!so)
		return;
	u->warnings = mem_grow(u->warnings, u->nwarnings, sizeof(*u->warnings));
	u->warnings[u->nwarnings++] =
	    mem_printf("database URL: %s %s", what, why);
}
