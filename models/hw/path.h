/*
 * The path: what happens to frames between the end of a wire and the receiver.
 *
 * Stands for: the rest of the way, one direction of it: whatever loses, delays,
 *	reorders and copies packets, and the narrowest hop with its queue.
 *
 *	wire --> list --> chance --> queue, hop --> delay --> held? --> copied?
 *	          |         |          |                                  |
 *	        listed     lost    queue full                         receiver
 *
 * How: the hop is a link (hw/link.h), FIFO by arithmetic: it takes a frame when
 *	its last bit is there, and sends it when those before it and their gaps
 *	are through.  Waiting for that is waiting in the queue; being sent is
 *	not.  A frame that is held back comes later by one constant, so both
 *	the frames on their way and those held back stay in order among
 *	themselves: two rings, and one event for the earlier of their heads.
 *	Frames of one date arrive in the order in which they came; a frame that
 *	nothing delays arrives at once, without an event.
 * Chance: a stream each for loss, for reordering and for copies, in each
 *	direction, so that turning one on does not change the others.
 * Leaves out: other traffic in the queue, queues that drop early, wrong bits,
 *	routes that change.  A copy or a late frame may arrive closer to another
 *	than a wire would let it.
 * Units: ps, bit/s, frames; probabilities in 10^-9.
 * Owns: the frames under way on it.
 */
#ifndef MODELS_HW_PATH_H
#define MODELS_HW_PATH_H

#include "models/hw/path_drops.h"
#include "models/hw/path_loss.h"
#include "models/hw/wire.h"

struct path_config {
	struct path_drops_config drops;
	struct path_loss_config loss;
	int64_t reorder;	/* probability of being held back */
	sim_time reorder_delay;	/* by so much */
	int64_t duplicate;	/* probability of a copy right behind */
	int64_t bits_per_s;	/* of the hop; 0: there is none */
	int64_t queue_limit;	/* frames that may wait for it, at least 1 */
	sim_time delay;		/* one way, behind the hop */
	uint64_t seed;
};

/* Numbers the random streams. */
enum path_direction { PATH_TO_PEER, PATH_TO_BOARD };

struct path_entry {
	sim_time at;
	uint64_t order;		/* among frames of one date */
	struct frame frame;
};

/* Frames in the order of their dates; grows, and never shrinks. */
struct path_ring {
	struct path_entry *entries;	/* a power of two of them */
	uint32_t size;
	uint32_t head;
	uint32_t n;
};

/* Dates at which frames leave the queue, of those that may still wait. */
struct path_queue {
	sim_time *leaves_at;	/* a power of two of entries */
	uint32_t size;
	uint32_t head;
	uint32_t n;
};

/* in + duplicated = out + lost + listed + queue drops + under way */
struct path_stats {
	int64_t n_in;
	int64_t n_listed;	/* lost: the list says so */
	int64_t n_lost;		/* by chance */
	int64_t n_queue_drops;
	int64_t n_reordered;	/* held back */
	int64_t n_duplicated;	/* copies made */
	int64_t n_out;
};

struct path {
	struct calendar *cal;
	struct path_config config;
	struct path_drops drops;
	struct path_loss loss;
	struct random reorder;
	struct random duplicate;
	struct link hop;
	struct path_queue queue;
	struct path_ring straight;
	struct path_ring held;
	uint64_t next_order;
	struct cal_event arrival;	/* of the earlier head */
	sim_time arrives_at;	/* while that is scheduled */
	struct path_stats stats;
	void (*deliver)(void *arg, const struct frame *frame);
	void *arg;
};

/* path_is_clean: does nothing at all happen to any frame? */
bool path_is_clean(const struct path_config *config);

/*
 * path_init: a path that hands frames to deliver(arg, frame).
 *
 * => a path that is not used need not be initialized but be all zero, for
 *    path_fini and path_audit as well
 */
void path_init(struct path *path, struct calendar *cal,
    const struct path_config *config, enum path_direction direction,
    void (*deliver)(void *arg, const struct frame *frame), void *arg);
void path_fini(struct path *path);

/* path_receive: a frame reaches the end of the wire. => arg: the path */
void path_receive(void *arg, const struct frame *frame);

/* path_under_way: frames that have yet to arrive */
int64_t path_under_way(const struct path *path);

/* path_unmatched_drops: entries of the list that have lost nothing */
uint32_t path_unmatched_drops(const struct path *path);

#endif
