/*
 * Loss by chance: each frame on its own, or in bursts.
 *
 * Stands for: a bad stretch of the way: noise, fading, a queue out of sight.
 * Mirrors: E. N. Gilbert, "Capacity of a Burst-Noise Channel", 1960, with all
 *	frames lost in the bad state and none in the good one.
 * How: a state, good or bad, that changes from frame to frame:
 *
 *	      a
 *	good ---> bad		bad ends with each frame with chance b: a burst
 *	     <---		of mean length L has b = 1 / L
 *	      b			the share of bad frames is p = a / (a + b):
 *				a = b p / (1 - p) = p / ((1 - p) L)
 *
 *	Bursts of L = 1 / (1 - p) are those of chance alone: a = p, b = 1 - p.
 *	No shorter ones are asked for, so that a and b are probabilities; the
 *	state before the first frame is bad with chance p, so that p is the loss
 *	of every frame, the first included.  Both chances are quotients of
 *	integers, and drawn as such: nothing is rounded.
 * Leaves out: frames that arrive damaged; a wrong FCS or checksum loses them.
 * Units: p in 10^-9, bursts in thousandths of a frame.  Owns: nothing.
 */
#ifndef MODELS_HW_PATH_LOSS_H
#define MODELS_HW_PATH_LOSS_H

#include "models/base/random.h"

#define PATH_BURST_NONE	INT64_C(1000)	/* each frame on its own */

struct path_loss_config {
	int64_t p;		/* 0 .. RANDOM_CERTAIN; 0: nothing is lost */
	int64_t burst_milli;	/* PATH_BURST_NONE, or so long that
				 * path_loss_is_possible() */
};

struct path_loss {
	struct path_loss_config config;
	struct random random;
	bool is_bad;
};

/* path_loss_is_possible: no bursts, or none shorter than chance makes them */
bool path_loss_is_possible(const struct path_loss_config *config);

/* path_loss_init: => config is possible; the stream is the caller's choice */
void path_loss_init(struct path_loss *loss,
    const struct path_loss_config *config, uint64_t seed, uint64_t purpose);

/* path_loss_next: is the next frame lost? */
bool path_loss_next(struct path_loss *loss);

#endif
