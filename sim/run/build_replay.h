/*
 * Replays: from a group of a scenario to processes, clients and files.
 *
 * Stands for: the part of build.h that needs recordings.
 * Owns: nothing.
 */
#ifndef SIM_RUN_BUILD_REPLAY_H
#define SIM_RUN_BUILD_REPLAY_H

#include "models/world.h"
#include "sim/process/replay_expand.h"
#include "sim/scenario/scenario.h"

/* replay_of: what group i replays, or NULL if it is another program */
const struct story *replay_of(const struct scn_point *pt, size_t i);

/*
 * replay_build: the processes and clients of a story, each like base.
 *
 * => story_n_configs() of them; first_file: see story_expand()
 */
void replay_build(const struct story *story, const struct process_config *base,
    uint32_t first_file, struct process_config *configs);

/* replay_files: files of all groups are added, numbered from first_file on */
void replay_files(const struct scn_point *pt, uint32_t first_file,
    GArray *files);

#endif
