/*
 * What "trace show" prints of a recording.
 *
 * Stands for: the sections of its report, on standard output.
 * Owns: nothing.
 */
#ifndef SIM_CLI_TRACE_TEXT_H
#define SIM_CLI_TRACE_TEXT_H

#include "sim/trace/story.h"

void trace_text(const struct story *story);

#endif
