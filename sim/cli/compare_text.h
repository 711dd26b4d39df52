/*
 * What "compare" prints: the points that differ, and what they come to.
 *
 * Units: as the columns say; changes in percent of side A.
 * Owns: nothing.
 */
#ifndef SIM_CLI_COMPARE_TEXT_H
#define SIM_CLI_COMPARE_TEXT_H

#include "sim/compare/match.h"

struct compare_view {
	const struct cmp_side *a, *b;
	const struct cmp_match *match;
	bool has_groups;	/* both sides have hashes */
	bool by_seed;		/* seeds tell points apart */
	size_t n_columns;	/* those that bounds are about */
	const enum res_column *columns;
};

/* compare_print_sides: which two are compared */
void compare_print_sides(const struct compare_view *view);

/* compare_print_points: those that differ, and those of one side only */
void compare_print_points(const struct compare_view *view);

/* compare_print_summary: how many of each, and the largest changes */
void compare_print_summary(const struct compare_view *view);

#endif
