/*
 * Rank 0 of a sweep: it owns the scenario and the store, and hands out points.
 *
 * Stands for: sweep_run() (sweep/sweep.h) with the children on other ranks: a
 *	rank gets a point as soon as one of its seats is free.  A job of one
 *	rank runs them itself.
 * Scenario: a point travels as its full text (scn_dump()), so that only rank 0
 *	reads files; the others need none, and cannot have other ones.
 * Errors: as sweep_run(); also RUN_ERROR_SYSTEM with the name of a rank that is
 *	another program or can run nothing more.
 * Owns: nothing between calls.
 */
#ifndef SIM_MPI_MASTER_H
#define SIM_MPI_MASTER_H

#include "sim/sweep/sweep.h"

/* master_run: all missing points; see sweep_run() */
bool master_run(struct sweep *sweep, const struct run_limits *limits,
    GError **error);

/*
 * master_dismiss: end the other ranks, whatever they do.
 *
 * => once, also when no point was run
 * => ranks that do not answer for seconds are killed, and this one with them;
 *    status is the job's exit code then
 */
void master_dismiss(int status);

#endif
