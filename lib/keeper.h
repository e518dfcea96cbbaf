/*
 * keeper - a process that clears a thing away when its owner ends
 *
 * It makes the thing as well, so that there is no moment at which nobody
 * would clear it.  The owner is who called keeper_start: the thing goes after
 * keeper_stop, or when the owner has ended, however that ended.  Nothing but
 * the keeper's own death by SIGKILL leaves it behind.
 *
 *	struct keeper_task task = { make_it, clear_it, &it };
 *	struct keeper k;
 *
 *	if (keeper_start(&k, &task) == CLI_OK)
 *		use(k.made);
 *	if (keeper_stop(&k) == -1)
 *		warnx("%s", k.error);
 *	keeper_free(&k);
 */
#ifndef MG_KEEPER_H
#define MG_KEEPER_H

#include <stdio.h>
#include <sys/types.h>

/*
 * What the keeper does, in its own process: what they change is not seen by
 * the owner, and standard input and output are /dev/null.  Both return
 * CLI_OK, CLI_INPUT or CLI_SYSTEM, with *text by keeper_say.
 */
struct keeper_task {
	/* *text: the name of what was made, or why it was not. */
	int (*make)(void *thing, char **text);
	/* Called even if make failed half way.  *text: what remains. */
	int (*clear)(void *thing, char **text);
	void *thing;
};

struct keeper {
	char *made;  /* what make said of it; NULL: nothing was made */
	char *error; /* why a call failed */

	pid_t pid;  /* private */
	FILE *line; /* private: to the keeper, which hears our end */
};

/*
 * Have it made, and wait for that.  Returns what make did.  A signal that is
 * caught interrupts it: CLI_SYSTEM.
 */
int keeper_start(struct keeper *k, const struct keeper_task *task);

/*
 * Have it cleared away, and wait for that; needed after a failure too, and
 * harmless twice.  Returns -1 if something remains.
 */
int keeper_stop(struct keeper *k);

/* Harmless on { 0 } and twice. */
void keeper_free(struct keeper *k);

/*
 * For make: from here on there is something to clear.  Until then the keeper
 * may be ended at any moment, in the middle of a wait.
 */
void keeper_commit(void);

/* For make: sleep; returns -1 as soon as nobody wants the thing any longer. */
int keeper_pause(int ms);

/*
 * For a child of make or clear, before it becomes another program: hear the
 * signals that a keeper is deaf to.
 */
void keeper_restore_signals(void);

/*
 * For make and clear: set *text, and free what it was; comes back with the
 * status.  Without memory *text is NULL, so that clear goes on all the same.
 */
__attribute__((format(printf, 3, 4))) int keeper_say(
    char **text, int status, const char *format, ...);

#endif
