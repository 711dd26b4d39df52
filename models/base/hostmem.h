/*
 * Memory of the machine that simulates, for what there is much of.
 *
 * How: whole lines of its caches; and if it is enough, whole huge pages, whose
 *	use somebody who knows the system may advise: with thousands of
 *	connections much of the time goes into finding out where small pages
 *	are.
 * Units: bytes.  Owns: nothing: free() gives it back.
 */
#ifndef MODELS_BASE_HOSTMEM_H
#define MODELS_BASE_HOSTMEM_H

#include <stddef.h>

enum {
	HOSTMEM_LINE = 64,
	HOSTMEM_HUGE = 2 << 20	/* from here on, and multiples of it */
};

/* hostmem_rounded: up to a multiple */
static inline size_t
hostmem_rounded(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

/* What advises huge pages for fresh memory, or NULL. */
extern void (*hostmem_advise)(void *memory, size_t bytes);

/*
 * hostmem_zeroed: => aligned to a line, or to a huge page if it has one; all
 * zero; never NULL
 */
void *hostmem_zeroed(size_t bytes, const char *what);

#endif
