/*
 * A store as a grid: one cell for each combination of the values of its axes
 * and of its variants, the replications of a point in one cell.
 *
 * Stands for: what figures and reports are drawn from.
 * Axes: those of the sweep in its order, then "variant".  Keys that move
 *	together are one axis, which goes by the first of them.  Values stand
 *	in the order of their numbers; words as they first come.
 * Units: throughput in KB/s of 1024 bytes, shares from 0 to 1, ps.  Floating
 *	point: this is for reading, never for deciding.
 * Owns: texts and cells.
 */
#ifndef SIM_SWEEP_GRID_H
#define SIM_SWEEP_GRID_H

#include "sim/sweep/store.h"

enum { GRID_MAX_AXES = SCN_MAX_AXES + 1 };

struct grid_axis {
	char *key;		/* "process.ttcp.write_size", or "variant" */
	GPtrArray *values;	/* char *: "65536", as the store has them */
};

struct grid_cell {
	size_t n;		/* runs with a result; 0: no number means any */
	double throughput;	/* mean of them, and the extremes */
	double low, high;
	double deviation;	/* of one run, estimated; 0 for n below 2 */
	size_t first;		/* its first point; these are of that one: */
	double wire_limit;
	double wire_share, cpu_share, bus_share;
	double moves_per_byte, loaned_share;
	int64_t compute_ps;	/* of the processor, over the run */
	int64_t memory_ps;	/* what it waited for memory, stalls included */
};

struct grid {
	size_t n_axes;		/* at least 1: the variants */
	struct grid_axis axes[GRID_MAX_AXES];
	struct grid_cell *cells;
	size_t n_cells;
};

/*
 * grid_read: the store's points, or a slice of them.
 *
 * => where: "KEY=VALUE" strings, NULL-terminated, or NULL: only points with
 *    that value (written with its unit), the axis is left out of the grid;
 *    "variant=NAME" is one, too
 * => NULL and error: DB_ERROR; DB_ERROR_INPUT also for a key that is no axis
 *    and a value that it has not, each with what there is
 */
struct grid *grid_read(struct store *store, const char *const *where,
    GError **error);
void grid_free(struct grid *grid);

/*
 * grid_find: the axis of that key, or of a key that ends so ("write_size").
 *
 * => n_axes: there is none
 */
size_t grid_find(const struct grid *grid, const char *name);

/* grid_cell_at: => at[i] is the value of axis i */
const struct grid_cell *grid_cell_at(const struct grid *grid,
    const size_t at[GRID_MAX_AXES]);

/* grid_number: a value as its column shows it, or NAN for a word */
double grid_number(const struct grid_axis *axis, size_t value);

/* grid_unit: "B", "us"; "" for a bare number or words */
const char *grid_unit(const struct grid_axis *axis);

/* grid_label: the value as a user writes it, "64 KiB"; g_free it */
char *grid_label(const struct grid_axis *axis, size_t value);

/* grid_short: the last word of an axis' key; borrowed from it */
const char *grid_short(const struct grid_axis *axis);

#endif
