/*
 * "Did you mean": the word of a list that is nearest to a misspelt one.
 *
 * Stands for: edits a typing hand makes (insert, drop, replace, swap two
 *	neighbours), one point each; case counts nothing.
 * Owns: nothing; the result is one of the caller's words.
 */
#ifndef SIM_SCENARIO_SUGGEST_H
#define SIM_SCENARIO_SUGGEST_H

/*
 * scn_suggest: the nearest word, or NULL if none is near.
 *
 * => words ends with NULL; of equally near ones the first wins
 * => near: at most a third of the longer word's length, and at least one; or
 *    the beginning of the word, three characters or more
 */
const char *scn_suggest(const char *word, const char *const *words);

/*
 * scn_edit_distance: edits that turn a into b.
 *
 * => words are cut at 63 bytes: no name of ours is longer
 */
unsigned scn_edit_distance(const char *a, const char *b);

#endif
