/*
 * interpreter_private - what the parts of interpreter share; for nobody else
 *
 * interpreter.c knows all but what Node.js runs, which is in
 * interpreter_node.c; interpreter_code.c looks at what that is.
 */
#ifndef MG_INTERPRETER_PRIVATE_H
#define MG_INTERPRETER_PRIVATE_H

#include "interpreter.h"

/* As interpreter_find; file begins with / or with ./ here. */
int interpreter_find_node(struct interpreter *i, const char *file,
    const char *text, enum interpreter_way way);

/* Is it what Node.js runs, by the end of its name? */
bool interpreter_is_node(const char *path);

/*
 * Has the code there such a word, as a name or a whole string, outside of
 * comments?  Where it cannot be read, anywhere.
 */
bool interpreter_has_word(const char *text, const char *word);

/* Add a word to the command. */
void interpreter_add(struct interpreter *i, const char *word);

/* Where PATH has such a program, yours to free; or NULL. */
char *interpreter_path(const char *program);
bool interpreter_in_path(const char *program);

/* Returns -1, with the error set. */
int interpreter_fail(struct interpreter *i, const char *file, const char *why);

#endif
