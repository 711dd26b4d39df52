/*
 * explain --run --limits: what limits each variant, by running it again with
 * one resource after the other free.
 *
 * Stands for: the table of throughputs and gains, and the sentence over it.
 * Owns: nothing.
 */
#ifndef SIM_CLI_EXPLAIN_LIMITS_H
#define SIM_CLI_EXPLAIN_LIMITS_H

#include "sim/cli/outcome.h"

/*
 * explain_limits: run all that it takes, and print it, for a batch that ran.
 *
 * => an exit code, all said: CLI_BUG if a rerun failed, which leaves a "-"
 */
int explain_limits(const struct cli_batch *batch);

#endif
