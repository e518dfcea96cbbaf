/*
 * part - a migration as a part of a joined script
 *
 * A part is the migration's script, byte for byte, between lines of ours: a
 * comment that names it, the transaction that it runs in where it has none of
 * its own, a semicolon where its end lacks one, and what undoes the settings
 * that it would leave to the next.
 *
 * Each line of ours ends in " -- mg", or in " -- mg<" if the newline before it
 * is ours as well, so that the script can be taken out again and compared with
 * the checksum in the comment.  Should the script itself have such text in it,
 * a number is put behind mg, and the comment says so.
 */
#ifndef MG_PART_H
#define MG_PART_H

#include <stdio.h>

#include "script.h"

/* Write the script of the migration called name, which ends in a newline. */
void part_write(const struct script *s, const char *name, FILE *out);

#endif
