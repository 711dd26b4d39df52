/*
 * Which part of a store a figure shows.
 *
 * Stands for: the axes that are kept at one value, so that what is left has
 *	room in the figure.
 * Owns: its texts.
 */
#ifndef SIM_REPORT_SLICE_H
#define SIM_REPORT_SLICE_H

#include "sim/report/figure.h"

struct slice {
	GPtrArray *where;	/* char *: "KEY=VALUE", no NULL at the end */
	GString *text;		/* "tcp_sendspace 16 KiB, hz 100 Hz"; or "" */
};

/* slice_applies: has the grid the figure's axes, with several values each? */
bool slice_applies(const struct grid *grid, const struct rep_figure *figure);

/*
 * slice_middle: the value of an axis that is kept.
 *
 * => usual: the label of the one to be preferred, or NULL
 */
size_t slice_middle(const struct grid_axis *axis, const char *usual);

/*
 * slice_of: what must be kept for a figure of a store.
 *
 * => kept: the value of each axis
 */
struct slice slice_of(const struct grid *grid, const struct rep_figure *figure,
    const size_t kept[GRID_MAX_AXES]);

/* slice_point: all axes but the variants */
struct slice slice_point(const struct grid *grid,
    const size_t kept[GRID_MAX_AXES]);

void slice_clear(struct slice *slice);

#endif
