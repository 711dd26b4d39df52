/*
 * Memory accesses: bytes into the cost and the ledger, never beyond an object;
 * with a cache, what it makes of them.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/hw/mem.h"

static struct mem_object page = {.bytes = 4096};
static struct mem_object cluster = {.bytes = 2048};
static struct ledger ledger;
static struct cost_model model;

/* An instruction a byte, a cycle an instruction. */
static void
setup(void)
{
	struct cost_config config = {.cpi_milli = 1000};

	memset(&ledger, 0, sizeof ledger);
	for (int op = 0; op < N_OPS; op++)
		config.op_insns[op] = 1024;
	cost_model_init(&model, &config, NULL, &ledger);
}

static struct mem_range
range_of(struct mem_object *object, uint32_t offset, uint32_t bytes)
{
	return (struct mem_range){object, offset, bytes, MEM_KERNEL};
}

START_TEST(test_read)
{
	struct cost cost = {1, 2, 3};

	mem_read(&cost, &model, CAUSE_CKSUM_READ, range_of(&page, 0, 1460));
	ck_assert_int_eq(cost.units, 1);
	ck_assert_int_eq(cost.read_bytes, 1462);
	ck_assert_int_eq(cost.write_bytes, 3);
	ck_assert_int_eq(ledger.line[CAUSE_CKSUM_READ].read_bytes, 1460);
	ck_assert_int_eq(ledger.line[CAUSE_CKSUM_READ].write_bytes, 0);
	ck_assert_int_eq(ledger.line[CAUSE_CKSUM_READ].loaded_bytes, 1460);
	ck_assert_int_eq(ledger.line[CAUSE_CKSUM_READ].stored_bytes, 0);
}
END_TEST

START_TEST(test_write)
{
	struct cost cost = {1, 2, 3};

	mem_write(&cost, &model, CAUSE_APP_FILL, range_of(&page, 4, 100));
	ck_assert_int_eq(cost.units, 1);
	ck_assert_int_eq(cost.read_bytes, 2);
	ck_assert_int_eq(cost.write_bytes, 103);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].read_bytes, 0);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].write_bytes, 100);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].loaded_bytes, 0);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].stored_bytes, 100);
}
END_TEST

/* A copy: the loop's instructions, a read and a write, under one cause. */
START_TEST(test_copy)
{
	struct cost cost = {0};

	mem_copy(&cost, &model, CAUSE_COW_COPY, range_of(&page, 10, 500),
	    range_of(&cluster, 0, 500));
	ck_assert_int_eq(cost.units, 500 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(cost.read_bytes, 500);
	ck_assert_int_eq(cost.write_bytes, 500);
	ck_assert_int_eq(ledger.line[CAUSE_COW_COPY].units,
	    500 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(ledger.line[CAUSE_COW_COPY].read_bytes, 500);
	ck_assert_int_eq(ledger.line[CAUSE_COW_COPY].write_bytes, 500);
	ck_assert_int_eq(ledger.line[CAUSE_COPYIN].units, 0);
	ck_assert_int_eq(ledger.n_ops[OP_COPY_1K], 500);
}
END_TEST

/* Ranges that touch the end of their object, and empty ones at it. */
START_TEST(test_edges_of_an_object)
{
	struct cost cost = {0};

	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 4095, 1));
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 4096, 0));
	ck_assert_int_eq(cost.read_bytes, 4097);
}
END_TEST

START_TEST(test_death_beyond_an_object)
{
	static const uint32_t wrong[][2] = {
	    {0, 4097}, {1, 4096}, {4096, 1}, {4097, 0},
	    /* the sum wraps round to 4096 */
	    {4097, UINT32_MAX}};
	struct cost cost = {0};

	mem_read(&cost, &model, CAUSE_COPYIN,
	    range_of(&page, wrong[_i][0], wrong[_i][1]));
}
END_TEST

START_TEST(test_death_of_a_write_beyond)
{
	struct cost cost = {0};

	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&cluster, 0, 2049));
}
END_TEST

START_TEST(test_death_of_two_lengths)
{
	struct cost cost = {0};

	mem_copy(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 10),
	    range_of(&cluster, 0, 11));
}
END_TEST

/*
 * With a cache: 4096 bytes in lines of 32.  A line takes 7 cycles between the
 * levels; a miss 30 cycles, of which 4 may run at once: 7.5 each.
 */
static struct cache cache;
static struct mem_object other = {.bytes = 4096};

static void
begin_cached(struct cache_config caches, int64_t overlap)
{
	struct cost_config config = {.cpi_milli = 1000, .l2_line_cycles = 7,
	    .miss_cycles = 30, .miss_overlap = overlap};

	for (int op = 0; op < N_OPS; op++)
		config.op_insns[op] = 1024;
	cache_init(&cache, &caches);
	cost_model_init(&model, &config, &cache, &ledger);
}

static struct cache_config
one_level(bool is_virtual)
{
	return (struct cache_config){{4096, 0}, 32, CACHE_WRITE_BACK, true,
	    is_virtual};
}

static void
assert_cost(struct cost *cost, int64_t half_cycles, int64_t read_bytes,
    int64_t write_bytes)
{
	ck_assert_int_eq(cost->units,
	    half_cycles * (COST_UNITS_PER_CYCLE / 2));
	ck_assert_int_eq(cost->read_bytes, read_bytes);
	ck_assert_int_eq(cost->write_bytes, write_bytes);
	memset(cost, 0, sizeof *cost);
}

/*
 * Bytes 100 .. 1559 are 46 lines: 1472 bytes read, 46 misses of 7.5 cycles.
 * Another page then evicts them: 128 lines in, 46 of them out if dirty.
 */
START_TEST(test_misses)
{
	const struct ledger_line *line = &ledger.line[CAUSE_CKSUM_READ];
	struct cost cost = {0};

	begin_cached(one_level(false), 4);
	mem_read(&cost, &model, CAUSE_CKSUM_READ, range_of(&page, 100, 1460));
	assert_cost(&cost, 46 * 15, 1472, 0);
	mem_read(&cost, &model, CAUSE_CKSUM_READ, range_of(&page, 100, 1460));
	assert_cost(&cost, 0, 0, 0);
	ck_assert_int_eq(line->units, 46 * 15 * (COST_UNITS_PER_CYCLE / 2));
	ck_assert_int_eq(line->read_bytes, 1472);
	ck_assert_int_eq(line->loaded_bytes, 2920);
	mem_write(&cost, &model, CAUSE_APP_FILL, range_of(&page, 100, 1460));
	assert_cost(&cost, 0, 0, 0);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].stored_bytes, 1460);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].write_bytes, 0);
	/* who evicts pays for the way back */
	mem_read(&cost, &model, CAUSE_CKSUM_READ, range_of(&other, 0, 4096));
	assert_cost(&cost, 128 * 15, 4096, 1472);
	ck_assert_int_eq(line->write_bytes, 1472);
	ck_assert_int_eq(line->stored_bytes, 0);
	ck_assert_int_eq(ledger.n_ops[OP_CACHE_LINE], 0);
}
END_TEST

/* Latencies overlap, transfers do not; a third of a cycle is cut to a unit. */
START_TEST(test_overlap)
{
	static const int64_t overlaps[] = {1, 2, 3, 7, 64};
	struct cost cost = {0};

	begin_cached(one_level(false), overlaps[_i]);
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 320));
	ck_assert_int_eq(cost.units,
	    10 * (30 * COST_UNITS_PER_CYCLE / overlaps[_i]));
	ck_assert_int_eq(cost.read_bytes, 320);
}
END_TEST

/*
 * Over 8192 bytes of second level.  Each of 128 lines comes up, 7 cycles, and
 * the first time from memory, 7.5 more; a dirty page goes down, 7 each.
 */
START_TEST(test_between_the_levels)
{
	struct cache_config config = one_level(false);
	struct cost cost = {0};

	config.bytes[1] = 8192;
	begin_cached(config, 4);
	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	assert_cost(&cost, 128 * (14 + 15), 4096, 0);
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&other, 0, 4096));
	assert_cost(&cost, 128 * (28 + 15), 4096, 0);
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	assert_cost(&cost, 128 * 14, 0, 0);
}
END_TEST

START_TEST(test_stores_past_the_cache)
{
	struct cache_config config = one_level(false);
	struct cost cost = {0};

	config.write_allocate = false;
	begin_cached(config, 4);
	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&page, 3, 100));
	assert_cost(&cost, 0, 0, 100);
	ck_assert_int_eq(ledger.line[CAUSE_COPYIN].write_bytes, 100);
	ck_assert_int_eq(ledger.line[CAUSE_COPYIN].stored_bytes, 100);
}
END_TEST

/*
 * A hot copy moves nothing but instructions: 2048 cycles.  Before, it is 64
 * lines read on either side, 128 misses.
 */
START_TEST(test_cached_copy)
{
	struct cost cost = {0};

	begin_cached(one_level(false), 4);
	for (int hot = 0; hot < 2; hot++) {
		mem_copy(&cost, &model, CAUSE_COPYIN,
		    range_of(&page, 2048, 2048), range_of(&cluster, 0, 2048));
		assert_cost(&cost, 2 * 2048 + (hot ? 0 : 128 * 15),
		    hot ? 0 : 4096, 0);
	}
	ck_assert_int_eq(ledger.line[CAUSE_COPYIN].loaded_bytes, 4096);
	ck_assert_int_eq(ledger.line[CAUSE_COPYIN].stored_bytes, 4096);
}
END_TEST

/*
 * 8 KB buffers copied into four clusters of 2 KB, over and over, through 16 KB
 * of cache: 512 lines, a page 128, a cluster 64.
 *
 * One buffer: its 256 lines and those of the clusters fit, so that nothing is
 * moved after the first time.
 *
 * A ring of 8 buffers: before a buffer, from the oldest, the cache holds
 *
 *	cluster 0, page 0 (of the buffer before), cluster 1, cluster 2,
 *	page 1, cluster 3
 *
 * as a page is used again for its second half, after cluster 0 or 2.  Then
 *
 *	page 0, first half	64 lines in	cluster 0 out, dirty
 *	cluster 0		64 in		old page 0, half, out
 *	page 0, second half	64 in		old page 0, half, out
 *	cluster 1		hit
 *	page 1, first half	64 in		cluster 2 out, dirty
 *	cluster 2		64 in		old page 1, half, out
 *	page 1, second half	64 in		old page 1, half, out
 *	cluster 3		hit
 *
 * 384 lines in, 128 out, and the order is as before.
 */
static void
copy_buffer(struct cost *cost, struct mem_object *pages,
    struct mem_object *clusters)
{
	for (uint32_t i = 0; i < 4; i++)
		mem_copy(cost, &model, CAUSE_COPYIN,
		    range_of(&pages[i / 2], i % 2 * 2048, 2048),
		    range_of(&clusters[i], 0, 2048));
}

START_TEST(test_hot_and_cold_copies)
{
	enum { ROUNDS = 3, BUFFERS = 8 };
	static struct mem_object pages[2 * BUFFERS], clusters[4];
	struct cache_config config = one_level(false);
	int n_buffers = _i ? BUFFERS : 1;

	config.bytes[0] = 16384;
	begin_cached(config, 4);
	for (int i = 0; i < 2 * BUFFERS; i++)
		pages[i].bytes = 4096;
	for (int i = 0; i < 4; i++)
		clusters[i].bytes = 2048;
	for (int i = 0; i < ROUNDS * n_buffers; i++) {
		struct cost cost = {0};

		copy_buffer(&cost, &pages[i % n_buffers * 2], clusters);
		if (i == 0)
			assert_cost(&cost, 2 * 8192 + 512 * 15, 512 * 32, 0);
		else if (n_buffers == 1)
			assert_cost(&cost, 2 * 8192, 0, 0);
		else
			assert_cost(&cost, 2 * 8192 + 384 * 15, 384 * 32,
			    128 * 32);
	}
}
END_TEST

/*
 * Cleaning 6 lines of which 3 are dirty: six operations of 1024 cycles, three
 * lines of 32 bytes written, all of it for cache_clean.
 */
START_TEST(test_clean)
{
	const struct ledger_line *line = &ledger.line[CAUSE_CACHE_CLEAN];
	struct cost cost = {0};

	begin_cached(one_level(_i), 4);
	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&page, 96, 96));
	assert_cost(&cost, 3 * 15, 96, 0);
	mem_clean(&cost, &model, range_of(&page, 0, 192));
	assert_cost(&cost, 2 * 6 * 1024, 0, 96);
	ck_assert_int_eq(ledger.n_ops[OP_CACHE_LINE], 6);
	ck_assert_int_eq(line->units, 6 * 1024 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(line->write_bytes, 96);
	ck_assert_int_eq(line->read_bytes, 0);
	/* nothing of it was asked for by a program */
	ck_assert_int_eq(line->stored_bytes, 0);
	/* what is clean is still there */
	mem_read(&cost, &model, CAUSE_CKSUM_READ, range_of(&page, 96, 96));
	assert_cost(&cost, 0, 0, 0);
	mem_clean(&cost, &model, range_of(&page, 0, 192));
	assert_cost(&cost, 2 * 6 * 1024, 0, 0);
	mem_clean(&cost, &model, range_of(&page, 192, 0));
	assert_cost(&cost, 0, 0, 0);
	ck_assert_int_eq(ledger.n_ops[OP_CACHE_LINE], 12);
}
END_TEST

/* An alias is cleaned where there are aliases: with a virtual index. */
START_TEST(test_clean_alias)
{
	struct cost cost = {0};

	begin_cached(one_level(_i), 4);
	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	memset(&cost, 0, sizeof cost);
	mem_clean_alias(&cost, &model, range_of(&page, 0, 4096));
	ck_assert_int_eq(cache_is_dirty(&cache, &page, 0, 4096), !_i);
	assert_cost(&cost, _i ? 2 * 128 * 1024 : 0, 0, _i ? 4096 : 0);
	ck_assert_int_eq(ledger.n_ops[OP_CACHE_LINE], _i ? 128 : 0);
	/* the lines of the mapping go with it, where they are its own */
	if (_i)
		mem_unmapped(&model, &page, MEM_KERNEL);
	else
		mem_unmapped(&model, &page, MEM_USER);
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	assert_cost(&cost, _i ? 128 * 15 : 0, _i ? 4096 : 0, 0);
}
END_TEST

/* What DMA has stored is read from memory, at nobody's expense until then. */
START_TEST(test_replaced)
{
	struct cost cost = {0};

	begin_cached(one_level(_i), 4);
	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	memset(&cost, 0, sizeof cost);
	mem_replaced(&model, &page);
	assert_cost(&cost, 0, 0, 0);
	ck_assert(!cache_is_dirty(&cache, &page, 0, 4096));
	mem_read(&cost, &model, CAUSE_COPYOUT, range_of(&page, 0, 4096));
	assert_cost(&cost, 128 * 15, 4096, 0);
}
END_TEST

/* Without a cache nothing is dirty, and nothing goes. */
START_TEST(test_clean_without_cache)
{
	struct cost cost = {0};

	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	memset(&cost, 0, sizeof cost);
	mem_clean(&cost, &model, range_of(&page, 0, 4096));
	mem_clean_alias(&cost, &model, range_of(&page, 0, 4096));
	mem_unmapped(&model, &page, MEM_USER);
	mem_replaced(&model, &page);
	assert_cost(&cost, 0, 0, 0);
	ck_assert_int_eq(ledger.n_ops[OP_CACHE_LINE], 0);
}
END_TEST

START_TEST(test_death_of_a_clean_beyond)
{
	struct cost cost = {0};

	mem_clean(&cost, &model, range_of(&cluster, 2000, 49));
}
END_TEST

static Suite *
mem_suite(void)
{
	Suite *suite = suite_create("hw/mem");
	TCase *tc = tcase_create("mem");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_read);
	tcase_add_test(tc, test_write);
	tcase_add_test(tc, test_copy);
	tcase_add_test(tc, test_edges_of_an_object);
	tcase_add_loop_test_raise_signal(tc, test_death_beyond_an_object,
	    SIGABRT, 0, 5);
	tcase_add_test_raise_signal(tc, test_death_of_a_write_beyond,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_two_lengths, SIGABRT);
	tcase_add_test(tc, test_misses);
	tcase_add_loop_test(tc, test_overlap, 0, 5);
	tcase_add_test(tc, test_between_the_levels);
	tcase_add_test(tc, test_stores_past_the_cache);
	tcase_add_test(tc, test_cached_copy);
	tcase_add_loop_test(tc, test_hot_and_cold_copies, 0, 2);
	tcase_add_loop_test(tc, test_clean, 0, 2);
	tcase_add_loop_test(tc, test_clean_alias, 0, 2);
	tcase_add_loop_test(tc, test_replaced, 0, 2);
	tcase_add_test(tc, test_clean_without_cache);
	tcase_add_test_raise_signal(tc, test_death_of_a_clean_beyond,
	    SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(mem_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
