/*
 * record - a stream of migrations, one JSON object to a line
 *
 * The format is mg-records(5).  What a tool does not understand it passes
 * on unchanged and in order.
 *
 *	record_open(&in, stdin, "<stdin>");
 *	while ((got = record_next(&in)) == 1) {
 *		record_set_string(in.object, "track", "schema");
 *		record_write(in.object, stdout);
 *	}
 *	if (got == -1)
 *		errx(CLI_INPUT, "%s", in.error);
 *	record_close(&in);
 */
#ifndef MG_RECORD_H
#define MG_RECORD_H

#include <stdbool.h>
#include <stdio.h>

struct json_t;

struct record {
	FILE *in;              /* the caller's */
	const char *source;    /* its name in messages; borrowed */
	unsigned long line;    /* of the current record, from 1 */
	struct json_t *object; /* the current record */
	char *error;           /* why record_next or record_need failed */
	char *text;            /* private: the line */
	size_t size;
};

/* Read from in, which stays the caller's to close. */
void record_open(struct record *r, FILE *in, const char *source);

/*
 * Step to the next record.  Returns 1, 0 at the end, -1 if it is malformed:
 * not a JSON object on a line of its own, without a name, or cut short.
 */
int record_next(struct record *r);

/*
 * A string member, lent as long as the object; NULL if there is none or it is
 * not a string.
 */
const char *record_string(const struct json_t *object, const char *key);

/* The same; where it is missing or empty, r->error says so. */
const char *record_need(struct record *r, const char *key);

/* Is there such a member? */
bool record_has(const struct json_t *object, const char *key);

/* Is its kind "script": a program, and not SQL? */
bool record_is_script(const struct json_t *object);

/* An empty record, the caller's to record_free. */
struct json_t *record_new(void);
void record_free(struct json_t *object);

/* Add a member, or replace its value where it stands; value is UTF-8. */
void record_set_string(
    struct json_t *object, const char *key, const char *value);
void record_set_integer(
    struct json_t *object, const char *key, long long value);
void record_set_real(struct json_t *object, const char *key, double value);

/* Add a record to the array of that name, which takes it over. */
void record_append(
    struct json_t *object, const char *key, struct json_t *element);

void record_write(struct json_t *object, FILE *out);

/*
 * Write the current record with these members: where it had one of that name
 * in its place, else all of them behind it, which is byte for byte as it came.
 */
void record_write_with(struct record *r, struct json_t *members, FILE *out);

/* Release all that the record holds; harmless twice. */
void record_close(struct record *r);

/* A whole stream, for tools that must know it all before they act. */
struct migration {
	char *name;
	char *path;            /* NULL where the record has none */
	char *checksum;        /* lower-case SHA-256, NULL likewise */
	struct json_t *object; /* the record it came from */
};

struct migrations {
	struct migration *list;
	size_t count;
	struct migration **sorted; /* private: by name */
	char *error;               /* why migrations_read returned -1 */
};

/*
 * Read to the end.  Returns -1 if a record is malformed, its checksum is no
 * SHA-256, or a name comes twice.
 */
int migrations_read(struct migrations *m, FILE *in, const char *source);

/* The same, with a call between some of them, for what goes on meanwhile. */
int migrations_read_while(struct migrations *m, FILE *in, const char *source,
    void (*call)(void *arg), void *arg);

/*
 * For those who act on what came: that nothing did is an error, too.  A shell
 * forgets that the left side of a pipe failed.
 */
int migrations_expect(struct migrations *m);
int migrations_read_some(struct migrations *m, FILE *in, const char *source);

/* A list of nothing but names, each with a record of its own. */
void migrations_name(struct migrations *m, char *const names[]);

/* The position of a name, or m->count. */
size_t migrations_find(const struct migrations *m, const char *name);

void migrations_free(struct migrations *m);

#endif
