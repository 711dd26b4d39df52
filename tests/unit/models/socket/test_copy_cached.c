/*
 * write(2) by copying through a cache: what of it memory sees.
 *
 * 32 KB of cache in lines of 32 bytes.  A write of 8 KB is copied into four
 * clusters, and summed up from there, together with the 20 bytes of TCP header
 * of its 6 segments (5 * 1460 + 892), a line each.  A write is over, and its
 * mbufs and clusters are free, before the next begins.  DMA is coherent here:
 * nothing is cleaned.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"

enum { WRITE = 8192, RING = 65536, SEGMENTS = 6, TCP_HDR = 20 };

static struct crank crank;
static struct ledger before;
static int fd;

static void
begin(enum cache_policy policy, bool write_allocate)
{
	struct world_config config = machine_config();

	config.host.cache = (struct cache_config){{32768, 0}, 32, policy,
	    write_allocate, false};
	config.host.dma_is_coherent = true;
	config.duration = 100 * PS_PER_S;
	crank_init(&crank, &config, 1);
	fd = crank_connect(&crank, 0, 16384);
}

static const struct ledger *
ledger(void)
{
	return &crank.world.host.ledger;
}

/* A write, and time for all of it to be acknowledged. */
static void
write_and_wait(uint64_t addr)
{
	before = *ledger();
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, WRITE), WRITE);
	crank_sleep(&crank, 0, PS_PER_S / 2);
	ck_assert_int_eq(crank.world.host.sockets->so_snd.sb_cc, 0);
	ck_assert_uint_eq(pool_in_use(&crank.world.host.mbufs.clusters), 0);
}

static void
assert_moved(enum kern_cause cause, int64_t read_bytes, int64_t write_bytes)
{
	const struct ledger_line *now = &ledger()->line[cause];
	const struct ledger_line *then = &before.line[cause];

	ck_assert_int_eq(now->read_bytes - then->read_bytes, read_bytes);
	ck_assert_int_eq(now->write_bytes - then->write_bytes, write_bytes);
}

static void
assert_asked(enum kern_cause cause, int64_t loaded_bytes,
    int64_t stored_bytes)
{
	const struct ledger_line *now = &ledger()->line[cause];
	const struct ledger_line *then = &before.line[cause];

	ck_assert_int_eq(now->loaded_bytes - then->loaded_bytes,
	    loaded_bytes);
	ck_assert_int_eq(now->stored_bytes - then->stored_bytes,
	    stored_bytes);
}

/*
 * Write-back: pages are fetched to be zeroed, and then filled in the cache.
 * The first copy fetches the clusters; from then on buffer and clusters stay,
 * 16 of 32 KB, and neither copies nor checksums of data move anything.  Headers
 * lie in whichever mbufs are free; after some writes all have held one.
 */
START_TEST(hot)
{
	uint64_t addr;

	begin(CACHE_WRITE_BACK, true);
	before = *ledger();
	addr = crank_buffer(&crank, 0, WRITE);
	assert_moved(CAUSE_PAGE_ZERO, WRITE, 0);
	assert_moved(CAUSE_APP_FILL, 0, 0);
	write_and_wait(addr);
	assert_moved(CAUSE_COPYIN, WRITE, 0);
	assert_moved(CAUSE_CKSUM_READ, SEGMENTS * 32, 0);
	for (int i = 0; i < 40; i++) {
		write_and_wait(addr);
		assert_moved(CAUSE_COPYIN, 0, 0);
		assert_asked(CAUSE_COPYIN, WRITE, WRITE);
		assert_asked(CAUSE_CKSUM_READ, WRITE + SEGMENTS * TCP_HDR, 0);
		if (i < 30)
			continue;
		ck_assert_int_eq(ledger_cpu_total(ledger()).read_bytes,
		    ledger_cpu_total(&before).read_bytes);
		ck_assert_int_eq(ledger_cpu_total(ledger()).write_bytes,
		    ledger_cpu_total(&before).write_bytes);
	}
	crank_fini(&crank);
}
END_TEST

/*
 * Written through without allocation: the copy reads its source only, and
 * writes all it stores.  A buffer that is used again is there, one of a ring of
 * 64 KB never is, as 56 KB of others were read in between.  So one write moves
 * 8 KB, the other 16.
 */
START_TEST(hot_and_cold)
{
	uint64_t addr;
	uint64_t step = _i ? WRITE : 0;

	begin(CACHE_WRITE_THROUGH, false);
	addr = crank_buffer(&crank, 0, RING);
	for (uint64_t i = 0; i < 12; i++) {
		write_and_wait(addr + i * step % RING);
		assert_moved(CAUSE_COPYIN, i == 0 || _i ? WRITE : 0, WRITE);
		assert_asked(CAUSE_COPYIN, WRITE, WRITE);
	}
	crank_fini(&crank);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("copy_cached");
	TCase *tc = tcase_create("copy_cached");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, hot);
	tcase_add_loop_test(tc, hot_and_cold, 0, 2);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
