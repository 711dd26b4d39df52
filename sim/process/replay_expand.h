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

/* What a board has that a replay may lack. */
struct replay_limits {
	uint16_t port;		/* the first one of its clients */
	int64_t disk_bytes;
	int64_t open_max;	/* descriptors of a process */
};

/*
 * story_check: can it be replayed? => false: errors got the reasons, texts of
 * one sentence each
 */
bool story_check(const struct story *story, const struct replay_limits *limits,
    GPtrArray *errors);

/* story_n_configs: how many story_expand() will add */
size_t story_n_configs(const struct story *story);

/*
 * story_expand: configurations like base are added to configs, an array of
 * struct process_config, those of the board first.
 *
 * => story_check() has been passed
 * => first_file: the number that the first of the story's files has on the
 *    board; the others follow
 * => base->port is the first one of the clients; they are called NAME-clients
 */
void story_expand(const struct story *story, const struct process_config *base,
    uint32_t first_file, GArray *configs);

/* story_n_files: how many files are sent from */
uint32_t story_n_files(const struct story *story);

/* story_file_at: number 1 .. story_n_files() of them */
const struct story_file *story_file_at(const struct story *story,
    uint32_t number);

/* story_descriptors: how many a process of it has open at a time, at most */
uint32_t story_descriptors(const struct story *story);

#endif
