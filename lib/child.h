/*
 * child - a command that runs as if it were us
 *
 * It is in our process group, so that it can read the terminal; what would
 * end us is passed on to it, and it decides.
 *
 *	child_catch_signals(&child);
 *	prepare();
 *	status = child_run(&child, command);
 *	if (child.error != 0)
 *		warnx("%s: %s", command[0], strerror(child.error));
 *	clear_away();
 *	return status;
 */
#ifndef MG_CHILD_H
#define MG_CHILD_H

#include <signal.h>

struct child {
	int error;       /* why the command did not run, as errno; or 0 */
	sigset_t caught; /* private: the signals that we hear */
};

/*
 * From now on SIGHUP, SIGINT, SIGQUIT and SIGTERM are noted, each the first
 * time, instead of ending the process.  One that is ignored stays ignored.
 */
void child_catch_signals(struct child *c);

/* The signal that came since, before the command ran; or 0. */
int child_signal(void);

/*
 * Run a command that PATH has, and wait for it.  Returns its exit status, or
 * 128 + n if signal n ended it, or came before it ran.  If it did not run, 127
 * (not found), 126 or CLI_SYSTEM, with c->error set.  The signals are blocked
 * from here on, so that what is done afterwards is done whole.
 */
int child_run(struct child *c, char *command[]);

#endif
