/*
 * Expectations on the command line: what "run" and "run --check" say of them.
 *
 * Streams: all of it is talk, on stderr; results stay what they are.
 */
#ifndef SIM_CLI_EXPECTATIONS_H
#define SIM_CLI_EXPECTATIONS_H

#include "sim/cli/outcome.h"

/*
 * cli_tell_expectations: say which expectations are missed, and with check how
 * many are met.
 *
 * => the batch has run
 * => quiet: only what makes the command fail is said
 * => CLI_OK, or with check CLI_MISSED if one is missed
 */
int cli_tell_expectations(const struct cli_batch *batch, bool check,
    bool quiet);

#endif
