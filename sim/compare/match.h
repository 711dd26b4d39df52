/*
 * Which point of one side is which of the other, and what differs.
 *
 * Stands for: pairs of points with one name and, unless both sides are
 *	results, one seed: two results are compared by name alone.
 * Order: pairs of one name stand together, in the order in which side A has
 *	them; what only one side has is in that side's order.
 * Owns: a match its lists; the points are the sides'.
 */
#ifndef SIM_COMPARE_MATCH_H
#define SIM_COMPARE_MATCH_H

#include "sim/compare/side.h"
#include "sim/scenario/fraction.h"

struct cmp_pair {
	const struct cmp_point *a, *b;
	size_t group;		/* one number for each name, from 0 on */
};

struct cmp_match {
	GArray *pairs;		/* struct cmp_pair */
	GPtrArray *only_a, *only_b;	/* const struct cmp_point * */
};

/* cmp_match_init: => both sides are read; they outlive the match */
void cmp_match_init(struct cmp_match *match, const struct cmp_side *a,
    const struct cmp_side *b, bool by_seed);
void cmp_match_fini(struct cmp_match *match);

/* cmp_has_numbers: of a point, as res_has_numbers() of its row */
bool cmp_has_numbers(const struct cmp_point *point);

/* cmp_column_differs: => false if either has no numbers */
bool cmp_column_differs(const struct cmp_pair *pair, enum res_column column);

/* cmp_group_differs: => both sides have hashes */
bool cmp_group_differs(const struct cmp_pair *pair, enum rep_group group);

/* cmp_differs: in anything; in groups if there are hashes */
bool cmp_differs(const struct cmp_pair *pair, bool has_groups);

/*
 * cmp_exceeds: is the change of a column more than so many percent of A's
 * value?
 *
 * => exact; any change of 0 is more than every percentage
 * => true if one of them has a result and the other has none
 */
bool cmp_exceeds(const struct cmp_pair *pair, enum res_column column,
    struct fraction percent);

/* cmp_change: (b - a) / a in percent, for a reader. => a is not 0 */
double cmp_change(int64_t a, int64_t b);

#endif
