/*
 * What limits a run: its throughput with one resource after the other free.
 *
 * Stands for: the judgement over reruns (freed.h).  The resource that limits is
 *	the one whose removal raises the throughput most, if it does so by
 *	RUN_GAIN_TENTHS at least: on a busy board points scatter by as much
 *	without any cause (scenarios/README.md).  Several may, or none; and what
 *	slows a run down when it is free is told as well.
 * Units: throughput in tenths of KB/s, as its column; gains in tenths of a
 *	percent of the run as it is.
 * Owns: nothing.
 */
#ifndef SIM_RUN_LIMITS_H
#define SIM_RUN_LIMITS_H

#include "sim/run/freed.h"
#include "sim/run/result.h"

enum {
	RUN_GAIN_TENTHS = 20,
	RUN_GAIN_OF_BEST = 10	/* a limit gains a tenth of the best's, too */
};

/* What is told of a run, if it has a result. */
struct run_figure {
	bool is_known;
	int64_t throughput;
	/* what a change of pace changes beside it */
	int64_t message_bytes;	/* of payload, the mean segment or datagram */
	int64_t loaned_share;	/* as its column */
};

struct run_gains {
	struct run_figure as_is;
	struct run_figure freed[RUN_N_RESOURCES];	/* it alone is free */
	struct run_figure alone[RUN_N_RESOURCES];	/* see run_all_but */
	/* where none is enough: the two that raise it most together */
	run_resources pair;
	struct run_figure pair_freed;
};

/* run_figure: of a row. => not known if the run did not come to its end */
struct run_figure run_figure(const struct res_row *row);

/* run_gain: what a figure gains. => false: it is not known, or nothing moved */
bool run_gain(const struct run_gains *gains, struct run_figure figure,
    int64_t *tenths);

/*
 * run_enough: after how many bytes a rerun has shown what it would do.
 *
 * Four times what the run as it is carried in its measured interval: where
 * frames get lost, four times as many losses, and half its share of chance.
 * One that is less than four times as fast takes its duration.
 * => 0: it has to go on to the end, as the run is no steady state: it has no
 *    warm-up, or somebody begins after it
 */
int64_t run_enough(const struct scn_point *pt, const struct res_row *row);

/*
 * run_busy: the part of the measured interval in which it was busy.
 *
 * => a share, as its column; false: it is none of those that can be
 */
bool run_busy(const struct res_row *row, enum run_resource resource,
    int64_t *share);

/*
 * run_unasked: what a run has asked for nothing, however it was set up.
 *
 * => it would have been the same, had they been free
 */
run_resources run_unasked(const struct res_row *row);

/*
 * run_rank: those that limit, the one that does so most first.
 *
 * => returns how many of order are set
 */
size_t run_rank(const struct run_gains *gains,
    enum run_resource order[static RUN_N_RESOURCES]);

/* run_slower: those whose being free costs as much as would make a limit */
run_resources run_slower(const struct run_gains *gains);

/* run_note_pair: a rerun with two of them free. => the best one is kept */
void run_note_pair(struct run_gains *gains, run_resources pair,
    struct run_figure figure);

/* run_pair_limits: is the best pair's gain that of a limit? */
bool run_pair_limits(const struct run_gains *gains);

/*
 * run_all_but: what is free in a run that is to show one resource's ceiling.
 *
 * Windows stay as they are: they keep a fast sender from a slow receiver.  So
 * does the delay, which a window has to do with.
 * => 0: it has no ceiling, as it bounds no rate; the run might never end
 */
run_resources run_all_but(enum run_resource resource);

/* run_at_ceiling: those whose ceiling is no more than a limit's gain away */
run_resources run_at_ceiling(const struct run_gains *gains);

#endif
