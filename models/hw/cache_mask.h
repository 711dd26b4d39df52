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

/* mask_span: the lines from first to last, both included */
static inline struct cache_mask
mask_span(uint32_t first, uint32_t last)
{
	uint64_t from_first = UINT64_MAX << first % 64;
	uint64_t to_last = UINT64_MAX >> (63 - last % 64);

	if (last < 64)
		return (struct cache_mask){{from_first & to_last, 0}};
	if (first >= 64)
		return (struct cache_mask){{0, from_first & to_last}};
	return (struct cache_mask){{from_first, to_last}};
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

/* mask_count_in: the lines of m. => all of them are of whole, which has n */
static inline uint32_t
mask_count_in(struct cache_mask m, struct cache_mask whole, uint32_t n)
{
	/* nearly always all or none: no need to count */
	return m.w[0] == whole.w[0] && m.w[1] == whole.w[1] ? n :
	    mask_count(m);
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

/* mask_run64: the n lowest bits of a word if they stand side by side, or 0 */
static inline uint64_t
mask_run64(uint64_t x, uint32_t n)
{
	uint64_t lowest = x & -x;
	uint64_t highest = n <= 64 ? lowest << (n - 1) : 0;
	uint64_t run = highest | (highest - lowest);

	return highest != 0 && (x & run) == run ? run : 0;
}

/* mask_lowest64: the n lowest bits of a word. => it has at least n */
static inline uint64_t
mask_lowest64(uint64_t x, uint32_t n)
{
	uint64_t rest = x;

	while (n-- > 0)
		rest &= rest - 1;
	return x & ~rest;
}

/* mask_lowest: the n lowest lines. => n > 0, and there are more than n */
static inline struct cache_mask
mask_lowest(struct cache_mask m, uint32_t n)
{
	uint64_t run = mask_run64(m.w[0], n);
	uint32_t n_low;

	/* lines are nearly always used in runs */
	if (run != 0)
		return (struct cache_mask){{run, 0}};
	n_low = mask_count64(m.w[0]);
	if (n <= n_low)
		return (struct cache_mask){{mask_lowest64(m.w[0], n), 0}};
	n -= n_low;
	run = mask_run64(m.w[1], n);
	return (struct cache_mask){{m.w[0],
	    run != 0 ? run : mask_lowest64(m.w[1], n)}};
}

#endif
