/*
 * Two levels of cache, and the views of a virtually indexed first one.
 *
 * 4096 bytes, 128 lines, over 8192 bytes, 256 lines; pages of 128 lines; each
 * test says what lies where.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/hw/cache.h"

enum { LINE = 32, N = 128 };	/* N: the lines of a page */

static const struct cache_config two_levels = {
    {4096, 8192}, LINE, CACHE_WRITE_BACK, true, false};

static struct cache cache;
static struct mem_object page[4];
static struct cache_traffic traffic;

static void
begin(struct cache_config config)
{
	cache_init(&cache, &config);
	memset(page, 0, sizeof page);
	for (int i = 0; i < 4; i++)
		page[i].bytes = 4096;
}

static void
setup(void)
{
	begin(two_levels);
}

/* One level; each view has lines of its own, or none has. */
static void
begin_views(bool is_virtual)
{
	begin((struct cache_config){{16384, 0}, LINE, CACHE_WRITE_BACK, true,
	    is_virtual});
}

struct expected {
	uint32_t l2_lines;
	uint32_t fill_lines;
	uint32_t back_lines;
	uint32_t through_bytes;
};

static void
assert_traffic(struct expected e)
{
	ck_assert_uint_eq(traffic.l2_lines, e.l2_lines);
	ck_assert_uint_eq(traffic.fill_lines, e.fill_lines);
	ck_assert_uint_eq(traffic.back_lines, e.back_lines);
	ck_assert_uint_eq(traffic.through_bytes, e.through_bytes);
}

static void
touch_as(int i, uint32_t offset, uint32_t bytes, enum mem_view view,
    bool is_write, struct expected e)
{
	memset(&traffic, 0, sizeof traffic);
	cache_access(&cache, &page[i], offset, bytes, view, is_write, &traffic);
	assert_traffic(e);
	for (int l = 0; l < CACHE_LEVELS; l++)
		ck_assert_uint_le(cache.level[l].used,
		    cache.level[l].capacity);
}

static void
load(int i, struct expected e)
{
	touch_as(i, 0, 4096, MEM_KERNEL, false, e);
}

static void
store(int i, struct expected e)
{
	touch_as(i, 0, 4096, MEM_KERNEL, true, e);
}

static void
clean_as(int i, enum mem_view view, struct expected e)
{
	memset(&traffic, 0, sizeof traffic);
	ck_assert_uint_eq(cache_clean(&cache, &page[i], 0, 4096, view,
	    &traffic), N);
	assert_traffic(e);
}

static bool
is_dirty(int i)
{
	return cache_is_dirty(&cache, &page[i], 0, 4096);
}

static uint32_t
lines_in(int level, int i)
{
	return page[i].cached[level == 0 ? CACHE_L1_SLOT :
	    CACHE_L2_SLOT].n_valid;
}

/*
 * Two levels
 */

/* From memory into both, and up: what the second level has is no miss. */
START_TEST(refills_come_up)
{
	load(0, (struct expected){N, N, 0, 0});
	load(0, (struct expected){0});
	/* 0 is driven from the first level, not from the second */
	load(1, (struct expected){N, N, 0, 0});
	ck_assert_uint_eq(lines_in(0, 0), 0);
	ck_assert_uint_eq(lines_in(1, 0), N);
	load(0, (struct expected){N, 0, 0, 0});
	load(1, (struct expected){N, 0, 0, 0});
}
END_TEST

/* Of lines 0 .. 7, the second level has 2 .. 3, the first has 4 .. 5. */
START_TEST(some_here_some_there)
{
	touch_as(0, 2 * LINE, 2 * LINE, MEM_KERNEL, false,
	    (struct expected){2, 2, 0, 0});
	load(1, (struct expected){N, N, 0, 0});
	touch_as(0, 4 * LINE, 2 * LINE, MEM_KERNEL, false,
	    (struct expected){2, 2, 0, 0});
	ck_assert_uint_eq(lines_in(0, 0), 2);
	ck_assert_uint_eq(lines_in(1, 0), 4);
	/* six come up, four of them from memory */
	touch_as(0, 0, 8 * LINE, MEM_KERNEL, false,
	    (struct expected){6, 4, 0, 0});
}
END_TEST

/*
 * 0 is dirty in the first level.  1 comes up, 0 goes down: twice N between the
 * levels, but nothing to memory.  2 then takes the place of 1 in both levels,
 * as 0 went down after 1 came; and 1 again takes that of 0, which is dirty.
 */
START_TEST(victims_go_down_dirty)
{
	store(0, (struct expected){N, N, 0, 0});
	load(1, (struct expected){2 * N, N, 0, 0});
	ck_assert(is_dirty(0));
	ck_assert_uint_eq(lines_in(0, 0), 0);
	load(2, (struct expected){N, N, 0, 0});
	ck_assert(is_dirty(0));
	ck_assert_uint_eq(lines_in(1, 1), 0);
	load(1, (struct expected){N, N, N, 0});
	ck_assert(!is_dirty(0));
	ck_assert_uint_eq(lines_in(1, 0), 0);
}
END_TEST

/* What comes up from a dirty page is clean above and stays dirty below. */
START_TEST(up_again)
{
	store(0, (struct expected){N, N, 0, 0});
	load(1, (struct expected){2 * N, N, 0, 0});
	load(0, (struct expected){N, 0, 0, 0});
	ck_assert(mask_is_empty(page[0].cached[CACHE_L1_SLOT].dirty));
	ck_assert_uint_eq(mask_count(page[0].cached[CACHE_L2_SLOT].dirty), N);
	/* so nothing goes down when it leaves the first level */
	load(1, (struct expected){N, 0, 0, 0});
}
END_TEST

/* The second level may drop what the first still has: here it is smaller. */
START_TEST(down_to_where_it_no_longer_is)
{
	begin((struct cache_config){{8192, 4096}, LINE, CACHE_WRITE_BACK,
	    true, false});
	store(0, (struct expected){N, N, 0, 0});
	load(1, (struct expected){N, N, 0, 0});
	ck_assert_uint_eq(lines_in(0, 0), N);
	ck_assert_uint_eq(lines_in(1, 0), 0);
	/* 2 drives 1 from the second level and 0 from the first; 0 goes down
	 * and drives out 2, which is clean */
	load(2, (struct expected){2 * N, N, 0, 0});
	ck_assert_uint_eq(lines_in(1, 0), N);
	ck_assert_uint_eq(lines_in(1, 2), 0);
	ck_assert(is_dirty(0));
	/* 3 drives 0 out of the second, dirty */
	load(3, (struct expected){N, N, N, 0});
}
END_TEST

/*
 * Lines dirty in the first level only, in the second only, and in both: each
 * is written to memory once, from wherever it is newest; what lay in the first
 * passes the second on its way.
 */
START_TEST(cleaning_both_levels)
{
	store(0, (struct expected){N, N, 0, 0});
	clean_as(0, MEM_KERNEL, (struct expected){N, 0, N, 0});
	clean_as(0, MEM_KERNEL, (struct expected){0});
	store(0, (struct expected){0});
	load(1, (struct expected){2 * N, N, 0, 0});
	clean_as(0, MEM_KERNEL, (struct expected){0, 0, N, 0});
	ck_assert(!is_dirty(0));
	load(1, (struct expected){0});
	store(0, (struct expected){N, 0, 0, 0});
	load(1, (struct expected){2 * N, 0, 0, 0});
	/* line 5 is now dirty below; it comes up and is stored to again */
	touch_as(0, 5 * LINE, 1, MEM_KERNEL, true,
	    (struct expected){1, 0, 0, 0});
	clean_as(0, MEM_KERNEL, (struct expected){1, 0, N, 0});
	ck_assert(!is_dirty(0));
	clean_as(0, MEM_KERNEL, (struct expected){0});
	ck_assert_uint_eq(lines_in(0, 0), 1);
	ck_assert_uint_eq(lines_in(1, 0), N);
}
END_TEST

/*
 * Stores that the first level passes on end in the second where that has the
 * line; else they go past it too.  Bytes 10 .. 109: lines 0 .. 3.
 */
START_TEST(through_to_the_second_level)
{
	struct cache_config config = two_levels;

	config.policy = CACHE_WRITE_THROUGH;
	config.write_allocate = false;
	begin(config);
	touch_as(0, 10, 100, MEM_KERNEL, true, (struct expected){0, 0, 0, 100});
	ck_assert(!is_dirty(0));
	/* line 3, of which 96 .. 109 are stored */
	touch_as(0, 96, 1, MEM_KERNEL, false, (struct expected){1, 1, 0, 0});
	touch_as(0, 10, 100, MEM_KERNEL, true, (struct expected){1, 0, 0, 86});
	ck_assert(!cache_is_dirty(&cache, &page[0], 0, 96));
	ck_assert(cache_is_dirty(&cache, &page[0], 96, 1));
	ck_assert(mask_is_empty(page[0].cached[CACHE_L1_SLOT].dirty));
	/* no longer in the first level, it is stored to all the same */
	clean_as(0, MEM_KERNEL, (struct expected){0, 0, 1, 0});
	load(1, (struct expected){N, N, 0, 0});
	ck_assert_uint_eq(lines_in(0, 0), 0);
	touch_as(0, 10, 100, MEM_KERNEL, true, (struct expected){1, 0, 0, 86});
	ck_assert(is_dirty(0));
	/* the store was a use: the line that 2 has no room for goes from 1 */
	load(2, (struct expected){N, N, 0, 0});
	ck_assert_uint_eq(lines_in(1, 1), N - 1);
	ck_assert_uint_eq(lines_in(1, 0), 1);
}
END_TEST

/* Stores that allocate have the line below, so memory sees none of them. */
START_TEST(through_with_allocation)
{
	struct cache_config config = two_levels;

	config.policy = CACHE_WRITE_THROUGH;
	begin(config);
	/* N up, N stores down */
	store(0, (struct expected){2 * N, N, 0, 0});
	store(0, (struct expected){N, 0, 0, 0});
	ck_assert(is_dirty(0));
	load(1, (struct expected){N, N, 0, 0});
	load(2, (struct expected){N, N, N, 0});
}
END_TEST

/* Write-back without allocation: what misses the first may hit the second. */
START_TEST(around_to_the_second_level)
{
	struct cache_config config = two_levels;

	config.write_allocate = false;
	begin(config);
	store(0, (struct expected){0, 0, 0, 4096});
	load(0, (struct expected){N, N, 0, 0});
	load(1, (struct expected){N, N, 0, 0});
	touch_as(0, 10, 100, MEM_KERNEL, true, (struct expected){4, 0, 0, 0});
	ck_assert_uint_eq(lines_in(0, 0), 0);
	clean_as(0, MEM_KERNEL, (struct expected){0, 0, 4, 0});
}
END_TEST

/*
 * Views
 */

/* With a physical index there is one copy, whoever looks. */
START_TEST(physical_views)
{
	begin_views(false);
	touch_as(0, 0, 4096, MEM_USER, true, (struct expected){0, N, 0, 0});
	touch_as(0, 0, 4096, MEM_KERNEL, false, (struct expected){0});
	touch_as(0, 0, 4096, MEM_LOAN, true, (struct expected){0});
	ck_assert_uint_eq(cache.level[0].used, N);
	clean_as(0, MEM_LOAN, (struct expected){0, 0, N, 0});
	/* a mapping that goes takes nothing with it, dirty or not */
	store(0, (struct expected){0});
	cache_forget(&cache, &page[0], MEM_USER);
	ck_assert(is_dirty(0));
	touch_as(0, 0, 4096, MEM_USER, false, (struct expected){0});
}
END_TEST

/* With a virtual one each mapping fetches, dirties and cleans its own. */
START_TEST(virtual_views)
{
	begin_views(true);
	touch_as(0, 0, 4096, MEM_USER, true, (struct expected){0, N, 0, 0});
	touch_as(0, 0, 4096, MEM_KERNEL, false, (struct expected){0, N, 0, 0});
	touch_as(0, 0, 4096, MEM_LOAN, false, (struct expected){0, N, 0, 0});
	ck_assert_uint_eq(cache.level[0].used, 3 * N);
	touch_as(0, 0, 4096, MEM_LOAN, false, (struct expected){0});
	/* dirty under any of them is dirty */
	clean_as(0, MEM_KERNEL, (struct expected){0});
	clean_as(0, MEM_LOAN, (struct expected){0});
	ck_assert(is_dirty(0));
	clean_as(0, MEM_USER, (struct expected){0, 0, N, 0});
	ck_assert(!is_dirty(0));
	touch_as(0, 100, 1, MEM_LOAN, true, (struct expected){0});
	ck_assert(cache_is_dirty(&cache, &page[0], 96, 32));
	ck_assert(!cache_is_dirty(&cache, &page[0], 0, 96));
	ck_assert(!cache_is_dirty(&cache, &page[0], 128, 3968));
	clean_as(0, MEM_USER, (struct expected){0});
	ck_assert(is_dirty(0));
}
END_TEST

/* A mapping that goes takes its lines with it, and no others. */
START_TEST(virtual_mapping_goes)
{
	begin_views(true);
	touch_as(0, 0, 4096, MEM_USER, true, (struct expected){0, N, 0, 0});
	touch_as(0, 0, 4096, MEM_LOAN, false, (struct expected){0, N, 0, 0});
	cache_forget(&cache, &page[0], MEM_LOAN);
	ck_assert_uint_eq(cache.level[0].used, N);
	ck_assert(is_dirty(0));
	/* once more is nothing */
	cache_forget(&cache, &page[0], MEM_LOAN);
	touch_as(0, 0, 4096, MEM_LOAN, false, (struct expected){0, N, 0, 0});
	touch_as(0, 0, 4096, MEM_USER, false, (struct expected){0});
}
END_TEST

/* The second level is physical: it has what either mapping brought. */
START_TEST(virtual_over_physical)
{
	struct cache_config config = two_levels;

	config.is_virtual = true;
	begin(config);
	touch_as(0, 0, 2048, MEM_USER, true,
	    (struct expected){N / 2, N / 2, 0, 0});
	touch_as(0, 0, 2048, MEM_LOAN, false,
	    (struct expected){N / 2, 0, 0, 0});
	ck_assert_uint_eq(cache.level[0].used, N);
	ck_assert_uint_eq(lines_in(1, 0), N / 2);
	/* 1 drives the oldest from the first level: the program's, dirty */
	touch_as(1, 0, 2048, MEM_KERNEL, false,
	    (struct expected){N, N / 2, 0, 0});
	ck_assert_uint_eq(page[0].cached[CACHE_L1_SLOT].n_valid, 0);
	ck_assert(is_dirty(0));
	clean_as(0, MEM_LOAN, (struct expected){0, 0, N / 2, 0});
	cache_forget(&cache, &page[0], MEM_LOAN);
	ck_assert_uint_eq(lines_in(1, 0), N / 2);
}
END_TEST

/*
 * DMA has stored into an object: of whatever level and mapping, dirty or not,
 * its lines are void, and nothing is written.  Others stay.
 */
START_TEST(discarded)
{
	struct cache_config config = two_levels;

	config.is_virtual = _i == 1;
	begin(config);
	touch_as(1, 0, 1024, MEM_KERNEL, true,
	    (struct expected){N / 4, N / 4, 0, 0});
	touch_as(0, 0, 2048, MEM_USER, true,
	    (struct expected){N / 2, N / 2, 0, 0});
	touch_as(0, 0, 1024, MEM_LOAN, false,
	    (struct expected){_i == 1 ? N / 4 : 0, 0, 0, 0});
	cache_discard(&cache, &page[0]);
	ck_assert(!is_dirty(0));
	ck_assert(is_dirty(1));
	ck_assert_uint_eq(cache.level[0].used, N / 4);
	ck_assert_uint_eq(cache.level[1].used, N / 4);
	for (int slot = 0; slot < CACHE_N_SLOTS; slot++)
		ck_assert_uint_eq(page[0].cached[slot].n_valid, 0);
	/* once more is nothing; and what is loaded comes from memory */
	cache_discard(&cache, &page[0]);
	touch_as(0, 0, 1024, MEM_USER, false,
	    (struct expected){N / 4, N / 4, 0, 0});
	touch_as(1, 0, 1024, MEM_KERNEL, false, (struct expected){0});
}
END_TEST

START_TEST(death_of_a_dirty_mapping)
{
	begin_views(true);
	touch_as(0, 0, 1, MEM_LOAN, true, (struct expected){0, 1, 0, 0});
	cache_forget(&cache, &page[0], MEM_LOAN);
}
END_TEST

static Suite *
levels_suite(void)
{
	Suite *suite = suite_create("hw/cache_levels");
	TCase *tc = tcase_create("cache_levels");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, refills_come_up);
	tcase_add_test(tc, some_here_some_there);
	tcase_add_test(tc, victims_go_down_dirty);
	tcase_add_test(tc, up_again);
	tcase_add_test(tc, down_to_where_it_no_longer_is);
	tcase_add_test(tc, cleaning_both_levels);
	tcase_add_test(tc, through_to_the_second_level);
	tcase_add_test(tc, through_with_allocation);
	tcase_add_test(tc, around_to_the_second_level);
	tcase_add_test(tc, physical_views);
	tcase_add_test(tc, virtual_views);
	tcase_add_test(tc, virtual_mapping_goes);
	tcase_add_test(tc, virtual_over_physical);
	tcase_add_loop_test(tc, discarded, 0, 2);
	tcase_add_test_raise_signal(tc, death_of_a_dirty_mapping, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(levels_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
