/*
 * The world: from the start of a run to its end, whichever it is.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/transfer.h"
#include "tests/support/wiretap.h"

static struct crank crank;
static struct wiretap tap;

static struct socket *
first_socket(void)
{
	return crank.world.host.sockets;
}

/*
 * What world_advance answers
 */
START_TEST(empty_world_is_over_at_once)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 0);
	ck_assert_int_eq(crank_until(&crank, SIM_TIME_NEVER), WORLD_OVER);
	ck_assert_int_eq(crank_until(&crank, SIM_TIME_NEVER), WORLD_OVER);
	/* ticks, warm-up and duration are background: time has not passed */
	ck_assert_int_eq(crank.world.cal.now, 0);
	ck_assert_int_eq(crank.world.outcome, WORLD_DONE);
	crank_fini(&crank);
}
END_TEST

START_TEST(limit_is_kept)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 1);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_SLEEP,
	    .len = 2 * PS_PER_S});
	ck_assert_int_eq(crank_until(&crank, PS_PER_S), WORLD_LIMIT);
	ck_assert_int_eq(crank.world.cal.now, PS_PER_S);
	/* the same date again: nothing moves */
	ck_assert_int_eq(crank_until(&crank, PS_PER_S), WORLD_LIMIT);
	ck_assert_int_eq(crank.world.cal.now, PS_PER_S);
	ck_assert_int_eq(crank_until(&crank, 3 * PS_PER_S), WORLD_WAKE);
	/*
	 * Awake at 2 s, when the 200th clock tick is due as well.  The tick was
	 * scheduled after the sleep's end, so the switch to the process, 1 us,
	 * comes first, but the interrupt suspends it: INTR and HARDCLOCK, 2 us.
	 */
	ck_assert_int_eq(crank.world.cal.now,
	    2 * PS_PER_S + (1 + 2) * PS_PER_US);
	crank_fini(&crank);
}
END_TEST

START_TEST(time_stands_still_in_a_program)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 1);
	crank.world.host.n_in_program = 1;
	world_advance(&crank.world, PS_PER_S);
}
END_TEST

/*
 * The end of a run: at the duration
 */
START_TEST(calls_end_at_the_duration)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;
	uint64_t addr;
	int64_t n;
	int fd;

	config.duration = PS_PER_S;
	crank_init(&crank, &config, 1);
	fd = crank_connect(&crank, 0, 16384);
	addr = crank_buffer(&crank, 0, 65536);
	do
		n = crank_write(&crank, 0, fd, addr, 65536);
	while (world->cal.now < PS_PER_S);
	/* the blocked write came back with what it had taken, or with none */
	ck_assert(n == SYS_ENDED || (n > 0 && n <= 65536));
	ck_assert_int_lt(world->cal.now, PS_PER_S + PS_PER_MS);
	ck_assert(world->end_is_final);
	ck_assert_int_eq(world->end.at, PS_PER_S);
	ck_assert_int_gt(first_socket()->so_snd.sb_cc, 0);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 65536), SYS_ENDED);
	/* what is buffered drains: all that was written arrives */
	crank_run_out(&crank);
	ck_assert_int_eq(first_socket()->stats.bytes_acked,
	    first_socket()->stats.bytes_written);
	ck_assert_int_eq(world->outcome, WORLD_DONE);
	/* ... but the meter has closed */
	ck_assert_int_eq(world->end.at, PS_PER_S);
	ck_assert_int_lt(world->end.bytes_acked,
	    first_socket()->stats.bytes_acked);
	crank_fini(&crank);
}
END_TEST

START_TEST(loans_are_reaped)
{
	struct world_config config = machine_config();

	config.host.sosend.sosend_loan = true;
	config.duration = PS_PER_S;
	crank_init(&crank, &config, 1);
	transfer_until_end(&crank, 65536, 65536);
	ck_assert_int_gt(crank.world.host.kva.socurkva, 0);
	crank_fini(&crank);	/* asserts empty pools and no window left */
}
END_TEST

/*
 * The meter
 */
START_TEST(run_shorter_than_its_duration)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;
	uint64_t addr;
	int fd;

	config.warmup = 5 * PS_PER_S;
	crank_init(&crank, &config, 1);
	fd = crank_connect(&crank, 0, 16384);
	addr = crank_buffer(&crank, 0, 16384);
	crank_write(&crank, 0, fd, addr, 16384);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
	crank_run_out(&crank);
	/* the warm-up never ended: the measure is the whole run, from 0 */
	ck_assert_int_eq(world->start.at, 0);
	ck_assert_int_eq(world->start.bytes_acked, 0);
	/* ... to the ACK of the last byte, before the FINs */
	ck_assert_int_eq(world->end.bytes_acked, 16384);
	ck_assert_int_eq(world->end.at,
	    first_socket()->tcpcb.stats.last_ack_at);
	ck_assert_int_lt(world->end.at, world->cal.now);
	ck_assert_int_lt(world->cal.now, config.warmup);
	ck_assert(!world->end_is_final);
	crank_fini(&crank);
}
END_TEST

/*
 * Two processes; the second writes and closes after the first: the meter ends
 * with the last byte of all.
 */
START_TEST(last_byte_of_all)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;

	crank_init(&crank, &config, 2);
	for (int i = 0; i < 2; i++) {
		int fd = crank_connect(&crank, i, 16384);
		uint64_t addr = crank_buffer(&crank, i, 5000);

		crank_write(&crank, i, fd, addr, 5000);
		crank_call(&crank, i, (struct sys_call){.nr = SYS_CLOSE,
		    .fd = fd});
	}
	crank_run_out(&crank);
	ck_assert_int_eq(world->end.bytes_acked, 10000);
	/* sockets are listed newest first: the second's ACK was the last */
	ck_assert_int_eq(world->end.at,
	    first_socket()->tcpcb.stats.last_ack_at);
	crank_fini(&crank);
}
END_TEST

/*
 * A wire that carries at least 11.8 MB/s, looked at 2, 4, 6 s after the warm-up
 * of 1 s: 1 byte has passed at 3 s, 30 MB at 5 s and not at 3; as much as 20 s
 * take never has before the duration of 8 s.  What is buffered drains.
 */
START_TEST(enough_ends_it)
{
	static const struct {
		int64_t bytes;
		sim_time end;
	} cases[] = {{1, 3 * PS_PER_S}, {30000000, 5 * PS_PER_S},
	    {236000000, 8 * PS_PER_S}, {0, 8 * PS_PER_S}};
	struct world_config config = transfer_free_config();
	struct world *world = &crank.world;
	uint64_t addr;
	int fd;

	config.warmup = PS_PER_S;
	config.duration = 8 * PS_PER_S;
	config.enough_bytes = cases[_i].bytes;
	crank_init(&crank, &config, 1);
	fd = crank_connect(&crank, 0, 131072);
	addr = crank_buffer(&crank, 0, 1 << 20);
	while (!world->end_is_final)
		crank_write(&crank, 0, fd, addr, 1 << 20);
	ck_assert_int_eq(world->start.at, PS_PER_S);
	ck_assert_int_eq(world->end.at, cases[_i].end);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 4096), SYS_ENDED);
	crank_run_out(&crank);
	ck_assert_int_eq(world->outcome, WORLD_DONE);
	ck_assert_int_eq(world->end.at, cases[_i].end);
	crank_fini(&crank);
}
END_TEST

/* The bound on draining */
static bool
lose_all_to_peer(void *arg, struct frame *frame, bool to_peer)
{
	const struct world *world = arg;

	return !to_peer || frame->payload_bytes == 0 ||
	    world->cal.now < PS_PER_S;
}

/* From 1 s on the wire loses all data: at 2 + 3 s the rest is given up. */
START_TEST(drain_timeout)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;
	const struct so_stats *s;

	config.duration = 2 * PS_PER_S;
	config.drain = 3 * PS_PER_S;
	config.host.sosend.sosend_loan = _i == 1;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, world);
	tap.filter = lose_all_to_peer;
	tap.filter_arg = world;
	transfer_until_end(&crank, 16384, 65536);
	s = &first_socket()->stats;
	crank_run_out(&crank);
	ck_assert_int_eq(world->outcome, WORLD_DRAIN_TIMEOUT);
	/* the buffer was full but for less than its low-water mark */
	ck_assert_int_gt(s->bytes_dropped, 16384 - 2048);
	ck_assert_int_eq(s->bytes_written, s->bytes_acked + s->bytes_dropped);
	ck_assert_int_ge(world->cal.now, 5 * PS_PER_S);
	ck_assert_int_le(world->cal.now, 5 * PS_PER_S + PS_PER_MS);
	machine_assert_empty(&world->host);
	world->outcome = WORLD_DONE;
	crank_fini(&crank);	/* the books balance all the same */
}
END_TEST

/* A program that computes for longer than that: late, but nothing is lost. */
START_TEST(nothing_to_drain)
{
	struct world_config config = machine_config();

	config.duration = PS_PER_S;
	config.drain = PS_PER_S;
	crank_init(&crank, &config, 1);
	/* 3 s at 100 MHz */
	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_COMPUTE, .len = 300000000}), 0);
	ck_assert_int_ge(crank.world.cal.now, 3 * PS_PER_S);
	ck_assert_int_eq(crank.world.outcome, WORLD_DRAIN_TIMEOUT);
	crank.world.outcome = WORLD_DONE;
	crank_fini(&crank);
}
END_TEST

/* The way is long: a datagram is late, but nobody is who could be given up. */
START_TEST(late_datagram)
{
	struct world_config config = machine_config();
	uint64_t addr;
	int64_t fd;

	config.link.delay = 15 * PS_PER_S;
	config.duration = config.drain = PS_PER_S;
	crank_init(&crank, &config, 1);
	addr = crank_buffer(&crank, 0, 1000);
	fd = crank_call(&crank, 0, (struct sys_call){.nr = SYS_UDP_CONNECT,
	    .port = 9, .so_sndbuf = 9216, .so_sndlowat = 2048});
	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_SENDTO, .fd = (int)fd, .addr = addr, .len = 1000}),
	    1000);
	crank_run_out(&crank);
	ck_assert_int_gt(crank.world.cal.now, 15 * PS_PER_S);
	ck_assert_int_eq(crank.world.peer.udp.bytes_received, 1000);
	crank_fini(&crank);	/* asserts that the outcome is WORLD_DONE */
}
END_TEST

/* With the drain's bound at the end of a segment's step, whichever it is. */
START_TEST(drain_timeout_at_any_instant)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;

	config.duration = 300 * PS_PER_MS;
	/* an odd number of ns: 61 of them sweep over more than a segment */
	config.drain = PS_PER_MS + _i * 8933 * PS_PER_NS;
	config.host.sosend.sosend_loan = _i % 2 == 1;
	crank_init(&crank, &config, 1);
	transfer_until_end(&crank, 65536, 65536);
	crank_run_out(&crank);
	/* 64 KiB need 5.5 ms at the very least */
	ck_assert_int_eq(world->outcome, WORLD_DRAIN_TIMEOUT);
	ck_assert_int_gt(first_socket()->stats.bytes_dropped, 0);
	/* a dropped connection leaves no timer behind */
	ck_assert_int_le(world->cal.now, PS_PER_S);
	ck_assert_int_eq(first_socket()->tcpcb.t_timer[TCPT_REXMT], 0);
	world->outcome = WORLD_DONE;
	crank_fini(&crank);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, empty_world_is_over_at_once);
	tcase_add_test(tc, limit_is_kept);
	tcase_add_test_raise_signal(tc, time_stands_still_in_a_program,
	    SIGABRT);
	tcase_add_test(tc, calls_end_at_the_duration);
	tcase_add_test(tc, loans_are_reaped);
	tcase_add_test(tc, run_shorter_than_its_duration);
	tcase_add_test(tc, last_byte_of_all);
	tcase_add_loop_test(tc, enough_ends_it, 0, 4);
	tcase_add_test(tc, nothing_to_drain);
	tcase_add_test(tc, late_datagram);
	tcase_add_loop_test(tc, drain_timeout, 0, 2);
	tcase_add_loop_test(tc, drain_timeout_at_any_instant, 0, 61);
}

int
main(void)
{
	Suite *suite = suite_create("world");
	TCase *tc = tcase_create("world");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
