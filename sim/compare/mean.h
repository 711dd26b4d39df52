/*
 * Replications: the mean of a difference, and how sure it is.
 *
 * Stands for: n pairs of one point, each pair with one seed.  The differences
 *	of the pairs are taken as independent and normal: the confidence
 *	interval is mean +- t * s / sqrt(n), t of Student's distribution with
 *	n - 1 degrees of freedom.
 * Units: those of the column, with its decimals: not the integers of rows.
 * Leaves out: any claim about single runs, which are exact.
 */
#ifndef SIM_COMPARE_MEAN_H
#define SIM_COMPARE_MEAN_H

#include "sim/compare/match.h"

struct cmp_mean {
	size_t n;		/* pairs with numbers on both sides */
	double a, b;		/* means */
	double difference;	/* mean of b - a */
	double half;		/* of the 95 % interval; with n >= 2 */
};

/* cmp_mean_of: over n pairs from the first on; n in the result may be less */
struct cmp_mean cmp_mean_of(const struct cmp_pair *first, size_t n,
    enum res_column column);

/*
 * cmp_student_t: what Student's t is below with 97.5 percent: the factor of
 * the two-sided interval of 95 percent.
 *
 * => degrees >= 1
 */
double cmp_student_t(size_t degrees);

#endif
