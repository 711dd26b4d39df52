#include "models/base/random.h"

#include "models/base/check.h"

/* 2^64 over the golden ratio, odd: splitmix64's step */
#define GOLDEN	UINT64_C(0x9e3779b97f4a7c15)

/* splitmix64's output: a permutation of the 64-bit numbers, well mixed */
static uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t
rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

/*
 * The seed is mixed before the purpose comes in: neighbours in either are as
 * far apart as any.  Four outputs of a permutation differ, so that at most one
 * is zero.
 */
void
random_init(struct random *random, uint64_t seed, uint64_t purpose)
{
	uint64_t z = mix(mix(seed + GOLDEN) + purpose);

	for (int i = 0; i < 4; i++)
		random->state[i] = mix(z += GOLDEN);
}

uint64_t
random_next(struct random *random)
{
	uint64_t *s = random->state;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return result;
}

/*
 * 2^64 is no multiple of most n: the first 2^64 mod n numbers are thrown away,
 * and what is left is.
 */
uint64_t
random_below(struct random *random, uint64_t n)
{
	uint64_t surplus, drawn;

	CHECK(n > 0, "there is something to choose from");
	surplus = (0 - n) % n;
	do {
		drawn = random_next(random);
	} while (drawn < surplus);
	return drawn % n;
}

bool
random_chance(struct random *random, int64_t p)
{
	CHECK(p >= 0 && p <= RANDOM_CERTAIN, "a probability is one");
	return random_below(random, (uint64_t)RANDOM_CERTAIN) < (uint64_t)p;
}
