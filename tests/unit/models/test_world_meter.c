/*
 * What a world has used and done up to a date.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/transfer.h"

static struct crank crank;

/*
 * All costs zero and everything lent, so that nothing but the wire is busy.
 * Over the measured 2 s it is never idle: its time is the interval.  The CPU
 * reads each segment once, for its checksum: 1460 + 20 bytes of TCP header, at
 * 1 ps a byte.  The bus has the fetches besides, 1514 bytes each, and a store
 * of 64 bytes for each ACK of two segments.
 */
START_TEST(meter_of_a_busy_wire)
{
	enum { BYTES = 48 << 20 };	/* more than 3 s of 11.9 MB/s */
	struct world_config config = transfer_free_config();
	struct world *world = &crank.world;
	int64_t n, cpu, bus;
	uint64_t addr;

	config.warmup = PS_PER_S;
	config.duration = 3 * PS_PER_S;
	config.host.sosend.sosend_loan = true;
	crank_init(&crank, &config, 1);
	/* woken with room for a loan, never for less */
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 131072, .so_sndlowat = 16384});
	addr = crank_buffer(&crank, 0, BYTES);
	ck_assert_int_lt(crank_write(&crank, 0, 0, addr, BYTES), BYTES);
	ck_assert_int_eq(world->start.at, PS_PER_S);
	ck_assert_int_eq(world->end.at, 3 * PS_PER_S);
	ck_assert_int_eq(world->end.wire_busy - world->start.wire_busy,
	    2 * PS_PER_S);
	n = (world->end.bytes_acked - world->start.bytes_acked) / 1460;
	cpu = world->end.cpu_busy - world->start.cpu_busy;
	bus = world->end.bus_busy - world->start.bus_busy;
	/* 1 % covers what is under way at either end, not more */
	ck_assert_int_ge(cpu * 100, n * 1480 * 99);
	ck_assert_int_le(cpu * 100, n * 1480 * 101);
	ck_assert_int_ge(bus * 100, n * (1480 + 1514 + 32) * 99);
	ck_assert_int_le(bus * 100, n * (1480 + 1514 + 32) * 101);
	crank_fini(&crank);
}
END_TEST

/* A program that only computes: the CPU is busy from end to end, idle else. */
START_TEST(meter_of_a_busy_cpu)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;

	config.warmup = PS_PER_S;
	config.duration = 3 * PS_PER_S;
	crank_init(&crank, &config, 1);
	/* 4 s at 100 MHz */
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_COMPUTE,
	    .len = 400000000});
	ck_assert_int_eq(world->end.cpu_busy - world->start.cpu_busy,
	    2 * PS_PER_S);
	ck_assert_int_eq(world->start.cpu_busy, PS_PER_S);
	ck_assert_int_eq(world->end.bus_busy, 0);
	ck_assert_int_eq(world->end.wire_busy, 0);
	crank_fini(&crank);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("world_meter");
	TCase *tc = tcase_create("world_meter");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, meter_of_a_busy_wire);
	tcase_add_test(tc, meter_of_a_busy_cpu);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
