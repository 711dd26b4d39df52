/*
 * From a scenario's point to a world and its processes.
 *
 * Stands for: the one place where scenario keys become what the models are
 *	configured with.
 * Units: those of scenario.h in, those of the models out; nothing is rounded.
 * Owns: the caller frees the processes' array with g_free.
 */
#ifndef SIM_RUN_BUILD_H
#define SIM_RUN_BUILD_H

#include "models/world.h"
#include "sim/process/process.h"
#include "sim/scenario/scenario.h"

/* build_world: what the models need to know. */
struct world_config build_world(const struct scn_point *pt);

/*
 * build_processes: those of each group, one after the other, n of them in all.
 *
 * => those of one group have one name; names live as long as pt
 * => the lists of files lie in the same memory
 */
struct process_config *build_processes(const struct scn_point *pt, size_t *n);

/* build_files: those of [file NAME] groups, numbered from 1 on; g_free them */
struct file_config *build_files(const struct scn_point *pt, size_t *n);

/* build_wire_rate: B/s of payload, full segments back to back */
struct ratio build_wire_rate(const struct world_config *config);

/*
 * build_platform: the SimGrid platform that clients are on. => false: none,
 * they are around a star
 */
struct eng_platform;
bool build_platform(const struct scn_point *pt, struct eng_platform *platform);

#endif
