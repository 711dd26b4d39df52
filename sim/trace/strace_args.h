/*
 * The values in a line of strace(1): arguments, and what is alike in results.
 *
 * Stands for: a walk through text that ends where its end is, whatever it
 *	holds; each function returns where the text goes on, or NULL if there
 *	is no such thing.
 * Owns: nothing.
 */
#ifndef SIM_TRACE_STRACE_ARGS_H
#define SIM_TRACE_STRACE_ARGS_H

#include "sim/trace/strace_line.h"

const char *st_skip_blanks(const char *p, const char *end);

/* st_skip_word: letters, digits, _ and ?; p itself if there are none */
const char *st_skip_word(const char *p, const char *end);

/* st_number: with sign, 0x or 0 in front. => NULL if above 64 bits */
const char *st_number(const char *p, const char *end, int64_t *value);

/*
 * st_angle: <name>, and (deleted) behind it.
 *
 * => *p is '<'; name is what is inside, and may hold -> < > and strings
 */
const char *st_angle(const char *p, const char *end, struct st_text *name);

/*
 * st_args: arguments up to the parenthesis that closes the call.
 *
 * => on NULL line->why tells what is wrong
 */
const char *st_args(struct st_line *line, const char *p, const char *end);

#endif
