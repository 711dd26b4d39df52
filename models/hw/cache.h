/*
 * Data caches: which lines of which memory the processor still has at hand.
 *
 * Stands for: a first-level and an optional second-level data cache.
 * How: an LRU list of *extents*.  An extent is one named object (a page, a
 *	cluster, an mbuf) under one mapping, with a mask of the lines that are
 *	valid and one of those that are dirty.  Capacity is counted in lines;
 *	room is made line by line at the end of the list.  A miss costs exactly
 *	the lines that were missing.
 *	A virtually indexed first level holds a line once for each mapping under
 *	which it was touched; a physically indexed one, and the second level,
 *	hold it once.
 *	The memory of an object that is free stays where it is, and so do its
 *	lines: a cluster that was just freed is hot for who gets it next.
 * Leaves out: sets and their conflicts (the list is fully associative: right
 *	for the 32 ways of an XScale, too kind to a direct-mapped cache); the
 *	age of single lines (whoever touches a part of an extent makes all of it
 *	recent: kind to a loop over a little more than the cache holds);
 *	instruction fetches; traffic of code and stack; the flush of a
 *	virtually indexed cache when another process runs.
 * Units: bytes and lines.  Owns: nothing.  Borrows: the objects, each of which
 *	has its extents in itself.
 */
#ifndef MODELS_HW_CACHE_H
#define MODELS_HW_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/hw/cache_mask.h"

enum {
	CACHE_LEVELS = 2,
	CACHE_MAX_OBJECT_BYTES = 4096	/* a page; CACHE_MAX_LINES of 32 */
};

/* The mapping through which an access is made; aliases of one object differ. */
enum mem_view {
	MEM_KERNEL,		/* the kernel's ordinary mapping */
	MEM_USER,		/* the program's own mapping */
	MEM_LOAN,		/* the kernel window of a loan */
	MEM_N_VIEWS
};

/* What a level holds of an object; in the level's list if that is anything. */
struct cache_extent {
	struct cache_extent *newer;
	struct cache_extent *older;
	struct cache_mask valid;
	struct cache_mask dirty;
	uint32_t n_valid;
	uint32_t slot;		/* its index in the object */
};

/*
 * The second level holds an object once; the first, once a view if it is
 * virtually indexed, else as the first view.
 */
enum {
	CACHE_L2_SLOT,
	CACHE_L1_SLOT,
	CACHE_N_SLOTS = CACHE_L1_SLOT + MEM_N_VIEWS
};

/* One piece of memory that is cached on its own: a page, a cluster, an mbuf. */
struct mem_object {
	uint32_t bytes;		/* its size, CACHE_MAX_OBJECT_BYTES at most */
	/* a bit for each slot: no other holds anything, or what is dirty */
	uint16_t may_hold;
	uint16_t may_be_dirty;
	struct cache_extent cached[CACHE_N_SLOTS];
};

enum cache_policy { CACHE_WRITE_BACK, CACHE_WRITE_THROUGH };

/*
 * Mistakes that a kernel may make when it cleans (mem_clean), for tests of what
 * notices them; no scenario has them.
 */
enum cache_mistake {
	CACHE_NO_MISTAKE,
	CACHE_NOT_CLEANED,
	CACHE_WRONG_ALIAS	/* cleaned under a mapping nobody stored by */
};

struct cache_config {
	int64_t bytes[CACHE_LEVELS];	/* 4096 at least; second: or 0, none */
	int64_t line_bytes;		/* 32, 64 or 128 */
	enum cache_policy policy;
	bool write_allocate;
	bool is_virtual;		/* index and tags of the first level */
};

struct cache_level {
	uint32_t capacity;		/* lines */
	uint32_t used;
	struct cache_extent *newest;
	struct cache_extent *oldest;
};

/* What an access, or a clean, makes the levels below do. */
struct cache_traffic {
	uint32_t l2_lines;	/* moved between the levels */
	uint32_t fill_lines;	/* read from memory: each a miss */
	uint32_t back_lines;	/* dirty lines written to memory */
	uint32_t through_bytes;	/* written past all levels */
};

struct cache {
	struct cache_config config;
	enum cache_mistake mistake;	/* of a test */
	uint32_t line_shift;
	struct cache_level level[CACHE_LEVELS];
};

void cache_init(struct cache *cache, const struct cache_config *config);

/*
 * cache_access: the processor reads or writes a range.
 *
 * => the range lies within the object
 * => adds to *traffic what it takes
 */
void cache_access(struct cache *cache, struct mem_object *object,
    uint32_t offset, uint32_t bytes, enum mem_view view, bool is_write,
    struct cache_traffic *traffic);

/*
 * cache_clean: write dirty lines of a range back; they stay valid.
 *
 * => of one mapping, as a driver cleans before DMA
 * => returns the lines looked at, dirty or not
 */
uint32_t cache_clean(struct cache *cache, struct mem_object *object,
    uint32_t offset, uint32_t bytes, enum mem_view view,
    struct cache_traffic *traffic);

/* cache_forget: drop the lines of one mapping, which must not be dirty. */
void cache_forget(struct cache *cache, struct mem_object *object,
    enum mem_view view);

/* cache_discard: drop all lines of an object, dirty ones unwritten. */
void cache_discard(struct cache *cache, struct mem_object *object);

/* cache_is_dirty: is any line of the range dirty, under whatever mapping? */
bool cache_is_dirty(const struct cache *cache,
    const struct mem_object *object, uint32_t offset, uint32_t bytes);

#endif
