/*
 * backup_private - what backup.c and its part share; for nobody else
 */
#ifndef MG_BACKUP_PRIVATE_H
#define MG_BACKUP_PRIVATE_H

#include "backup.h"

/* Set the error, whose words are taken; returns the status. */
int backup_fail(struct backup *b, int status, char *words);

#endif
