/*
 * Caches of all kinds against a naive one: line by line, without lists, masks
 * or counts, the oldest found by looking at all of them.  After every random
 * access both have made the same traffic and hold the same lines.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/hw/cache.h"

enum {
	N_OBJECTS = 12,
	N_LINES = CACHE_MAX_LINES,
	N_OPS = 4500,		/* of each of the 48 kinds: 216,000 */
	N_KINDS = 3 * 2 * 2 * 2 * 2,
	FIRST_VIEW = 0		/* where what has no views is kept */
};

struct naive_lines {
	bool valid[N_LINES];
	bool dirty[N_LINES];
	int64_t stamp;		/* of its last use */
};

struct naive {
	struct cache_config config;
	struct naive_lines at[CACHE_LEVELS][N_OBJECTS][MEM_N_VIEWS];
	struct cache_traffic traffic;
	int64_t clock;
};

static struct naive naive;
static struct cache cache;
static struct mem_object objects[N_OBJECTS];
static uint64_t state;

static uint32_t
draw(uint32_t n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(state >> 33) % n;
}

/*
 * The naive cache
 */
static struct naive_lines *
naive_at(int level, int object, int view)
{
	bool apart = level == 0 && naive.config.is_virtual;

	return &naive.at[level][object][apart ? view : FIRST_VIEW];
}

static int
count(const bool *set)
{
	int n = 0;

	for (int i = 0; i < N_LINES; i++)
		n += set[i];
	return n;
}

static int
naive_used(int level)
{
	int n = 0;

	for (int o = 0; o < N_OBJECTS; o++)
		for (int v = 0; v < MEM_N_VIEWS; v++)
			n += count(naive.at[level][o][v].valid);
	return n;
}

/* The object, of those with lines, that was not used for longest. */
static int
naive_oldest(int level, struct naive_lines **oldest)
{
	int object = -1;

	*oldest = NULL;
	for (int i = 0; i < N_OBJECTS * MEM_N_VIEWS; i++) {
		struct naive_lines *l =
		    &naive.at[level][i / MEM_N_VIEWS][i % MEM_N_VIEWS];

		if (count(l->valid) == 0 ||
		    (*oldest != NULL && (*oldest)->stamp < l->stamp))
			continue;
		*oldest = l;
		object = i / MEM_N_VIEWS;
	}
	return object;
}

static bool
has_l2(void)
{
	return naive.config.bytes[1] > 0;
}

static void naive_put(int level, int object, int view, const bool *lines,
    bool is_dirty);

/* Up to n lines of the oldest object leave. => how many did */
static int
naive_evict(int level, int n)
{
	struct naive_lines *l;
	int object = naive_oldest(level, &l), n_gone = 0;
	bool down[N_LINES] = {false};

	for (int i = 0; i < N_LINES && n_gone < n; i++) {
		if (!l->valid[i])
			continue;
		down[i] = l->dirty[i];
		l->valid[i] = l->dirty[i] = false;
		n_gone++;
	}
	if (level == 0 && has_l2() && count(down) > 0) {
		naive.traffic.l2_lines += (uint32_t)count(down);
		naive_put(1, object, FIRST_VIEW, down, true);
	} else
		naive.traffic.back_lines += (uint32_t)count(down);
	return n_gone;
}

static void
naive_put(int level, int object, int view, const bool *lines, bool is_dirty)
{
	struct naive_lines *l = naive_at(level, object, view);
	int capacity =
	    (int)(naive.config.bytes[level] / naive.config.line_bytes);
	int over = naive_used(level) - capacity;

	l->stamp = ++naive.clock;
	for (int i = 0; i < N_LINES; i++)
		over += lines[i] && !l->valid[i];
	while (over > 0)
		over -= naive_evict(level, over);
	for (int i = 0; i < N_LINES; i++) {
		if (!lines[i])
			continue;
		l->valid[i] = true;
		l->dirty[i] = l->dirty[i] || is_dirty;
	}
}

static void
naive_fetch(int object, const bool *lines)
{
	const struct naive_lines *below = naive_at(1, object, FIRST_VIEW);

	if (count(lines) == 0)
		return;
	for (int i = 0; i < N_LINES; i++)
		naive.traffic.fill_lines += lines[i] && !below->valid[i];
	if (!has_l2())
		return;
	naive.traffic.l2_lines += (uint32_t)count(lines);
	naive_put(1, object, FIRST_VIEW, lines, false);
}

/* Byte by byte what the second level does not take of a store. */
static void
naive_pass_on(int object, uint32_t offset, uint32_t bytes, const bool *lines)
{
	struct naive_lines *below = naive_at(1, object, FIRST_VIEW);
	bool held[N_LINES] = {false};

	for (uint32_t at = offset; at < offset + bytes; at++) {
		uint32_t i = at / (uint32_t)naive.config.line_bytes;

		held[i] = lines[i] && below->valid[i];
		naive.traffic.through_bytes += lines[i] && !held[i];
	}
	if (count(held) == 0)
		return;
	naive.traffic.l2_lines += (uint32_t)count(held);
	naive_put(1, object, FIRST_VIEW, held, true);
}

static void
naive_access(int object, uint32_t offset, uint32_t bytes, int view,
    bool is_write)
{
	const struct naive_lines *l = naive_at(0, object, view);
	bool keep[N_LINES] = {false}, missing[N_LINES] = {false};
	bool past[N_LINES] = {false};
	bool is_back = naive.config.policy == CACHE_WRITE_BACK;
	bool fetches = !is_write || naive.config.write_allocate;

	for (uint32_t at = offset; at < offset + bytes; at++) {
		uint32_t i = at / (uint32_t)naive.config.line_bytes;

		missing[i] = fetches && !l->valid[i];
		keep[i] = fetches || l->valid[i];
		past[i] = is_write && (!is_back || !keep[i]);
	}
	naive_fetch(object, missing);
	if (count(keep) > 0)
		naive_put(0, object, view, keep, is_write && is_back);
	naive_pass_on(object, offset, bytes, past);
}

static void
naive_clean(int object, uint32_t offset, uint32_t bytes, int view)
{
	struct naive_lines *above = naive_at(0, object, view);
	struct naive_lines *below = naive_at(1, object, FIRST_VIEW);

	for (uint32_t at = offset; at < offset + bytes; at++) {
		uint32_t i = at / (uint32_t)naive.config.line_bytes;

		naive.traffic.l2_lines += has_l2() && above->dirty[i];
		naive.traffic.back_lines += above->dirty[i] || below->dirty[i];
		above->dirty[i] = below->dirty[i] = false;
	}
}

static void
naive_forget(int object, int view)
{
	if (naive.config.is_virtual)
		memset(naive_at(0, object, view), 0,
		    sizeof(struct naive_lines));
}

static void
naive_discard(int object)
{
	for (int view = 0; view < MEM_N_VIEWS; view++)
		memset(naive_at(0, object, view), 0,
		    sizeof(struct naive_lines));
	memset(naive_at(1, object, FIRST_VIEW), 0, sizeof(struct naive_lines));
}

/*
 * Both
 */
static struct cache_config
kind(int i)
{
	int64_t l1 = 4096 + 32 * (int64_t)draw(300);
	int64_t l2 = 4096 + 32 * (int64_t)draw(600);

	return (struct cache_config){
	    .bytes = {l1, i / 3 % 2 ? l2 : 0},
	    .line_bytes = 32 << i % 3,
	    .policy = i / 6 % 2 ? CACHE_WRITE_THROUGH : CACHE_WRITE_BACK,
	    .write_allocate = i / 12 % 2,
	    .is_virtual = i / 24 % 2};
}

static void
begin(int i)
{
	memset(&naive, 0, sizeof naive);
	memset(objects, 0, sizeof objects);
	naive.config = kind(i);
	cache_init(&cache, &naive.config);
	/* pages, clusters, mbufs, and what is no whole number of lines */
	for (int o = 0; o < N_OBJECTS; o++) {
		static const uint32_t sizes[] = {4096, 4096, 2048, 256, 1000};

		objects[o].bytes = sizes[o % 5];
	}
}

/* What is in a slot is noted in its object; more may be. */
static bool
is_noted(const struct mem_object *o, int slot)
{
	const struct cache_extent *e = &o->cached[slot];

	return (e->n_valid == 0 || (o->may_hold >> slot & 1) != 0) &&
	    (mask_is_empty(e->dirty) || (o->may_be_dirty >> slot & 1) != 0);
}

static bool
is_same(int level, int object, int view)
{
	int slot = level == 0 ? CACHE_L1_SLOT + view : CACHE_L2_SLOT;
	const struct cache_extent *e = &objects[object].cached[slot];
	const struct naive_lines *l = &naive.at[level][object][view];

	/* the second level knows no views */
	if (level == 1 && view != FIRST_VIEW)
		return count(l->valid) == 0;
	for (uint32_t i = 0; i < N_LINES; i++)
		if (l->valid[i] != mask_has(e->valid, i) ||
		    l->dirty[i] != mask_has(e->dirty, i))
			return false;
	return (int)e->n_valid == count(l->valid) &&
	    is_noted(&objects[object], slot);
}

static bool
are_contents_same(void)
{
	for (int level = 0; level < CACHE_LEVELS; level++) {
		const struct cache_level *l = &cache.level[level];

		if ((int)l->used != naive_used(level) || l->used > l->capacity)
			return false;
		for (int i = 0; i < N_OBJECTS * MEM_N_VIEWS; i++)
			if (!is_same(level, i / MEM_N_VIEWS, i % MEM_N_VIEWS))
				return false;
	}
	return true;
}

/* Check is told of failures only: each assertion is a message to its parent. */
static void
compare(const struct cache_traffic *traffic, const char *when)
{
	if (memcmp(traffic, &naive.traffic, sizeof *traffic) != 0)
		ck_abort_msg("%s: traffic %u %u %u %u, expected %u %u %u %u",
		    when, traffic->l2_lines, traffic->fill_lines,
		    traffic->back_lines, traffic->through_bytes,
		    naive.traffic.l2_lines, naive.traffic.fill_lines,
		    naive.traffic.back_lines, naive.traffic.through_bytes);
	if (!are_contents_same())
		ck_abort_msg("%s: contents", when);
}

static void
clean_both(int o, uint32_t offset, uint32_t bytes, int view,
    struct cache_traffic *traffic)
{
	uint32_t line_bytes = (uint32_t)naive.config.line_bytes;
	uint32_t expected = bytes == 0 ? 0 :
	    (offset + bytes - 1) / line_bytes - offset / line_bytes + 1;

	if (cache_clean(&cache, &objects[o], offset, bytes,
	    (enum mem_view)view, traffic) != expected)
		ck_abort_msg("lines looked at");
	naive_clean(o, offset, bytes, view);
}

/* Mostly accesses, many of them of whole objects, so that much is evicted. */
static void
step(struct cache_traffic *traffic)
{
	int o = (int)draw(N_OBJECTS);
	bool is_whole = draw(3) == 0;
	uint32_t offset = is_whole ? 0 : draw(objects[o].bytes);
	uint32_t bytes = is_whole ? objects[o].bytes :
	    draw(objects[o].bytes - offset + 1);
	int view = (int)draw(MEM_N_VIEWS);
	uint32_t what = draw(21);

	if (what < 18) {
		cache_access(&cache, &objects[o], offset, bytes,
		    (enum mem_view)view, what % 2, traffic);
		naive_access(o, offset, bytes, view, what % 2);
	} else if (what < 20)
		clean_both(o, offset, bytes, view, traffic);
	else {
		cache_discard(&cache, &objects[o]);
		naive_discard(o);
	}
	if (what == 19) {
		clean_both(o, 0, objects[o].bytes, view, traffic);
		cache_forget(&cache, &objects[o], (enum mem_view)view);
		naive_forget(o, view);
	}
}

START_TEST(as_the_naive_one)
{
	uint64_t seed = (uint64_t)_i + 1;
	char when[64];
	uint64_t n_back = 0, n_fill = 0;

	state = seed * UINT64_C(0x9e3779b97f4a7c15);
	begin(_i);
	for (int n = 0; n < N_OPS; n++) {
		struct cache_traffic traffic = {0};

		memset(&naive.traffic, 0, sizeof naive.traffic);
		snprintf(when, sizeof when, "seed %u, operation %d",
		    (unsigned)seed, n);
		step(&traffic);
		compare(&traffic, when);
		n_fill += traffic.fill_lines;
		n_back += traffic.back_lines;
	}
	/* it was no idle comparison */
	ck_assert_uint_gt(n_fill, N_OPS);
	ck_assert(n_back > N_OPS || naive.config.policy != CACHE_WRITE_BACK ||
	    !naive.config.write_allocate);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hw/cache_random");
	TCase *tc = tcase_create("cache_random");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, as_the_naive_one, 0, N_KINDS);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
