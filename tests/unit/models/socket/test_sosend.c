/*
 * sosend's loops: low water, "more to come", the lock, errors, the end of a
 * run; and storms of random calls.  netbsd-2002.md 1.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/storm.h"
#include "tests/support/writer.h"

static struct world_config config;
static struct writer w;

static void
begin(int n_procs, int64_t sndbuf)
{
	writer_init(&w, &config, n_procs, sndbuf, 131072);
}

static void
setup(void)
{
	config = writer_config(false);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

static bool
waits_for_space(int proc)
{
	return writer_is_asleep(&w, proc, &w.so->so_snd.sb_wait);
}

/*
 * Step 5: a write sleeps when there is less room than it needs, and less than
 * the low-water mark.  A first write leaves the room.
 */
static const struct {
	int64_t lowat, room, len, taken;
} marks[] = {
	{2048, 2047, 2047, 2047},
	{2048, 2047, 2048, 0},
	{2048, 2047, 100000, 0},
	{2048, 2048, 2049, 2048},
	{2048, 2049, 2049, 2049},
	{2048, 1, 1, 1},
	{2048, 0, 1, 0},
	{1, 1, 2, 1},
	{1, 0, 1, 0},
	{10000, 9999, 10000, 0},
	{10000, 9999, 9999, 9999},
	{10000, 10000, 10001, 10000},
	/* clamped to the size of the buffer */
	{20000, 10000, 10001, 10000},
};
enum { N_MARKS = sizeof marks / sizeof marks[0] };

START_TEST(test_low_water)
{
	int64_t first = 10000 - marks[_i].room;
	bool must_wait = marks[_i].taken < marks[_i].len;

	begin(1, 10000);
	sb_reserve(&w.so->so_snd, 10000, marks[_i].lowat);
	if (first > 0)
		ck_assert_int_eq(writer_write(&w, 0, first), first);
	ck_assert_int_eq(sb_space(&w.so->so_snd), marks[_i].room);
	writer_mark(&w);
	writer_post(&w, 0, marks[_i].len);
	ck_assert_int_eq(writer_path(&w).taken, marks[_i].taken);
	ck_assert_int_eq(waits_for_space(0), must_wait);
	ck_assert(!w.so->so_snd.sb_is_locked);
	/* in the end all of it goes */
	ck_assert_int_eq(crank_wait(&w.crank, 0), marks[_i].len);
}
END_TEST

/*
 * The room by memory: two times 109 bytes do not fit an mbuf of 216, so 32
 * writes of 109 bytes take 32 * 256 = 8192, all there is for a buffer of 4096,
 * though 608 bytes of data would fit.
 */
START_TEST(test_room_by_memory)
{
	begin(1, 4096);
	for (int i = 0; i < 32; i++)
		ck_assert_int_eq(writer_write(&w, 0, 109), 109);
	ck_assert_int_eq(w.so->so_snd.sb_cc, 3488);
	ck_assert_int_eq(sb_space(&w.so->so_snd), 0);
	writer_post(&w, 0, 1);
	ck_assert(waits_for_space(0));
	ck_assert_int_eq(crank_wait(&w.crank, 0), 1);
}
END_TEST

/*
 * By memory there can be less than nothing: six small mbufs and two clusters
 * take 6144 of 8192, room enough for one more cluster of 2304.
 */
START_TEST(test_room_below_zero)
{
	begin(1, 4096);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(writer_write(&w, 0, 109), 109);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(writer_write(&w, 0, 453), 453);
	ck_assert_int_eq(sb_space(&w.so->so_snd), 8192 - 8448);
	writer_post(&w, 0, 1);
	ck_assert(waits_for_space(0));
	ck_assert_int_eq(crank_wait(&w.crank, 0), 1);
}
END_TEST

/*
 * "More to come": 452 bytes are three PRU_SENDs of 216, 216 and 20.  The
 * connection is idle, but the first two say that there is more, so only the
 * third sends: one segment.
 */
START_TEST(test_more_to_come)
{
	begin(1, 10000);
	ck_assert_int_eq(writer_write(&w, 0, 452), 452);
	ck_assert_int_eq(writer_path(&w).pru_sends, 3);
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, 1);
	ck_assert_uint_eq(w.so->tcpcb.snd_max - w.so->tcpcb.snd_una, 452);
	ck_assert(!w.so->ss_moretocome);
}
END_TEST

/* In three writes nothing announces the next: the first goes at once. */
START_TEST(test_nothing_to_come)
{
	begin(1, 10000);
	ck_assert_int_eq(writer_write(&w, 0, 216), 216);
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, 1);
	ck_assert_int_eq(writer_write(&w, 0, 216), 216);
	ck_assert_int_eq(writer_write(&w, 0, 20), 20);
	/* the others wait for its ACK, with Nagle */
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, 1);
	ck_assert_uint_eq(w.so->tcpcb.snd_max - w.so->tcpcb.snd_una, 216);
}
END_TEST

/*
 * The flag stands also when the next step is to sleep for room: with nothing
 * in flight, nobody sends the first 1000 of 1200 bytes, and no ACK will come.
 * The persist timer does, 10 slow ticks later, if nobody makes room before.
 */
START_TEST(test_more_to_come_and_asleep)
{
	begin(1, 10000);
	sb_reserve(&w.so->so_snd, 1000, 1000);
	writer_post(&w, 0, 1200);
	ck_assert(waits_for_space(0));
	ck_assert_int_eq(w.so->so_snd.sb_cc, 1000);
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, 0);
	ck_assert(!w.so->ss_moretocome);
	ck_assert_int_eq(w.so->tcpcb.t_timer[TCPT_PERSIST], 10);
	if (_i == 0) {
		sb_reserve(&w.so->so_snd, 10000, 1000);
		proc_wakeup(&w.so->so_snd.sb_wait, NULL);
	}
	ck_assert_int_eq(crank_wait(&w.crank, 0), 1200);
	/* armed between two ticks: 4.5 to 5 s */
	if (_i == 1)
		ck_assert_int_ge(w.crank.world.cal.now, 4500 * PS_PER_MS);
	/* all at once, or what the timer forced out and then the rest */
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, 1 + _i);
}
END_TEST

/* Two processes with one socket: p1 has p0's descriptor. */
static void
share_socket(void)
{
	crank_give(w.crank.procs[1].p, w.fd, w.so);
}

static void
post_other(int64_t len)
{
	uint64_t addr = crank_buffer(&w.crank, 1, len);

	crank_post(&w.crank, 1, (struct sys_call){.nr = SYS_WRITE,
	    .fd = w.fd, .addr = addr, .len = len});
	writer_rest(&w, WRITER_SOON);
}

/* Who sleeps for room has unlocked the buffer: the other one may try, too. */
START_TEST(test_both_wait_for_space)
{
	begin(2, 10000);
	share_socket();
	writer_post(&w, 0, 30000);
	ck_assert(waits_for_space(0));
	post_other(20000);
	ck_assert_ptr_eq(w.crank.procs[1].p->sleeps_on,
	    &w.so->so_snd.sb_wait);
	ck_assert_int_eq(crank_wait(&w.crank, 0), 30000);
	ck_assert_int_eq(crank_wait(&w.crank, 1), 20000);
	ck_assert_int_eq(w.so->stats.bytes_written, 50000);
}
END_TEST

/* A loan that waits for address space holds the lock. */
static void
lock_by_loan(int owner)
{
	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 65536;
	begin(2, 131072);
	share_socket();
	if (owner == 0)
		writer_post(&w, 0, 131072);
	else
		post_other(131072);
	ck_assert(writer_is_asleep(&w, owner, &w.host->kva_wait));
	ck_assert(w.so->so_snd.sb_is_locked);
}

START_TEST(test_lock)
{
	lock_by_loan(0);
	post_other(100);
	ck_assert(writer_is_asleep(&w, 1, &w.so->so_snd.sb_lock_wait));
	ck_assert_int_eq(w.so->stats.bytes_written, 65536);
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
	ck_assert_int_eq(crank_wait(&w.crank, 1), 100);
	ck_assert_int_eq(w.so->stats.bytes_written, 131172);
	ck_assert(!w.so->so_snd.sb_is_locked);
}
END_TEST

/* The run ends while one waits for the lock that another holds, asleep. */
START_TEST(test_lock_ends)
{
	int owner = _i, other = 1 - _i;

	config.duration = 200 * PS_PER_MS;
	lock_by_loan(owner);
	if (other == 1)
		post_other(100);
	else
		writer_post(&w, 0, 100);
	ck_assert(writer_is_asleep(&w, other, &w.so->so_snd.sb_lock_wait));
	ck_assert_int_eq(crank_wait(&w.crank, owner), 131072);
	ck_assert_int_eq(crank_wait(&w.crank, other), SYS_ENDED);
	ck_assert_int_lt(w.crank.world.cal.now, 250 * PS_PER_MS);
}
END_TEST

/* The run ends while a write waits: what was taken, or else that it is over. */
START_TEST(test_wait_ends)
{
	config.duration = 150 * PS_PER_MS;
	begin(1, 10000);
	if (_i == 1)
		ck_assert_int_eq(writer_write(&w, 0, 10000), 10000);
	writer_post(&w, 0, 20000);
	ck_assert(waits_for_space(0));
	ck_assert_int_eq(crank_wait(&w.crank, 0), _i == 0 ? 10000 : SYS_ENDED);
	ck_assert_int_lt(w.crank.world.cal.now, 151 * PS_PER_MS);
	/* and no other call is taken */
	ck_assert(!crank_post(&w.crank, 0, (struct sys_call){.nr = SYS_WRITE,
	    .fd = w.fd, .addr = w.addr, .len = 1}));
	ck_assert_int_eq(w.p->result, SYS_ENDED);
}
END_TEST

/* EPIPE, whatever it died of (netbsd-2002.md 1, step 5); nothing is taken. */
START_TEST(test_after_drop)
{
	int64_t error = _i == 0 ? SYS_ETIMEDOUT : 0;

	begin(1, 10000);
	tcp_drop(&w.so->tcpcb, error);
	ck_assert_int_eq(writer_write(&w, 0, 100), SYS_EPIPE);
	writer_assert_path(&w, (struct way){.turns = 1});
	ck_assert(!w.so->so_snd.sb_is_locked);
}
END_TEST

/* An error that waits for somebody is told once; the socket still sends. */
START_TEST(test_pending_error)
{
	begin(1, 10000);
	w.so->so_error = SYS_ETIMEDOUT;
	ck_assert_int_eq(writer_write(&w, 0, 100), SYS_ETIMEDOUT);
	writer_assert_path(&w, (struct way){.turns = 1});
	ck_assert_int_eq(writer_write(&w, 0, 100), 100);
}
END_TEST

/* Closed through another descriptor, the socket takes nothing more. */
START_TEST(test_after_close)
{
	begin(1, 10000);
	crank_give(w.p, 5, w.so);
	crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = 5});
	ck_assert_int_eq(writer_write(&w, 0, 100), SYS_EPIPE);
}
END_TEST

/* Dropped while a write sleeps for room: what was taken, else the error. */
START_TEST(test_drop_of_sleeper)
{
	begin(1, 10000);
	if (_i == 1)
		ck_assert_int_eq(writer_write(&w, 0, 10000), 10000);
	writer_post(&w, 0, 20000);
	ck_assert(waits_for_space(0));
	tcp_drop(&w.so->tcpcb, SYS_ETIMEDOUT);
	ck_assert_int_eq(crank_wait(&w.crank, 0),
	    _i == 0 ? 10000 : SYS_EPIPE);
	ck_assert_int_eq(w.so->stats.bytes_dropped, 10000);
	/* counted when it has nothing else to tell: once for each */
	ck_assert_int_eq(w.so->host->n_epipe, _i);
	if (_i == 0)
		ck_assert_int_eq(writer_write(&w, 0, 100), SYS_EPIPE);
	ck_assert_int_eq(w.so->host->n_epipe, 1);
}
END_TEST

/*
 * Dropped in the midst of a copy: what goes to the protocol afterwards is lost
 * and counted as such.  10 us are less than the first cluster takes to copy.
 */
START_TEST(test_drop_of_copier)
{
	begin(1, 10000);
	crank_post(&w.crank, 0, (struct sys_call){.nr = SYS_WRITE,
	    .fd = w.fd, .addr = w.addr, .len = 5000});
	writer_rest(&w, 10 * PS_PER_US);
	ck_assert_int_eq(w.so->stats.bytes_written, 0);
	tcp_drop(&w.so->tcpcb, SYS_ETIMEDOUT);
	/* the rest is not even copied */
	ck_assert_int_eq(crank_wait(&w.crank, 0), 2048);
	ck_assert_int_eq(w.so->stats.bytes_written, 2048);
	ck_assert_int_eq(w.so->stats.bytes_dropped, 2048);
	ck_assert_int_eq(w.so->so_snd.sb_cc, 0);
}
END_TEST

/*
 * Storms: each test runs some with seeds of its own, and all of them together
 * must have met everything.
 */
enum { STORM_TESTS = 4, STORMS = 60, STORM_CALLS = 150 };

START_TEST(test_storms)
{
	struct storm_seen seen = {0};

	for (int i = 0; i < STORMS; i++)
		storm_run((uint64_t)(_i * STORMS + i), STORM_CALLS, &seen);
	ck_assert_int_gt(seen.calls, STORMS * STORM_CALLS / 4);
	ck_assert_int_gt(seen.loans, 0);
	ck_assert_int_gt(seen.copies, 0);
	ck_assert_int_gt(seen.refused, 0);
	ck_assert_int_gt(seen.no_window, 0);
	ck_assert_int_gt(seen.no_cluster, 0);
	ck_assert_int_gt(seen.would_block, 0);
	ck_assert_int_gt(seen.kva_limit, 0);
	ck_assert_int_gt(seen.soft_faults, 0);
	ck_assert_int_gt(seen.cow_faults, 0);
	ck_assert_int_gt(seen.efaults, 0);
	ck_assert_int_gt(seen.retransmits, 0);
	ck_assert_int_gt(seen.fetches, 0);
	ck_assert_int_gt(seen.underruns, 0);
	ck_assert_int_gt(seen.exits, 0);
}
END_TEST

static TCase *
loop_tests(void)
{
	TCase *tc = tcase_create("loops");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_low_water, 0, N_MARKS);
	tcase_add_test(tc, test_room_by_memory);
	tcase_add_test(tc, test_room_below_zero);
	tcase_add_test(tc, test_more_to_come);
	tcase_add_test(tc, test_nothing_to_come);
	tcase_add_loop_test(tc, test_more_to_come_and_asleep, 0, 2);
	tcase_add_test(tc, test_both_wait_for_space);
	tcase_add_test(tc, test_lock);
	tcase_add_loop_test(tc, test_lock_ends, 0, 2);
	tcase_add_loop_test(tc, test_wait_ends, 0, 2);
	tcase_add_loop_test(tc, test_after_drop, 0, 2);
	tcase_add_test(tc, test_pending_error);
	tcase_add_test(tc, test_after_close);
	tcase_add_loop_test(tc, test_drop_of_sleeper, 0, 2);
	tcase_add_test(tc, test_drop_of_copier);
	return tc;
}

static TCase *
storm_tests(void)
{
	TCase *tc = tcase_create("storms");

	tcase_set_timeout(tc, 250);
	tcase_add_loop_test(tc, test_storms, 0, STORM_TESTS);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("sosend");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, loop_tests());
	suite_add_tcase(suite, storm_tests());
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
