#include "halves.h"

#include <string.h>
#include <strings.h>

#include "sql.h"

enum way { NEITHER, UP, DOWN };

/* A line that begins a half, and the bytes behind it. */
struct mark {
	enum way way;
	bool dbmate;
	bool loose; /* transaction:false */
	size_t line, begin, end;
};

struct marks {
	struct mark up, down;
};

static bool find_marks(struct halves *, struct marks *, const char *, size_t);
static struct mark read_mark(const char *, size_t);
static bool take_word(const char **, const char *, const char *);
static const char *skip_blanks(const char *, const char *);
static bool has_word(const char *, const char *, const char *);
static const char *judge(struct halves *, const struct marks *, const char *);
static void cut(struct halves *, const struct marks *, const char *, size_t);

int
halves_read(struct halves *h, const char *text, size_t len)
{
	struct marks marks = { 0 };

	*h = (struct halves){ .up = text, .up_len = len, .up_line = 1 };
	if (!find_marks(h, &marks, text, len))
		return -1;
	if (marks.up.way == NEITHER && marks.down.way == NEITHER)
		return 0;
	if ((h->error = judge(h, &marks, text)) != NULL)
		return -1;
	cut(h, &marks, text, len);
	return 0;
}

static bool
find_marks(struct halves *h, struct marks *marks, const char *text, size_t len)
{
	size_t at, end, line = 0;
	const char *newline;
	struct mark mark, *place;

	for (at = 0; at < len; at = end) {
		newline = memchr(text + at, '\n', len - at);
		end = newline == NULL ? len : (size_t)(newline - text) + 1;
		line++;
		mark = read_mark(text + at, end - at);
		if (mark.way == NEITHER)
			continue;
		place = mark.way == UP ? &marks->up : &marks->down;
		if (place->way != NEITHER) {
			h->error = "this half begins a second time; keep one "
				   "of the two comments";
			h->line = line;
			return false;
		}
		*place = mark;
		place->line = line;
		place->begin = at;
		place->end = end;
	}
	return true;
}

static struct mark
read_mark(const char *p, size_t len)
{
	const char *end = p + len, *blank;
	struct mark mark = { NEITHER, false, false, 0, 0, 0 };

	blank = p = skip_blanks(p, end);
	if (!take_word(&p, end, "--"))
		return mark;
	p = skip_blanks(p, end);
	if (take_word(&p, end, "migrate:up"))
		mark = (struct mark){ UP, true, false, 0, 0, 0 };
	else if (take_word(&p, end, "migrate:down"))
		mark = (struct mark){ DOWN, true, false, 0, 0, 0 };
	if (mark.way != NEITHER) {
		mark.loose = has_word(p, end, "transaction:false");
		return mark;
	}
	/* node-pg-migrate takes more dashes, too. */
	for (p = blank; p < end && (*p == '-' || *p == ' ' || *p == '\t');)
		p++;
	if (take_word(&p, end, "up"))
		mark.way = UP;
	else if (take_word(&p, end, "down"))
		mark.way = DOWN;
	if (p == end || skip_blanks(p, end) == p)
		mark.way = NEITHER;
	p = skip_blanks(p, end);
	if (!take_word(&p, end, "migration"))
		mark.way = NEITHER;
	return mark;
}

static bool
take_word(const char **p, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *p) < len || strncasecmp(*p, word, len) != 0)
		return false;
	*p += len;
	return true;
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static bool
has_word(const char *p, const char *end, const char *word)
{
	for (; p < end; p++)
		if ((size_t)(end - p) >= strlen(word) &&
		    strncmp(p, word, strlen(word)) == 0)
			return true;
	return false;
}

/* Returns what is wrong, or NULL. */
static const char *
judge(struct halves *h, const struct marks *marks, const char *text)
{
	const struct mark *up = &marks->up, *down = &marks->down;
	size_t first = up->begin;
	struct sql sql;
	bool empty;

	h->line = down->way == NEITHER ? up->line : down->line;
	if (up->way == NEITHER)
		return "it begins the way down, and nothing begins the way "
		       "up; begin that with a comment, too";
	if (down->way != NEITHER && up->dbmate != down->dbmate)
		return "one half begins as in dbmate, the other one as in "
		       "node-pg-migrate; begin both alike";
	if (down->way != NEITHER && down->begin < up->begin) {
		if (up->dbmate)
			return "dbmate wants the way up first; put it there";
		first = down->begin;
	}
	empty = sql_read(&sql, text, first) == 0 && sql.count == 0;
	sql_free(&sql);
	h->line = 1;
	return empty ? NULL
		     : "here is more than comments, and neither half has it; "
		       "put it into one";
}

static void
cut(struct halves *h, const struct marks *marks, const char *text, size_t len)
{
	const struct mark *up = &marks->up, *down = &marks->down;
	size_t up_end = len, down_end = len;

	if (down->way != NEITHER && down->begin > up->begin)
		up_end = down->begin;
	else if (down->way != NEITHER)
		down_end = up->begin;
	h->up = text + up->end;
	h->up_len = up_end - up->end;
	h->up_line = up->line + 1;
	h->dbmate = up->dbmate;
	h->loose_line = up->loose ? up->line : 0;
	if (down->way == NEITHER)
		return;
	h->down = text + down->end;
	h->down_len = down_end - down->end;
	h->down_line = down->line + 1;
}
