#include "client.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bin.h"
#include "cli.h"
#include "mem.h"
#include "output.h"

struct found {
	char *path; /* NULL: none yet */
	int version;
};

static void look_at(char *, int, struct found *, struct found *);
static bool fits(int, int);
static void replace(struct found *, const char *, int);
static char *say_none(const char *, int);
static char *say_old(const struct found *, int);

int
client_find(const char *program, int version, char **path, char **error)
{
	struct found best = { 0 }, old = { 0 };
	struct bin bin = { 0 };
	size_t i;

	(void)bin_add_given(&bin);
	bin_add_places(&bin);
	/* Last: what Debian puts there only looks for one of the others. */
	bin_add_path(&bin);
	for (i = 0; i < bin.count; i++) {
		if (best.path != NULL &&
		    best.version / 10000 == version / 10000)
			break;
		*path = mem_printf("%s/%s", bin.folders[i], program);
		look_at(*path, version, &best, &old);
		free(*path);
	}
	bin_free(&bin);
	*path = best.path;
	*error = NULL;
	if (best.path == NULL)
		*error = old.path == NULL ? say_none(program, version)
					  : say_old(&old, version);
	free(old.path);
	return best.path == NULL ? CLI_SYSTEM : CLI_OK;
}

/* As 150018 of "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"; or 0. */
int
client_version(const char *path)
{
	char *copy = mem_copy(path);
	char *command[] = { copy, "--version", NULL };
	int major = 0, minor = 0;
	struct output o;
	const char *at;

	if (output_read(&o, command, true) == 0 &&
	    (at = strstr(o.bytes, "(PostgreSQL) ")) != NULL)
		(void)sscanf(at, "(PostgreSQL) %d.%d", &major, &minor);
	output_free(&o);
	free(copy);
	return major * 10000 + minor;
}

static void
look_at(char *path, int version, struct found *best, struct found *old)
{
	int its;

	if (access(path, X_OK) == -1 || (its = client_version(path)) == 0)
		return;
	if (!fits(its, version)) {
		if (its > old->version)
			replace(old, path, its);
	} else if (best->path == NULL || its / 10000 < best->version / 10000) {
		replace(best, path, its);
	}
}

static bool
fits(int its, int server)
{
	return its / 10000 > server / 10000 ||
	    (its / 10000 == server / 10000 && its >= server);
}

static void
replace(struct found *f, const char *path, int version)
{
	free(f->path);
	f->path = mem_copy(path);
	f->version = version;
}

static char *
say_none(const char *program, int version)
{
	char *text;
	size_t len;
	FILE *out = mem_stream(&text, &len);

	fprintf(out, "no %s in ", program);
	bin_write_places(out);
	fprintf(out,
	    "; install that of PostgreSQL %d (Debian: apt install "
	    "postgresql-client-%d) or name its folder in MG_PGBIN",
	    version / 10000, version / 10000);
	fclose(out);
	return text;
}

static char *
say_old(const struct found *old, int version)
{
	return mem_printf("%s is of PostgreSQL %d.%d, older than the server, "
			  "which is %d.%d: install %d.%d or newer (Debian: "
			  "apt install postgresql-client-%d) or name its "
			  "folder in MG_PGBIN",
	    old->path, old->version / 10000, old->version % 10000,
	    version / 10000, version % 10000, version / 10000, version % 10000,
	    version / 10000);
}
