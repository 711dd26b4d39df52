/*
 * poll(2): who is ready, what asking all of them costs, and who is woken; when
 * it ends without, is in test_poll_end.c.
 *
 * An operation costs 1 us, a byte that is copied 10 ns: an array of three
 * descriptors, 24 bytes, is in the kernel after 0.24 us.
 */
#include <check.h>
#include <stdlib.h>

#include "models/audit.h"
#include "models/kern/poll.h"
#include "tests/support/machine.h"
#include "tests/support/tcp_bench.h"

#define US	PS_PER_US

static struct tcp_bench b;
static struct proc *p;
static uint64_t addr;

/* After each event: whoever is ready would be found. */
static void
audit_now(void *arg)
{
	struct audit audit = {0};

	(void)arg;
	poll_audit_running(b.host, &audit);
	ck_assert_msg(audit.n == 0, "%s", audit.lines[0].what);
}

static void
setup(void)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	p = b.crank.procs[0].p;
	for (int i = 0; i < TCP_BENCH_PROCS; i++)
		crank_give(b.crank.procs[i].p, 0, b.so);
	b.crank.world.cal.after_event = audit_now;
}

static void
teardown(void)
{
	tcp_bench_fini(&b);
}

static void
want_of(int i, int fd, uint32_t events)
{
	ck_assert(!crank_post(&b.crank, i, (struct sys_call){
	    .nr = SYS_POLL_WANT, .fd = fd, .events = events}));
	ck_assert_int_eq(b.crank.procs[i].p->result, 0);
}

static void
want(int fd, uint32_t events)
{
	want_of(0, fd, events);
}

/* It begins to poll, and 1 ms passes. */
static void
post(int i, sim_time interval)
{
	tcp_bench_post(&b, i, (struct sys_call){.nr = SYS_POLL,
	    .len = interval});
}

/* One that does not wait. => what it has found of a descriptor, and no other */
static uint32_t
revents_of(int fd)
{
	int64_t n = crank_call(&b.crank, 0,
	    (struct sys_call){.nr = SYS_POLL, .len = 0});

	if (n == 0)
		return 0;
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(p->poll->found[0].fd, fd);
	return p->poll->found[0].revents;
}

static bool
is_asleep(int i)
{
	const struct proc *q = b.crank.procs[i].p;

	return q->state == PROC_ASLEEP && q->sleeps_on == &q->poll->wait;
}

static int64_t
n_asked(void)
{
	return b.host->ledger.n_ops[OP_POLL_FD];
}

static int64_t
read_all(int64_t len)
{
	return crank_call(&b.crank, 0, (struct sys_call){.nr = SYS_READ,
	    .addr = addr, .len = len});
}

static void
fill(int64_t bytes)
{
	ck_assert_int_eq(crank_write(&b.crank, 0, 0, addr, bytes), bytes);
}

/*
 * A switch 1 us, the trap 1, the call 1, three asked 3, 48 bytes there and back
 * 0.48.
 */
START_TEST(cost_of_a_scan)
{
	sim_time begin;

	tcp_bench_connect(&b);
	for (int fd = 0; fd < 3; fd++) {
		crank_give(p, fd, b.so);
		want(fd, SYS_POLLIN);
	}
	begin = b.crank.world.cal.now;
	ck_assert_uint_eq(revents_of(0), 0);
	ck_assert_int_eq(b.crank.world.cal.now - begin, 6 * US + 480000);
	ck_assert_int_eq(b.host->ledger.n_ops[OP_POLL], 1);
	ck_assert_int_eq(n_asked(), 3);
	ck_assert_int_eq(b.host->ledger.line[CAUSE_POLL].units,
	    (4 * 100 + 48) * COST_UNITS_PER_CYCLE);
}
END_TEST

/* The array of 32 lies on the kernel's stack; that of one more is malloc'd. */
START_TEST(array_of_many)
{
	const int64_t *n_ops = b.host->ledger.n_ops;

	tcp_bench_connect(&b);
	for (int fd = 0; fd < 33; fd++) {
		crank_give(p, fd, b.so);
		want(fd, SYS_POLLIN);
		if (fd < 31)
			continue;
		ck_assert_uint_eq(revents_of(0), 0);
		ck_assert_int_eq(n_ops[OP_POLL], fd - 30);
		ck_assert_int_eq(n_ops[OP_POLL_MALLOC], fd - 31);
	}
}
END_TEST

/*
 * Who sleeps asks all of them again when it is woken: 1 + 3 and 3 operations,
 * and the array moves in once and out once.
 */
START_TEST(second_scan)
{
	tcp_bench_connect(&b);
	for (int fd = 0; fd < 3; fd++) {
		crank_give(p, fd, b.so);
		want(fd, fd == 1 ? SYS_POLLIN : SYS_POLLOUT);
	}
	b.so->so_snd.sb_lowat = b.so->so_snd.sb_hiwat + 1;
	post(0, -1);
	ck_assert(is_asleep(0));
	ck_assert_int_eq(n_asked(), 3);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	ck_assert(b.crank.procs[0].is_woken);
	ck_assert_int_eq(p->result, 1);
	ck_assert_int_eq(p->poll->found[0].fd, 1);
	ck_assert_int_eq(n_asked(), 6);
	ck_assert_int_eq(b.host->ledger.line[CAUSE_POLL].units,
	    (7 * 100 + 48) * COST_UNITS_PER_CYCLE);
}
END_TEST

/* Data, until they are read; the other end's FIN; an error. */
START_TEST(readable)
{
	tcp_bench_connect(&b);
	addr = crank_buffer(&b.crank, 0, PAGE_SIZE);
	want(0, SYS_POLLIN);
	ck_assert_uint_eq(revents_of(0), 0);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(revents_of(0), SYS_POLLIN);
	ck_assert_int_eq(read_all(99), 99);
	ck_assert_uint_eq(revents_of(0), SYS_POLLIN);
	ck_assert_int_eq(read_all(99), 1);
	ck_assert_uint_eq(revents_of(0), 0);
	if (_i == 0)
		tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(100), OURS(0), 0);
	else
		tcp_bench_arrives(&b, TH_RST, FAR(100), 0, 0);
	ck_assert_uint_eq(revents_of(0), SYS_POLLIN);
	ck_assert_int_eq(read_all(99), _i == 0 ? 0 : SYS_ECONNRESET);
	/* that it is over can be told for ever */
	ck_assert_uint_eq(revents_of(0), SYS_POLLIN);
}
END_TEST

/*
 * Room from the low-water mark on.  65536 - 61440 = 4096 bytes are free at
 * first; one more has to be acknowledged, and the ACK of less wakes in vain.
 */
START_TEST(writable)
{
	tcp_bench_connect(&b);
	addr = crank_buffer(&b.crank, 0, 65536);
	want(0, SYS_POLLOUT);
	ck_assert_uint_eq(revents_of(0), SYS_POLLOUT);
	b.so->so_snd.sb_mbmax = INT64_MAX;
	b.so->so_snd.sb_lowat = 4096 + 1461;
	fill(61440);
	post(0, -1);
	ck_assert(is_asleep(0));
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(1460), 0);
	ck_assert(is_asleep(0));
	ck_assert_int_eq(n_asked(), 3);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(1461), 0);
	ck_assert_int_eq(p->result, 1);
	ck_assert_uint_eq(p->poll->found[0].revents, SYS_POLLOUT);
}
END_TEST

START_TEST(writable_by_error)
{
	tcp_bench_connect(&b);
	b.so->so_snd.sb_lowat = b.so->so_snd.sb_hiwat + 1;
	want(0, SYS_POLLOUT);
	post(0, -1);
	ck_assert(is_asleep(0));
	tcp_bench_arrives(&b, TH_RST, FAR(0), 0, 0);
	ck_assert_int_eq(p->result, 1);
	ck_assert_uint_eq(p->poll->found[0].revents, SYS_POLLOUT);
}
END_TEST

/* Both are told, but only what was asked for. */
START_TEST(both)
{
	tcp_bench_connect(&b);
	want(0, SYS_POLLIN | SYS_POLLOUT);
	ck_assert_uint_eq(revents_of(0), SYS_POLLOUT);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	ck_assert_uint_eq(revents_of(0), SYS_POLLIN | SYS_POLLOUT);
	want(0, SYS_POLLIN);
	ck_assert_uint_eq(revents_of(0), SYS_POLLIN);
	want(0, 0);
	ck_assert_uint_eq(revents_of(0), 0);
	ck_assert_ptr_null(b.so->pollers);
	ck_assert_uint_eq(p->poll->n, 0);
}
END_TEST

static void
caller_comes(int i)
{
	b.conn = (uint16_t)(100 + i);
	tcp_bench_arrives(&b, TH_SYN, BENCH_FAR_ISS, 0, 0);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
}

/*
 * A caller wakes all that poll the socket which they share; the first one
 * accepts it, and the others, if they do not wait, find nobody.
 */
START_TEST(callers)
{
	so_listen(b.so, BENCH_PORT, 5);
	b.so->ss_nbio = true;
	for (int i = 0; i < 2; i++) {
		want_of(i, 0, SYS_POLLIN);
		post(i, -1);
		ck_assert(is_asleep(i));
	}
	ck_assert(host_only_serves(b.host));
	caller_comes(0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(b.crank.procs[i].p->result, 1);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(crank_call(&b.crank, i, (struct sys_call){
		    .nr = SYS_ACCEPT}), i == 0 ? 1 : SYS_EWOULDBLOCK);
	/* and what is accepted does not wait either */
	ck_assert(fd_socket(p, 1)->ss_nbio);
	post(1, -1);
	ck_assert(is_asleep(1));
	ck_assert(!host_only_serves(b.host));
}
END_TEST

/* What is left of a list when its first one leaves is still a list. */
START_TEST(leaves_before_others)
{
	tcp_bench_connect(&b);
	for (int i = 0; i < 2; i++) {
		want_of(i, 0, SYS_POLLIN);
		post(i, 0);
	}
	ck_assert_ptr_eq(b.so->pollers->set,
	    b.crank.procs[1].p->poll);
	want_of(1, 0, 0);
	ck_assert_ptr_eq(b.so->pollers->set, p->poll);
	want(0, 0);
	ck_assert_ptr_null(b.so->pollers);
	crank_take(p, 0);
	poll_refile(p, (int)p->poll->room);
	ck_assert_uint_eq(p->poll->maybe[0], 0);
}
END_TEST

/* Who waits for callers alone, without end, has nothing else to do. */
START_TEST(only_listens)
{
	so_listen(b.so, BENCH_PORT, 5);
	want(0, SYS_POLLIN);
	tcp_bench_post(&b, 0, (struct sys_call){.nr = SYS_SLEEP,
	    .len = b.crank.world.cal.now + 2 * PS_PER_MS});
	ck_assert(p->state == PROC_ASLEEP && !poll_only_listens(p));
	tcp_bench_run(&b, 2 * PS_PER_MS);
	post(0, _i == 0 ? -1 : SIM_TIME_NEVER);
	ck_assert(is_asleep(0) && poll_only_listens(p));
	ck_assert(!cal_is_scheduled(&p->timer));
	caller_comes(0);
	ck_assert_int_eq(crank_call(&b.crank, 0,
	    (struct sys_call){.nr = SYS_ACCEPT}), 1);
	want(1, SYS_POLLIN);
	post(0, -1);
	ck_assert(is_asleep(0) && !poll_only_listens(p));
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	ck_assert_int_eq(p->result, 1);
	want(1, 0);
	post(0, PS_PER_S);
	ck_assert(is_asleep(0) && !poll_only_listens(p));
	tcp_bench_run(&b, PS_PER_S);
	if (_i == 1)
		want(0, 0);
	post(0, -1);
	/* who asks for nothing does not even wait for callers */
	ck_assert(is_asleep(0) && poll_only_listens(p) == (_i == 0));
}
END_TEST

/*
 * Nothing is open there; then something else is, under the same number.
 */
START_TEST(closed_and_opened)
{
	tcp_bench_connect(&b);
	ck_assert_uint_eq(revents_of(0), 0);
	want(2, SYS_POLLIN);
	ck_assert_uint_eq(revents_of(2), SYS_POLLNVAL);
	crank_give(p, 2, b.so);
	ck_assert_uint_eq(revents_of(2), 0);
	ck_assert_ptr_eq(b.so->pollers->set, p->poll);
	crank_take(p, 2);
	ck_assert_ptr_null(b.so->pollers);
	ck_assert_uint_eq(revents_of(2), SYS_POLLNVAL);
	host_add_file(b.host, 7, 1000, true);
	crank_give(p, 1, b.so);
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_OPEN, .file = 7}), 2);
	/* a file is always ready */
	ck_assert_uint_eq(revents_of(2), SYS_POLLIN);
	crank_call(&b.crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = 2});
}
END_TEST

START_TEST(no_such_descriptor)
{
	static const int fds[] = {-1, FD_NUMBERS};

	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_POLL_WANT, .fd = fds[_i], .events = SYS_POLLIN}),
	    SYS_EINVAL);
}
END_TEST

/* In the order of descriptors, whoever has been ready for longest. */
START_TEST(in_order)
{
	static const int fds[] = {4095, 3, 64, 63, 200};
	static const int sorted[] = {3, 63, 64, 200, 4095};

	for (size_t i = 0; i < 5; i++)
		want(fds[i], SYS_POLLIN);
	post(0, -1);
	ck_assert_int_eq(p->result, 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(p->poll->found[i].fd, sorted[i]);
}
END_TEST

/* The host asks who may be ready and nobody else. */
START_TEST(asks_few)
{
	tcp_bench_connect(&b);
	for (int fd = 0; fd < MACHINE_OPEN_MAX; fd++) {
		crank_give(p, fd, b.so);
		want(fd, fd == 63 ? SYS_POLLOUT : SYS_POLLIN);
	}
	ck_assert_uint_eq(revents_of(63), SYS_POLLOUT);
	ck_assert_uint_eq(p->poll->maybe[0], UINT64_C(1) << 63);
	ck_assert_int_eq(n_asked(), MACHINE_OPEN_MAX);
	want(63, SYS_POLLIN);
	ck_assert_uint_eq(revents_of(63), 0);
	ck_assert_uint_eq(p->poll->maybe[0], 0);
	ck_assert_uint_eq(p->poll->maybe_hi[0], 0);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, cost_of_a_scan);
	tcase_add_test(tc, array_of_many);
	tcase_add_test(tc, second_scan);
	tcase_add_loop_test(tc, readable, 0, 2);
	tcase_add_test(tc, writable);
	tcase_add_test(tc, writable_by_error);
	tcase_add_test(tc, both);
	tcase_add_test(tc, callers);
	tcase_add_test(tc, leaves_before_others);
	tcase_add_loop_test(tc, only_listens, 0, 2);
	tcase_add_test(tc, closed_and_opened);
	tcase_add_loop_test(tc, no_such_descriptor, 0, 2);
	tcase_add_test(tc, in_order);
	tcase_add_test(tc, asks_few);
}

int
main(void)
{
	Suite *suite = suite_create("poll");
	TCase *tc = tcase_create("poll");
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
