/*
 * process - a program that works for us, beside us
 *
 * It is in a process group of its own, so that all of it can be ended; it ends
 * if we do.  What it says on standard error is read line by line.
 *
 *	char *command[] = { "pg_dump", "--file=x", NULL };
 *	struct process_watch watch = { tell, tick, &it };
 *	struct process p;
 *
 *	process_start(&p, command, -1, -1);
 *	if ((status = process_wait(&p, &watch)) != CLI_OK)
 *		warnx("%s", p.error);
 *	process_free(&p);
 */
#ifndef MG_PROCESS_H
#define MG_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process {
	char *error; /* why process_wait returned anything but CLI_OK */

	/* Private: */
	char *name;
	pid_t pid;  /* 0: there is none, or no longer */
	int status; /* as wait has it, when it ended */
	int words;  /* what it says, */
	off_t at;   /* and how far we have read: the descriptor is shared */
	char *line; /* of that, what is no whole line yet */
	size_t len;
};

struct process_watch {
	/* Told each line, which is lent. */
	void (*tell)(void *arg, const char *line);
	void (*tick)(void *arg); /* called now and then, or NULL */
	void *arg;
};

/*
 * Run a program that PATH has, or by its path, with these descriptors as its
 * standard input and output; -1 is /dev/null.  A failure is told by
 * process_wait.
 */
void process_start(struct process *p, char *const command[], int in, int out);

/* Where out is that, what it writes there is read with what it says. */
enum { PROCESS_WORDS = -2 };

/* What the new process does before it becomes the program. */
struct process_setting {
	void (*make)(void *arg);
	void *arg;
};

/* The same in a setting of its own; NULL: ours. */
void process_start_in(struct process *p, char *const command[], int in, int out,
    const struct process_setting *setting);

/* Hand on what it said since, and call tick. */
void process_look(struct process *p, const struct process_watch *watch);

/* Has it ended?  Does not wait. */
bool process_ended(struct process *p);

/* Has it ended, and not well? */
bool process_failed(struct process *p);

/*
 * Wait until it has ended.  A signal that db_signal tells of ends all of its
 * group.  Returns CLI_OK if it exited 0, CLI_SYSTEM, or 128 + the signal.
 */
int process_wait(struct process *p, const struct process_watch *watch);

/* End all of its group, if it still runs, and wait for that. */
void process_stop(struct process *p);

/* How it ended, as a shell has it: its exit status, or 128 + its signal. */
int process_status(const struct process *p);

/* Stops it, too.  Harmless on { 0 } and twice. */
void process_free(struct process *p);

#endif
