/*
 * read(2) of datagrams: one for each call, whole or cut.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/machine.h"
#include "tests/support/udp_rx.h"

static struct udp_rx b;

static void
start(void)
{
	struct world_config config = machine_config();

	udp_rx_init(&b, &config, 0);
}

static struct sys_call
read_call(int64_t len)
{
	return (struct sys_call){.nr = SYS_READ, .fd = b.fd, .addr = b.addr,
	    .len = len};
}

/* One for each read, in the order in which they came; never two. */
START_TEST(one_by_one)
{
	start();
	udp_rx_datagram(&b, 100);
	udp_rx_datagram(&b, 1472);
	udp_rx_datagram(&b, 1);
	ck_assert_int_eq(udp_rx_read(&b, 4000), 100);
	ck_assert_int_eq(udp_rx_read(&b, 4000), 1472);
	ck_assert_int_eq(udp_rx_read(&b, 1), 1);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 0);
	ck_assert_int_eq(b.so->so_rcv.sb_mbcnt, 0);
	ck_assert_int_eq(b.so->udp.stats.n_read, 3);
	ck_assert_int_eq(b.so->stats.bytes_read, 1573);
	/* a turn, an uiomove, and two mbufs freed for each */
	ck_assert_int_eq(udp_rx_ops(&b, OP_SORECEIVE), 3);
	ck_assert_int_eq(udp_rx_ops(&b, OP_UIOMOVE), 3);
	ck_assert_int_eq(udp_rx_ops(&b, OP_MFREE), 3 + 6);
	udp_rx_fini(&b);
}
END_TEST

/* Longer than the program asks for: the rest is lost, in its mbuf and behind */
START_TEST(cut)
{
	start();
	for (int i = 0; i < 2; i++) {
		udp_rx_frame(&b, (uint16_t)(50 + i), 0, 1472, true);
		udp_rx_frame(&b, (uint16_t)(50 + i), 1472, 2952, true);
		udp_rx_frame(&b, (uint16_t)(50 + i), 2952, 3000, false);
		udp_rx_rest(&b, PS_PER_MS);
		b.place += 3000;
	}
	ck_assert_int_eq(udp_rx_read(&b, 1000), 1000);
	ck_assert_int_eq(b.so->udp.stats.n_truncated, 1);
	ck_assert_int_eq(b.so->stats.bytes_discarded, 2000);
	/* at the edge of an mbuf */
	ck_assert_int_eq(udp_rx_read(&b, 1472), 1472);
	ck_assert_int_eq(b.so->udp.stats.n_truncated, 2);
	ck_assert_int_eq(b.so->stats.bytes_discarded, 2000 + 1528);
	ck_assert_int_eq(b.so->so_rcv.sb_mbcnt, 0);
	udp_rx_datagram(&b, 5);
	ck_assert_int_eq(udp_rx_read(&b, 100), 5);
	udp_rx_fini(&b);
}
END_TEST

/* Nothing is there: it sleeps, and the next datagram wakes it. */
START_TEST(waits)
{
	start();
	/* somebody may send something yet */
	cal_hold(&b.crank.world.cal);
	crank_post(&b.crank, 0, read_call(100));
	udp_rx_rest(&b, PS_PER_MS);
	ck_assert(!b.crank.procs[0].is_woken);
	ck_assert_int_eq(b.p->state, PROC_ASLEEP);
	udp_rx_frame(&b, 1, 0, 64, false);
	ck_assert_int_eq(crank_wait(&b.crank, 0), 64);
	cal_release(&b.crank.world.cal);
	/* or it does not sleep */
	crank_call(&b.crank, 0, (struct sys_call){.nr = SYS_SETNBIO,
	    .fd = b.fd, .is_nbio = true});
	ck_assert_int_eq(udp_rx_read(&b, 100), SYS_EWOULDBLOCK);
	udp_rx_fini(&b);
}
END_TEST

/*
 * A reader is no deadlock: when nobody has anything to do, the run is over, and
 * it is told.  What has come before is read first.
 */
START_TEST(end_of_the_run)
{
	start();
	udp_rx_frame(&b, 1, 0, 64, false);
	b.place += 64;
	crank_post(&b.crank, 0, read_call(100));
	ck_assert_int_eq(crank_wait(&b.crank, 0), 64);
	udp_rx_frame(&b, 2, 0, 65, false);
	crank_post(&b.crank, 0, read_call(100));
	ck_assert_int_eq(crank_wait(&b.crank, 0), 65);
	crank_post(&b.crank, 0, read_call(100));
	ck_assert_int_eq(crank_wait(&b.crank, 0), SYS_ENDED);
	ck_assert(b.host->is_silent);
	ck_assert_int_eq(b.crank.world.outcome, WORLD_DONE);
	udp_rx_fini(&b);
}
END_TEST

/* Stopped, but frames are under way: they are read. */
START_TEST(after_the_duration)
{
	start();
	cal_hold(&b.crank.world.cal);
	crank_post(&b.crank, 0, read_call(100));
	udp_rx_rest(&b, PS_PER_MS);
	host_stop(b.host);
	udp_rx_rest(&b, PS_PER_MS / 10);
	ck_assert_int_eq(b.p->state, PROC_ASLEEP);
	udp_rx_frame(&b, 1, 0, 64, false);
	ck_assert_int_eq(crank_wait(&b.crank, 0), 64);
	cal_release(&b.crank.world.cal);
	ck_assert_int_eq(udp_rx_read(&b, 100), SYS_ENDED);
	udp_rx_fini(&b);
}
END_TEST

/* Nothing is mapped there: the datagram is lost, and the next one is whole. */
START_TEST(efault)
{
	start();
	udp_rx_datagram(&b, 64);
	udp_rx_datagram(&b, 65);
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_READ, .fd = b.fd, .addr = 1, .len = 100}), SYS_EFAULT);
	ck_assert_int_eq(b.so->stats.bytes_discarded, 64);
	ck_assert_int_eq(udp_rx_read(&b, 100), 65);
	udp_rx_fini(&b);
}
END_TEST

/* What nobody has read goes with the socket. */
START_TEST(discarded)
{
	start();
	udp_rx_datagram(&b, 64);
	udp_rx_datagram(&b, 0);
	crank_call(&b.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = b.fd});
	ck_assert_int_eq(b.so->udp.stats.n_discarded, 2);
	ck_assert_int_eq(b.so->stats.bytes_discarded, 64);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 0);
	udp_rx_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, one_by_one);
	tcase_add_test(tc, cut);
	tcase_add_test(tc, waits);
	tcase_add_test(tc, end_of_the_run);
	tcase_add_test(tc, after_the_duration);
	tcase_add_test(tc, efault);
	tcase_add_test(tc, discarded);
}

int
main(void)
{
	Suite *suite = suite_create("soreceive_dgram");
	TCase *tc = tcase_create("soreceive_dgram");
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
