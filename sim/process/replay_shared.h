/*
 * What several connections of a replayed process have in common.
 *
 * Stands for: files that are opened, read or mapped once and sent to several:
 *	a cache of the program.  Who needs one first makes it, whoever did so in
 *	the recording; behind the last who sends from it, it is given up.
 * Leaves out: parts of a mapping that were given up before the others: they go
 *	with the last.
 * Units: none.  Owns: its tables.
 */
#ifndef SIM_PROCESS_REPLAY_SHARED_H
#define SIM_PROCESS_REPLAY_SHARED_H

#include "sim/process/replay_op.h"

struct shared_thing;

struct replay_shared {
	struct replay *r;
	struct shared_thing *things;	/* handles, mappings, buffers read */
	uint32_t *next;			/* of operations, the same thing's */
};

/* shared_init: => what was done before the first connection is done */
void shared_init(struct replay_shared *shared, struct replay *r);
void shared_fini(struct replay_shared *shared);

/* shared_need: an operation can begin then. => below 0: as replay_whole */
int64_t shared_need(struct replay_shared *shared, const struct story_op *op);

/* shared_used: it is through. => the same */
int64_t shared_used(struct replay_shared *shared, const struct story_op *op);

/* shared_forget: give up what nobody will use. => the same */
int64_t shared_forget(struct replay_shared *shared);

#endif
