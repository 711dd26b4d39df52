/*
 * [sweep]: the axes along which a scenario is run, and the points they span.
 *
 *	process.ttcp.write_size = 1 KiB .. 256 KiB * 2
 *	kernel.tcp_sendspace = 16 KiB, 32 KiB, 64 KiB
 *	peer.turnaround = 0 us, 100 us .. 500 us + 100 us
 *	board.memory.read_bandwidth & board.memory.write_bandwidth =
 *	    40 MB/s & 31 MB/s, 80 MB/s & 62 MB/s	(one line)
 *	variant = before, loan
 *	replications = 5
 *
 * Stands for: every combination of one value of each axis, one variant and one
 *	replication.  Keys joined by "&" go through their values together.
 *	A range begins at its first value, and each further one is the last
 *	times the factor (in base units, rounded down) or plus the step, up to
 *	and with the end.  Without "variant" all variants are swept.
 *	Replication r runs with the seed scenario.seed + r - 1.
 * Order: the first axis moves slowest, then the next, then the variants, the
 *	replications fastest; a point is known by its index in that order.
 * Leaves out: profiles, titles and lists of frames; those are for variants.
 * Owns: the scenario owns axes; a point made of them is the caller's.
 */
#ifndef SIM_SCENARIO_SWEEP_H
#define SIM_SCENARIO_SWEEP_H

#include "sim/scenario/load.h"

enum {
	SCN_MAX_AXIS_VALUES = 10000,
	SCN_MAX_AXIS_KEYS = 8,
	SCN_MAX_AXES = 16,
	SCN_MAX_SWEEP = 100000,		/* points */
	SCN_MAX_REPLICATIONS = 10000
};

struct scn_axis {
	const char *name;	/* its keys, joined by " & " */
	struct scn_place place;
	size_t n_keys;
	const char *names[SCN_MAX_AXIS_KEYS];	/* full names */
	struct scn_target targets[SCN_MAX_AXIS_KEYS];
	GArray *slots;		/* struct scn_slot: n_keys for each value */
};

/* scn_axis_n_values: at least 1 of a scenario that was loaded */
size_t scn_axis_n_values(const struct scn_axis *axis);

/* scn_axis_slot: the value of one of its keys */
const struct scn_slot *scn_axis_slot(const struct scn_axis *axis, size_t value,
    size_t key);

/* scn_sweep_n_axes, scn_sweep_axis: variants and replications are none */
size_t scn_sweep_n_axes(const struct scenario *scn);
const struct scn_axis *scn_sweep_axis(const struct scenario *scn, size_t i);

/* scn_sweep_size: its points; without a [sweep] the number of variants */
size_t scn_sweep_size(const struct scenario *scn);

/* scn_sweep_n_replications: of each combination, at least 1 */
int64_t scn_sweep_n_replications(const struct scenario *scn);

/* Where a point stands. */
struct scn_coordinates {
	size_t value[SCN_MAX_AXES];	/* of each axis */
	size_t variant;			/* scn_point(scn, variant) */
	int64_t replication;		/* from 0 on */
};

/* scn_sweep_coordinates: => index < scn_sweep_size() */
struct scn_coordinates scn_sweep_coordinates(const struct scenario *scn,
    size_t index);

/*
 * scn_sweep_point: a point with all its values, named after its variant.
 *
 * => it may not outlive the scenario; scn_sweep_point_free() takes it back
 */
struct scn_point *scn_sweep_point(const struct scenario *scn, size_t index);
void scn_sweep_point_free(struct scn_point *pt);

/*
 * scn_sweep_plan: what a sweep is made of, as a text: the effective scenario
 * of each variant and the axes with all values in canonical units.
 *
 * => two scenarios with one plan have the same points in the same order;
 *    titles and questions are not part of it
 */
GString *scn_sweep_plan(const struct scenario *scn);

/*
 * The loader's own.
 *
 * scn_axis_parse: one line of the group. => NULL: what is wrong has been told
 * scn_axis_destroy: the same as a GDestroyNotify
 * scn_sweep_load: the group's lines, then those of -x; a line of -x replaces
 *	the axis of the same keys. => the scenario has all its points
 * scn_sweep_check: the rules between keys, for every point.
 *	=> does nothing if there are mistakes already
 */
struct scn_axis *scn_axis_parse(struct scn_loader *ld, const char *name,
    const char *values, const struct scn_spot *at);
void scn_axis_destroy(gpointer axis);
void scn_sweep_load(struct scn_loader *ld, const struct scn_text *text,
    const char *const *overrides);
void scn_sweep_check(struct scn_loader *ld);

#endif
