/*
 * How a run has come to its end, in words.
 *
 * Stands for: its outcome, the audit's verdict, and what no column tells:
 *	programs that gave up or were ended, calls that found no descriptor,
 *	lists of frames that never came by.
 * Units: one line each.
 */
#ifndef SIM_RUN_REMARKS_H
#define SIM_RUN_REMARKS_H

#include "models/world.h"
#include "sim/run/result.h"

/*
 * remarks: set outcome and reason of a row.
 *
 * => world_advance has said WORLD_OVER; what does not fit the reason is left
 *    out
 */
void remarks(struct world *world, struct res_row *row);

#endif
