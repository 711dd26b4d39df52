/*
 * Memory as the CPU sees it: byte ranges of named objects, read and written.
 *
 * Stands for: loads and stores of the kernel and of the program to the data
 *	this project is about: user pages, clusters, mbufs.
 * How: whoever moves data names the object, the range, and the view (the
 *	address space through which it looks at it).  The price is the bytes'
 *	traffic at the memory's read and write bandwidth.
 * Leaves out: caches.  Every access goes to memory, so a hot copy is as dear as
 *	a cold one; objects and views are named so that a cache can be put
 *	between without touching a caller.
 * Units: bytes.  Owns: nothing.  An object is embedded in what it stands for.
 */
#ifndef MODELS_HW_MEM_H
#define MODELS_HW_MEM_H

#include <stdint.h>

#include "models/base/cost.h"

/* One piece of memory that is cached on its own: a page, a cluster, an mbuf. */
struct mem_object {
	uint32_t bytes;		/* its size */
};

/* The mapping through which an access is made; aliases of one object differ. */
enum mem_view {
	MEM_USER,		/* the program's own mapping */
	MEM_KERNEL,		/* the kernel's ordinary mapping */
	MEM_LOAN		/* the kernel window of a loan */
};

struct mem_range {
	const struct mem_object *object;
	uint32_t offset;
	uint32_t bytes;
	enum mem_view view;
};

/*
 * mem_read, mem_write: add the traffic of one access to a step's cost.
 *
 * => the range lies within its object (checked)
 */
void mem_read(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range);
void mem_write(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range);

/*
 * mem_copy: a copy loop: instructions, read of the source, write of the target.
 *
 * => both ranges have the same length
 */
void mem_copy(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range from, struct mem_range to);

#endif
