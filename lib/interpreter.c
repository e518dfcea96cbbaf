#include "interpreter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpreter_private.h"
#include "mem.h"
#include "utf8.h"

static int find_executable(struct interpreter *, const char *, const char *);
static int check_first_line(struct interpreter *, const char *, const char *);
static int find_shell(struct interpreter *, const char *, const char *);
static int find_python(struct interpreter *, const char *);
static char *first_line(const char *);

int
interpreter_find(struct interpreter *i, const char *path, const char *text,
    enum interpreter_way way)
{
	const char *slash = strrchr(path, '/');
	const char *end = strrchr(slash == NULL ? path : slash, '.');
	/* It may begin like an option. */
	char *file = mem_printf("%s%s", *path == '/' ? "" : "./", path);
	int result;

	interpreter_free(i);
	if (interpreter_is_node(path))
		result = interpreter_find_node(i, file, text, way);
	else if (end == NULL)
		result = find_executable(i, file, text);
	else if (strcmp(end, ".sh") == 0)
		result = find_shell(i, file, text);
	else if (strcmp(end, ".py") == 0)
		result = find_python(i, file);
	else
		result = interpreter_fail(i, file,
		    "nothing is known that runs it; call it migration.sh, .py, "
		    ".js, .mjs, .cjs or .ts, or migration if it is executable");
	free(file);
	return result;
}

void
interpreter_free(struct interpreter *i)
{
	while (i->count > 0)
		free(i->command[--i->count]);
	free(i->doubt);
	free(i->error);
	*i = (struct interpreter){ 0 };
}

void
interpreter_add(struct interpreter *i, const char *word)
{
	i->command[i->count++] = mem_copy(word);
}

int
interpreter_fail(struct interpreter *i, const char *file, const char *why)
{
	free(i->error);
	i->error = mem_printf(
	    "%s: %s", utf8_visible(file + (*file == '/' ? 0 : 2)), why);
	return -1;
}

char *
interpreter_path(const char *program)
{
	const char *path = getenv("PATH"), *end;
	char *file;

	for (path = path == NULL ? "" : path; *path != '\0';
	     path = *end == ':' ? end + 1 : end) {
		end = path + strcspn(path, ":");
		file = mem_printf("%.*s/%s", (int)(end - path), path, program);
		if (access(file, X_OK) == 0)
			return file;
		free(file);
	}
	return NULL;
}

bool
interpreter_in_path(const char *program)
{
	char *path = interpreter_path(program);
	bool is = path != NULL;

	free(path);
	return is;
}

static int
find_executable(struct interpreter *i, const char *file, const char *text)
{
	char *why;

	interpreter_add(i, file);
	if (access(file, X_OK) == 0)
		return check_first_line(i, file, text);
	why = mem_printf("it is not executable; chmod +x %s", file);
	(void)interpreter_fail(i, file, why);
	free(why);
	return -1;
}

/* Is what #! names there?  Of env(1), what that is to find. */
static int
check_first_line(struct interpreter *i, const char *file, const char *text)
{
	char *line = first_line(text), *rest = line, *program, *word, *why;
	bool there = true;

	if (line == NULL)
		return 0;
	program = strtok_r(rest, " \t", &rest);
	if (program != NULL) {
		word = strrchr(program, '/');
		there = access(program, X_OK) == 0;
		if (there &&
		    strcmp(word == NULL ? program : word + 1, "env") == 0)
			while ((program = strtok_r(NULL, " \t", &rest)) != NULL)
				if (*program != '-' &&
				    strchr(program, '=') == NULL) {
					there = interpreter_in_path(program);
					break;
				}
	}
	if (!there) {
		why = mem_printf("%s, which its first line names, is not "
				 "there; install it, or name another",
		    utf8_visible(program));
		(void)interpreter_fail(i, file, why);
		free(why);
	}
	free(line);
	return there ? 0 : -1;
}

/* What #! names need not be executable for that. */
static int
find_shell(struct interpreter *i, const char *file, const char *text)
{
	char *line = first_line(text), *rest = line, *word;

	if (check_first_line(i, file, text) == -1) {
		free(line);
		return -1;
	}
	if (line != NULL)
		while (i->count < INTERPRETER_WORDS - 1 &&
		    (word = strtok_r(
			 i->count == 0 ? line : NULL, " \t", &rest)) != NULL)
			interpreter_add(i, word);
	free(line);
	if (i->count == 0)
		interpreter_add(i, "sh");
	interpreter_add(i, file);
	return 0;
}

static int
find_python(struct interpreter *i, const char *file)
{
	if (!interpreter_in_path("python3"))
		return interpreter_fail(i, file,
		    "python3 is not installed (Debian: apt install python3)");
	interpreter_add(i, "python3");
	interpreter_add(i, file);
	return 0;
}

/* What stands behind #!, yours to free; or NULL. */
static char *
first_line(const char *text)
{
	if (strncmp(text, "#!", 2) != 0)
		return NULL;
	return mem_copy_bytes(text + 2, strcspn(text + 2, "\r\n"));
}
