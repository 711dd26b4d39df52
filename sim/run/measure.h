/*
 * From a world that is over to a row of results.
 *
 * Stands for: the definitions of all columns (result.h) in terms of the models'
 *	counters, and the audit that decides whether the row may be believed.
 * Units: as result.h.
 */
#ifndef SIM_RUN_MEASURE_H
#define SIM_RUN_MEASURE_H

#include "models/world.h"
#include "sim/run/result.h"

/*
 * measure: audit a world, and read its counters.
 *
 * => world_advance has said WORLD_OVER
 * => row->variant is left alone; outcome and reason are set
 */
void measure(struct world *world, struct res_row *row);

#endif
