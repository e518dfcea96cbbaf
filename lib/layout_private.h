/*
 * layout_private - what the parts of layout share; for nobody else
 *
 * layout.c reads folders of folders, layout_folder.c finds the script in one
 * of these, layout_files.c reads folders of files.
 */
#ifndef MG_LAYOUT_PRIVATE_H
#define MG_LAYOUT_PRIVATE_H

#include "layout.h"

/* Take a migration in, whose name and path become the layout's. */
void layout_add(struct layout *l, struct layout_migration migration);

/* Take in the directory of that name, with what is its script. */
int layout_add_folder(struct layout *l, const char *dir, const char *name);

/* Take in the files of a folder, as its layout has them. */
int layout_read_files(struct layout *l, const char *dir);

/* Tell a person; the text is taken over. */
void layout_tell(const struct layout *l, char *text);

/* Set l->error, which is taken over, or why a path did not work. */
int layout_fail(struct layout *l, int status, char *why);
int layout_fail_errno(struct layout *l, int status, const char *path);

#endif
