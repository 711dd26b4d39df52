/*
 * Recordings that are read once, whoever asks for them.
 *
 * Stands for: a check of a scenario, and each of its runs, want the same one.
 * Owns: the stories, as long as the program runs.
 */
#ifndef SIM_TRACE_STORY_SHARED_H
#define SIM_TRACE_STORY_SHARED_H

#include "sim/trace/story.h"

/* story_shared: as story_load(); NULL is not remembered. => not to be freed */
const struct story *story_shared(const char *path, GPtrArray *errors);

#endif
