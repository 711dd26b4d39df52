/*
 * A cursor in one line of a script: words, numbers, dates, and the line's first
 * mistake.
 *
 * Every function that takes something skips the blanks before it.  After a
 * mistake the others return at once, so that a caller may go on until the end
 * of its rule and look at the mistake then.
 */
#ifndef TESTS_CONFORM_CURSOR_H
#define TESTS_CONFORM_CURSOR_H

#include <glib.h>
#include <stdbool.h>

#include "models/base/time.h"

enum { CUR_WORD_BYTES = 64 };

struct cursor {
	const char *at;
	char *mistake;		/* "what; permitted: ..."; NULL: none yet */
};

/* cur_fail: the line's mistake, unless there was one before */
void cur_fail(struct cursor *cur, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* cur_at_end: nothing but a comment follows */
bool cur_at_end(struct cursor *cur);

/* cur_take: the text if it comes next; a word only as a whole word */
bool cur_take(struct cursor *cur, const char *text);

/* cur_need: the same; a mistake if it does not come next */
void cur_need(struct cursor *cur, const char *text);

/* cur_word: letters, digits, underscores. => false: something else is next */
bool cur_word(struct cursor *cur, char word[CUR_WORD_BYTES]);

/*
 * cur_choice: one of a list of words that NULL ends.
 *
 * => its index; otherwise -1 and a mistake that names the nearest
 */
int cur_choice(struct cursor *cur, const char *what,
    const char *const *words);

/* cur_number: a decimal number in min .. max; 0 after a mistake */
int64_t cur_number(struct cursor *cur, const char *what, int64_t min,
    int64_t max);

/* cur_is_number: does a number come next? */
bool cur_is_number(struct cursor *cur);

/* cur_seconds: 1.5, to the microsecond */
sim_time cur_seconds(struct cursor *cur);

/* cur_date: 1.5, or +0.2 after a date that is not later than the result */
sim_time cur_date(struct cursor *cur, sim_time after);

#endif
