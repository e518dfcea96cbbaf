/*
 * layout - the migrations that lie in folders
 *
 * A migration is a real directory with a migration.sql or with a script, that
 * is a program; in other layouts it is a file.  Its name, without the end that
 * tells what a file is, is its identity.  They come in byte order of the names,
 * which is the order that migrations apply in, whatever lies where.
 *
 *	struct layout l = { .notice = notice };
 *
 *	for (i = 0; i < count; i++)
 *		if ((status = layout_scan(&l, dirs[i])) != CLI_OK)
 *			errx(status, "%s", l.error);
 *	if ((status = layout_check(&l)) != CLI_OK)
 *		errx(status, "%s", l.error);
 *	for (i = 0; i < l.count; i++)
 *		use(l.list[i].name, l.list[i].path);
 *	layout_free(&l);
 *
 * Statuses are those that the tools exit with (cli.h).
 */
#ifndef MG_LAYOUT_H
#define MG_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

enum layout_kind {
	LAYOUT_FOLDERS, /* NAME/migration.sql, or a script in its place */
	LAYOUT_FLAT,    /* NAME.sql */
	LAYOUT_KNEX,    /* YYYYMMDD[HHMMSS]_name.ts, .js, .mjs or .cjs */
};

struct layout_migration {
	char *name;  /* of its directory, or of its file */
	char *path;  /* of its script: the folder as given, and what is below */
	bool script; /* a program, not SQL */
	bool metadata; /* there is some beside it (metadata.h) */
	bool file;     /* private: it certainly is one */
	enum layout_kind kind;
	size_t folder;  /* in which of those given it lies, from 0 */
	char *compiled; /* in knex's, the path of what was compiled of it */
};

struct layout {
	/* Told what a person should know; NULL: nobody. */
	void (*notice)(const char *text);
	enum layout_kind kind; /* of the folders that are taken in from now */
	size_t folders;        /* that were taken in */

	struct layout_migration *list;
	size_t count;
	char *error; /* why a function failed */
};

/*
 * Take in what the folder holds.  Slashes at the end of dir leave no trace in
 * the paths.
 */
int layout_scan(struct layout *l, const char *dir);

/* What users call a layout: prisma, flat, knex.  Returns -1 if none is. */
int layout_kind_of(const char *word, enum layout_kind *kind);

/*
 * Put all that was taken in in order, and refuse what no history can hold, a
 * migration without a script, and two of one name; but a source and what was
 * compiled of it (compiled.h) are one.
 */
int layout_check(struct layout *l);

/* The position of that name, or the count if there is none. */
size_t layout_find(const struct layout *l, const char *name);

/*
 * The folder without slashes at its end, as the paths of what is in it begin:
 * a copy, yours to free.
 */
char *layout_without_slashes(const char *dir);

/* Harmless on { 0 } and twice. */
void layout_free(struct layout *l);

#endif
