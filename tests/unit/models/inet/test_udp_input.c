/*
 * Datagrams that have come whole: the sum, the port, room in the buffer.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/machine.h"
#include "tests/support/udp_rx.h"

static struct udp_rx b;
static const struct udp_in_stats *stats;

static void
start_on(const struct world_config *config, int64_t rcvbuf)
{
	udp_rx_init(&b, config, rcvbuf);
	stats = &b.host->udp_in;
}

static void
start(int64_t rcvbuf)
{
	struct world_config config = machine_config();

	start_on(&config, rcvbuf);
}

/*
 * One datagram: its address counts with 16 bytes and an mbuf, its cluster with
 * an mbuf and 2048.  The cluster is not copied: m_copy() makes a reference, and
 * the first mbuf goes.  The sum reads the data.
 */
START_TEST(delivered)
{
	const struct sockbuf *sb;

	start(0);
	sb = &b.so->so_rcv;
	udp_rx_datagram(&b, 1000);
	ck_assert_int_eq(stats->udps_ipackets, 1);
	ck_assert_int_eq(stats->n_delivered, 1);
	ck_assert_int_eq(stats->bytes_delivered, 1000);
	ck_assert_int_eq(b.host->bytes_received, 1000);
	ck_assert_int_eq(sb->sb_cc, 1016);
	ck_assert_int_eq(sb->sb_mbcnt, 2 * MSIZE + MCLBYTES);
	ck_assert_uint_eq(sb->sb_n_records, 1);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 2);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.clusters), 1);
	ck_assert_int_eq(udp_rx_ops(&b, OP_MGET), 2);
	ck_assert_int_eq(udp_rx_ops(&b, OP_MCOPY), 1);
	ck_assert_int_eq(udp_rx_ops(&b, OP_MFREE), 1);
	ck_assert_int_eq(udp_rx_ops(&b, OP_CKSUM_1K), 1000);
	ck_assert_int_eq(b.host->ledger.line[CAUSE_IP_COPY].stored_bytes, 0);
	ck_assert_int_eq(udp_rx_read(&b, 2000), 1000);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 0);
	udp_rx_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 6.1: the default is 40 x (1024 + 16) bytes.  So much data
 * would fit; but each of them counts with 2560 bytes of memory, of which there
 * may be twice the size, 83200: after 32 there are 1280 bytes left, room enough
 * for a 33rd, and after that none.
 */
START_TEST(full)
{
	start(0);
	ck_assert_int_eq(b.so->so_rcv.sb_hiwat, 41600);
	for (int i = 0; i < 40; i++)
		udp_rx_datagram(&b, 1024);
	ck_assert_int_eq(stats->n_delivered, 33);
	ck_assert_int_eq(stats->udps_fullsock, 7);
	ck_assert_int_eq(b.so->so_rcv.sb_mbcnt, 33 * 2560);
	/* one that is read makes room for one */
	ck_assert_int_eq(udp_rx_read(&b, 2000), 1024);
	udp_rx_datagram(&b, 1024);
	udp_rx_datagram(&b, 1024);
	ck_assert_int_eq(stats->n_delivered, 34);
	ck_assert_int_eq(stats->udps_fullsock, 8);
	udp_rx_fini(&b);
}
END_TEST

/* By the bytes: address and data must fit, 1472 + 16 twice in 2976. */
START_TEST(full_of_bytes)
{
	start(2976);
	udp_rx_datagram(&b, 1472);
	udp_rx_datagram(&b, 1472);
	udp_rx_datagram(&b, 0);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 2976);
	ck_assert_int_eq(stats->n_delivered, 2);
	ck_assert_int_eq(stats->udps_fullsock, 1);
	udp_rx_fini(&b);
}
END_TEST

/* Nobody at the port; or nobody any more. */
START_TEST(no_port)
{
	start(0);
	b.so->udp.lport = 10;
	udp_rx_datagram(&b, 100);
	ck_assert_int_eq(stats->udps_noport, 1);
	b.so->udp.lport = UDP_RX_PORT;
	crank_call(&b.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = b.fd});
	udp_rx_datagram(&b, 100);
	ck_assert_int_eq(stats->udps_noport, 2);
	ck_assert_int_eq(stats->n_delivered, 0);
	udp_rx_fini(&b);
}
END_TEST

/* A datagram without a byte is one. */
START_TEST(empty)
{
	start(0);
	udp_rx_datagram(&b, 0);
	ck_assert_int_eq(stats->n_delivered, 1);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 16);
	ck_assert_int_eq(udp_rx_read(&b, 100), 0);
	ck_assert_int_eq(b.so->udp.stats.n_read, 1);
	ck_assert_int_eq(b.so->udp.stats.n_truncated, 0);
	udp_rx_fini(&b);
}
END_TEST

/*
 * Few mbufs.  The driver needs one; the reference another, or the datagram is
 * lost as it is; the address a third, or the buffer counts as full.
 */
START_TEST(no_mbufs)
{
	struct world_config config = machine_config();

	config.host.mbufs = _i + 1;
	start_on(&config, 0);
	udp_rx_datagram(&b, 1000);
	ck_assert_int_eq(stats->n_nobufs, _i == 0);
	ck_assert_int_eq(stats->udps_fullsock, _i == 1);
	ck_assert_int_eq(stats->n_delivered, _i == 2);
	udp_rx_fini(&b);
}
END_TEST

/* A controller that sums does so for whole packets only. */
START_TEST(sum_by_the_controller)
{
	struct world_config config = machine_config();

	config.host.nic.kind = NIC_GSIP;
	start_on(&config, 0);
	udp_rx_datagram(&b, 1472);
	ck_assert_int_eq(udp_rx_ops(&b, OP_CKSUM_1K), 0);
	udp_rx_frame(&b, 77, 0, 1472, true);
	udp_rx_frame(&b, 77, 1472, 2000, false);
	udp_rx_rest(&b, PS_PER_MS);
	ck_assert_int_eq(udp_rx_ops(&b, OP_CKSUM_1K), 2000);
	ck_assert_int_eq(stats->n_delivered, 2);
	udp_rx_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, delivered);
	tcase_add_test(tc, full);
	tcase_add_test(tc, full_of_bytes);
	tcase_add_test(tc, no_port);
	tcase_add_test(tc, empty);
	tcase_add_loop_test(tc, no_mbufs, 0, 3);
	tcase_add_test(tc, sum_by_the_controller);
}

int
main(void)
{
	Suite *suite = suite_create("udp_input");
	TCase *tc = tcase_create("udp_input");
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
