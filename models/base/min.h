/*
 * The lesser of two numbers, by type, so that no conversion hides in it.
 */
#ifndef MODELS_BASE_MIN_H
#define MODELS_BASE_MIN_H

#include <stdint.h>

static inline int64_t
min_i64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline uint32_t
min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

#endif
