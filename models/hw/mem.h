/*
 * Memory as the CPU sees it: byte ranges of named objects, read and written.
 *
 * Stands for: loads and stores of the kernel and of the program to the data
 *	this project is about: user pages, clusters, mbufs.
 * How: whoever moves data names the object, the range, and the view (the
 *	address space through which it looks at it).  The caches (hw/cache.h)
 *	say what that makes them read from memory and write to it; the price is
 *	that traffic at the memory's bandwidths, the latency of the misses, and
 *	the moves between the cache levels.
 * Leaves out: what an access does that no workload here makes: loads of a
 *	program.
 * Units: bytes.  Owns: nothing.  An object is embedded in what it stands for.
 */
#ifndef MODELS_HW_MEM_H
#define MODELS_HW_MEM_H

#include <stdint.h>

#include "models/base/cost.h"
#include "models/hw/cache.h"

struct mem_range {
	struct mem_object *object;
	uint32_t offset;
	uint32_t bytes;
	enum mem_view view;
};

/*
 * mem_read, mem_write: add the price of one access to a step's cost.
 *
 * => the range lies within its object (checked)
 * => what the access evicts is written back at its expense
 */
void mem_read(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range);
void mem_write(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range);

/*
 * mem_clean: write the dirty lines of a range back, for DMA or for an alias.
 *
 * => each line costs an operation, dirty or not; booked under cache_clean
 * => no effect without a cache
 */
void mem_clean(struct cost *cost, const struct cost_model *model,
    struct mem_range range);

/*
 * mem_clean_alias: the same, where it is needed so that another mapping sees
 * what was stored: if the first level is virtually indexed.
 */
void mem_clean_alias(struct cost *cost, const struct cost_model *model,
    struct mem_range range);

/* mem_unmapped: a mapping of an object goes, and so do its lines. */
void mem_unmapped(const struct cost_model *model, struct mem_object *object,
    enum mem_view view);

/*
 * mem_replaced: DMA has stored into an object: what caches had of it is void.
 *
 * => free of charge: hardware does it, or the driver has before it gave the
 *    memory to the controller
 */
void mem_replaced(const struct cost_model *model, struct mem_object *object);

/*
 * mem_copy: a copy loop: instructions, read of the source, write of the target.
 *
 * => both ranges have the same length
 */
void mem_copy(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range from, struct mem_range to);

#endif
