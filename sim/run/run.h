/*
 * Running points: each in a child process of its own.
 *
 * SimGrid allows one engine per process, and a child that crashes harms nobody:
 * so the parent never starts SimGrid.  The child simulates, audits, and hands
 * one struct res_row back through a pipe.
 * Errors: only what keeps the point from being run at all (no fork, no pipe, an
 *	interrupt) is a GError; whatever happens inside the run is an outcome of
 *	the row.
 */
#ifndef SIM_RUN_RUN_H
#define SIM_RUN_RUN_H

#include <glib.h>

#include "sim/run/freed.h"
#include "sim/run/recording.h"
#include "sim/run/result.h"

#define RUN_ERROR run_error_quark()
GQuark run_error_quark(void);

enum run_error { RUN_ERROR_SYSTEM, RUN_ERROR_INTERRUPTED };

struct run_timing {
	int64_t host_ns;	/* wall time of the child, start to exit */
};

/*
 * run_point: simulate one variant.
 *
 * => freed: resources to be made free; RUN_AS_IT_IS for none
 * => row is filled in, outcome included; timing may be NULL
 * => false and error: RUN_ERROR_SYSTEM, or RUN_ERROR_INTERRUPTED after SIGINT
 *    or SIGTERM (the child is gone by then)
 */
bool run_point(const struct scn_point *pt, run_resources freed,
    struct res_row *row, struct run_timing *timing, GError **error);

/* A run of a point with resources made free, and what came of it. */
struct run_rerun {
	run_resources freed;
	int64_t enough_bytes;	/* see struct world_config */
	struct res_row row;
};

/* run_told: so many reruns are done */
typedef void (*run_told)(void *arg, size_t n_done);

/*
 * run_again: one variant several times, side by side on all processors.
 *
 * => each row is what run_point would give
 * => told is called after each of them, in whatever order they end
 * => false and error: as run_point
 */
bool run_again(const struct scn_point *pt, struct run_rerun *reruns, size_t n,
    run_told told, void *arg, GError **error);

/*
 * run_record: what run_point does, with a recording of it.
 *
 * => the row is what run_point would give; timing may be NULL
 * => there is a recording, to be closed with rec_close, if the row's outcome is
 *    not RES_CRASHED or RES_TIMED_OUT
 * => false and error: as run_point; also a GFileError if the recording could
 *    not be kept
 */
bool run_record(const struct scn_point *pt, const struct rec_request *request,
    struct res_row *row, struct recording *recording,
    struct run_timing *timing, GError **error);

/* run_signal: the signal that interrupted a run, or 0 */
int run_signal(void);

#endif
