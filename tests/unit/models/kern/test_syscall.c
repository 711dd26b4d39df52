/*
 * System calls: what they return, every error among it, what they cost, and
 * what becomes of them when the run is over.
 *
 * A call costs its trap, 1 us; so does a switch, which only the first call of a
 * date begins with.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define US	PS_PER_US
#define MS	PS_PER_MS

enum { SNDBUF = 16384 };

static struct crank crank;
static struct host *host;

static void
start(struct world_config config)
{
	crank_init(&crank, &config, 2);
	host = &crank.world.host;
}

static void
setup(void)
{
	start(machine_config());
}

static void
teardown(void)
{
	crank_fini(&crank);
}

static int64_t
call(enum sys_nr nr, int fd, int64_t len)
{
	return crank_call(&crank, 0, (struct sys_call){.nr = nr, .fd = fd,
	    .len = len, .so_sndbuf = SNDBUF, .so_sndlowat = 2048});
}

static int64_t
call_write(int fd, uint64_t addr, int64_t len)
{
	return crank_write(&crank, 0, fd, addr, len);
}

static struct socket *
socket_of(int fd)
{
	return fd_socket(crank.procs[0].p, fd);
}

/*
 * Let the interrupts pass that follow a connection's packets.
 *
 * => the date; the next call begins with a switch, and no tick is near
 */
static sim_time
quiet(void)
{
	crank_until(&crank, 5 * MS);
	return crank.world.cal.now;
}

static void
lose(void *arg, const struct frame *frame)
{
	(void)arg;
	(void)frame;
}

START_TEST(test_descriptors)
{
	sim_time before;

	for (int fd = 0; fd < MACHINE_OPEN_MAX; fd++)
		ck_assert_int_eq(call(SYS_CONNECT, 0, 0), fd);
	before = crank.world.cal.now;
	ck_assert_int_eq(call(SYS_CONNECT, 0, 0), SYS_EMFILE);
	ck_assert_int_eq(crank.world.cal.now - before, 1 * US);
	ck_assert_uint_eq(host->last_number, MACHINE_OPEN_MAX);
	/* the least one that is free */
	ck_assert_int_eq(call(SYS_CLOSE, 5, 0), 0);
	ck_assert_int_eq(call(SYS_CLOSE, 2, 0), 0);
	ck_assert_int_eq(call(SYS_CONNECT, 0, 0), 2);
	ck_assert_int_eq(call(SYS_CONNECT, 0, 0), 5);
}
END_TEST

/* Each process has descriptors of its own. */
START_TEST(test_descriptors_of_two)
{
	ck_assert_int_eq(crank_connect(&crank, 0, SNDBUF), 0);
	ck_assert_int_eq(crank_connect(&crank, 1, SNDBUF), 0);
	ck_assert_ptr_ne(fd_socket(crank.procs[0].p, 0),
	    fd_socket(crank.procs[1].p, 0));
}
END_TEST

START_TEST(test_ebadf)
{
	static const int wrong[] = {-1, 0, 1, MACHINE_OPEN_MAX, 1000000};
	sim_time before;

	crank_connect(&crank, 0, SNDBUF);
	ck_assert_int_eq(call(SYS_CLOSE, 0, 0), 0);
	before = quiet();
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(call(SYS_CLOSE, wrong[i], 0), SYS_EBADF);
		ck_assert_int_eq(call_write(wrong[i], 0, 1), SYS_EBADF);
		/* before the length is looked at */
		ck_assert_int_eq(call_write(wrong[i], 0, -1), SYS_EBADF);
	}
	ck_assert_int_eq(crank.world.cal.now - before, 16 * US);
}
END_TEST

/* netbsd-2002.md 1: a negative residual is rejected. */
START_TEST(test_einval)
{
	static const int64_t wrong[] = {0, -1, INT64_MIN};
	uint64_t addr = crank_buffer(&crank, 0, 100);
	int fd = crank_connect(&crank, 0, SNDBUF);
	sim_time before = quiet();

	for (int i = 0; i < 3; i++) {
		/* a write of nothing is none, and no mistake */
		ck_assert_int_eq(call_write(fd, addr, wrong[i]),
		    wrong[i] == 0 ? 0 : SYS_EINVAL);
		ck_assert_int_eq(call(SYS_MMAP, 0, wrong[i]), SYS_EINVAL);
	}
	ck_assert_int_eq(crank.world.cal.now - before, 7 * US);
	ck_assert_int_eq(socket_of(fd)->stats.bytes_written, 0);
}
END_TEST

START_TEST(test_efault)
{
	uint64_t addr = crank_buffer(&crank, 0, PAGE_SIZE);
	int fd = crank_connect(&crank, 0, SNDBUF);

	ck_assert_int_eq(call_write(fd, 0, 1), SYS_EFAULT);
	ck_assert_int_eq(call_write(fd, addr - 1, 100), SYS_EFAULT);
	/* the mbuf that could not be filled whole is not sent in part */
	ck_assert_int_eq(call_write(fd, addr + PAGE_SIZE - 10, 20),
	    SYS_EFAULT);
	ck_assert_int_eq(socket_of(fd)->stats.bytes_written, 0);
	/* two clusters had gone before the third met the end of the page */
	ck_assert_int_eq(call_write(fd, addr, PAGE_SIZE + 1000), PAGE_SIZE);
	ck_assert_int_eq(socket_of(fd)->stats.bytes_written, PAGE_SIZE);
	/* the socket is none the worse for it */
	ck_assert_int_eq(call_write(fd, addr, PAGE_SIZE), PAGE_SIZE);
}
END_TEST

START_TEST(test_write)
{
	static const int64_t sizes[] = {1, 2048, SNDBUF, SNDBUF + 1, 200000};
	uint64_t addr = crank_buffer(&crank, 0, sizes[_i]);
	int fd = crank_connect(&crank, 0, SNDBUF);

	ck_assert_int_eq(call_write(fd, addr, sizes[_i]), sizes[_i]);
	ck_assert_int_eq(socket_of(fd)->stats.bytes_written, sizes[_i]);
	ck_assert_int_eq(call(SYS_CLOSE, fd, 0), 0);
}
END_TEST

/*
 * The peer is gone.  netbsd-2002.md 1: that nothing can be sent is told before
 * what the connection died of.
 */
START_TEST(test_epipe_and_etimedout)
{
	static const int64_t errors[][2] = {
	    {0, SYS_EPIPE}, {SYS_ETIMEDOUT, SYS_EPIPE}};
	uint64_t addr = crank_buffer(&crank, 0, 100);
	int fd = crank_connect(&crank, 0, SNDBUF);

	tcp_drop(&socket_of(fd)->tcpcb, errors[_i][0]);
	ck_assert_int_eq(call_write(fd, addr, 100), errors[_i][1]);
	ck_assert_int_eq(call(SYS_CLOSE, fd, 0), 0);
}
END_TEST

/*
 * Nobody answers: TCPTV_KEEP_INIT, 75 s, is 150 slow ticks; the SYN goes before
 * the first of them, so it is given up at 75 s, before the 13th time-out.
 */
START_TEST(test_connect_times_out)
{
	struct world_config config = machine_config();

	config.duration = 1000 * PS_PER_S;
	start(config);
	crank.world.to_peer.deliver = lose;
	ck_assert_int_eq(call(SYS_CONNECT, 0, 0), SYS_ETIMEDOUT);
	ck_assert_int_ge(crank.world.cal.now, 75 * PS_PER_S);
	ck_assert_int_lt(crank.world.cal.now, 75 * PS_PER_S + 100 * US);
	/* the descriptor has gone */
	ck_assert_int_eq(call(SYS_CLOSE, 0, 0), SYS_EBADF);
	crank_fini(&crank);
}
END_TEST

START_TEST(test_mmap)
{
	int64_t first = call(SYS_MMAP, 0, 1);
	int64_t second, third;

	ck_assert_int_eq(first % PAGE_SIZE, 0);
	/* switch and trap */
	ck_assert_int_eq(crank.world.cal.now, 2 * US);
	second = call(SYS_MMAP, 0, PAGE_SIZE + 1);
	ck_assert_int_eq(crank.world.cal.now, 3 * US);
	third = call(SYS_MMAP, 0, PAGE_SIZE);
	/* one page, two pages, and one unmapped after each */
	ck_assert_int_eq(second - first, 2 * PAGE_SIZE);
	ck_assert_int_eq(third - second, 3 * PAGE_SIZE);
	ck_assert_uint_eq(pool_in_use(&host->vm.pages), 0);
}
END_TEST

START_TEST(test_sleep)
{
	/* the date, and the switch back */
	ck_assert_int_eq(call(SYS_SLEEP, 0, 50 * US), 0);
	ck_assert_int_eq(crank.world.cal.now, 51 * US);
	/* the past: trap and switch */
	ck_assert_int_eq(call(SYS_SLEEP, 0, 0), 0);
	ck_assert_int_eq(crank.world.cal.now, 53 * US);
}
END_TEST

/* Who exits leaves nothing: no descriptor, no page, no loan. */
START_TEST(test_exit)
{
	struct world_config config = machine_config();
	uint64_t addr;

	config.host.sosend.sosend_loan = _i == 1;
	start(config);
	addr = crank_buffer(&crank, 0, 65536);
	for (int fd = 0; fd < 3; fd++) {
		crank_connect(&crank, 0, 65536);
		ck_assert_int_eq(call_write(fd, addr, 65536), 65536);
	}
	/* all is acknowledged by then; loans wait for somebody to undo them */
	crank_until(&crank, PS_PER_S);
	ck_assert_int_eq(host->kva.socurkva != 0, _i == 1);
	ck_assert(crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT}));
	crank_until(&crank, 2 * PS_PER_S);
	ck_assert_int_eq(crank.procs[0].p->state, PROC_DEAD);
	ck_assert(!crank.procs[0].is_woken);
	ck_assert_uint_eq(host->n_procs_alive, 1);
	ck_assert_int_eq(host->kva.socurkva, 0);
	ck_assert_uint_eq(pool_in_use(&host->vm.pages), 0);
	/* the protocol waits for late segments */
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		ck_assert(!so->has_descriptor);
		ck_assert_int_eq(so->tcpcb.t_state, TCPS_TIME_WAIT);
	}
	crank_fini(&crank);
}
END_TEST

/* After the end no call is accepted but those that tidy up. */
START_TEST(test_refused_after_the_end)
{
	static const enum sys_nr refused[] = {SYS_CONNECT, SYS_WRITE,
	    SYS_MMAP, SYS_TOUCH, SYS_COMPUTE, SYS_SLEEP};
	int fd = crank_connect(&crank, 0, SNDBUF);
	struct proc *p = crank.procs[0].p;
	sim_time end;

	crank_until(&crank, 11 * PS_PER_S + MS);
	end = crank.world.cal.now;
	for (int i = 0; i < 6; i++) {
		struct sys_call c = {.nr = refused[i], .fd = fd, .len = 1};

		p->result = 0;
		ck_assert(!crank_post(&crank, 0, c));
		ck_assert_int_eq(p->result, SYS_ENDED);
		ck_assert_int_eq(p->state, PROC_IN_PROGRAM);
	}
	ck_assert_int_eq(cal_run(&crank.world.cal, end), CAL_IDLE);
	ck_assert_int_eq(crank.world.cal.now, end);
	ck_assert_int_eq(call(SYS_CLOSE, fd, 0), 0);
	ck_assert_int_eq(call(SYS_CLOSE, fd, 0), SYS_EBADF);
	ck_assert(crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT}));
}
END_TEST

/* One picosecond before the end a call is accepted, and done. */
START_TEST(test_accepted_before_the_end)
{
	crank_until(&crank, 10 * PS_PER_S - 1);
	ck_assert_int_gt(call(SYS_MMAP, 0, 1), 0);
	ck_assert_int_gt(crank.world.cal.now, 10 * PS_PER_S);
	ck_assert_int_eq(call(SYS_MMAP, 0, 1), SYS_ENDED);
}
END_TEST

/*
 * The buffer is full and nothing comes back: a write that waits returns at the
 * end with what it has written, or that the run is over.
 */
START_TEST(test_blocked_write_at_the_end)
{
	uint64_t addr = crank_buffer(&crank, 0, 65536);
	int fd = crank_connect(&crank, 0, SNDBUF);

	crank.world.to_peer.deliver = lose;
	if (_i == 1)
		ck_assert_int_eq(call_write(fd, addr, SNDBUF), SNDBUF);
	ck_assert_int_eq(call_write(fd, addr, 65536),
	    _i == 0 ? SNDBUF : SYS_ENDED);
	ck_assert_int_ge(crank.world.cal.now, 10 * PS_PER_S);
	ck_assert_int_lt(crank.world.cal.now, 10 * PS_PER_S + 100 * US);
	/* what is buffered is sent again, and arrives */
	crank.world.to_peer.deliver = peer_receive;
}
END_TEST

START_TEST(test_blocked_connect_at_the_end)
{
	crank.world.to_peer.deliver = lose;
	ck_assert_int_eq(call(SYS_CONNECT, 0, 0), SYS_ENDED);
	ck_assert_int_ge(crank.world.cal.now, 10 * PS_PER_S);
	ck_assert_int_lt(crank.world.cal.now, 10 * PS_PER_S + 10 * US);
}
END_TEST

START_TEST(test_sleep_over_the_end)
{
	/* well before, and so late that it cannot lie down in time */
	static const sim_time posted_at[] = {0, 10 * PS_PER_S - 1 * US};

	crank_until(&crank, posted_at[_i]);
	ck_assert_int_eq(call(SYS_SLEEP, 0, 11 * PS_PER_S), SYS_ENDED);
	ck_assert_int_ge(crank.world.cal.now, 10 * PS_PER_S);
	ck_assert_int_lt(crank.world.cal.now, 10 * PS_PER_S + 10 * US);
}
END_TEST

START_TEST(test_death_of_two_calls)
{
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_COMPUTE, .len = 1});
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_COMPUTE, .len = 1});
}
END_TEST

static TCase *
results_tcase(void)
{
	TCase *tc = tcase_create("results");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_descriptors);
	tcase_add_test(tc, test_descriptors_of_two);
	tcase_add_test(tc, test_ebadf);
	tcase_add_test(tc, test_einval);
	tcase_add_test(tc, test_efault);
	tcase_add_loop_test(tc, test_write, 0, 5);
	tcase_add_loop_test(tc, test_epipe_and_etimedout, 0, 2);
	tcase_add_test(tc, test_mmap);
	tcase_add_test(tc, test_sleep);
	tcase_add_test(tc, test_refused_after_the_end);
	tcase_add_test(tc, test_accepted_before_the_end);
	tcase_add_loop_test(tc, test_blocked_write_at_the_end, 0, 2);
	tcase_add_test(tc, test_blocked_connect_at_the_end);
	tcase_add_loop_test(tc, test_sleep_over_the_end, 0, 2);
	tcase_add_test_raise_signal(tc, test_death_of_two_calls, SIGABRT);
	return tc;
}

static TCase *
own_worlds_tcase(void)
{
	TCase *tc = tcase_create("own worlds");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_connect_times_out);
	tcase_add_loop_test(tc, test_exit, 0, 2);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("kern/syscall");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, results_tcase());
	suite_add_tcase(suite, own_worlds_tcase());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
