/*
 * What "trace scenario" prints of a recording.
 *
 * Stands for: a scenario that asks of it what loans and mmap would bring, ready
 *	to run, on standard output.
 * Owns: nothing.
 */
#ifndef SIM_CLI_TRACE_SCENARIO_H
#define SIM_CLI_TRACE_SCENARIO_H

#include "sim/trace/story.h"

/* trace_scenario: of a story; an exit code, with the message on stderr */
int trace_scenario(const struct story *story);

#endif
