/*
 * Masks of the lines of one object.
 *
 * Stands for: the valid bits, or the dirty bits, of up to 128 lines.
 * Units: lines, counted from the object's first.  Owns: nothing.
 */
#ifndef MODELS_HW_CACHE_MASK_H
#define MODELS_HW_CACHE_MASK_H

#include <stdbool.h>
#include <stdint.h>

enum { CACHE_MAX_LINES = 128 };

struct cache_mask {
	uint64_t w[2];
};

/* mask_below: the first n lines. => n <= CACHE_MAX_LINES */
static inline struct cache_mask
mask_below(uint32_t n)
{
	struct cache_mask m = {{0, 0}};

	m.w[0] = n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
	if (n > 64)
		m.w[1] = n >= 128 ? UINT64_MAX : (UINT64_C(1) << (n - 64)) - 1;
	return m;
}

/*
 * mask_count64: bits set in a word.  Added up in parallel within the word: the
 * compiler's own means a call where the processor is not known to count.
 */
static inline uint32_t
mask_count64(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) +
	    (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (uint32_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

static inline uint32_t
mask_count(struct cache_mask m)
{
	return mask_count64(m.w[0]) + mask_count64(m.w[1]);
}

static inline bool
mask_is_empty(struct cache_mask m)
{
	return (m.w[0] | m.w[1]) == 0;
}

static inline bool
mask_has(struct cache_mask m, uint32_t line)
{
	return (m.w[line / 64] >> line % 64 & 1) != 0;
}

static inline struct cache_mask
mask_and(struct cache_mask a, struct cache_mask b)
{
	return (struct cache_mask){{a.w[0] & b.w[0], a.w[1] & b.w[1]}};
}

static inline struct cache_mask
mask_or(struct cache_mask a, struct cache_mask b)
{
	return (struct cache_mask){{a.w[0] | b.w[0], a.w[1] | b.w[1]}};
}

/* mask_without: the lines of a that are not in b */
static inline struct cache_mask
mask_without(struct cache_mask a, struct cache_mask b)
{
	return (struct cache_mask){{a.w[0] & ~b.w[0], a.w[1] & ~b.w[1]}};
}

/* mask_lowest: the n lowest lines, or all if there are no more than n */
static inline struct cache_mask
mask_lowest(struct cache_mask m, uint32_t n)
{
	struct cache_mask rest = m;

	for (int i = 0; i < 2; i++) {
		uint32_t all = mask_count64(m.w[i]);

		if (all <= n) {
			rest.w[i] = 0;
			n -= all;
		}
		for (; n > 0 && rest.w[i] != 0; n--)
			rest.w[i] &= rest.w[i] - 1;
	}
	return mask_without(m, rest);
}

#endif
