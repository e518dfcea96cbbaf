#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "legacy.h"
#include "matching_private.h"
#include "mem.h"
#include "utf8.h"

typedef bool accepts(const struct foreign_row *, const struct candidate *);

static accepts same_name, same_version, same_title;
static void gather(struct matching *);
static void add_candidate(
    struct matching *, const char *, const char *, size_t);
static void claim(struct matching *, accepts *);
static void claim_row(struct matching *, size_t, accepts *, const bool *);
static void claim_lower(struct matching *);
static bool is_lower(const struct foreign_row *, const struct candidate *);
static size_t version(const struct foreign_row *, const char **);

int
matching_make(struct matching *m, const struct foreign *f,
    const struct migrations *migrations, const struct replaced *replaced)
{
	m->foreign = f;
	m->migrations = migrations;
	m->replaced = replaced;
	gather(m);
	claim(m, same_name);
	claim(m, same_version);
	claim(m, same_title);
	claim_lower(m);
	if (m->error == NULL)
		matching_take(m);
	if (m->error == NULL && m->count == 0 && f->count > 0)
		m->error =
		    mem_printf("%s: none of its rows is a migration "
			       "here; are these the folders that %s ran?",
			utf8_visible(f->table), f->tool);
	if (m->error != NULL)
		return CLI_NO;
	matching_tell(m);
	return CLI_OK;
}

void
matching_free(struct matching *m)
{
	free(m->list);
	free(m->candidates);
	free(m->error);
	*m = (struct matching){ 0 };
}

/* No tool but mg knows baselines. */
static void
gather(struct matching *m)
{
	const struct replaced_name *n;
	const struct migration *one;
	size_t i;

	for (i = 0; i < m->migrations->count; i++) {
		one = &m->migrations->list[i];
		if (json_object_get(one->object, "replaces") == NULL)
			add_candidate(m, one->name,
			    record_string(one->object, "legacy"), i);
	}
	for (i = 0; i < m->replaced->count; i++) {
		n = &m->replaced->list[i];
		if (n->count == 0 && n->at == m->migrations->count)
			add_candidate(m, n->name, NULL, n->at);
	}
}

static void
add_candidate(
    struct matching *m, const char *name, const char *legacy, size_t at)
{
	m->candidates =
	    mem_grow(m->candidates, m->ncandidates, sizeof(*m->candidates));
	m->candidates[m->ncandidates++] = (struct candidate){ .name = name,
		.key = legacy == NULL ? name : legacy,
		.at = at,
		.row = m->foreign->count };
}

/* What a stronger rule has claimed is nobody else's. */
static void
claim(struct matching *m, accepts *accepts_row)
{
	bool *taken = matching_claimed(m);
	size_t row;

	for (row = 0; row < m->foreign->count && m->error == NULL; row++)
		if (!taken[row])
			claim_row(m, row, accepts_row, taken);
	free(taken);
}

bool *
matching_claimed(const struct matching *m)
{
	bool *taken = mem_alloc(m->foreign->count * sizeof(*taken));
	size_t i;

	for (i = 0; i < m->ncandidates; i++)
		if (m->candidates[i].row < m->foreign->count)
			taken[m->candidates[i].row] = true;
	return taken;
}

static void
claim_row(
    struct matching *m, size_t row, accepts *accepts_row, const bool *taken)
{
	const struct foreign_row *r = &m->foreign->rows[row];
	struct candidate *c, *found = NULL;
	size_t other;

	for (c = m->candidates; c < m->candidates + m->ncandidates; c++) {
		other = c->row;
		if ((other < m->foreign->count && taken[other]) ||
		    !accepts_row(r, c))
			continue;
		if (found != NULL) {
			m->error = mem_printf(
			    "%s: %s may be %s or %s; say that it is the "
			    "\"legacy\" of the right one in its metadata.json",
			    utf8_visible(m->foreign->table),
			    utf8_visible(r->name), utf8_visible(found->name),
			    utf8_visible(c->name));
			return;
		}
		found = c;
	}
	if (found == NULL)
		return;
	if (found->row < m->foreign->count)
		m->error = mem_printf(
		    "%s: both %s and %s may be %s; say in its metadata.json "
		    "which of them is its \"legacy\"",
		    utf8_visible(m->foreign->table),
		    utf8_visible(m->foreign->rows[found->row].name),
		    utf8_visible(r->name), utf8_visible(found->name));
	found->row = row;
}

static bool
same_name(const struct foreign_row *r, const struct candidate *c)
{
	return legacy_same(r->name, c->key);
}

static bool
same_version(const struct foreign_row *r, const struct candidate *c)
{
	const char *a, *b;
	size_t alen = version(r, &a), blen = legacy_version(c->key, &b);

	return alen > 0 && blen > 0 && legacy_compare(a, alen, b, blen) == 0;
}

static bool
same_title(const struct foreign_row *r, const struct candidate *c)
{
	const char *begin;

	return version(r, &begin) == 0 &&
	    legacy_same(r->name, legacy_title(c->key));
}

/* What a tool that counts up has behind it. */
static void
claim_lower(struct matching *m)
{
	struct candidate *c;
	size_t row;

	for (row = 0; row < m->foreign->count; row++)
		for (c = m->candidates; c < m->candidates + m->ncandidates; c++)
			if (c->row == m->foreign->count &&
			    is_lower(&m->foreign->rows[row], c))
				c->row = row;
}

static bool
is_lower(const struct foreign_row *r, const struct candidate *c)
{
	const char *a, *b;
	size_t alen = version(r, &a), blen = legacy_version(c->key, &b);

	return r->through && blen > 0 && legacy_compare(b, blen, a, alen) < 0;
}

static size_t
version(const struct foreign_row *r, const char **begin)
{
	if (r->version == NULL)
		return legacy_version(r->name, begin);
	*begin = r->version;
	return strlen(r->version);
}
