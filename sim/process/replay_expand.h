/*
 * From one [process NAME] with program = replay to the processes of a story.
 *
 * Stands for: a configuration each for the recorded processes, on the board,
 *	and for their clients, beyond the network.
 * Owns: nothing; the story has to outlive the run.
 */
#ifndef SIM_PROCESS_REPLAY_EXPAND_H
#define SIM_PROCESS_REPLAY_EXPAND_H

#include "sim/process/process.h"
#include "sim/trace/story.h"

/*
 * story_expand: configurations like base are added to configs, an array of
 * struct process_config, those of the board first.
 *
 * => first_file: the number that the first of the story's files has on the
 *    board; the others follow
 * => base->port is the first one of the clients; they are called NAME-clients
 * => false: nothing was added, but to errors, texts "file: error: ..."
 */
bool story_expand(const struct story *story, const struct process_config *base,
    uint32_t first_file, GArray *configs, GPtrArray *errors);

/* story_n_files: how many files are sent from */
uint32_t story_n_files(const struct story *story);

/* story_file_at: number 1 .. story_n_files() of them */
const struct story_file *story_file_at(const struct story *story,
    uint32_t number);

/* story_descriptors: how many a process of it has open at a time, at most */
uint32_t story_descriptors(const struct story *story);

#endif
