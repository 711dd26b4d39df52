/*
 * Sockets that wait for callers: their queues, accept(2), and their end; and
 * shutdown(2).
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "tests/support/machine.h"
#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct proc *p;

static void
setup(void)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	p = b.crank.procs[0].p;
}

static void
teardown(void)
{
	tcp_bench_fini(&b);
}

static void
listen_for(int backlog)
{
	so_listen(b.so, BENCH_PORT, backlog);
}

/* Caller i sends a SYN. => NULL: nobody has heard it */
static struct socket *
call(int i)
{
	b.conn = (uint16_t)(100 + i);
	tcp_bench_arrives(&b, TH_SYN, BENCH_FAR_ISS, 0, 0);
	return host_find_socket(b.host, b.conn);
}

static struct socket *
establish(int i)
{
	struct socket *so = call(i);

	ck_assert_ptr_nonnull(so);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	ck_assert(so->is_connected);
	return so;
}

static void
post(enum sys_nr nr)
{
	tcp_bench_post(&b, 0, (struct sys_call){.nr = nr});
}

/*
 * netbsd: sonewconn() takes one while there are not more than 3 / 2 of the
 * backlog, those not yet established included: one more than that in all.
 */
START_TEST(backlog)
{
	static const struct {
		int backlog, n;
	} cases[] = {{-1, 1}, {0, 1}, {1, 2}, {2, 4}, {3, 5}, {5, 8}};
	int n = 0;

	listen_for(cases[_i].backlog);
	while (call(n) != NULL)
		n++;
	ck_assert_int_eq(n, cases[_i].n);
	ck_assert_int_eq(b.so->so_q0len, n);
	/* established or not is all one */
	b.conn = 100;
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	ck_assert_int_eq(b.so->so_qlen, 1);
	ck_assert_int_eq(b.so->so_q0len, n - 1);
	ck_assert_ptr_null(call(n));
}
END_TEST

/* A number that another connection has: there is none to be had. */
START_TEST(number_taken)
{
	listen_for(5);
	ck_assert_ptr_null(so_newconn(b.so, b.so->so_id));
	ck_assert_int_eq(b.so->so_q0len, 0);
}
END_TEST

/* A connection is like the one that listened. */
START_TEST(inherits)
{
	struct socket *so;

	listen_for(5);
	sb_reserve(&b.so->so_snd, 5000, 1000);
	sb_reserve(&b.so->so_rcv, 7000, 1);
	so = call(0);
	ck_assert_int_eq(so->so_snd.sb_hiwat, 5000);
	ck_assert_int_eq(so->so_snd.sb_lowat, 1000);
	ck_assert_int_eq(so->so_rcv.sb_hiwat, 7000);
	ck_assert(!so->has_descriptor);
	ck_assert_ptr_eq(so->so_head, b.so);
}
END_TEST

/* Oldest first, each with the least free descriptor. */
START_TEST(accept_in_order)
{
	struct socket *so[3];

	listen_for(5);
	for (int i = 0; i < 3; i++)
		so[i] = establish(i);
	for (int i = 0; i < 3; i++) {
		post(SYS_ACCEPT);
		ck_assert_int_eq(p->result, 1 + i);
		ck_assert_ptr_eq(fd_socket(p, 1 + i), so[i]);
		ck_assert(so[i]->has_descriptor);
		ck_assert_ptr_null(so[i]->so_head);
		ck_assert_int_eq(b.so->so_qlen, 2 - i);
	}
}
END_TEST

START_TEST(accept_waits)
{
	listen_for(5);
	post(SYS_ACCEPT);
	ck_assert_int_eq(p->state, PROC_ASLEEP);
	ck_assert_ptr_eq(p->sleeps_on, &b.so->connect_wait);
	/* half a connection is none */
	call(0);
	ck_assert_int_eq(p->state, PROC_ASLEEP);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	ck_assert(b.crank.procs[0].is_woken);
	ck_assert_int_eq(p->result, 1);
}
END_TEST

/*
 * wakeup(&so->so_timeo): two wait, one connection comes, both are woken.  One
 * gets it, and the other lies down again, behind all that it paid for.
 */
START_TEST(accept_wakes_all)
{
	struct crank_proc *one = &b.crank.procs[0], *two = &b.crank.procs[1];
	int64_t n;

	listen_for(5);
	post(SYS_ACCEPT);
	tcp_bench_post(&b, 1, (struct sys_call){.nr = SYS_ACCEPT});
	ck_assert_int_eq(one->p->state, PROC_ASLEEP);
	ck_assert_int_eq(two->p->state, PROC_ASLEEP);
	n = b.host->cpu.stats.n_switches;
	establish(0);
	ck_assert(one->is_woken && !two->is_woken);
	ck_assert_int_eq(two->p->state, PROC_ASLEEP);
	ck_assert_ptr_eq(two->p->sleeps_on, &b.so->connect_wait);
	/* it has been awake */
	ck_assert_int_ge(b.host->cpu.stats.n_switches, n + 2);
	establish(1);
	ck_assert(two->is_woken);
	ck_assert_int_eq(b.so->so_qlen, 0);
}
END_TEST

/* Without a descriptor left the connection stays where it is. */
START_TEST(accept_without_descriptor)
{
	listen_for(5);
	for (int fd = 0; fd < MACHINE_OPEN_MAX; fd++)
		crank_give(p, fd, b.so);
	establish(0);
	post(SYS_ACCEPT);
	ck_assert_int_eq(p->result, SYS_EMFILE);
	ck_assert_int_eq(b.so->so_qlen, 1);
}
END_TEST

START_TEST(accept_of_what_does_not_listen)
{
	post(SYS_ACCEPT);
	ck_assert_int_eq(p->result, SYS_EINVAL);
}
END_TEST

/* The end of the run wakes who waits for callers. */
START_TEST(accept_at_the_end)
{
	listen_for(5);
	post(SYS_ACCEPT);
	host_stop(b.host);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(p->result, SYS_ENDED);
}
END_TEST

/*
 * Reset before it is established: its place is free.  Reset while it waits to
 * be accepted: that is told to who accepts, once.
 */
START_TEST(reset_in_the_queue)
{
	listen_for(5);
	if (_i == 0)
		call(0);
	else
		establish(0);
	establish(1);
	b.conn = 100;
	tcp_bench_arrives(&b, TH_RST, FAR(0), 0, 0);
	ck_assert_int_eq(b.so->so_q0len, 0);
	if (_i == 1) {
		post(SYS_ACCEPT);
		ck_assert_int_eq(p->result, SYS_ECONNABORTED);
	}
	post(SYS_ACCEPT);
	ck_assert_int_eq(p->result, 1);
	ck_assert_uint_eq(fd_socket(p, 1)->so_id, 101);
	ck_assert_int_eq(b.so->so_qlen, 0);
}
END_TEST

/*
 * A listening socket is closed: those in its queues are told so, whether they
 * are established or not; what they had received is gone.
 */
START_TEST(close_aborts_the_queues)
{
	struct socket *so[3];

	listen_for(5);
	so[0] = establish(0);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	so[1] = establish(1);
	so[2] = call(2);
	tcp_bench_mark(&b);
	post(SYS_CLOSE);
	ck_assert_int_eq(p->result, 0);
	ck_assert_ptr_null(fd_socket(p, 0));
	ck_assert(so_is_gone(b.so));
	for (int i = 0; i < 3; i++) {
		ck_assert(so_is_gone(so[i]));
		ck_assert_int_eq(so[i]->so_error, SYS_ECONNABORTED);
		ck_assert_uint_eq(tcp_bench_frame(&b, i)->th.flags,
		    TH_RST | TH_ACK);
	}
	ck_assert_int_eq(tcp_bench_sent(&b), 3);
	ck_assert_int_eq(so[0]->stats.bytes_discarded, 100);
	ck_assert_ptr_null(p->k.closing);
	/* and nobody listens */
	ck_assert_ptr_null(call(3));
	tcp_bench_assert(&b, -1, TH_RST | TH_ACK, 0, FAR(0), 0);
}
END_TEST

START_TEST(close_without_callers)
{
	listen_for(5);
	post(SYS_CLOSE);
	ck_assert_int_eq(p->result, 0);
	ck_assert(so_is_gone(b.so));
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
}
END_TEST

/*
 * Shutdown: a FIN; what comes can still be read; a second one does nothing.
 */
START_TEST(shutdown_of_one_half)
{
	uint64_t addr;

	tcp_bench_connect(&b);
	addr = crank_buffer(&b.crank, 0, PAGE_SIZE);
	post(SYS_SHUTDOWN);
	ck_assert_int_eq(p->result, 0);
	ck_assert_int_eq(b.tp->t_state, TCPS_FIN_WAIT_1);
	tcp_bench_assert(&b, 0, TH_ACK | TH_FIN, OURS(0), FAR(0), 0);
	ck_assert(b.so->cant_send && !b.so->cant_receive);
	post(SYS_SHUTDOWN);
	ck_assert_int_eq(p->result, 0);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(1), 100);
	ck_assert_int_eq(b.tp->t_state, TCPS_FIN_WAIT_2);
	tcp_bench_post(&b, 0, (struct sys_call){.nr = SYS_READ, .addr = addr,
	    .len = 1000});
	ck_assert_int_eq(p->result, 100);
	tcp_bench_post(&b, 0, (struct sys_call){.nr = SYS_WRITE, .addr = addr,
	    .len = 1});
	ck_assert_int_eq(p->result, SYS_EPIPE);
}
END_TEST

/* What is not read when the descriptor goes is thrown away, and counted. */
START_TEST(close_with_unread_data)
{
	tcp_bench_connect(&b);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	post(SYS_CLOSE);
	ck_assert_int_eq(b.so->stats.bytes_discarded, 100);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 0);
	ck_assert(b.so->cant_receive);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, backlog, 0, 6);
	tcase_add_test(tc, number_taken);
	tcase_add_test(tc, inherits);
	tcase_add_test(tc, accept_in_order);
	tcase_add_test(tc, accept_waits);
	tcase_add_test(tc, accept_wakes_all);
	tcase_add_test(tc, accept_without_descriptor);
	tcase_add_test(tc, accept_of_what_does_not_listen);
	tcase_add_test(tc, accept_at_the_end);
	tcase_add_loop_test(tc, reset_in_the_queue, 0, 2);
	tcase_add_test(tc, close_aborts_the_queues);
	tcase_add_test(tc, close_without_callers);
	tcase_add_test(tc, shutdown_of_one_half);
	tcase_add_test(tc, close_with_unread_data);
}

int
main(void)
{
	Suite *suite = suite_create("socket_listen");
	TCase *tc = tcase_create("socket_listen");
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
