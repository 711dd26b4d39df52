/*
 * What a run says of recordings that it did not do all of.
 *
 * Stands for: one line on stderr for each recording of which calls that move
 *	bytes were left out, or calls were not understood.
 * Owns: nothing.
 */
#ifndef SIM_CLI_REPLAY_REMARK_H
#define SIM_CLI_REPLAY_REMARK_H

#include "sim/cli/outcome.h"

/* cli_remark_replays: of all points of the batch, each recording once */
void cli_remark_replays(const struct cli_batch *batch);

#endif
