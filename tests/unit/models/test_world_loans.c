/*
 * Loans of connections that are closed: until when they hold address space, and
 * what becomes of a writer who needs it.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"

enum { CHUNK = 16384 };

static struct crank crank;

/* One connection of one lent write, which the board closes first. */
static int64_t
transfer(uint64_t addr)
{
	int fd = crank_connect(&crank, 0, CHUNK);

	crank_write(&crank, 0, fd, addr, CHUNK);
	return crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = fd});
}

/*
 * Address space for one write.  The first connection closes with its loan on
 * its own list, where nobody looks until it has waited for late segments: twice
 * the MSL of 2 s, as slow ticks of 500 ms, the first of which is cut short.
 * Then the second write gets it.
 */
static void
setup(sim_time msl)
{
	struct world_config config = machine_config();

	config.host.sosend.sosend_loan = true;
	config.host.sosend.sosend_counters = true;
	config.host.somaxkva = CHUNK;
	config.host.tcp.recvspace = CHUNK;
	config.host.tcp.rto_min = PS_PER_S;
	config.host.tcp.delack = 200 * PS_PER_MS;
	config.host.tcp.keepidle = 7200 * PS_PER_S;
	config.host.tcp.keepintvl = 75 * PS_PER_S;
	config.host.tcp.msl = msl;
	crank_init(&crank, &config, 1);
}

START_TEST(writer_waits_for_late_segments)
{
	uint64_t addr;
	sim_time now;

	setup(2 * PS_PER_S);
	addr = crank_buffer(&crank, 0, CHUNK);
	ck_assert_int_eq(transfer(addr), 0);
	ck_assert_int_lt(crank.world.cal.now, PS_PER_S);
	ck_assert_int_eq(crank.world.host.kva.socurkva, CHUNK);
	ck_assert_int_eq(transfer(addr), 0);
	now = crank.world.cal.now;
	ck_assert_int_gt(now, 3500 * PS_PER_MS);
	ck_assert_int_lt(now, 4600 * PS_PER_MS);
	ck_assert_int_eq(crank.world.outcome, WORLD_DONE);
	/* woken before that for nothing, when the first loan was over */
	ck_assert_int_eq(crank.world.host.sosend_counters.kva_limit, 2);
	crank_fini(&crank);
}
END_TEST

/*
 * The same in steps of 100 ms, less than a slow tick: nobody who looks at the
 * world more often sees another one.
 */
START_TEST(looked_at_in_between)
{
	struct world *world = &crank.world;
	sim_time whole, now = 0;
	uint64_t addr;
	int fd;

	for (int i = 0; i < 2; i++) {
		setup(2 * PS_PER_S);
		addr = crank_buffer(&crank, 0, CHUNK);
		transfer(addr);
		fd = crank_connect(&crank, 0, CHUNK);
		crank_post(&crank, 0, (struct sys_call){.nr = SYS_WRITE,
		    .fd = fd, .addr = addr, .len = CHUNK});
		while (i == 1 && !crank.procs[0].is_woken)
			crank_until(&crank, world->cal.now + 100 * PS_PER_MS);
		ck_assert_int_eq(crank_wait(&crank, 0), CHUNK);
		whole = now;
		now = world->cal.now;
		crank_fini(&crank);
	}
	ck_assert_int_gt(now, 3500 * PS_PER_MS);
	ck_assert_int_eq(now, whole);
}
END_TEST

/* It comes too late: the run's end is the writer's, and no deadlock. */
START_TEST(writer_waits_to_the_end)
{
	int64_t written;
	uint64_t addr;
	int fd;

	setup(30 * PS_PER_S);
	addr = crank_buffer(&crank, 0, CHUNK);
	ck_assert_int_eq(transfer(addr), 0);
	fd = crank_connect(&crank, 0, CHUNK);
	written = crank_write(&crank, 0, fd, addr, CHUNK);
	/* what needs no address space has been copied */
	ck_assert_int_eq(written, CHUNK);
	ck_assert_int_ge(crank.world.cal.now, 10 * PS_PER_S);
	ck_assert_int_eq(crank.world.outcome, WORLD_DONE);
	crank_fini(&crank);
}
END_TEST

static Suite *
loans_suite(void)
{
	Suite *suite = suite_create("world, loans");
	TCase *tc = tcase_create("world, loans");

	tcase_add_test(tc, writer_waits_for_late_segments);
	tcase_add_test(tc, looked_at_in_between);
	tcase_add_test(tc, writer_waits_to_the_end);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(loans_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
