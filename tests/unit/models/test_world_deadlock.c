/*
 * Deadlocks: what is one, what is none, and who is named.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

static struct crank crank;
static struct wiretap tap;

static struct socket *
first_socket(void)
{
	return crank.world.host.sockets;
}

/* Deadlock: a piece waits for address space that no loan has, for ever. */
static void
start_deadlock(int n_procs)
{
	struct world_config config = machine_config();
	struct sys_call call[CRANK_MAX_PROCS];

	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 8192;
	crank_init(&crank, &config, n_procs);
	for (int i = 0; i < n_procs; i++)
		call[i] = (struct sys_call){.nr = SYS_WRITE,
		    .fd = crank_connect(&crank, i, 16384),
		    .addr = crank_buffer(&crank, i, 65536), .len = 65536};
	for (int i = 0; i < n_procs; i++)
		crank_post(&crank, i, call[i]);
}

START_TEST(deadlock_names_the_waiters)
{
	struct world *world = &crank.world;
	sim_time began_at;

	start_deadlock(2);
	began_at = world->cal.now;
	ck_assert_int_eq(world->outcome, WORLD_DONE);
	/* the writes copy what there is room for, and come back with that */
	ck_assert_int_eq(crank_wait(&crank, 0), 16384);
	ck_assert_int_eq(crank_wait(&crank, 1), 16384);
	ck_assert_int_eq(world->outcome, WORLD_DEADLOCK);
	ck_assert_uint_eq(world->n_waiters, 2);
	ck_assert_str_eq(world->waiters[0], "p0");
	ck_assert_str_eq(world->waiters[1], "p1");
	/* when both sleep, some operations of 1 us later; not at a tick */
	ck_assert_int_gt(world->deadlock_at, began_at);
	ck_assert_int_le(world->deadlock_at, began_at + 20 * PS_PER_US);
	crank_abandon(&crank);
}
END_TEST

/*
 * A piece waits for address space that is lent to a connection whose program
 * has gone: no deadlock, for in 2 MSL that connection ends.  Its loans are
 * undone by who waits.
 */
START_TEST(late_connection_has_the_address_space)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;
	uint64_t addr[2];
	int fd[2];

	config.duration = 100 * PS_PER_S;
	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 65536;
	crank_init(&crank, &config, 2);
	for (int i = 0; i < 2; i++) {
		fd[i] = crank_connect(&crank, i, 65536);
		addr[i] = crank_buffer(&crank, i, 65536);
	}
	ck_assert_int_eq(crank_write(&crank, 0, fd[0], addr[0], 65536),
	    65536);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = fd[0]});
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT});
	/* all is acknowledged, both ends have closed: 120 ticks begin */
	crank_until(&crank, 5 * PS_PER_S);
	ck_assert_int_eq(first_socket()->next->tcpcb.t_state, TCPS_TIME_WAIT);
	ck_assert_int_eq(crank_write(&crank, 1, fd[1], addr[1], 65536),
	    65536);
	ck_assert_int_eq(world->host.sosend_counters.kva_limit, 1);
	ck_assert_int_gt(world->cal.now, 60 * PS_PER_S);
	ck_assert_int_lt(world->cal.now, 62 * PS_PER_S);
	crank_fini(&crank);
}
END_TEST

/* What follows, dropping connections that cannot close, is no new deadlock. */
START_TEST(deadlock_is_dated_once)
{
	struct world *world = &crank.world;
	sim_time at;

	start_deadlock(1);
	crank_wait(&crank, 0);
	at = world->deadlock_at;
	crank_run_out(&crank);
	ck_assert_int_eq(world->outcome, WORLD_DEADLOCK);
	ck_assert_int_gt(world->cal.now, at);
	ck_assert_int_eq(world->deadlock_at, at);
	ck_assert_uint_eq(world->n_waiters, 1);
	/* what was copied in the end is sent */
	ck_assert_int_eq(first_socket()->stats.bytes_acked, 16384);
	machine_assert_empty(&world->host);
	crank_abandon(&crank);
}
END_TEST

/*
 * Address space is lent to a connection that is open yet: its program waits for
 * a caller who never comes, and nobody else may undo its loans (2.5).
 */
START_TEST(open_connection_has_the_address_space)
{
	struct world_config config = machine_config();
	struct sys_call call = {.nr = SYS_LISTEN, .port = 80, .backlog = 5,
	    .so_sndbuf = 16384, .so_sndlowat = 2048};
	uint64_t addr[2];
	int fd[2];

	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 65536;
	crank_init(&crank, &config, 2);
	for (int i = 0; i < 2; i++) {
		fd[i] = crank_connect(&crank, i, 65536);
		addr[i] = crank_buffer(&crank, i, 65536);
	}
	ck_assert_int_eq(crank_write(&crank, 0, fd[0], addr[0], 65536),
	    65536);
	call.fd = (int)crank_call(&crank, 0, call);
	call.nr = SYS_ACCEPT;
	crank_post(&crank, 0, call);
	/* woken by the end of the run, it copies */
	ck_assert_int_eq(crank_write(&crank, 1, fd[1], addr[1], 65536),
	    65536);
	ck_assert_int_eq(crank.world.outcome, WORLD_DEADLOCK);
	ck_assert_uint_eq(crank.world.n_waiters, 2);
	ck_assert_int_lt(crank.world.deadlock_at, PS_PER_S);
	crank_abandon(&crank);
}
END_TEST

static bool
lose_all_to_peer(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	return !to_peer || frame->payload_bytes == 0;
}

/* What cannot be drained after it is no news: the deadlock is the graver one */
START_TEST(deadlock_that_does_not_drain)
{
	start_deadlock(1);
	wiretap_attach(&tap, &crank.world);
	tap.filter = lose_all_to_peer;
	crank_wait(&crank, 0);
	crank_run_out(&crank);
	/* 10 s and 10 s more for draining */
	ck_assert_int_ge(crank.world.cal.now, 20 * PS_PER_S);
	ck_assert_int_gt(first_socket()->stats.bytes_dropped, 0);
	ck_assert_int_eq(crank.world.outcome, WORLD_DEADLOCK);
	ck_assert_int_lt(crank.world.deadlock_at, PS_PER_S);
	crank_abandon(&crank);
}
END_TEST

static bool
lose_fins_to_board(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	return to_peer || (frame->th.flags & TH_FIN) == 0;
}

/* A connection whose other end never closes, and no process left. */
START_TEST(deadlock_without_waiters)
{
	struct world_config config = machine_config();
	struct world *world = &crank.world;
	uint64_t addr;
	int fd;

	config.duration = 60 * PS_PER_S;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, world);
	tap.filter = lose_fins_to_board;
	fd = crank_connect(&crank, 0, 16384);
	addr = crank_buffer(&crank, 0, 5000);
	crank_write(&crank, 0, fd, addr, 5000);
	crank_run_out(&crank);
	ck_assert_int_eq(world->outcome, WORLD_DEADLOCK);
	ck_assert_uint_eq(world->n_waiters, 0);
	ck_assert_int_eq(first_socket()->stats.bytes_acked, 5000);
	machine_assert_empty(&world->host);
	crank_abandon(&crank);
}
END_TEST

static void
nothing(void *arg)
{
	(void)arg;
}

/* More waiters than the table has room for: the first eight are named. */
START_TEST(deadlock_of_many)
{
	struct world *world = &crank.world;
	static char names[WORLD_MAX_WAITERS + 2][4];
	static struct waitq nobody_wakes;

	start_deadlock(1);
	for (int i = 0; i < WORLD_MAX_WAITERS + 2; i++) {
		struct proc *p;

		names[i][0] = (char)('a' + i);
		p = host_add_proc(&world->host, names[i],
		    (struct proc_program){nothing, NULL});
		p->state = PROC_ASLEEP;
		p->sleeps_on = &nobody_wakes;
	}
	crank_wait(&crank, 0);
	ck_assert_uint_eq(world->n_waiters, WORLD_MAX_WAITERS);
	ck_assert_str_eq(world->waiters[0], "p0");
	ck_assert_str_eq(world->waiters[WORLD_MAX_WAITERS - 1], "g");
	crank_abandon(&crank);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, deadlock_names_the_waiters);
	tcase_add_test(tc, late_connection_has_the_address_space);
	tcase_add_test(tc, deadlock_is_dated_once);
	tcase_add_test(tc, open_connection_has_the_address_space);
	tcase_add_test(tc, deadlock_that_does_not_drain);
	tcase_add_test(tc, deadlock_without_waiters);
	tcase_add_test(tc, deadlock_of_many);
}

int
main(void)
{
	Suite *suite = suite_create("world_deadlock");
	TCase *tc = tcase_create("world_deadlock");
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
