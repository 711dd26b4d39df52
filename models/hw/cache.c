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
	pool_init(&cache->extents, "cache extents",
	    sizeof(struct cache_extent));
}

void
cache_fini(struct cache *cache)
{
	pool_fini(&cache->extents);
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

static inline enum mem_view
slot_of(const struct cache *cache, int level, enum mem_view view)
{
	return level == L1 && cache->config.is_virtual ? view : MEM_USER;
}

static struct cache_extent *
new_extent(struct cache *cache, int level, struct mem_object *object,
    enum mem_view slot)
{
	struct cache_extent *e = pool_get(&cache->extents);

	e->object = object;
	e->level = (uint8_t)level;
	e->view = (uint8_t)slot;
	object->cached[level][slot] = e;
	link_newest(&cache->level[level], e);
	return e;
}

/* The extent of an object in a level, now the newest; made if need be. */
static inline struct cache_extent *
use_extent(struct cache *cache, int level, struct mem_object *object,
    enum mem_view view)
{
	enum mem_view slot = slot_of(cache, level, view);
	struct cache_extent *e = object->cached[level][slot];

	if (e == NULL)
		return new_extent(cache, level, object, slot);
	if (e != cache->level[level].newest) {
		unlink_extent(&cache->level[level], e);
		link_newest(&cache->level[level], e);
	}
	return e;
}

static void
release_extent(struct cache *cache, struct cache_extent *e)
{
	cache->level[e->level].used -= e->n_valid;
	unlink_extent(&cache->level[e->level], e);
	e->object->cached[e->level][e->view] = NULL;
	pool_put(&cache->extents, e);
}

/*
 * Moving lines.  What leaves the first level dirty goes to the second if there
 * is one, else to memory.
 */
static void add_lines(struct cache *cache, struct cache_extent *e,
    struct cache_mask missing, uint32_t n, struct cache_traffic *traffic);

/* Lines that the second level is to hold, and are dirty there. */
static void
put_in_l2(struct cache *cache, struct mem_object *object,
    struct cache_mask lines, struct cache_traffic *traffic)
{
	struct cache_extent *e = use_extent(cache, L2, object, MEM_USER);
	struct cache_mask missing = mask_without(lines, e->valid);

	if (!mask_is_empty(missing))
		add_lines(cache, e, missing, mask_count(missing), traffic);
	e->dirty = mask_or(e->dirty, lines);
}

static void
write_below(struct cache *cache, int level, struct mem_object *object,
    struct cache_mask lines, struct cache_traffic *traffic)
{
	if (level == L1 && cache->level[L2].capacity > 0) {
		traffic->l2_lines += mask_count(lines);
		put_in_l2(cache, object, lines, traffic);
	} else
		traffic->back_lines += mask_count(lines);
}

/* The oldest extent of a level loses n lines, or all it has if fewer. */
static void
evict(struct cache *cache, struct cache_extent *e, uint32_t n,
    struct cache_traffic *traffic)
{
	struct mem_object *object = e->object;
	struct cache_mask dirty = e->dirty;
	int level = e->level;

	if (n >= e->n_valid)
		release_extent(cache, e);
	else {
		struct cache_mask victims = mask_lowest(e->valid, n);

		dirty = mask_and(victims, dirty);
		e->valid = mask_without(e->valid, victims);
		e->dirty = mask_without(e->dirty, victims);
		e->n_valid -= n;
		cache->level[level].used -= n;
	}
	if (!mask_is_empty(dirty))
		write_below(cache, level, object, dirty, traffic);
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
	struct cache_level *level = &cache->level[e->level];

	while (level->used + n > level->capacity)
		evict(cache, level->oldest, level->used + n - level->capacity,
		    traffic);
	e->n_valid += n;
	level->used += n;
	e->valid = mask_or(e->valid, missing);
}

static struct cache_mask
held_in_l2(const struct mem_object *object, struct cache_mask lines)
{
	const struct cache_extent *e = object->cached[L2][MEM_USER];

	return e != NULL ? mask_and(lines, e->valid) : mask_below(0);
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
	e = use_extent(cache, L2, object, MEM_USER);
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
	struct cache_extent *e = use_extent(cache, L1, object, view);
	struct cache_mask missing = mask_without(lines, e->valid);

	if (!mask_is_empty(missing)) {
		n = mask_count_in(missing, lines, n);
		read_below(cache, object, missing, n, traffic);
		add_lines(cache, e, missing, n, traffic);
	}
	if (is_dirty)
		e->dirty = mask_or(e->dirty, lines);
}

/* A store that only changes what the first level holds. => those lines */
static struct cache_mask
store_hits(struct cache *cache, struct mem_object *object,
    enum mem_view view, struct cache_mask lines, bool is_dirty)
{
	struct cache_extent *e =
	    object->cached[L1][slot_of(cache, L1, view)];
	struct cache_mask held =
	    e != NULL ? mask_and(lines, e->valid) : mask_below(0);

	if (mask_is_empty(held))
		return held;
	e = use_extent(cache, L1, object, view);
	if (is_dirty)
		e->dirty = mask_or(e->dirty, held);
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
clean_extent(struct cache_extent *e, struct cache_mask lines)
{
	struct cache_mask dirty;

	if (e == NULL)
		return mask_below(0);
	dirty = mask_and(e->dirty, lines);
	e->dirty = mask_without(e->dirty, lines);
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
	above = clean_extent(object->cached[L1][slot_of(cache, L1, view)],
	    lines);
	below = clean_extent(object->cached[L2][MEM_USER], lines);
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
	struct cache_extent *e = object->cached[L1][slot_of(cache, L1, view)];

	if (!cache->config.is_virtual || e == NULL)
		return;
	CHECK(mask_is_empty(e->dirty),
	    "a mapping that goes leaves nothing dirty");
	release_extent(cache, e);
}

bool
cache_is_dirty(const struct cache *cache, const struct mem_object *object,
    uint32_t offset, uint32_t bytes)
{
	struct cache_mask lines;

	if (bytes == 0)
		return false;
	lines = mask_of(cache, offset, bytes);
	for (int level = 0; level < CACHE_LEVELS; level++)
		for (int view = 0; view < MEM_N_VIEWS; view++) {
			const struct cache_extent *e =
			    object->cached[level][view];

			if (e != NULL &&
			    !mask_is_empty(mask_and(e->dirty, lines)))
				return true;
		}
	return false;
}
