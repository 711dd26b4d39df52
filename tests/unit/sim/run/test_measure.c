/*
 * From counters to columns: each column by what its sentence says, from a world
 * in which everything that it might be mistaken for has another number.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/measure.h"
#include "sim/run/quantity.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;
static struct res_row row;

/* A world of so long; what is measured begins at 1 s and ends at 3 s. */
static void
begin(bool far_is_host)
{
	struct world_config config = machine_config();

	config.far_is_host = far_is_host;
	config.far = config.host;
	crank_init(&crank, &config, 0);
	ck_assert_int_eq(crank_until(&crank, SIM_TIME_NEVER), WORLD_OVER);
	crank.world.start = (struct meter){.at = PS_PER_S};
	crank.world.end = (struct meter){.at = 3 * PS_PER_S};
}

static void
setup_ideal(void)
{
	begin(false);
}

static void
setup_host(void)
{
	begin(true);
}

static void
teardown(void)
{
	crank_fini(&crank);
}

static int64_t
value_of(enum res_column column)
{
	memset(&row, 0, sizeof row);
	measure(&crank.world, &row);
	ck_assert_int_eq(row.outcome, RES_DONE);
	return row.value[column];
}

/* 3 KiB acknowledged and 5 KiB received, in 2 s: 4 KB/s. */
START_TEST(throughput_is_both_ways)
{
	crank.world.start.bytes_acked = 100;
	crank.world.end.bytes_acked = 100 + 3072;
	crank.world.start.bytes_received = 7;
	crank.world.end.bytes_received = 7 + 5120;
	ck_assert_int_eq(value_of(RES_THROUGHPUT_KBPS), 40);
	ck_assert_int_eq(row.detail[RES_D_MEASURED_ACKED], 3072);
	ck_assert_int_eq(row.detail[RES_D_MEASURED_RECEIVED], 5120);
}
END_TEST

/* 8 KiB for 1 of 2 s is 4 KB in the mean; what came before does not count. */
START_TEST(loans_are_a_mean_over_time)
{
	struct res_quantity q;
	struct fraction mean, bytes;

	crank.world.start.loaned_byte_us = 1000;
	crank.world.end.loaned_byte_us = 1000 + INT64_C(8192) * 1000000;
	crank.world.host.kva.peak = 65536;
	ck_assert_int_eq(value_of(RES_LOANED_MEAN_KB), 40);
	ck_assert_int_eq(row.value[RES_LOANED_PEAK_KB], 64);
	/* an expectation counts in bytes */
	ck_assert(res_quantity_find("loaned_mean", &q));
	ck_assert(res_quantity_value(&q, &row, &mean));
	bytes = fraction_make(4096, 1);
	ck_assert_int_eq(fraction_compare(mean, bytes), 0);
	ck_assert(res_quantity_find("loaned_peak", &q));
	ck_assert(res_quantity_value(&q, &row, &mean));
	bytes = fraction_make(65536, 1);
	ck_assert_int_eq(fraction_compare(mean, bytes), 0);
}
END_TEST

/* Nothing has been measured: no mean, and no division. */
START_TEST(loans_of_no_time)
{
	crank.world.start.at = crank.world.end.at = 0;
	ck_assert_int_eq(value_of(RES_LOANED_MEAN_KB), 0);
}
END_TEST

/* A quarter of 2 s. */
START_TEST(far_processor)
{
	crank.world.start.far_busy = PS_PER_MS;
	crank.world.end.far_busy = 501 * PS_PER_MS;
	ck_assert_int_eq(value_of(RES_FAR_CPU_SHARE), 2500);
	ck_assert_int_eq(row.value[RES_CPU_SHARE], 0);
	ck_assert_int_eq(row.detail[RES_D_MEASURED_FAR_CPU], PS_PER_S / 2);
}
END_TEST

/* 3 pages read and 4 written, and the books of that. */
static void
move_pages(struct host *host)
{
	struct ledger_line *line = &host->ledger.line[CAUSE_DISK_DMA];

	host->pager.stats = (struct pager_stats){.n_reads = 1,
	    .n_writes = 2, .n_pages_read = 3, .n_pages_written = 4,
	    .n_ahead = 5, .n_ahead_hits = 6};
	host->disk.stats.n_done = 1 + 2;
	host->disk.stats.n_moved = (3 + 4) * PAGER_SECTORS;
	line->write_bytes = host->bus.dma_bytes[BUS_WRITE] = 3 * PAGE_SIZE;
	line->read_bytes = host->bus.dma_bytes[BUS_READ] = 4 * PAGE_SIZE;
}

/*
 * An eighth of 2 s, and counters that tell the columns apart.  What the disk
 * stores in memory is a move, as is a copy.
 */
START_TEST(disk)
{
	crank.world.start.disk_busy = PS_PER_MS;
	crank.world.end.disk_busy = 251 * PS_PER_MS;
	move_pages(&crank.world.host);
	crank.world.host.ledger.line[CAUSE_COPYIN].stored_bytes = 1500;
	ck_assert_int_eq(value_of(RES_DISK_SHARE), 1250);
	for (int c = RES_DISK_READS; c <= RES_READ_AHEAD_HITS; c++)
		ck_assert_int_eq(row.value[c], c - RES_DISK_READS + 1);
	ck_assert_int_eq(row.ratio[RES_MOVES_PER_BYTE].num,
	    3 * PAGE_SIZE + 1500);
}
END_TEST

/* The list's, chance's and the queue's. */
START_TEST(losses_of_both_ways)
{
	crank.world.to_peer_path.stats = (struct path_stats){.n_in = 106,
	    .n_listed = 1, .n_lost = 2, .n_queue_drops = 3, .n_out = 100};
	crank.world.to_board_path.stats = (struct path_stats){.n_in = 115,
	    .n_listed = 4, .n_lost = 5, .n_queue_drops = 6, .n_out = 100};
	ck_assert_int_eq(value_of(RES_PATH_LOSSES), 6);
	ck_assert_int_eq(row.value[RES_PATH_BACK_LOSSES], 15);
}
END_TEST

/* A socket of that host, with counters that tell the columns apart. */
static struct socket *
busy_socket(struct host *host)
{
	struct so_options options = {.sndbuf = 8192,
	    .sndlowat = 2048, .rcvbuf = 8192};
	struct socket *so = so_new(host, &options, 0);
	struct tcp_stats *stats = &so->tcpcb.stats;

	stats->n_retransmits = 1;
	stats->n_fast_retransmits = 2;
	stats->n_timeouts = 3;
	stats->n_dup_acks = 4;
	stats->n_quenches = 5;
	stats->n_persists = 6;
	stats->n_out_of_order = 7;
	so->has_descriptor = false;
	so->is_detached = true;
	return so;
}

START_TEST(counters_of_the_board)
{
	busy_socket(&crank.world.host);
	busy_socket(&crank.world.host);
	crank.world.peer.n_out_of_order = 30;
	ck_assert_int_eq(value_of(RES_RETRANSMITS), 2);
	ck_assert_int_eq(row.value[RES_FAST_RETRANSMITS], 4);
	ck_assert_int_eq(row.value[RES_TIMEOUTS], 6);
	ck_assert_int_eq(row.detail[RES_D_TIMEOUTS], 6);
	ck_assert_int_eq(row.value[RES_DUP_ACKS], 8);
	ck_assert_int_eq(row.value[RES_QUENCHES], 10);
	ck_assert_int_eq(row.value[RES_PERSIST_PROBES], 12);
	/* the far end's, not its own */
	ck_assert_int_eq(row.value[RES_OUT_OF_ORDER], 30);
}
END_TEST

/* Of three that were written to, not of the one that only received. */
START_TEST(connections_apart)
{
	static const int64_t acked[] = {500, 200, 900};
	struct socket *so[3];

	ck_assert_int_eq(value_of(RES_LEAST_ACKED_BYTES), 0);
	busy_socket(&crank.world.host);
	for (int i = 0; i < 3; i++) {
		so[i] = busy_socket(&crank.world.host);
		so[i]->stats.bytes_written = 1000;
		so[i]->stats.bytes_acked = acked[i];
	}
	/* nobody has received it: what the audit says does not matter here */
	memset(&row, 0, sizeof row);
	measure(&crank.world, &row);
	ck_assert_int_eq(row.value[RES_LEAST_ACKED_BYTES], 200);
	ck_assert_int_eq(row.value[RES_MOST_ACKED_BYTES], 900);
	/* one that got nothing is not overlooked */
	so[1]->stats.bytes_acked = 0;
	measure(&crank.world, &row);
	ck_assert_int_eq(row.value[RES_LEAST_ACKED_BYTES], 0);
	for (int i = 0; i < 3; i++)
		so[i]->stats = (struct so_stats){0};
}
END_TEST

/*
 * Datagrams: 3 KiB acknowledged and 5 KiB of whole datagrams in 2 s; two
 * sockets of the board, one far end; the times of the ledger are of both kinds.
 */
START_TEST(datagrams)
{
	struct peer *peer = &crank.world.peer;

	for (int i = 0; i < 2; i++) {
		struct udp_stats *s =
		    &crank_socket(&crank.world.host, 16384)->udp.stats;

		s->n_sent = 10;
		s->n_dropped = 20;
		s->n_written = 30;
		s->n_fragments = 60;
	}
	crank.world.start.bytes_datagrams = 1024;
	crank.world.end.bytes_datagrams = 6 * 1024;
	crank.world.end.bytes_acked = 3 * 1024;
	/* nobody has closed them: what the audit says does not matter here */
	peer->udp.n_datagrams = 7;
	peer->udp.bytes_received = 6 * 1024;
	memset(&row, 0, sizeof row);
	measure(&crank.world, &row);
	ck_assert_int_eq(row.value[RES_THROUGHPUT_KBPS], 40);
	ck_assert_int_eq(row.value[RES_DATAGRAMS_SENT], 20);
	ck_assert_int_eq(row.value[RES_DATAGRAMS_DROPPED], 40);
	ck_assert_int_eq(row.value[RES_DATAGRAMS_RECEIVED], 7);
	ck_assert_int_eq(row.value[RES_FRAGMENTS], 120);
	ck_assert_int_eq(row.value[RES_PAYLOAD_BYTES], 6 * 1024);
	ck_assert_int_eq(res_messages(&row), 20);
	row.value[RES_SEGMENTS] = 3;
	ck_assert_int_eq(res_messages(&row), 23);
	peer->udp.n_datagrams = 0;
	peer->udp.bytes_received = 0;
	for (struct socket *so = crank.world.host.sockets; so != NULL;
	    so = so->next) {
		so->udp.stats = (struct udp_stats){0};
		tcp_close(&so->tcpcb);
		so->has_descriptor = false;
	}
}
END_TEST

/* What both have received, and what the far one queued. */
START_TEST(counters_of_two_hosts)
{
	struct socket *near = busy_socket(&crank.world.host);
	struct socket *far = busy_socket(&crank.world.far);

	near->stats.bytes_received = near->stats.bytes_read = 1000;
	far->stats.bytes_received = far->stats.bytes_read = 30;
	/* nobody has sent it: what the audit says does not matter here */
	memset(&row, 0, sizeof row);
	measure(&crank.world, &row);
	ck_assert_int_eq(row.value[RES_PAYLOAD_BYTES], 1030);
	ck_assert_int_eq(row.value[RES_OUT_OF_ORDER], 7);
	ck_assert_int_eq(row.value[RES_RETRANSMITS], 1);
	/* a copy to the reader of the board is a move */
	crank.world.host.ledger.line[CAUSE_COPYOUT].stored_bytes = 515;
	measure(&crank.world, &row);
	ck_assert_int_eq(row.value[RES_MOVES_PER_BYTE], 5000);
	crank.world.host.ledger.line[CAUSE_COPYOUT].stored_bytes = 0;
	near->stats.bytes_received = near->stats.bytes_read = 0;
	far->stats.bytes_received = far->stats.bytes_read = 0;
}
END_TEST

static Suite *
measure_suite(void)
{
	Suite *suite = suite_create("measure");
	TCase *ideal = tcase_create("ideal peer");
	TCase *host = tcase_create("two hosts");

	tcase_add_checked_fixture(ideal, setup_ideal, teardown);
	tcase_add_test(ideal, throughput_is_both_ways);
	tcase_add_test(ideal, loans_are_a_mean_over_time);
	tcase_add_test(ideal, loans_of_no_time);
	tcase_add_test(ideal, disk);
	tcase_add_test(ideal, losses_of_both_ways);
	tcase_add_test(ideal, counters_of_the_board);
	tcase_add_test(ideal, connections_apart);
	tcase_add_test(ideal, datagrams);
	tcase_add_checked_fixture(host, setup_host, teardown);
	tcase_add_test(host, far_processor);
	tcase_add_test(host, counters_of_two_hosts);
	suite_add_tcase(suite, ideal);
	suite_add_tcase(suite, host);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(measure_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
