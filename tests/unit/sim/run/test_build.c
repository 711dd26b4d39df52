/*
 * From keys to configurations: every value of a file that has a number of its
 * own for each key arrives where it belongs, in the unit of the models.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/run/build.h"
#include "tests/support/sim/scenario_fixture.h"

static const char numbers[] =
    "[scenario]\nduration = 7 s\nwarmup = 3 s\ndrain = 11 s\nseed = 97\n"
    "[board]\ncpu.clock = 123 MHz\ncpu.cpi = 1.7\ncpu.miss_overlap = 3\n"
    "cache.l1 = 16 KiB\ncache.l2 = 128 KiB\ncache.line = 128\n"
    "cache.policy = write-through\ncache.write_allocate = no\n"
    "cache.index = virtual\ncache.l2_line_cycles = 13\n"
    "dma.coherent = yes\nmemory.miss_cycles = 19\n"
    "memory.read_bandwidth = 91 MB/s\nmemory.write_bandwidth = 67 MB/s\n"
    "memory.size = 3 MiB\n"
    "bus.arbitration = fair\npci.bandwidth = 111 MB/s\n"
    "pci.latency = 330 ns\nnic.tx_fifo = 5000 B\nnic.tx_threshold = 800 B\n"
    "nic.rx_bundle = yes\nnic.rx_bundle_delay = 710 us\n"
    "nic.rx_bundle_frames = 7\n"
    "disk.cylinders = 1009\ndisk.heads = 3\ndisk.sectors = 250\n"
    "disk.rpm = 6000\ndisk.seek_single = 1.1 ms\n"
    "disk.seek_average = 7 ms\ndisk.seek_full = 13 ms\n"
    "disk.head_switch = 0.81 ms\ndisk.overhead = 170 us\n"
    "disk.buffer = 90 KiB\ndisk.interface = 66 MB/s\n"
    "[kernel]\nsosend_loan = yes\nsosend_counters = no\n"
    "sock_loan_thresh = 5000 B\nsock_loan_chunk = 20000 B\n"
    "loan_zero_page = yes\nsomaxkva = 300 KiB\n"
    "tcp_output = reference\nsbappend = tail\n"
    "tcp_sendspace = 9000 B\ntcp_init_win = 4\ntcp_timestamps = no\n"
    "tcp_recvspace = 9100 B\ntcp_newreno = yes\ntcp_window_scale = no\n"
    "tcp_timers = fine\ntcp_rto_min = 230 ms\ntcp_delack = 43 ms\n"
    "tcp_ack_on_push = yes\ntcp_keepidle = 47 s\ntcp_keepintvl = 53 s\n"
    "tcp_msl = 59 s\nbufq = fcfs\nfs_bsize = 16384\n"
    "read_ahead = 200 KiB\n"
    "ifq_maxlen = 17\nhz = 128 Hz\ncost.syscall = 401\n"
    "cost.hardclock = 701\n"
    "[link]\nkind = 10baseT-FDX\ndelay = 31 us\nmtu = 1000 B\n"
    "[path]\nloss = 3 %\nburst = 2.5\ndrop = data 20-22+1, fin 4\n"
    "reorder = 0.7 %\nreorder_delay = 43 us\nduplicate = 0.11\n"
    "rate = 3 Mbit/s\nqueue = 47\ndelay = 53 ms\n"
    "[path-back]\nloss = 5 %\nburst = 3.5\ndrop = ack 59\n"
    "reorder = 1.3 %\nreorder_delay = 61 us\nduplicate = 0.17\n"
    "rate = 67 kbit/s\nqueue = 71\ndelay = 73 ms\n"
    "[peer]\ntcp_recvspace = 30000 B\ndelack_segments = 5\n"
    "delack_timer = 170 ms\ndelack_phase = 23 ms\nturnaround = 41 us\n"
    "read_rate = 77 kB/s\nread_start = 43 ms\n"
    "[process p]\nprogram = ttcp\nwrite_size = 6000 B\nn_buffers = 9\n"
    "align = 29 B\nrefill = touch\nrefill_bytes = 83 B\n"
    "total = 70000 B\nstart = 37 ms\n"
    "so_sndbuf = 8000 B\nso_sndlowat = 3000 B\nso_rcvbuf = 7000 B\n"
    "tcp_nodelay = yes\nso_keepalive = yes\nport = 4711\nrepeat = 61\n"
    "pause = 67 us\nread_size = 7100 B\nread_rate = 71 MB/s\n"
    "connections = 73\n"
    "[process u]\nprogram = udpstream\nwrite_size = 6100 B\n"
    "rate = 79 MB/s\non_enobufs = sleep\n";

/* A far end that is a host, and a reader on it. */
static const char two_hosts[] =
    "[scenario]\nseed = 7\n[kernel]\ntcp_sendspace = 9000 B\n"
    "[link]\nmtu = 1000 B\n[peer]\nkind = host\n"
    "[peer-board]\ncpu.clock = 321 MHz\n"
    "[peer-kernel]\nhz = 256 Hz\ncost.syscall = 402\n"
    "tcp_sendspace = 5000 B\n"
    "[process p]\n[process q]\nhost = peer\nprogram = ttcp-r\n";

static struct scn_fixture fix;
static struct world_config world;

static void
load(const char *text)
{
	g_autofree char *all = NULL;

	fix = fix_load(text, NULL);
	all = fix_all(&fix);
	ck_assert_msg(fix.scn != NULL, "%s", all);
	world = build_world(scn_point(fix.scn, 0));
}

static void
setup(void)
{
	load(numbers);
}

static void
teardown(void)
{
	fix_fini(&fix);
}

START_TEST(processor_and_caches)
{
	const struct host_config *host = &world.host;

	ck_assert_int_eq(host->cpu.clock_hz, 123000000);
	ck_assert_int_eq(host->cost.cpi_milli, 1700);
	ck_assert_int_eq(host->cost.miss_overlap, 3);
	ck_assert_int_eq(host->cost.l2_line_cycles, 13);
	ck_assert_int_eq(host->cost.miss_cycles, 19);
	ck_assert_int_eq(host->cost.op_insns[OP_SYSCALL], 401);
	ck_assert_int_eq(host->cost.op_insns[OP_HARDCLOCK], 701);
	ck_assert_int_eq(host->cache.bytes[0], 16384);
	ck_assert_int_eq(host->cache.bytes[1], 131072);
	ck_assert_int_eq(host->cache.line_bytes, 128);
	ck_assert_int_eq(host->cache.policy, CACHE_WRITE_THROUGH);
	ck_assert(!host->cache.write_allocate);
	ck_assert(host->cache.is_virtual);
	ck_assert(host->dma_is_coherent);
}
END_TEST

START_TEST(bus_and_controller)
{
	const struct host_config *host = &world.host;

	ck_assert_int_eq(host->bus.read_bps, 91000000);
	ck_assert_int_eq(host->bus.write_bps, 67000000);
	ck_assert_int_eq(host->bus.pci_bps, 111000000);
	ck_assert_int_eq(host->bus.pci_latency, 330 * PS_PER_NS);
	ck_assert_int_eq(host->bus.arbitration, BUS_FAIR);
	ck_assert_int_eq(host->nic.tx_fifo_bytes, 5000);
	ck_assert_int_eq(host->nic.tx_threshold, 800);
	ck_assert_int_eq(host->nic.kind, NIC_FXP);
	ck_assert_int_eq(host->nic.rx_bundle_delay, 710 * PS_PER_US);
	ck_assert_int_eq(host->nic.rx_bundle_frames, 7);
}
END_TEST

/* 10 ms a turn, 40 us a sector: 0.81 ms are 21 of them, 1.1 ms 28. */
START_TEST(disk_and_pager)
{
	const struct disk_config *disk = &world.host.disk;
	struct scn_end board = { scn_point(fix.scn, 0), false };

	ck_assert_int_eq(disk->cylinders, 1009);
	ck_assert_int_eq(disk->heads, 3);
	ck_assert_int_eq(disk->sectors, 250);
	ck_assert_int_eq(disk->revolution, 10 * PS_PER_MS);
	ck_assert_int_eq(disk->seek_single, 1100 * PS_PER_US);
	ck_assert_int_eq(disk->seek_average, 7 * PS_PER_MS);
	ck_assert_int_eq(disk->seek_full, 13 * PS_PER_MS);
	ck_assert_int_eq(disk->head_switch, 810 * PS_PER_US);
	ck_assert_int_eq(disk->track_skew, 21);
	ck_assert_int_eq(disk->cylinder_skew, 28);
	ck_assert_int_eq(disk->overhead, 170 * PS_PER_US);
	ck_assert_int_eq(disk->buffer_sectors, 180);
	ck_assert_int_eq(disk->interface_bps, 66000000);
	ck_assert_int_eq(disk->queue, BUFQ_FCFS);
	ck_assert_int_eq(disk_bytes(disk), INT64_C(1009) * 3 * 250 * 512);
	ck_assert_int_eq(scn_disk_bytes(board), disk_bytes(disk));
	/* in pages; three whole pieces of 64 KiB */
	ck_assert_int_eq(world.host.pager.fs_bsize, 4);
	ck_assert_int_eq(world.host.pager.read_ahead, 48);
}
END_TEST

/* The words of board.nic.kind are in the order of enum nic_kind. */
START_TEST(kinds_of_controllers)
{
	static const char *const words[N_NIC_KINDS] = {
	    [NIC_FXP] = "fxp", [NIC_TLP] = "tlp", [NIC_SIP] = "sip",
	    [NIC_TLP_CLONE] = "tlp-clone", [NIC_GSIP] = "gsip",
	    [NIC_RTL8139] = "rtl8139"};
	g_autofree char *text = g_strconcat("[board]\nnic.kind = ",
	    words[_i], "\n[process p]\n", NULL);

	fix_fini(&fix);
	load(text);
	ck_assert_int_eq(world.host.nic.kind, _i);
	/* without bundling a bundle is one frame */
	ck_assert_int_eq(world.host.nic.rx_bundle_frames, 1);
}
END_TEST

/* netbsd-2002.md 8: "pmap init sets the threshold to -1", whatever it was. */
START_TEST(pmap_without_loans)
{
	fix_fini(&fix);
	load("[board]\nmmu.loan = no\n[kernel]\nsosend_loan = yes\n"
	    "sock_loan_thresh = 5000 B\n[process p]\n");
	ck_assert(world.host.sosend.sosend_loan);
	ck_assert_int_eq(world.host.sosend.sock_loan_thresh, INT64_MAX);
}
END_TEST

START_TEST(kernel)
{
	const struct host_config *host = &world.host;

	ck_assert(host->sosend.sosend_loan);
	ck_assert(!host->sosend.sosend_counters);
	ck_assert_int_eq(host->sosend.sock_loan_thresh, 5000);
	ck_assert_int_eq(host->sosend.sock_loan_chunk, 20000);
	ck_assert_int_eq(host->somaxkva, 307200);
	/* a twentieth of 768 pages is 38, and a third more 50 */
	ck_assert_int_eq(host->vm.n_pages, 768);
	ck_assert_int_eq(host->vm.freetarg, 50);
	ck_assert(host->vm.loan_zero_page);
	ck_assert_int_eq(host->tcp.output, TCP_OUTPUT_REFERENCE);
	ck_assert_int_eq(host->sbappend, SB_APPEND_TAIL);
	ck_assert_int_eq(host->tcp.init_win, 4);
	ck_assert(!host->tcp.timestamps);
	ck_assert_int_eq(host->tcp.mtu, 1000);
	ck_assert_int_eq(host->ifq_maxlen, 17);
	ck_assert_int_eq(host->hz, 128);
}
END_TEST

START_TEST(tcp_of_both_directions)
{
	const struct tcp_config *tcp = &world.host.tcp;

	ck_assert_int_eq(tcp->recvspace, 9100);
	ck_assert(tcp->newreno && tcp->ack_on_push && !tcp->window_scale);
	ck_assert_int_eq(tcp->timers, TCP_TIMERS_FINE);
	ck_assert_int_eq(tcp->rto_min, 230 * PS_PER_MS);
	ck_assert_int_eq(tcp->delack, 43 * PS_PER_MS);
	ck_assert_int_eq(tcp->keepidle, 47 * PS_PER_S);
	ck_assert_int_eq(tcp->keepintvl, 53 * PS_PER_S);
	ck_assert_int_eq(tcp->msl, 59 * PS_PER_S);
}
END_TEST

/* the link is one, the seed is one; all else is each machine's own */
START_TEST(far_host)
{
	g_autofree struct process_config *p = NULL;
	size_t n;

	ck_assert(!world.far_is_host);
	fix_fini(&fix);
	load(two_hosts);
	ck_assert(world.far_is_host);
	ck_assert_int_eq(world.host.cpu.clock_hz, 200000000);
	ck_assert_int_eq(world.far.cpu.clock_hz, 321000000);
	ck_assert_int_eq(world.host.hz, 100);
	ck_assert_int_eq(world.far.hz, 256);
	ck_assert_int_eq(world.far.cost.op_insns[OP_SYSCALL], 402);
	ck_assert_int_eq(world.far.cost.op_insns[OP_INTR],
	    world.host.cost.op_insns[OP_INTR]);
	ck_assert_int_eq(world.host.tcp.mtu, 1000);
	ck_assert_int_eq(world.far.tcp.mtu, 1000);
	ck_assert_uint_ne(world.host.tcp.iss, world.far.tcp.iss);
	ck_assert_uint_gt(world.far.tcp.iss, UINT32_MAX - 0x400000);
	p = build_processes(scn_point(fix.scn, 0), &n);
	ck_assert_uint_eq(n, 2);
	ck_assert(!p[0].is_far && p[1].is_far);
	ck_assert_int_eq(p[0].program, PROGRAM_TTCP);
	ck_assert_int_eq(p[1].program, PROGRAM_TTCP_R);
	ck_assert_int_eq(p[0].so_sndbuf, 9000);
	ck_assert_int_eq(p[1].so_sndbuf, 5000);
	ck_assert_int_eq(p[1].so_rcvbuf, 0);
	ck_assert_int_eq(p[1].connections, INT64_MAX);
	ck_assert_int_eq(p[1].read_rate, INT64_MAX);
	ck_assert_uint_eq(p[1].port, 5001);
}
END_TEST

START_TEST(link_peer_and_times)
{
	ck_assert_int_eq(world.link.bits_per_s, 10000000);
	ck_assert_int_eq(world.link.delay, 31 * PS_PER_US);
	ck_assert_int_eq(world.peer.recvspace, 30000);
	/* 1000 less two headers of 20 bytes; its option tells it so */
	ck_assert_int_eq(world.peer.mss, 960);
	ck_assert_int_eq(world.peer.delack_segments, 5);
	ck_assert_int_eq(world.peer.delack_timer, 170 * PS_PER_MS);
	ck_assert_int_eq(world.peer.delack_phase, 23 * PS_PER_MS);
	ck_assert_int_eq(world.peer.turnaround, 41 * PS_PER_US);
	ck_assert_int_eq(world.peer.read_rate, 77000);
	ck_assert_int_eq(world.peer.read_start, 43 * PS_PER_MS);
	ck_assert_int_eq(world.duration, 7 * PS_PER_S);
	ck_assert_int_eq(world.warmup, 3 * PS_PER_S);
	ck_assert_int_eq(world.drain, 11 * PS_PER_S);
}
END_TEST

static void
assert_drop(const struct path_drop *drop, enum path_drop_kind kind,
    uint32_t first, uint32_t last, uint32_t repeat)
{
	ck_assert_int_eq(drop->kind, kind);
	ck_assert_uint_eq(drop->first, first);
	ck_assert_uint_eq(drop->last, last);
	ck_assert_uint_eq(drop->repeat, repeat);
}

START_TEST(path_to_the_peer)
{
	const struct path_config *path = &world.to_peer_path;

	ck_assert_int_eq(path->loss.p, 30000000);
	ck_assert_int_eq(path->loss.burst_milli, 2500);
	ck_assert_uint_eq(path->drops.n, 2);
	assert_drop(&path->drops.list[0], PATH_DROP_DATA, 20, 22, 1);
	assert_drop(&path->drops.list[1], PATH_DROP_FIN, 4, 4, 0);
	ck_assert_int_eq(path->reorder, 7000000);
	ck_assert_int_eq(path->reorder_delay, 43 * PS_PER_US);
	ck_assert_int_eq(path->duplicate, 110000000);
	ck_assert_int_eq(path->bits_per_s, 3000000);
	ck_assert_int_eq(path->queue_limit, 47);
	ck_assert_int_eq(path->delay, 53 * PS_PER_MS);
	ck_assert_uint_eq(path->seed, 97);
}
END_TEST

START_TEST(path_to_the_board)
{
	const struct path_config *path = &world.to_board_path;

	ck_assert_int_eq(path->loss.p, 50000000);
	ck_assert_int_eq(path->loss.burst_milli, 3500);
	ck_assert_uint_eq(path->drops.n, 1);
	assert_drop(&path->drops.list[0], PATH_DROP_ACK, 59, 59, 0);
	ck_assert_int_eq(path->reorder, 13000000);
	ck_assert_int_eq(path->reorder_delay, 61 * PS_PER_US);
	ck_assert_int_eq(path->duplicate, 170000000);
	ck_assert_int_eq(path->bits_per_s, 67000);
	ck_assert_int_eq(path->queue_limit, 71);
	ck_assert_int_eq(path->delay, 73 * PS_PER_MS);
	ck_assert_uint_eq(path->seed, 97);
}
END_TEST

/* What a scenario does not ask for does not happen. */
START_TEST(no_path_by_default)
{
	fix_fini(&fix);
	load("[process p]\n");
	ck_assert(path_is_clean(&world.to_peer_path));
	ck_assert(path_is_clean(&world.to_board_path));
}
END_TEST

START_TEST(process)
{
	size_t n;
	g_autofree struct process_config *p =
	    build_processes(scn_point(fix.scn, 0), &n);

	ck_assert_str_eq(p->name, "p");
	ck_assert_int_eq(p->write_size, 6000);
	ck_assert_int_eq(p->n_buffers, 9);
	ck_assert_int_eq(p->align, 29);
	ck_assert_int_eq(p->refill, REFILL_TOUCH);
	ck_assert_int_eq(p->refill_bytes, 83);
	ck_assert_int_eq(p->total, 70000);
	ck_assert_int_eq(p->start, 37 * PS_PER_MS);
	ck_assert_int_eq(p->so_sndbuf, 8000);
	ck_assert_int_eq(p->so_sndlowat, 3000);
	ck_assert_int_eq(p->so_rcvbuf, 7000);
	ck_assert(p->tcp_nodelay && p->so_keepalive && !p->is_far);
	ck_assert_uint_eq(p->port, 4711);
	ck_assert_int_eq(p->repeat, 61);
	ck_assert_int_eq(p->pause, 67 * PS_PER_US);
	ck_assert_int_eq(p->read_size, 7100);
	ck_assert_int_eq(p->read_rate, 71000000);
	ck_assert_int_eq(p->connections, 73);
}
END_TEST

START_TEST(sender_of_datagrams)
{
	size_t n;
	g_autofree struct process_config *p =
	    build_processes(scn_point(fix.scn, 0), &n);

	ck_assert_int_eq(p[1].program, PROGRAM_UDPSTREAM);
	ck_assert_int_eq(p[1].write_size, 6100);
	ck_assert_int_eq(p[1].rate, 79000000);
	ck_assert_int_eq(p[1].on_enobufs, ON_ENOBUFS_SLEEP);
	/* udp_sendspace of the default kernel */
	ck_assert_int_eq(p[1].so_sndbuf, 9216);
	ck_assert_int_eq(p[0].rate, INT64_MAX);
	ck_assert_int_eq(p[0].on_enobufs, ON_ENOBUFS_DROP);
}
END_TEST

/* Three of one group, then one of the next. */
START_TEST(several_of_a_group)
{
	g_autofree struct process_config *p = NULL;
	size_t n;

	fix_fini(&fix);
	load("[process p]\ncount = 3\nwrite_size = 1000 B\n"
	    "[process q]\nwrite_size = 2000 B\n");
	p = build_processes(scn_point(fix.scn, 0), &n);
	ck_assert_uint_eq(n, 4);
	for (size_t i = 0; i < n; i++) {
		ck_assert_str_eq(p[i].name, i < 3 ? "p" : "q");
		ck_assert_int_eq(p[i].write_size, i < 3 ? 1000 : 2000);
	}
}
END_TEST

/* 1000 - 40 bytes in 1000 + 38, at 10 Mbit/s: 1.25 x 10^6 x 960 / 1038 */
START_TEST(wire_rate)
{
	struct ratio rate = build_wire_rate(&world);

	ck_assert_int_eq(rate.num * 1038, rate.den * 1250000 * 960);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("build");
	TCase *tc = tcase_create("every key");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, processor_and_caches);
	tcase_add_test(tc, bus_and_controller);
	tcase_add_test(tc, disk_and_pager);
	tcase_add_loop_test(tc, kinds_of_controllers, 0, N_NIC_KINDS);
	tcase_add_test(tc, pmap_without_loans);
	tcase_add_test(tc, kernel);
	tcase_add_test(tc, tcp_of_both_directions);
	tcase_add_test(tc, far_host);
	tcase_add_test(tc, link_peer_and_times);
	tcase_add_test(tc, path_to_the_peer);
	tcase_add_test(tc, path_to_the_board);
	tcase_add_test(tc, no_path_by_default);
	tcase_add_test(tc, process);
	tcase_add_test(tc, sender_of_datagrams);
	tcase_add_test(tc, several_of_a_group);
	tcase_add_test(tc, wire_rate);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
