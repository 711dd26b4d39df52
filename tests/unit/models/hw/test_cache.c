/*
 * One level of cache: which lines an access costs, whose lines go, what is
 * written back.  Views and a second level: test_cache_levels.c; long runs:
 * test_cache_random.c.
 *
 * Unless said otherwise: 4096 bytes, write-back, stores allocate; so 128 lines
 * of 32 bytes, and a page fills it.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/hw/cache.h"

enum { LINE = 32, SMALL = 1024 };	/* a small object is 32 lines */

static const struct cache_config plain = {
    {4096, 0}, LINE, CACHE_WRITE_BACK, true, false};

static struct cache cache;
static struct mem_object page[2];
static struct mem_object small[5];
static struct cache_traffic traffic;

static void
begin(struct cache_config config)
{
	cache_init(&cache, &config);
	memset(page, 0, sizeof page);
	memset(small, 0, sizeof small);
	for (int i = 0; i < 2; i++)
		page[i].bytes = 4096;
	for (int i = 0; i < 5; i++)
		small[i].bytes = SMALL;
}

static void
setup(void)
{
	begin(plain);
}

static uint32_t
count_valid(void)
{
	uint32_t n = 0;

	for (const struct cache_extent *e = cache.level[0].newest; e != NULL;
	    e = e->older) {
		ck_assert_uint_gt(e->n_valid, 0);
		ck_assert_uint_eq(mask_count(e->valid), e->n_valid);
		ck_assert(mask_is_empty(mask_without(e->dirty, e->valid)));
		n += e->n_valid;
	}
	return n;
}

/* After every access of this file: the books agree, and there is room. */
static void
access_object(struct mem_object *o, uint32_t offset, uint32_t bytes,
    bool is_write)
{
	memset(&traffic, 0, sizeof traffic);
	cache_access(&cache, o, offset, bytes, MEM_KERNEL, is_write, &traffic);
	ck_assert_uint_eq(count_valid(), cache.level[0].used);
	ck_assert_uint_le(cache.level[0].used, cache.level[0].capacity);
	ck_assert_uint_eq(traffic.l2_lines, 0);
}

static void
assert_traffic(uint32_t fill_lines, uint32_t back_lines,
    uint32_t through_bytes)
{
	ck_assert_uint_eq(traffic.fill_lines, fill_lines);
	ck_assert_uint_eq(traffic.back_lines, back_lines);
	ck_assert_uint_eq(traffic.through_bytes, through_bytes);
}

static void
load(struct mem_object *o, uint32_t offset, uint32_t bytes,
    uint32_t fill_lines, uint32_t back_lines)
{
	access_object(o, offset, bytes, false);
	assert_traffic(fill_lines, back_lines, 0);
}

static void
store(struct mem_object *o, uint32_t offset, uint32_t bytes,
    uint32_t fill_lines, uint32_t back_lines, uint32_t through_bytes)
{
	access_object(o, offset, bytes, true);
	assert_traffic(fill_lines, back_lines, through_bytes);
}

static bool
is_dirty(const struct mem_object *o)
{
	return cache_is_dirty(&cache, o, 0, o->bytes);
}

/*
 * Reads
 */
static const struct { uint32_t line, offset, bytes, lines; } ranges[] = {
	/* a byte is in one line, two bytes in two if they lie on its edge */
	{32, 0, 1, 1}, {32, 31, 1, 1}, {32, 31, 2, 2}, {32, 4095, 1, 1},
	{32, 32, 32, 1}, {32, 33, 62, 2}, {32, 33, 64, 3},
	/* 128 lines, whether or not the ends of the first and last are read */
	{32, 0, 4096, 128}, {32, 1, 4094, 128}, {32, 31, 4034, 128},
	/* a segment: lines 100 / 32 = 3 .. 1559 / 32 = 48 */
	{32, 100, 1460, 46},
	/* the two words of a mask meet at line 64, byte 2048 */
	{32, 2047, 1, 1}, {32, 2048, 1, 1}, {32, 2047, 2, 2}, {32, 0, 2048, 64},
	{32, 2048, 2048, 64},
	/* lines 100 / 64 = 1 .. 1559 / 64 = 24 */
	{64, 100, 1460, 24}, {64, 63, 2, 2}, {64, 0, 4096, 64}, {64, 64, 64, 1},
	/* lines 0 .. 1559 / 128 = 12 */
	{128, 100, 1460, 13}, {128, 127, 2, 2}, {128, 0, 4096, 32},
	{128, 3968, 128, 1}
};

/* A read costs the lines it touches; a second costs nothing. */
START_TEST(read_costs_the_missing_lines)
{
	struct cache_config config = plain;
	uint32_t n_page = 4096 / ranges[_i].line;

	config.line_bytes = ranges[_i].line;
	begin(config);
	load(&page[0], ranges[_i].offset, ranges[_i].bytes, ranges[_i].lines,
	    0);
	load(&page[0], ranges[_i].offset, ranges[_i].bytes, 0, 0);
	ck_assert_uint_eq(cache.level[0].used, ranges[_i].lines);
	/* those lines and no others: the rest of the page is still to come */
	load(&page[0], 0, 4096, n_page - ranges[_i].lines, 0);
	ck_assert(!is_dirty(&page[0]));
}
END_TEST

/* Lines 4 .. 7 are there; of 2 .. 9 the two before and two after are not. */
START_TEST(read_around_what_is_there)
{
	load(&page[0], 4 * LINE, 4 * LINE, 4, 0);
	load(&page[0], 2 * LINE, 8 * LINE, 4, 0);
	load(&page[0], 2 * LINE, 8 * LINE, 0, 0);
}
END_TEST

START_TEST(nothing_is_nothing)
{
	load(&page[0], 0, 0, 0, 0);
	store(&page[0], 4096, 0, 0, 0, 0);
	ck_assert_uint_eq(cache_clean(&cache, &page[0], 5, 0, MEM_KERNEL,
	    &traffic), 0);
	ck_assert(!cache_is_dirty(&cache, &page[0], 0, 0));
	ck_assert_ptr_null(cache.level[0].newest);
}
END_TEST

/*
 * Stores
 */

/* Bytes 0 .. 99 lie in lines 0 .. 3: read first, written back once evicted. */
START_TEST(back_allocate)
{
	store(&page[0], 0, 100, 4, 0, 0);
	ck_assert(cache_is_dirty(&cache, &page[0], 0, 1));
	ck_assert(cache_is_dirty(&cache, &page[0], 127, 1));
	ck_assert(!cache_is_dirty(&cache, &page[0], 128, 4096 - 128));
	store(&page[0], 50, 78, 0, 0, 0);
	/* four more, clean; page 1 then drives all eight out */
	load(&page[0], 128, 128, 4, 0);
	load(&page[1], 0, 4096, 128, 4);
	ck_assert(!is_dirty(&page[0]));
	/* what was written back is read back clean */
	load(&page[0], 0, 4096, 128, 0);
	load(&page[1], 0, 4096, 128, 0);
}
END_TEST

/* A store to lines that were read costs nothing until they go. */
START_TEST(back_to_lines_read)
{
	load(&page[0], 0, 4096, 128, 0);
	store(&page[0], 1, 4094, 0, 0, 0);
	load(&page[1], 0, 4096, 128, 128);
}
END_TEST

/*
 * A store of bytes 10 .. 109, lines 0 .. 3, of which one is there: its bytes
 * stay in the cache, the others go past it.
 */
static const struct { uint32_t line, bytes_kept; } partial_hits[] = {
	{0, 22},	/* 10 .. 31 */
	{1, 32},	/* all of it */
	{2, 32},
	{3, 14},	/* 96 .. 109 */
	{4, 0}
};

START_TEST(back_around)
{
	struct cache_config config = plain;
	uint32_t line = partial_hits[_i].line;
	uint32_t kept = partial_hits[_i].bytes_kept;

	config.write_allocate = false;
	begin(config);
	load(&page[0], line * LINE, 1, 1, 0);
	store(&page[0], 10, 100, 0, 0, 100 - kept);
	ck_assert_uint_eq(cache.level[0].used, 1);
	ck_assert_int_eq(is_dirty(&page[0]), kept > 0);
	load(&page[1], 0, 4096, 128, kept > 0);
}
END_TEST

START_TEST(back_around_alone)
{
	struct cache_config config = plain;

	config.write_allocate = false;
	begin(config);
	store(&page[0], 0, 4096, 0, 0, 4096);
	store(&page[0], 17, 1, 0, 0, 1);
	ck_assert_ptr_null(cache.level[0].newest);
	/* within one line, and from one line into the next */
	load(&page[0], 32, 32, 1, 0);
	store(&page[0], 40, 8, 0, 0, 0);
	store(&page[0], 60, 8, 0, 0, 4);
	store(&page[0], 28, 8, 0, 0, 4);
	store(&page[0], 0, 4096, 0, 0, 4096 - 32);
	load(&page[1], 0, 4096, 128, 1);
}
END_TEST

/* Every store goes to memory with its bytes; nothing is ever dirty. */
START_TEST(through)
{
	struct cache_config config = plain;

	config.policy = CACHE_WRITE_THROUGH;
	config.write_allocate = _i;
	begin(config);
	/* lines 0 .. 3 */
	store(&page[0], 10, 100, _i ? 4 : 0, 0, 100);
	store(&page[0], 10, 100, 0, 0, 100);
	ck_assert_uint_eq(cache.level[0].used, _i ? 4 : 0);
	load(&page[0], 0, 4096, _i ? 124 : 128, 0);
	store(&page[0], 10, 100, 0, 0, 100);
	store(&page[0], 0, 4096, 0, 0, 4096);
	ck_assert(!is_dirty(&page[0]));
	load(&page[1], 0, 4096, 128, 0);
}
END_TEST

/*
 * Whose lines go
 */

/* Four small objects fill it; one is looked at again; then comes a fifth. */
START_TEST(the_one_unused_longest_goes)
{
	for (int i = 0; i < 4; i++)
		load(&small[i], 0, SMALL, 32, 0);
	load(&small[0], 5, 1, 0, 0);
	load(&small[4], 0, SMALL, 32, 0);
	load(&small[0], 0, SMALL, 0, 0);
	load(&small[2], 0, SMALL, 0, 0);
	load(&small[3], 0, SMALL, 0, 0);
	load(&small[4], 0, SMALL, 0, 0);
	/* its place is taken by 1, which goes at the expense of 0 */
	load(&small[1], 0, SMALL, 32, 0);
	load(&small[2], 0, SMALL, 0, 0);
	load(&small[0], 0, SMALL, 32, 0);
}
END_TEST

/* A store counts as a use. */
START_TEST(stores_are_uses)
{
	for (int i = 0; i < 4; i++)
		load(&small[i], 0, SMALL, 32, 0);
	store(&small[0], 0, 4, 0, 0, 0);
	load(&small[4], 0, SMALL, 32, 0);
	load(&small[0], 0, SMALL, 0, 0);
	load(&small[1], 0, SMALL, 32, 0);
}
END_TEST

/* Only as many lines go as are needed, of the oldest object, lowest first. */
START_TEST(line_by_line)
{
	for (int i = 0; i < 4; i++)
		load(&small[i], 0, SMALL, 32, 0);
	load(&small[4], 0, 1, 1, 0);
	load(&small[4], LINE, 2 * LINE, 2, 0);
	ck_assert_uint_eq(small[0].cached[CACHE_L1_SLOT].n_valid, 29);
	/* lines 3 .. 31 of 0 are there, and it is now the newest; the three
	 * that are not come at the expense of 1 */
	load(&small[0], 3 * LINE, 29 * LINE, 0, 0);
	load(&small[0], 0, 3 * LINE, 3, 0);
	load(&small[2], 0, SMALL, 0, 0);
	load(&small[3], 0, SMALL, 0, 0);
	load(&small[1], 3 * LINE, 29 * LINE, 0, 0);
	load(&small[1], 0, 3 * LINE, 3, 0);
}
END_TEST

/* Of the lines that go, those that are dirty are written back. */
START_TEST(dirty_lines_among_those_that_go)
{
	for (int i = 0; i < 4; i++)
		load(&small[i], 0, SMALL, 32, 0);
	for (int i = 1; i < 4; i++)
		load(&small[i], 0, SMALL, 0, 0);
	/* line 1 and lines 3 .. 4 of 0, which becomes the newest again */
	store(&small[0], LINE, 1, 0, 0, 0);
	store(&small[0], 3 * LINE + 1, LINE, 0, 0, 0);
	for (int i = 1; i < 4; i++)
		load(&small[i], 0, SMALL, 0, 0);
	/* lines 0 .. 1, then 2 .. 3, then 4, then 5 .. 31 */
	load(&small[4], 0, 2 * LINE, 2, 1);
	load(&small[4], 2 * LINE, 2 * LINE, 2, 1);
	load(&small[4], 4 * LINE, LINE, 1, 1);
	load(&small[4], 5 * LINE, 27 * LINE, 27, 0);
	ck_assert_uint_eq(small[0].cached[CACHE_L1_SLOT].n_valid, 0);
}
END_TEST

/* 96 lines are in use; a page takes the 32 that are free, and those. */
START_TEST(more_than_is_left)
{
	for (int i = 0; i < 3; i++)
		store(&small[i], 0, SMALL, 32, 0, 0);
	load(&page[0], 0, 4096, 128, 96);
	ck_assert_ptr_eq(cache.level[0].newest, cache.level[0].oldest);
}
END_TEST

/* A page grows at the expense of others, never at its own. */
START_TEST(growing)
{
	load(&page[0], 0, 2048, 64, 0);
	store(&small[0], 0, SMALL, 32, 0, 0);
	store(&small[1], 0, SMALL, 32, 0, 0);
	load(&page[0], 0, 4096, 64, 64);
	load(&page[0], 0, 4096, 0, 0);
}
END_TEST

/* 4100 bytes are 128 lines, and 4 bytes of no use. */
START_TEST(odd_capacity)
{
	struct cache_config config = plain;

	config.bytes[0] = 4100;
	begin(config);
	ck_assert_uint_eq(cache.level[0].capacity, 128);
	config.bytes[0] = 4096 + LINE;
	begin(config);
	load(&page[0], 0, 4096, 128, 0);
	load(&small[0], 0, LINE, 1, 0);
	load(&page[0], 0, 4096, 0, 0);
	load(&small[0], 0, 2 * LINE, 1, 0);
	load(&page[0], 0, LINE, 1, 0);
}
END_TEST

/*
 * Cleaning
 */
static void
clean(struct mem_object *o, uint32_t offset, uint32_t bytes,
    uint32_t n_looked_at, uint32_t back_lines)
{
	memset(&traffic, 0, sizeof traffic);
	ck_assert_uint_eq(cache_clean(&cache, o, offset, bytes, MEM_KERNEL,
	    &traffic), n_looked_at);
	assert_traffic(0, back_lines, 0);
	ck_assert_uint_eq(traffic.l2_lines, 0);
}

/* Lines 3 .. 48 are dirty.  What is cleaned stays where it is. */
START_TEST(cleaning)
{
	store(&page[0], 100, 1460, 46, 0, 0);
	/* 3 .. 5 of 0 .. 5 */
	clean(&page[0], 0, 6 * LINE, 6, 3);
	clean(&page[0], 0, 6 * LINE, 6, 0);
	ck_assert(!cache_is_dirty(&cache, &page[0], 0, 6 * LINE));
	ck_assert(cache_is_dirty(&cache, &page[0], 6 * LINE, 1));
	/* a byte's line */
	clean(&page[0], 6 * LINE + 31, 1, 1, 1);
	clean(&page[0], 0, 4096, 128, 42);
	ck_assert(!is_dirty(&page[0]));
	load(&page[0], 100, 1460, 0, 0);
	load(&page[1], 0, 4096, 128, 0);
	/* what is not there is looked at as well */
	clean(&page[0], 0, 4096, 128, 0);
	/* and what is stored afterwards is dirty anew */
	store(&page[0], 0, 1, 1, 0, 0);
	ck_assert(is_dirty(&page[0]));
	clean(&page[0], 0, 1, 1, 1);
}
END_TEST

/* Cleaning is no use: the order of going stays. */
START_TEST(cleaning_is_no_use)
{
	for (int i = 0; i < 4; i++)
		store(&small[i], 0, SMALL, 32, 0, 0);
	clean(&small[0], 0, SMALL, 32, 32);
	load(&small[4], 0, SMALL, 32, 0);
	ck_assert_uint_eq(small[0].cached[CACHE_L1_SLOT].n_valid, 0);
}
END_TEST

START_TEST(death_odd_line)
{
	static const int64_t lines[] = {0, 16, 33, 48, 96, 256};
	struct cache_config config = plain;

	config.line_bytes = lines[_i];
	begin(config);
}
END_TEST

START_TEST(death_small_level)
{
	static const int64_t bytes[][2] = {
	    {4095, 0}, {0, 0}, {0, 8192}, {4096, 4095}, {4096, 1}, {-4096, 0}};
	struct cache_config config = plain;

	memcpy(config.bytes, bytes[_i], sizeof bytes[_i]);
	begin(config);
}
END_TEST

START_TEST(death_large_object)
{
	page[0].bytes = 8192;
	access_object(&page[0], 4000, 97, _i);
}
END_TEST

static Suite *
cache_suite(void)
{
	Suite *suite = suite_create("hw/cache");
	TCase *tc = tcase_create("cache");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, read_costs_the_missing_lines, 0,
	    sizeof ranges / sizeof *ranges);
	tcase_add_test(tc, read_around_what_is_there);
	tcase_add_test(tc, nothing_is_nothing);
	tcase_add_test(tc, back_allocate);
	tcase_add_test(tc, back_to_lines_read);
	tcase_add_loop_test(tc, back_around, 0, 5);
	tcase_add_test(tc, back_around_alone);
	tcase_add_loop_test(tc, through, 0, 2);
	tcase_add_test(tc, the_one_unused_longest_goes);
	tcase_add_test(tc, stores_are_uses);
	tcase_add_test(tc, line_by_line);
	tcase_add_test(tc, dirty_lines_among_those_that_go);
	tcase_add_test(tc, more_than_is_left);
	tcase_add_test(tc, growing);
	tcase_add_test(tc, odd_capacity);
	tcase_add_test(tc, cleaning);
	tcase_add_test(tc, cleaning_is_no_use);
	tcase_add_loop_test_raise_signal(tc, death_odd_line, SIGABRT, 0, 6);
	tcase_add_loop_test_raise_signal(tc, death_small_level, SIGABRT, 0, 6);
	tcase_add_loop_test_raise_signal(tc, death_large_object, SIGABRT,
	    0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(cache_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
