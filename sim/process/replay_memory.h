/*
 * The memory of a replayed process.
 *
 * Stands for: its buffers, mapped as they are first used, and the addresses of
 *	its mappings.
 * Units: bytes.  Owns: the two arrays.
 */
#ifndef SIM_PROCESS_REPLAY_MEMORY_H
#define SIM_PROCESS_REPLAY_MEMORY_H

#include "sim/process/process.h"
#include "sim/trace/story.h"

struct replay_memory {
	struct process *ps;
	const struct story_part *part;
	int64_t *buffers;	/* addresses; 0: none yet */
	int64_t *mappings;
	int64_t receive;
};

void replay_memory_init(struct replay_memory *memory, struct process *ps,
    const struct story_part *part);
void replay_memory_fini(struct replay_memory *memory);

/* replay_buffer: its address. => below 0: an error, and the process knows */
int64_t replay_buffer(struct replay_memory *memory, uint32_t i);

/* replay_receive_buffer: the one that requests are read into, the same */
int64_t replay_receive_buffer(struct replay_memory *memory, int64_t bytes);

#endif
