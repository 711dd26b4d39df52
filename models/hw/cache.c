#include "models/hw/cache.h"

#include <string.h>

#include "models/base/check.h"

enum { L1, L2 };

static uint32_t
shift_of(int64_t line_bytes)
{
	uint32_t shift = 0;

	while (INT64_C(1) << shift < line_bytes)
		shift++;
	return shift;
}

void
cache_init(struct cache *cache, const struct cache_config *config)
{
	memset(cache, 0, sizeof *cache);
	cache->config = *config;
	CHECK(config->line_bytes == 32 || config->line_bytes == 64 ||
	    config->line_bytes == 128, "a line has 32, 64 or 128 bytes");
	CHECK(config->bytes[L1] != 0, "there is a first level");
	cache->line_shift = shift_of(config->line_bytes);
	for (int i = 0; i < CACHE_LEVELS; i++) {
		CHECK(config->bytes[i] == 0 ||
		    config->bytes[i] >= CACHE_MAX_OBJECT_BYTES,
		    "a level holds the largest object whole");
		cache->level[i].capacity =
		    (uint32_t)(config->bytes[i] / config->line_bytes);
	}
}

/* How many lines a range touches, and which. => bytes > 0 */
static inline uint32_t
lines_of(const struct cache *cache, uint32_t offset, uint32_t bytes)
{
	return ((offset + bytes - 1) >> cache->line_shift) -
	    (offset >> cache->line_shift) + 1;
}

static inline struct cache_mask
mask_of(const struct cache *cache, uint32_t offset, uint32_t bytes)
{
	CHECK(offset + bytes <= CACHE_MAX_OBJECT_BYTES,
	    "a mask has bits for the whole object");
	return mask_span(offset >> cache->line_shift,
	    (offset + bytes - 1) >> cache->line_shift);
}

/*
 * The list of extents of a level, newest first.
 */
static void
unlink_extent(struct cache_level *level, struct cache_extent *e)
{
	if (e->newer != NULL)
		e->newer->older = e->older;
	else
		level->newest = e->older;
	if (e->older != NULL)
		e->older->newer = e->newer;
	else
		level->oldest = e->newer;
}

static void
link_newest(struct cache_level *level, struct cache_extent *e)
{
	e->newer = NULL;
	e->older = level->newest;
	if (level->newest != NULL)
		level->newest->newer = e;
	else
		level->oldest = e;
	level->newest = e;
}

static inline uint32_t
l1_slot(const struct cache *cache, enum mem_view view)
{
	return cache->config.is_virtual ? CACHE_L1_SLOT + view : CACHE_L1_SLOT;
}

static inline struct cache_extent *
l1_extent(const struct cache *cache, struct mem_object *object,
    enum mem_view view)
{
	return &object->cached[l1_slot(cache, view)];
}

static inline struct cache_extent *
l2_extent(struct mem_object *object)
{
	return &object->cached[CACHE_L2_SLOT];
}

static inline uint16_t
bit_of(uint32_t slot)
{
	return (uint16_t)(1u << slot);
}

static inline int
level_of(const struct cache_extent *e)
{
	return e->slot == CACHE_L2_SLOT ? L2 : L1;
}

static inline struct mem_object *
object_of(struct cache_extent *e)
{
	return (struct mem_object *)(void *)((char *)(e - e->slot) -
	    offsetof(struct mem_object, cached));
}

/* It is to hold something: it becomes the newest of its level. */
static inline void
use_extent(struct cache_level *level, struct cache_extent *e, uint32_t slot)
{
	if (e == level->newest)
		return;
	if (e->n_valid > 0)
		unlink_extent(level, e);
	e->slot = slot;
	link_newest(level, e);
}

static void
release_extent(struct cache *cache, struct cache_extent *e)
{
	struct cache_level *level = &cache->level[level_of(e)];

	level->used -= e->n_valid;
	unlink_extent(level, e);
	e->n_valid = 0;
	e->valid = e->dirty = mask_below(0);
}

static inline void
add_dirty(struct mem_object *object, struct cache_extent *e,
    struct cache_mask lines)
{
	object->may_be_dirty |= bit_of(e->slot);
	e->dirty = mask_or(e->dirty, lines);
}

/*
 * Moving lines.  What leaves the first level dirty goes to the second if there
 * is one, else to memory.
 */
static void add_lines(struct cache *cache, struct cache_extent *e,
    struct cache_mask missing, uint32_t n, struct cache_traffic *traffic);

static struct cache_extent *
use_l1(struct cache *cache, struct mem_object *object, enum mem_view view)
{
	uint32_t slot = l1_slot(cache, view);

	object->may_hold |= bit_of(slot);
	use_extent(&cache->level[L1], &object->cached[slot], slot);
	return &object->cached[slot];
}

static struct cache_extent *
use_l2(struct cache *cache, struct mem_object *object)
{
	struct cache_extent *e = l2_extent(object);

	object->may_hold |= bit_of(CACHE_L2_SLOT);
	use_extent(&cache->level[L2], e, CACHE_L2_SLOT);
	return e;
}

/* Lines that the second level is to hold, and are dirty there. */
static void
put_in_l2(struct cache *cache, struct mem_object *object,
    struct cache_mask lines, struct cache_traffic *traffic)
{
	struct cache_extent *e = use_l2(cache, object);
	struct cache_mask missing = mask_without(lines, e->valid);

	if (!mask_is_empty(missing))
		add_lines(cache, e, missing, mask_count(missing), traffic);
	add_dirty(object, e, lines);
}

static void
write_below(struct cache *cache, struct cache_extent *e,
    struct cache_mask lines, struct cache_traffic *traffic)
{
	if (level_of(e) == L1 && cache->level[L2].capacity > 0) {
		traffic->l2_lines += mask_count(lines);
		put_in_l2(cache, object_of(e), lines, traffic);
	} else
		traffic->back_lines += mask_count(lines);
}

/* The oldest extent of a level loses n lines, or all it has if fewer. */
static void
evict(struct cache *cache, struct cache_level *level, uint32_t n,
    struct cache_traffic *traffic)
{
	struct cache_extent *e = level->oldest;
	struct cache_mask dirty = e->dirty;

	if (n >= e->n_valid)
		release_extent(cache, e);
	else {
		struct cache_mask victims = mask_lowest(e->valid, n);

		dirty = mask_and(victims, dirty);
		e->valid = mask_without(e->valid, victims);
		e->dirty = mask_without(e->dirty, victims);
		e->n_valid -= n;
		level->used -= n;
	}
	if (!mask_is_empty(dirty))
		write_below(cache, e, dirty, traffic);
}

/*
 * Lines that the newest extent of a level did not hold.  Room for them is taken
 * from the oldest ones; it never comes to the newest itself: all of an object
 * fits a level.
 */
static void
add_lines(struct cache *cache, struct cache_extent *e,
    struct cache_mask missing, uint32_t n, struct cache_traffic *traffic)
{
	struct cache_level *level = &cache->level[level_of(e)];

	while (level->used + n > level->capacity)
		evict(cache, level, level->used + n - level->capacity,
		    traffic);
	e->n_valid += n;
	level->used += n;
	e->valid = mask_or(e->valid, missing);
}

static struct cache_mask
held_in_l2(const struct mem_object *object, struct cache_mask lines)
{
	return mask_and(lines, object->cached[CACHE_L2_SLOT].valid);
}

/* n lines that the first level lacks: from the second, or from memory. */
static void
read_below(struct cache *cache, struct mem_object *object,
    struct cache_mask lines, uint32_t n, struct cache_traffic *traffic)
{
	struct cache_extent *e;
	struct cache_mask missing;

	if (cache->level[L2].capacity == 0) {
		traffic->fill_lines += n;
		return;
	}
	traffic->l2_lines += n;
	e = use_l2(cache, object);
	missing = mask_without(lines, e->valid);
	if (mask_is_empty(missing))
		return;
	n = mask_count_in(missing, lines, n);
	traffic->fill_lines += n;
	add_lines(cache, e, missing, n, traffic);
}

/* The first level is to hold these lines, of which there are n. */
static void
fill(struct cache *cache, struct mem_object *object, enum mem_view view,
    struct cache_mask lines, uint32_t n, bool is_dirty,
    struct cache_traffic *traffic)
{
	struct cache_extent *e = use_l1(cache, object, view);
	struct cache_mask missing = mask_without(lines, e->valid);

	if (!mask_is_empty(missing)) {
		n = mask_count_in(missing, lines, n);
		read_below(cache, object, missing, n, traffic);
		add_lines(cache, e, missing, n, traffic);
	}
	if (is_dirty)
		add_dirty(object, e, lines);
}

/* A store that only changes what the first level holds. => those lines */
static struct cache_mask
store_hits(struct cache *cache, struct mem_object *object,
    enum mem_view view, struct cache_mask lines, bool is_dirty)
{
	struct cache_extent *e = l1_extent(cache, object, view);
	struct cache_mask held = mask_and(lines, e->valid);

	if (mask_is_empty(held))
		return held;
	use_l1(cache, object, view);
	if (is_dirty)
		add_dirty(object, e, held);
	return held;
}

/* Bytes of a range that lie in some of its lines. */
static uint32_t
bytes_in(const struct cache *cache, uint32_t offset, uint32_t bytes,
    struct cache_mask lines)
{
	uint32_t end = offset + bytes;
	uint32_t within = (1u << cache->line_shift) - 1;
	uint32_t n = mask_count(lines) << cache->line_shift;

	/* the first and the last line may lie partly outside of the range */
	if (mask_has(lines, offset >> cache->line_shift))
		n -= offset & within;
	if (mask_has(lines, (end - 1) >> cache->line_shift))
		n -= -end & within;
	return n;
}

/* Stores to some lines of a range that the first level does not keep. */
static void
store_past_l1(struct cache *cache, struct mem_object *object,
    uint32_t offset, uint32_t bytes, struct cache_mask lines,
    struct cache_traffic *traffic)
{
	struct cache_mask held = held_in_l2(object, lines);

	if (!mask_is_empty(held)) {
		traffic->l2_lines += mask_count(held);
		put_in_l2(cache, object, held, traffic);
	}
	traffic->through_bytes +=
	    bytes_in(cache, offset, bytes, mask_without(lines, held));
}

static void
store(struct cache *cache, struct mem_object *object, uint32_t offset,
    uint32_t bytes, enum mem_view view, struct cache_traffic *traffic)
{
	struct cache_mask lines = mask_of(cache, offset, bytes);
	struct cache_mask held = lines;
	bool is_back = cache->config.policy == CACHE_WRITE_BACK;

	if (cache->config.write_allocate)
		fill(cache, object, view, lines,
		    lines_of(cache, offset, bytes), is_back, traffic);
	else
		held = store_hits(cache, object, view, lines, is_back);
	if (is_back)
		lines = mask_without(lines, held);
	if (!mask_is_empty(lines))
		store_past_l1(cache, object, offset, bytes, lines, traffic);
}

void
cache_access(struct cache *cache, struct mem_object *object, uint32_t offset,
    uint32_t bytes, enum mem_view view, bool is_write,
    struct cache_traffic *traffic)
{
	if (bytes == 0)
		return;
	if (is_write)
		store(cache, object, offset, bytes, view, traffic);
	else
		fill(cache, object, view, mask_of(cache, offset, bytes),
		    lines_of(cache, offset, bytes), false, traffic);
}

/* => returns those that were dirty */
static struct cache_mask
clean_extent(struct mem_object *object, uint32_t slot, struct cache_mask lines)
{
	struct cache_extent *e = &object->cached[slot];
	struct cache_mask dirty;

	if ((object->may_be_dirty & bit_of(slot)) == 0)
		return mask_below(0);
	dirty = mask_and(e->dirty, lines);
	e->dirty = mask_without(e->dirty, lines);
	if (mask_is_empty(e->dirty))
		object->may_be_dirty &= (uint16_t)~bit_of(slot);
	return dirty;
}

uint32_t
cache_clean(struct cache *cache, struct mem_object *object, uint32_t offset,
    uint32_t bytes, enum mem_view view, struct cache_traffic *traffic)
{
	struct cache_mask lines, above, below;

	if (bytes == 0)
		return 0;
	lines = mask_of(cache, offset, bytes);
	above = clean_extent(object, l1_slot(cache, view), lines);
	below = clean_extent(object, CACHE_L2_SLOT, lines);
	if (cache->level[L2].capacity > 0 && !mask_is_empty(above))
		traffic->l2_lines += mask_count(above);
	/* a line that is dirty in both is written once, as it is above */
	above = mask_or(above, below);
	if (!mask_is_empty(above))
		traffic->back_lines += mask_count(above);
	return lines_of(cache, offset, bytes);
}

void
cache_forget(struct cache *cache, struct mem_object *object,
    enum mem_view view)
{
	struct cache_extent *e = l1_extent(cache, object, view);

	if (!cache->config.is_virtual || e->n_valid == 0)
		return;
	CHECK(mask_is_empty(e->dirty) || cache->mistake != CACHE_NO_MISTAKE,
	    "a mapping that goes leaves nothing dirty");
	release_extent(cache, e);
}

void
cache_discard(struct cache *cache, struct mem_object *object)
{
	for (uint32_t slot = 0; object->may_hold >> slot != 0; slot++)
		if ((object->may_hold & bit_of(slot)) != 0 &&
		    object->cached[slot].n_valid > 0)
			release_extent(cache, &object->cached[slot]);
	object->may_hold = object->may_be_dirty = 0;
}

bool
cache_is_dirty(const struct cache *cache, const struct mem_object *object,
    uint32_t offset, uint32_t bytes)
{
	struct cache_mask dirty = mask_below(0);

	if (bytes == 0 || object->may_be_dirty == 0)
		return false;
	for (int slot = 0; slot < CACHE_N_SLOTS; slot++)
		dirty = mask_or(dirty, object->cached[slot].dirty);
	return !mask_is_empty(mask_and(dirty, mask_of(cache, offset, bytes)));
}
