#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiled.h"
#include "interpreter_private.h"
#include "mem.h"
#include "output.h"
#include "utf8.h"

enum { MAJOR = 1000 /* 22018 is version 22.18 */ };

static const char loader[] = "knex-run.mjs";

static int add_script(struct interpreter *, const char *, const char *,
    const char *, enum interpreter_way);
static bool has_tsx(void);
static bool strips_types(void);
static int node_version(void);
static int use_compiled(
    struct interpreter *, const char *, const char *, enum interpreter_way);
static const char *shown(const char *);
static bool exports(const char *, enum interpreter_way);
static bool has_up(const char *);
static int add_loader(struct interpreter *, const char *, enum interpreter_way);
static bool has_package(const char *, const char *);
static bool is_above(const char *, const char *);
static char *loader_path(void);
static char *loader_in(const char *);
static char *beside_program(const char *);

int
interpreter_find_node(struct interpreter *i, const char *file, const char *text,
    enum interpreter_way way)
{
	bool types = strcmp(strrchr(file, '.'), ".ts") == 0;

	if (!interpreter_in_path("node"))
		return interpreter_fail(i, file,
		    "Node.js is not installed (Debian: apt install nodejs)");
	interpreter_add(i, "node");
	if (types && has_tsx()) {
		interpreter_add(i, "--import");
		interpreter_add(i, "tsx");
	} else if (types && !strips_types())
		return use_compiled(i, file, text, way);
	return add_script(i, file, file, text, way);
}

/* What runs is the file; what it is and needs the source tells. */
static int
add_script(struct interpreter *i, const char *file, const char *source,
    const char *text, enum interpreter_way way)
{
	bool loaded = exports(text, way);

	if (loaded && add_loader(i, source, way) == -1)
		return -1;
	interpreter_add(i, file);
	if (loaded && way == INTERPRETER_DOWN)
		interpreter_add(i, "down");
	return 0;
}

static bool
has_tsx(void)
{
	return is_above(".", "node_modules/tsx/package.json");
}

static bool
strips_types(void)
{
	int version = node_version();

	return version >= 23 * MAJOR + 6 ||
	    (version >= 22 * MAJOR + 18 && version < 23 * MAJOR);
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

static int
use_compiled(struct interpreter *i, const char *file, const char *text,
    enum interpreter_way way)
{
	char *compiled = compiled_find(file);
	int result;

	if (compiled == NULL)
		return interpreter_fail(i, file,
		    "this Node.js runs no TypeScript, as 22.18 and newer do, "
		    "the project has no tsx, and nothing compiled lies beside "
		    "it; npm install --save-dev tsx");
	if (compiled_is_old(compiled, file))
		i->doubt = mem_printf("%s: runs for %s, and is older; compile "
				      "it again if that has changed since",
		    utf8_visible(shown(compiled)), utf8_visible(shown(file)));
	result = add_script(i, compiled, file, text, way);
	free(compiled);
	return result;
}

/* As the record has it, without the ./ that is for the command. */
static const char *
shown(const char *file)
{
	return file + (*file == '/' ? 0 : 2);
}

/*
 * A way up may only look so: the loader runs what exports no up, too.  A file
 * that is nothing but the way down exports that, or nothing.
 */
static bool
exports(const char *text, enum interpreter_way way)
{
	return way == INTERPRETER_UP ? has_up(text)
				     : interpreter_has_word(text, "export") ||
		interpreter_has_word(text, "exports");
}

static bool
has_up(const char *text)
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
add_loader(struct interpreter *i, const char *file, enum interpreter_way way)
{
	static const char *const packages[] = { "knex", "pg" };
	char *why, *path;
	size_t n;

	for (n = 0; n < sizeof(packages) / sizeof(*packages); n++) {
		if (has_package(file, packages[n]))
			continue;
		why = mem_printf("it exports %s for knex, and the project has "
				 "no %s; npm install knex pg",
		    way == INTERPRETER_UP ? "up" : "down", packages[n]);
		(void)interpreter_fail(i, file, why);
		free(why);
		return -1;
	}
	if ((path = loader_path()) == NULL)
		return interpreter_fail(i, file,
		    "knex-run.mjs, which is to run it, is not in share/mg "
		    "beside the programs' folder; name its folder in MG_SHARE");
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
