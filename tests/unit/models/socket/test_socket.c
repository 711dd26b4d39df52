/*
 * Sockets: made, connected, closed, detached.  netbsd-2002.md 2.5, 4.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/inet/tcp_in.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;
static struct host *host;
static struct world_config config;

/*
 * A second there and a second back: a connection takes two.  Late segments are
 * waited for for 2 s: 4 slow ticks, the first of which may be short.
 */
static void
setup(void)
{
	config = machine_config();
	config.link.delay = PS_PER_S;
	config.host.tcp.msl = PS_PER_S;
	crank_init(&crank, &config, 1);
	host = &crank.world.host;
}

static void
teardown(void)
{
	crank_fini(&crank);
}

static void
post_connect(void)
{
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 16384, .so_sndlowat = 2048});
}

static int64_t
do_close(int fd)
{
	return crank_call(&crank, 0,
	    (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
}

static struct socket *
socket_at(int fd)
{
	return fd_socket(crank.procs[0].p, fd);
}

START_TEST(test_new)
{
	struct socket *a = crank_socket(host, 16384);
	struct socket *b = crank_socket(host, 1000);

	/* numbered from 1: 0 names no content */
	ck_assert_uint_eq(a->so_id, 1);
	ck_assert_uint_eq(b->so_id, 2);
	ck_assert_ptr_eq(host_find_socket(host, 1), a);
	ck_assert_ptr_eq(host_find_socket(host, 2), b);
	ck_assert_int_eq(a->so_snd.sb_hiwat, 16384);
	ck_assert_int_eq(a->so_snd.sb_mbmax, 32768);
	ck_assert_int_eq(a->so_snd.sb_lowat, 2048);
	ck_assert_int_eq(b->so_snd.sb_lowat, 1000);
	ck_assert(a->has_descriptor && !a->is_connected && !a->is_detached);
	ck_assert_int_eq(a->tcpcb.t_state, TCPS_CLOSED);
	ck_assert_ptr_eq(a->tcpcb.so, a);
	a->has_descriptor = b->has_descriptor = false;
	so_detach(a);
	so_detach(b);
}
END_TEST

/* sb_max of 1 MiB: the largest buffer is 1048576 * 2048 / 2304 = 932067. */
START_TEST(test_new_under_sb_max)
{
	struct socket *so;

	host->config.sb_max = 1048576;
	so = crank_socket(host, 932067);
	ck_assert_int_eq(so->so_snd.sb_hiwat, 932067);
	ck_assert_int_eq(so->so_snd.sb_mbmax, 1048576);
	ck_assert_int_eq(so->so_rcv.sb_hiwat, 16384);
	ck_assert_int_eq(so->so_rcv.sb_mbmax, 32768);
	so->has_descriptor = false;
	so_detach(so);
}
END_TEST

/* Gone is who has neither a descriptor nor a protocol. */
START_TEST(test_is_gone)
{
	struct socket *so = crank_socket(host, 16384);

	ck_assert(!so_is_gone(so));
	so->has_descriptor = false;
	ck_assert(!so_is_gone(so));
	so_detach(so);
	ck_assert(so_is_gone(so));
	so->has_descriptor = true;
	ck_assert(!so_is_gone(so));
	so->has_descriptor = false;
}
END_TEST

START_TEST(test_detach_twice)
{
	struct socket *so = crank_socket(host, 16384);

	so->is_connected = true;
	so_detach(so);
	ck_assert(so->is_detached);
	ck_assert(!so->is_connected);
	so_detach(so);
	ck_assert(so->is_detached);
	so->has_descriptor = false;
}
END_TEST

/* It sleeps until the answer to its SYN has come: two seconds and a bit. */
START_TEST(test_connect)
{
	struct socket *so;

	post_connect();
	ck_assert_int_eq(crank_until(&crank, 2 * PS_PER_S), WORLD_LIMIT);
	so = socket_at(0);
	ck_assert_int_eq(crank.procs[0].p->state, PROC_ASLEEP);
	ck_assert_ptr_eq(crank.procs[0].p->sleeps_on, &so->connect_wait);
	ck_assert(!so->is_connected);
	ck_assert_int_eq(so->tcpcb.t_state, TCPS_SYN_SENT);
	ck_assert_int_eq(crank_wait(&crank, 0), 0);
	ck_assert_int_lt(crank.world.cal.now, 2 * PS_PER_S + PS_PER_MS);
	ck_assert(so->is_connected);
	ck_assert_int_eq(so->tcpcb.t_state, TCPS_ESTABLISHED);
	ck_assert(waitq_is_empty(&so->connect_wait));
}
END_TEST

/* The lowest free descriptor, as open() has it. */
START_TEST(test_descriptors)
{
	ck_assert_int_eq(crank_connect(&crank, 0, 16384), 0);
	ck_assert_int_eq(crank_connect(&crank, 0, 16384), 1);
	ck_assert_int_eq(do_close(0), 0);
	ck_assert_int_eq(crank_connect(&crank, 0, 16384), 0);
	ck_assert_uint_eq(socket_at(0)->so_id, 3);
	ck_assert_uint_eq(socket_at(1)->so_id, 2);
}
END_TEST

/* The connection fails while the program waits for it. */
START_TEST(test_connect_fails)
{
	struct socket *so;

	post_connect();
	crank_until(&crank, PS_PER_S);
	so = socket_at(0);
	tcp_drop(&so->tcpcb, SYS_ETIMEDOUT);
	ck_assert_int_eq(crank_wait(&crank, 0), SYS_ETIMEDOUT);
	ck_assert(so->is_detached && !so->is_connected);
	/* the descriptor has gone */
	ck_assert_int_eq(do_close(0), SYS_EBADF);
	ck_assert(so_is_gone(so));
	ck_assert_ptr_null(socket_at(0));
}
END_TEST

/* The run is over after one second, the connection would take two. */
START_TEST(test_connect_ends)
{
	struct socket *so;

	crank_abandon(&crank);
	config.duration = PS_PER_S;
	crank_init(&crank, &config, 1);
	post_connect();
	ck_assert_int_eq(crank_wait(&crank, 0), SYS_ENDED);
	ck_assert_int_ge(crank.world.cal.now, PS_PER_S);
	ck_assert_int_lt(crank.world.cal.now, PS_PER_S + PS_PER_MS);
	so = socket_at(0);
	/* closed before it is established: nothing more is said */
	ck_assert_int_eq(so->tcpcb.t_state, TCPS_SYN_SENT);
	ck_assert_int_eq(do_close(0), 0);
	ck_assert(so_is_gone(so));
	ck_assert_int_eq(so->so_error, 0);
}
END_TEST

/*
 * Closed through another descriptor meanwhile: as in 2002 connect() looks for
 * an error, finds none, and it is the first write that fails.
 */
START_TEST(test_connect_closed)
{
	struct proc *p = crank.procs[0].p;

	post_connect();
	crank_until(&crank, PS_PER_S);
	tcp_close(&socket_at(0)->tcpcb);
	ck_assert_int_eq(crank_wait(&crank, 0), 0);
	ck_assert(!fd_socket(p, 0)->is_connected);
	ck_assert(fd_socket(p, 0)->is_detached);
	ck_assert_int_eq(crank_write(&crank, 0, 0, 0, 1), SYS_EPIPE);
}
END_TEST

/* FIN, its ACK and the peer's FIN: the protocol needs it a while longer. */
START_TEST(test_close)
{
	int fd = crank_connect(&crank, 0, 16384);
	struct socket *so = socket_at(fd);
	sim_time before = crank.world.cal.now;

	ck_assert_int_eq(do_close(fd), 0);
	ck_assert_int_lt(crank.world.cal.now - before, PS_PER_MS);
	ck_assert(!so->has_descriptor && !so->is_detached);
	ck_assert_int_eq(so->tcpcb.t_state, TCPS_FIN_WAIT_1);
	ck_assert_ptr_null(crank.procs[0].p->k.closing);
	/*
	 * Both FINs are there after 2 s.  The peer repeats its own 1.5 s after
	 * the first, before our ACK is with it: that comes at 3.5 s, just
	 * behind the slow tick of 5.5 s, and the four ticks of 2 MSL begin
	 * anew: the last of them is the one of 7.5 s.
	 */
	crank_until(&crank, 7499 * PS_PER_MS);
	ck_assert_int_eq(so->tcpcb.t_state, TCPS_TIME_WAIT);
	ck_assert(!so->is_detached && !so->is_connected);
	crank_until(&crank, 7501 * PS_PER_MS);
	ck_assert(so_is_gone(so));
}
END_TEST

/* What is buffered is sent after close, at the pace of a round trip of 2 s. */
START_TEST(test_close_with_data)
{
	int fd = crank_connect(&crank, 0, 16384);
	uint64_t addr = crank_buffer(&crank, 0, 4000);
	struct socket *so = socket_at(fd);
	const struct peer_conn *peer;

	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 4000), 4000);
	ck_assert_int_eq(do_close(fd), 0);
	ck_assert_int_eq(so->stats.bytes_acked, 0);
	while (!so_is_gone(so))
		crank_until(&crank, crank.world.cal.now + 10 * PS_PER_MS);
	ck_assert_int_eq(so->stats.bytes_acked, 4000);
	ck_assert_int_eq(so->stats.bytes_dropped, 0);
	ck_assert_int_eq(so->tcpcb.stats.n_retransmits, 0);
	peer = peer_find(&crank.world.peer, so->so_id);
	ck_assert_int_eq(peer->bytes_received, 4000);
}
END_TEST

/* A connection that gives up takes what is buffered along. */
START_TEST(test_drop_with_data)
{
	int fd = crank_connect(&crank, 0, 16384);
	uint64_t addr = crank_buffer(&crank, 0, 4000);
	struct socket *so = socket_at(fd);

	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 4000), 4000);
	tcp_drop(&so->tcpcb, SYS_ETIMEDOUT);
	ck_assert_int_eq(so->stats.bytes_dropped, 4000);
	ck_assert_int_eq(so->so_snd.sb_cc, 0);
	ck_assert_int_eq(do_close(fd), 0);
	ck_assert(so_is_gone(so));
}
END_TEST

/* A second close of one socket, through another descriptor, does no harm. */
START_TEST(test_close_twice)
{
	int fd = crank_connect(&crank, 0, 16384);
	struct socket *so = socket_at(fd);

	crank_give(crank.procs[0].p, 5, so);
	ck_assert_int_eq(do_close(fd), 0);
	ck_assert_int_eq(do_close(5), 0);
	ck_assert_int_eq(so->tcpcb.t_state, TCPS_FIN_WAIT_1);
}
END_TEST

static Suite *
socket_suite(void)
{
	Suite *suite = suite_create("socket");
	TCase *tc = tcase_create("socket");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_new);
	tcase_add_test(tc, test_new_under_sb_max);
	tcase_add_test(tc, test_is_gone);
	tcase_add_test(tc, test_detach_twice);
	tcase_add_test(tc, test_connect);
	tcase_add_test(tc, test_descriptors);
	tcase_add_test(tc, test_connect_fails);
	tcase_add_test(tc, test_connect_ends);
	tcase_add_test(tc, test_connect_closed);
	tcase_add_test(tc, test_close);
	tcase_add_test(tc, test_close_with_data);
	tcase_add_test(tc, test_drop_with_data);
	tcase_add_test(tc, test_close_twice);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(socket_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
