#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpreter_private.h"
#include "mem.h"
#include "output.h"
#include "utf8.h"

enum { MAJOR = 1000 /* 22018 is version 22.18 */ };

static const char loader[] = "knex-run.mjs";

static int add_types(struct interpreter *, const char *);
static int node_version(void);
static bool exports_up(const char *);
static int add_loader(struct interpreter *, const char *);
static bool has_package(const char *, const char *);
static bool is_above(const char *, const char *);
static char *loader_path(void);
static char *loader_in(const char *);
static char *beside_program(const char *);

int
interpreter_find_node(struct interpreter *i, const char *file, const char *text)
{
	if (!interpreter_in_path("node"))
		return interpreter_fail(i, file,
		    "Node.js is not installed (Debian: apt install nodejs)");
	interpreter_add(i, "node");
	if (strcmp(strrchr(file, '.'), ".ts") == 0 && add_types(i, file) == -1)
		return -1;
	if (exports_up(text) && add_loader(i, file) == -1)
		return -1;
	interpreter_add(i, file);
	return 0;
}

/* Who is to leave the types out? */
static int
add_types(struct interpreter *i, const char *file)
{
	int version;

	if (is_above(".", "node_modules/tsx/package.json")) {
		interpreter_add(i, "--import");
		interpreter_add(i, "tsx");
		return 0;
	}
	version = node_version();
	if (version >= 23 * MAJOR + 6 ||
	    (version >= 22 * MAJOR + 18 && version < 23 * MAJOR))
		return 0;
	return interpreter_fail(i, file,
	    "this Node.js runs no TypeScript, as 22.18 and newer do, and the "
	    "project has no tsx; npm install --save-dev tsx");
}

/* As 22018, or 0.  Asked once: a history may have hundreds of scripts. */
static int
node_version(void)
{
	static int version = -1;
	char argument[] = "--version", *command[] = { NULL, argument, NULL };
	int major, minor;
	struct output o;

	if (version == -1) {
		version = 0;
		command[0] = interpreter_path("node");
		if (output_read(&o, command, true) == 0 &&
		    sscanf(o.bytes, "v%d.%d", &major, &minor) == 2)
			version = major * MAJOR + minor;
		output_free(&o);
		free(command[0]);
	}
	return version;
}

/* It may only look so: the loader runs what exports no up, too. */
static bool
exports_up(const char *text)
{
	const char *at = text;

	if (strstr(text, "export") == NULL)
		return false;
	for (; (at = strstr(at, "up")) != NULL; at++)
		if ((at == text ||
			(!isalnum((unsigned char)at[-1]) && at[-1] != '_' &&
			    at[-1] != '$')) &&
		    !isalnum((unsigned char)at[2]) && at[2] != '_' &&
		    at[2] != '$')
			return true;
	return false;
}

static int
add_loader(struct interpreter *i, const char *file)
{
	static const char *const packages[] = { "knex", "pg" };
	char *why, *path;
	size_t n;

	for (n = 0; n < sizeof(packages) / sizeof(*packages); n++) {
		if (has_package(file, packages[n]))
			continue;
		why = mem_printf("it exports up for knex, and the project has "
				 "no %s; npm install knex pg",
		    packages[n]);
		(void)interpreter_fail(i, file, why);
		free(why);
		return -1;
	}
	if ((path = loader_path()) == NULL)
		return interpreter_fail(i, file,
		    "knex-run.mjs, which is to run it, is not in share/mg "
		    "beside mg-apply's folder; name its folder in MG_SHARE");
	interpreter_add(i, path);
	free(path);
	return 0;
}

/* As Node.js looks for it: from the script on upwards; or from the project. */
static bool
has_package(const char *file, const char *name)
{
	char *dir = mem_copy_bytes(file, (size_t)(strrchr(file, '/') - file));
	char *package = mem_printf("node_modules/%s/package.json", name);
	bool has = is_above(*dir == '\0' ? "/" : dir, package) ||
	    is_above(".", package);

	free(package);
	free(dir);
	return has;
}

/* Is there such a file in the directory, or in any above it? */
static bool
is_above(const char *dir, const char *file)
{
	char *at = realpath(dir, NULL), *path, *slash;
	bool is = false;

	while (at != NULL && !is) {
		path = mem_printf("%s/%s", at, file);
		is = access(path, R_OK) == 0;
		free(path);
		if ((slash = strrchr(at, '/')) == NULL)
			break;
		*slash = '\0';
	}
	free(at);
	return is;
}

/* Yours to free; NULL: there is none. */
static char *
loader_path(void)
{
	const char *share = getenv("MG_SHARE");
	char *path = NULL;

	if (share != NULL && *share != '\0')
		path = loader_in(share);
	if (path == NULL && (path = beside_program("../share/mg")) == NULL)
		path = beside_program("../../share");
	return path;
}

/* Node.js takes .. out of a path before it follows a link. */
static char *
loader_in(const char *folder)
{
	char *path = mem_printf("%s/%s", folder, loader);
	char *real = realpath(path, NULL);

	free(path);
	return real;
}

static char *
beside_program(const char *folder)
{
	char *program = realpath("/proc/self/exe", NULL), *slash, *path, *real;

	if (program == NULL || (slash = strrchr(program, '/')) == NULL) {
		free(program);
		return NULL;
	}
	path = mem_printf("%.*s/%s", (int)(slash - program), program, folder);
	real = loader_in(path);
	free(program);
	free(path);
	return real;
}
