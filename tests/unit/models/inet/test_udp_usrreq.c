/*
 * PRU_SEND of a datagram: headers, names, limits, and how long a loan lasts.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/machine.h"
#include "tests/support/udp_bench.h"

static struct udp_bench b;

static void
start(bool sosend_loan, int64_t sndbuf)
{
	struct world_config config = udp_bench_config(sosend_loan);

	udp_bench_init(&b, &config, sndbuf);
}

/* mbufs that one datagram takes, all of one packet */
static int64_t
mbufs_of(int64_t len)
{
	int64_t before = udp_bench_ops(&b, OP_MGET);

	ck_assert_int_eq(udp_bench_send(&b, 0, len), len);
	return udp_bench_ops(&b, OP_MGET) - before;
}

/*
 * netbsd-2002.md 6.3: 28 bytes go before the data.  A small first mbuf that was
 * filled from its end has room for them, if 188 of its 216 bytes at most are
 * used; external storage has none (4.2), so a cluster needs another mbuf as a
 * loan does.
 */
START_TEST(header_mbuf)
{
	start(true, 9216);
	ck_assert_int_eq(mbufs_of(1), 1);
	ck_assert_int_eq(mbufs_of(188), 1);
	ck_assert_int_eq(mbufs_of(189), 2);
	ck_assert_int_eq(mbufs_of(1472), 2);
	/* 4096: 3 fragments, two of them with a header and a reference each */
	ck_assert_int_eq(mbufs_of(4096), 2 + 4);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.peer->n_datagrams, 5);
	ck_assert_int_eq(b.peer->bytes_wrong, 0);
	udp_bench_fini(&b);
}
END_TEST

/* netbsd-2002.md 6.4: a datagram of one packet is summed by IP: 8 + 1472 */
START_TEST(sum_of_one_packet)
{
	start(false, 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, 1472), 1472);
	ck_assert_int_eq(udp_bench_ops(&b, OP_CKSUM_1K), 1480);
	ck_assert_int_eq(udp_bench_ops(&b, OP_UDP_OUTPUT), 1);
	ck_assert_int_eq(udp_bench_ops(&b, OP_IP_OUTPUT), 1);
	ck_assert_int_eq(udp_bench_ops(&b, OP_IP_FRAGMENT), 0);
	udp_bench_fini(&b);
}
END_TEST

/* Headers say where a datagram belongs, across 2^32 bytes as well. */
START_TEST(places)
{
	struct tcp_header th = {.ip_p = IP_UDP};
	struct socket so = {.so_id = 7};

	so.udp.place = (UINT64_C(1) << 32) + 1000;
	th.seq = 900;
	ck_assert_uint_eq(udp_content(&so, &th),
	    content_name(7, (UINT64_C(1) << 32) + 900));
	th.seq = UINT32_MAX - 99;
	ck_assert_uint_eq(udp_content(&so, &th),
	    content_name(7, (UINT64_C(1) << 32) - 100));
	/* the second fragment has 8 bytes less of data before it */
	th.ip_off = 1480 / 8 | IP_MF;
	ck_assert_uint_eq(udp_content(&so, &th),
	    content_name(7, (UINT64_C(1) << 32) - 100 + 1472));
}
END_TEST

/*
 * An IP packet has 65535 bytes: 65507 of data are 65515 for IP, 44.3 x 1480.
 * The place of one that is refused is used up.
 */
START_TEST(largest)
{
	start(true, 70000);
	ck_assert_int_eq(udp_bench_send(&b, 0, 65508), SYS_EMSGSIZE);
	ck_assert_int_eq(b.so->udp.stats.n_refused, 1);
	ck_assert_int_eq(b.so->udp.stats.n_dropped, 0);
	ck_assert_int_eq(udp_bench_send(&b, 0, 65507), 65507);
	ck_assert_int_eq(b.so->udp.stats.n_packets, 45);
	udp_bench_rest(&b, 20 * PS_PER_MS);
	ck_assert_int_eq(b.peer->bytes_received, 65507);
	ck_assert_uint_eq(b.tap.frames[0].frame.th.seq, 65508);
	ck_assert_uint_eq(b.so->udp.place, 65508 + 65507);
	udp_bench_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 6.7: a loan lasts until the driver has seen the last fragment
 * transmitted; then it waits for the next call, as TCP's do.
 */
START_TEST(life_of_a_loan)
{
	start(true, 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	while (b.host->nic.tx_reclaimed < 6) {
		ck_assert_uint_eq(b.so->pendfree.n, 0);
		ck_assert_int_eq(b.host->kva.socurkva, 8192);
		udp_bench_rest(&b, 10 * PS_PER_US);
	}
	/* the last fragment was complete, and then freed */
	ck_assert_int_eq(b.host->nic.stats.n_tx_frames, 6);
	ck_assert_uint_eq(b.so->pendfree.n, 1);
	udp_bench_rest(&b, 100 * PS_PER_MS);
	ck_assert_int_eq(b.host->kva.socurkva, 8192);
	ck_assert_int_eq(udp_bench_ops(&b, OP_UNLOAN_PAGE), 0);
	ck_assert_int_eq(udp_bench_send(&b, 0, 1), 1);
	ck_assert_int_eq(udp_bench_ops(&b, OP_UNLOAN_PAGE), 2);
	ck_assert_int_eq(b.host->kva.socurkva, 0);
	udp_bench_fini(&b);
}
END_TEST

/* What was overwritten meanwhile goes out as it was (invariant 5). */
START_TEST(overwritten_at_once)
{
	start(true, 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_TOUCH, .addr = b.addr, .len = 8192, .is_full = true}),
	    0);
	ck_assert_int_eq(b.host->vm.stats.n_cow_faults, 2);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.peer->bytes_received, 8192);
	ck_assert_int_eq(b.host->identity.n_fetches, 6);
	ck_assert_int_eq(b.host->identity.n_wrong, 0);
	udp_bench_fini(&b);
}
END_TEST

/* The socket goes before its packets do; the global list takes the loan. */
START_TEST(closed_at_once)
{
	start(true, 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_CLOSE, .fd = b.fd}), 0);
	ck_assert(so_is_gone(b.so));
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.peer->n_datagrams, 1);
	ck_assert_uint_eq(b.host->pendfree.n, 1);
	/* the meter's last reading is of that datagram's arrival */
	ck_assert_int_eq(b.crank.world.end.bytes_datagrams, 8192);
	ck_assert_int_eq(b.crank.world.end.at, b.tap.frames[5].at);
	udp_bench_fini(&b);
}
END_TEST

START_TEST(calls_that_it_refuses)
{
	start(false, 9216);
	/* nobody sends to it */
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_READ, .fd = b.fd, .addr = b.addr, .len = 10,
	    .is_dontwait = true}), SYS_EWOULDBLOCK);
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_ACCEPT, .fd = b.fd}), SYS_EINVAL);
	/* write(2) on a connected socket is sendto(2) */
	ck_assert_int_eq(crank_write(&b.crank, 0, b.fd, b.addr, 100), 100);
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_SHUTDOWN, .fd = b.fd}), 0);
	ck_assert_int_eq(udp_bench_send(&b, 0, 100), SYS_EPIPE);
	ck_assert_int_eq(b.so->udp.stats.n_sent, 1);
	udp_bench_fini(&b);
}
END_TEST

/*
 * 1472 bytes lie in one mbuf with a cluster, and need another one for headers.
 * 4096 lie in 1992 + 2048 + 56, with one in front: 4; the fragments of 1472 ..
 * 2951 and of 2952 .. 4095 lie in two of these each, and have a header: 6 more.
 * Without them: ENOBUFS, and nothing is left.
 */
START_TEST(no_mbufs)
{
	static const struct {
		int64_t mbufs, len;
		bool is_sent;
	} cases[] = {{1, 1472, false}, {2, 1472, true}, {4, 4096, false},
	    {9, 4096, false}, {10, 4096, true}};
	struct world_config config = udp_bench_config(false);

	config.host.mbufs = cases[_i].mbufs;
	udp_bench_init(&b, &config, 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, cases[_i].len),
	    cases[_i].is_sent ? cases[_i].len : SYS_ENOBUFS);
	ck_assert_int_eq(b.so->udp.stats.n_dropped, !cases[_i].is_sent);
	ck_assert_int_eq(b.host->nobufs.n_output, !cases[_i].is_sent);
	ck_assert_int_eq(b.host->if_snd.ifq_drops, 0);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 0);
	udp_bench_fini(&b);
}
END_TEST

/* A datagram without a byte: headers alone. */
START_TEST(empty)
{
	start(true, 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, 0), 0);
	ck_assert_int_eq(b.so->udp.stats.n_sent, 1);
	udp_bench_rest(&b, PS_PER_MS);
	udp_bench_assert(&b, 0, 28, 0, false);
	ck_assert_int_eq(b.peer->n_datagrams, 1);
	ck_assert_int_eq(b.peer->bytes_received, 0);
	udp_bench_fini(&b);
}
END_TEST

/* Dropped while the datagram was being built: it is refused. */
START_TEST(detached_meanwhile)
{
	start(false, 9216);
	ck_assert(crank_post(&b.crank, 0, (struct sys_call){.nr = SYS_SENDTO,
	    .fd = b.fd, .addr = b.addr, .len = 9216}));
	/* a copy of 1992 bytes takes 80 us, 9216 more than 350 */
	udp_bench_rest(&b, 200 * PS_PER_US);
	ck_assert_ptr_nonnull(b.p->call.top);
	ck_assert_uint_eq(host_drop_all(b.host), 1);
	ck_assert_int_eq(crank_wait(&b.crank, 0), SYS_EPIPE);
	ck_assert_int_eq(b.so->udp.stats.n_refused, 1);
	ck_assert_int_eq(b.so->stats.bytes_dropped, 9216);
	udp_bench_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("udp_usrreq");
	TCase *tc = tcase_create("udp_usrreq");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, header_mbuf);
	tcase_add_test(tc, sum_of_one_packet);
	tcase_add_test(tc, places);
	tcase_add_test(tc, largest);
	tcase_add_test(tc, life_of_a_loan);
	tcase_add_test(tc, overwritten_at_once);
	tcase_add_test(tc, closed_at_once);
	tcase_add_test(tc, calls_that_it_refuses);
	tcase_add_loop_test(tc, no_mbufs, 0, 5);
	tcase_add_test(tc, empty);
	tcase_add_test(tc, detached_meanwhile);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
