/*
 * Random streams: numbers that look drawn and are the same in every run.
 *
 * Stands for: chance (a frame lost on the way).  Each purpose has a stream of
 *	its own, so that drawing more for one changes nothing for another.
 * Mirrors: xoshiro256** 1.0 of Blackman and Vigna, period 2^256 - 1, its state
 *	filled by splitmix64 as they advise.
 * Leaves out: secrets; nobody must not be able to guess.
 * Units: integers; probabilities in 10^-9, so that one of 1 % is exact.
 * Owns: nothing.
 */
#ifndef MODELS_BASE_RANDOM_H
#define MODELS_BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#define RANDOM_CERTAIN	INT64_C(1000000000)	/* a probability of 1 */

struct random {
	uint64_t state[4];	/* never all zero */
};

/*
 * random_init: the stream of a seed for a purpose.
 *
 * => any two numbers will do; streams of other seeds or other purposes have
 *    nothing to do with it
 */
void random_init(struct random *random, uint64_t seed, uint64_t purpose);

/* random_next: 64 random bits */
uint64_t random_next(struct random *random);

/* random_below: one of 0 .. n-1, each as likely as any other. => n > 0 */
uint64_t random_below(struct random *random, uint64_t n);

/*
 * random_chance: does it happen?
 *
 * => p in 0 .. RANDOM_CERTAIN; one number is drawn whatever p is, so that of
 *    two runs that differ in p alone, what happens in the one of the smaller p
 *    happens in the other, too
 */
bool random_chance(struct random *random, int64_t p);

#endif
