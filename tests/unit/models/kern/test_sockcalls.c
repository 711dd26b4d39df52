/*
 * System calls of servers: what they return, every error among it.
 *
 * A trap costs 1 us, and so does any other operation.
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

static int64_t
call(struct sys_call call)
{
	return crank_call(&b.crank, 0, call);
}

static struct sys_call
listening(uint16_t port)
{
	return (struct sys_call){.nr = SYS_LISTEN, .port = port,
	    .so_sndbuf = 16384, .so_sndlowat = 2048, .backlog = 5};
}

START_TEST(test_listen)
{
	struct sys_call c = listening(80);

	c.so_rcvbuf = 7000;
	c.so_keepalive = true;
	c.tcp_nodelay = true;
	ck_assert_int_eq(call(c), 0);
	ck_assert_int_eq(fd_socket(p, 0)->tcpcb.t_state, TCPS_LISTEN);
	ck_assert_int_eq(fd_socket(p, 0)->so_qlimit, 5);
	ck_assert_int_eq(fd_socket(p, 0)->so_rcv.sb_hiwat, 7000);
	ck_assert(fd_socket(p, 0)->tcpcb.t_keepalive);
	ck_assert(fd_socket(p, 0)->tcpcb.t_nodelay);
	ck_assert_ptr_eq(host_find_listener(b.host, 80),
	    &fd_socket(p, 0)->tcpcb);
	/* one at a port */
	ck_assert_int_eq(call(listening(80)), SYS_EADDRINUSE);
	ck_assert_int_eq(call(listening(81)), 1);
	/* kernel.tcp_recvspace, if nothing is said */
	ck_assert_int_eq(fd_socket(p, 1)->so_rcv.sb_hiwat, 16384);
	/* free again when it is closed */
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_CLOSE}), 0);
	ck_assert_int_eq(call(listening(80)), 0);
}
END_TEST

/* Switch, trap, and OP_CONNECT for a socket that is set up. */
START_TEST(test_price_of_listen)
{
	sim_time before = b.crank.world.cal.now;

	call(listening(80));
	ck_assert_int_eq(b.crank.world.cal.now - before, 3 * PS_PER_US);
}
END_TEST

START_TEST(test_no_descriptor)
{
	static const enum sys_nr nr[] = {
	    SYS_LISTEN, SYS_CONNECT, SYS_UDP_CONNECT, SYS_UDP_BIND};
	struct sys_call c = listening(80);

	for (int fd = 0; fd < MACHINE_OPEN_MAX; fd++)
		crank_give(p, fd, b.so);
	c.nr = nr[_i];
	ck_assert_int_eq(call(c), SYS_EMFILE);
	for (int fd = 0; fd < MACHINE_OPEN_MAX; fd++)
		crank_take(p, fd);
}
END_TEST

/* No number left, or the one that is asked for is taken. */
START_TEST(test_no_number)
{
	struct sys_call c = listening(80);

	if (_i == 0)
		b.host->last_number = UINT16_MAX;
	else
		c.conn = b.so->so_id;
	c.nr = _i < 2 ? SYS_CONNECT : SYS_LISTEN;
	ck_assert_int_eq(call(c), SYS_EADDRNOTAVAIL);
	ck_assert_ptr_null(fd_socket(p, 0));
}
END_TEST

START_TEST(test_connect_by_number)
{
	ck_assert(crank_post(&b.crank, 0, (struct sys_call){
	    .nr = SYS_CONNECT, .conn = 4711, .port = 99, .so_sndbuf = 16384,
	    .so_sndlowat = 2048}));
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_uint_eq(fd_socket(p, 0)->so_id, 4711);
	ck_assert_uint_eq(tcp_bench_frame(&b, 0)->conn, 4711);
	ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.port, 99);
	b.conn = 4711;
	tcp_bench_arrives(&b, TH_RST | TH_ACK, 0, OURS(0), 0);
	ck_assert_int_eq(p->result, SYS_ECONNREFUSED);
}
END_TEST

/* A program that is refused knows no descriptor that it could close. */
START_TEST(test_refused_keeps_nothing)
{
	uint64_t n_files = pool_in_use(&b.host->files);

	for (uint32_t conn = 4711; conn < 4711 + 2 * MACHINE_OPEN_MAX; conn++) {
		ck_assert(crank_post(&b.crank, 0, (struct sys_call){
		    .nr = SYS_CONNECT, .conn = conn, .port = 99,
		    .so_sndbuf = 16384, .so_sndlowat = 2048}));
		tcp_bench_run(&b, PS_PER_MS);
		b.conn = conn;
		tcp_bench_arrives(&b, TH_RST | TH_ACK, 0, OURS(0), 0);
		ck_assert_int_eq(p->result, SYS_ECONNREFUSED);
		ck_assert_ptr_null(fd_socket(p, 0));
		ck_assert_uint_eq(pool_in_use(&b.host->files), n_files);
	}
	ck_assert_int_eq(b.host->n_emfile, 0);
}
END_TEST

START_TEST(test_ebadf)
{
	static const enum sys_nr nrs[] = {SYS_ACCEPT, SYS_READ, SYS_WRITE,
	    SYS_SHUTDOWN, SYS_CLOSE};
	static const int fds[] = {-1, 3, MACHINE_OPEN_MAX};

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(call((struct sys_call){.nr = nrs[_i],
		    .fd = fds[i], .len = 1}), SYS_EBADF);
}
END_TEST

/* To read nothing is no mistake; to read less is one. */
START_TEST(test_read_lengths)
{
	static const int64_t lens[] = {0, -1, INT64_MIN};

	crank_give(p, 0, b.so);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(call((struct sys_call){.nr = SYS_READ,
		    .len = lens[i]}), i == 0 ? 0 : SYS_EINVAL);
	crank_take(p, 0);
}
END_TEST

START_TEST(test_shutdown_unconnected)
{
	crank_give(p, 0, b.so);
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_SHUTDOWN}),
	    SYS_ENOTCONN);
	crank_take(p, 0);
}
END_TEST

/* A socket of UDP at a port: one at each, whoever listens there with TCP. */
START_TEST(test_udp_bind)
{
	struct sys_call c = {.nr = SYS_UDP_BIND, .port = 80,
	    .so_sndbuf = 9216, .so_sndlowat = 2048};

	ck_assert_int_eq(call(listening(80)), 0);
	ck_assert_int_eq(call(c), 1);
	ck_assert_int_eq(fd_socket(p, 1)->so_type, SO_DGRAM);
	ck_assert_int_eq(fd_socket(p, 1)->so_rcv.sb_hiwat,
	    b.host->config.udp_recvspace);
	ck_assert_ptr_eq(host_find_udp(b.host, 80), fd_socket(p, 1));
	ck_assert_int_eq(call(c), SYS_EADDRINUSE);
	c.port = 81;
	c.so_rcvbuf = 7000;
	ck_assert_int_eq(call(c), 2);
	ck_assert_int_eq(fd_socket(p, 2)->so_rcv.sb_hiwat, 7000);
	/* a port is free again when its socket is closed */
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_CLOSE, .fd = 2}),
	    0);
	ck_assert_ptr_null(host_find_udp(b.host, 81));
	ck_assert_int_eq(call(c), 2);
}
END_TEST

/* When the run is over, nothing but reading, closing and leaving. */
START_TEST(test_the_run_is_over)
{
	static const struct {
		enum sys_nr nr;
		bool is_accepted;
	} cases[] = {{SYS_CONNECT, false}, {SYS_LISTEN, false},
	    {SYS_ACCEPT, false}, {SYS_WRITE, false}, {SYS_SHUTDOWN, false},
	    {SYS_SLEEP, false}, {SYS_READ, true}, {SYS_CLOSE, true},
	    {SYS_EXIT, true}};

	host_stop(b.host);
	ck_assert_int_eq(crank_post(&b.crank, 0, (struct sys_call){
	    .nr = cases[_i].nr, .fd = 7}), cases[_i].is_accepted);
	if (!cases[_i].is_accepted)
		ck_assert_int_eq(p->result, SYS_ENDED);
	tcp_bench_run(&b, PS_PER_MS);
}
END_TEST

/* exit closes a socket that listens, and its callers are told. */
START_TEST(test_exit_of_a_server)
{
	ck_assert_int_eq(call(listening(BENCH_PORT)), 0);
	b.conn = 77;
	tcp_bench_arrives(&b, TH_SYN, BENCH_FAR_ISS, 0, 0);
	ck_assert(crank_post(&b.crank, 0, (struct sys_call){.nr = SYS_EXIT}));
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(p->state, PROC_DEAD);
	tcp_bench_assert(&b, -1, TH_RST | TH_ACK, OURS(0), FAR(0), 0);
	ck_assert_ptr_null(host_find_listener(b.host, BENCH_PORT));
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_listen);
	tcase_add_test(tc, test_price_of_listen);
	tcase_add_loop_test(tc, test_no_descriptor, 0, 4);
	tcase_add_loop_test(tc, test_no_number, 0, 3);
	tcase_add_test(tc, test_connect_by_number);
	tcase_add_test(tc, test_refused_keeps_nothing);
	tcase_add_loop_test(tc, test_ebadf, 0, 5);
	tcase_add_test(tc, test_read_lengths);
	tcase_add_test(tc, test_shutdown_unconnected);
	tcase_add_test(tc, test_udp_bind);
	tcase_add_loop_test(tc, test_the_run_is_over, 0, 9);
	tcase_add_test(tc, test_exit_of_a_server);
}

int
main(void)
{
	Suite *suite = suite_create("sockcalls");
	TCase *tc = tcase_create("sockcalls");
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
