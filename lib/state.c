#include "state.h"

#include <string.h>

#include "file.h"
#include "hash.h"

static bool modified(const struct history_row *, const struct migration *);

const char *
state_name(enum state state)
{
	static const char *const names[] = { "applied", "pending", "failed",
		"rolled-back", "modified", "missing", "replaced" };

	return names[state];
}

enum state
state_of(const struct history *h, const struct migration *m,
    const struct history_row **row)
{
	switch (history_state(h, m->name, row)) {
	case HISTORY_APPLIED:
		return modified(*row, m) ? STATE_MODIFIED : STATE_APPLIED;
	case HISTORY_FAILED:
		return STATE_FAILED;
	case HISTORY_ROLLED_BACK:
		return STATE_ROLLED_BACK;
	default:
		return STATE_PENDING;
	}
}

static bool
modified(const struct history_row *row, const struct migration *m)
{
	struct file file = { 0 };
	bool same;

	if (m->checksum == NULL || strcmp(m->checksum, row->checksum) == 0)
		return false;
	same = m->path != NULL && file_read(&file, m->path) == 0 &&
	    hash_matches(row->checksum, file.bytes, file.len);
	file_free(&file);
	return !same;
}
