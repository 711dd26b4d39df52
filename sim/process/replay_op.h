/*
 * The operations of a replay, call by call.
 *
 * Stands for: what replay.c and replay_events.c have in common: a process at
 *	work, and one call of one of its operations.
 * Units: bytes, ps.  Owns: the replay's arrays.
 */
#ifndef SIM_PROCESS_REPLAY_OP_H
#define SIM_PROCESS_REPLAY_OP_H

#include "sim/process/replay_memory.h"
#include "sim/process/sys.h"
#include "sim/trace/story.h"

struct replay {
	struct process *ps;
	const struct story *story;
	const struct story_process *process;
	const struct story_part *part;
	struct sys_sockopts opts;
	int *fds;		/* of handles */
	int64_t *ahead;		/* came before it was asked for, of handles */
	int *listeners;		/* of lanes */
	struct replay_memory memory;
};

/* How far an operation has come. */
struct replay_progress {
	uint32_t piece;		/* all before it have been taken, */
	int64_t into;		/* ... and so much of it, or of the file */
	uint32_t n_filled;	/* pieces that have been stored to */
	bool is_short;		/* the last call took less than it could */
	bool is_through;
};

/*
 * replay_try: the next call of an operation.
 *
 * => at: all zero before the first one
 * => below 0: the call's error; SYS_EWOULDBLOCK only if the socket may say so
 */
int64_t replay_try(struct replay *r, const struct story_op *op,
    struct replay_progress *at);

/* replay_whole: all of it. => below 0: an error, and the process knows */
int64_t replay_whole(struct replay *r, const struct story_op *op);

/* replay_listener: the descriptor that its connection comes from */
int replay_listener(const struct replay *r, const struct story_op *op);

/* replay_think: the pause before it, if those are kept. => false: the end */
bool replay_think(struct replay *r, const struct story_op *op);

/*
 * replay_events: the whole process, if it waits for events (replay_events.c).
 *
 * => its listeners are there
 */
void replay_events(struct replay *r);

#endif
