/*
 * Curves out of a store: one axis of its grid along x, one line for each
 * combination of the others.
 *
 * Stands for: what the figures of stores share: series with names, x values
 *	with labels, and which of two variants is the better one.
 * Limits: at most SERIES_MAX lines; more are refused with what to do, since
 *	nobody could tell them apart.
 * Errors: REP_ERROR_FIGURE.
 * Owns: names; the grid is borrowed.
 */
#ifndef SIM_REPORT_SERIES_H
#define SIM_REPORT_SERIES_H

#include "sim/report/figure.h"
#include "sim/sweep/grid.h"

enum { SERIES_MAX = 8 };

struct series {
	char *name;			/* "loan, tcp_sendspace 16 KiB" */
	size_t at[GRID_MAX_AXES];	/* of its points, but for x */
};

struct series_set {
	const struct grid *grid;
	size_t x;			/* the axis along x */
	size_t variants;		/* the axis of the variants */
	size_t n;
	struct series series[SERIES_MAX];
};

/*
 * series_of: lines along the axis that name finds.
 *
 * => without_variants: one line for all variants together, for ratios of them
 * => false and error: no such axis, no result at all, or too many lines;
 *    series_clear() either way
 */
bool series_of(struct series_set *set, const struct grid *grid,
    const char *name, bool without_variants, GError **error);
void series_clear(struct series_set *set);

/* series_length: values along x */
size_t series_length(const struct series_set *set);

/* series_cell: a point of a line; variant is used where it was left out */
const struct grid_cell *series_cell(const struct series_set *set, size_t line,
    size_t i, size_t variant);

/* The two variants that a figure compares. */
struct series_pair {
	size_t base, other;	/* values of the axis of variants */
};

/* series_pair_of: the first and the last, or those of data */
bool series_pair_of(const struct grid *grid, const struct rep_data *data,
    struct series_pair *pair, GError **error);

/*
 * series_ratio: throughput of the pair's other variant over the base's, or 0 if
 * one of them has none
 */
double series_ratio(const struct series_set *set, size_t line, size_t i,
    const struct series_pair *pair);

/* series_has_ratio: => false and error: not one that could be drawn */
bool series_has_ratio(const struct series_set *set,
    const struct series_pair *pair, GError **error);

/*
 * series_x: where a value stands along x: its number, or its place from 1 on if
 * there is a word among them
 */
bool series_is_numeric(const struct series_set *set);
double series_x(const struct series_set *set, size_t i);

/* series_ticks: "set xtics (...)" and x_label, x_is_log */
void series_ticks(GString *out, const struct series_set *set);

/* series_names: n_WHATs and WHAT_name[], for "line" or "panel" */
void series_names(GString *out, const struct series_set *set,
    const char *what);

/* series_ratio_label: ratio_label, the title of what series_ratio() gives */
void series_ratio_label(GString *out, const struct grid *grid,
    const struct series_pair *pair);

/* series_number: for gnuplot, in any locale */
void series_number(GString *out, double number);

#endif
