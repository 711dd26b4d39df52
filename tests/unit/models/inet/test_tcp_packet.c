/*
 * One segment's packet: headers, and payload copied or referenced
 * (netbsd-2002.md 5.1, 5.2).
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/mbuf/chain.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

/* Where payload begins in a header mbuf, without options: behind 16 + 40. */
enum { HEADERS = IP_HEADER_LEN + TCP_HEADER_LEN };

static struct crank crank;
static struct kctx k;
static struct tcpcb *tp;

static struct host *
host(void)
{
	return &crank.world.host;
}

static void
start(enum tcp_output_kind output, bool timestamps)
{
	struct world_config config = machine_config();

	config.host.tcp.output = output;
	config.host.tcp.timestamps = timestamps;
	crank_init(&crank, &config, 0);
	kctx_init(&k, host(), "test", CPU_SOFTINT);
	tp = &crank_socket(host(), 65536)->tcpcb;
	tp->snd_una = tp->snd_nxt = tp->snd_max = tp->iss + 1;
	tp->t_timestamps = timestamps;
}

static void
finish(void)
{
	sb_drop(&tp->so->so_snd, tp->so->so_snd.sb_cc, &host()->mbufs);
	machine_assert_empty(host());
	crank_abandon(&crank);
}

/* Buffer n bytes, the next of the stream, in one mbuf. */
static void
buffer(uint32_t n, bool in_cluster)
{
	struct mbuf *m = m_get(&host()->mbufs);
	struct so_stats *s = &tp->so->stats;

	if (in_cluster)
		m_clget(&host()->mbufs, m);
	m->m_len = n;
	m_name_append(m, 0, content_name(1, (uint64_t)s->bytes_written));
	s->bytes_written += n;
	sb_append(&tp->so->so_snd, m, SB_APPEND_TAIL, &host()->mbufs, &k.cost,
	    &host()->costs);
}

static int64_t
ops(enum kern_op op)
{
	return host()->ledger.n_ops[op];
}

/* What building cost is what the ledger got meanwhile. */
static struct mbuf *
build(uint32_t off, uint32_t len, uint8_t flags)
{
	uint32_t snd_nxt = tp->snd_nxt;
	struct mbuf *m;

	memset(&host()->ledger, 0, sizeof host()->ledger);
	k.cost = (struct cost){0};
	tp->snd_nxt = tp->snd_una + off;
	m = tcp_build(&k, tp, off, len, flags);
	tp->snd_nxt = snd_nxt;
	ck_assert_int_eq(k.cost.units, ledger_cpu_total(&host()->ledger).units);
	ck_assert_uint_eq(m->m_pkthdr_len, m->m_hdr_len + len);
	ck_assert_uint_eq(m_length(m), m->m_pkthdr_len);
	ck_assert_uint_eq(m->m_off, MAX_LINKHDR);
	ck_assert_uint_eq(m->m_conn, 1);
	if (len > 0)
		ck_assert_uint_eq(m_content(m, m->m_hdr_len),
		    content_name(1, off));
	return m;
}

static void
assert_moved(int64_t bytes)
{
	const struct ledger_line *line = &host()->ledger.line[CAUSE_TCP_COPY];

	ck_assert_int_eq(line->read_bytes, bytes);
	ck_assert_int_eq(line->write_bytes, bytes);
	ck_assert_int_eq(ops(OP_COPY_1K), bytes);
}

static void
assert_counters(int64_t copy_small, int64_t copy_big, int64_t reference_big)
{
	ck_assert_int_eq(tp->stats.n_copy_small, copy_small);
	ck_assert_int_eq(tp->stats.n_copy_big, copy_big);
	ck_assert_int_eq(tp->stats.n_reference_big, reference_big);
}

/*
 * Payload from clusters
 */
START_TEST(referenced)
{
	struct mbuf *m;

	start(TCP_OUTPUT_REFERENCE, false);
	buffer(2048, true);
	buffer(2048, true);
	m = build(0, 1460, TH_ACK);
	/* headers, and one mbuf that shares the cluster: 2 stretches */
	ck_assert_uint_eq(m_dma_segments(m), 2);
	ck_assert_ptr_null(m->m_ext);
	ck_assert_ptr_eq(m->m_next->m_ext, tp->so->so_snd.sb_mb->m_ext);
	ck_assert_uint_eq(m->m_next->m_ext->refs, 2);
	assert_moved(0);
	assert_counters(0, 0, 1);
	/* 100 instructions of one cycle each: MGET twice, MCOPY once */
	ck_assert_int_eq(k.cost.units, 3 * 100 * COST_UNITS_PER_CYCLE);
	ck_assert_uint_eq(m_freem(&host()->mbufs, m), 2);
	/* 588 bytes are left in the first cluster, 872 come from the second */
	m = build(1460, 1460, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 3);
	ck_assert_uint_eq(m->m_next->m_len, 588);
	ck_assert_uint_eq(m->m_next->m_off, 1460);
	ck_assert_uint_eq(m->m_next->m_next->m_len, 872);
	ck_assert_int_eq(ops(OP_MGET), 3);
	ck_assert_int_eq(ops(OP_MCOPY), 2);
	ck_assert_int_eq(ops(OP_MWALK), 0);
	assert_counters(0, 0, 2);
	m_freem(&host()->mbufs, m);
	/* behind the first cluster: one mbuf is passed on the way */
	m = build(2048, 1460, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 2);
	ck_assert_int_eq(ops(OP_MWALK), 1);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

/* Before the fix: one private cluster, one stretch, every byte moved again. */
START_TEST(copied)
{
	struct mbuf *m;

	start(TCP_OUTPUT_COPY, false);
	buffer(2048, true);
	buffer(2048, true);
	m = build(1460, 1460, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 1);
	ck_assert_ptr_null(m->m_next);
	ck_assert_ptr_nonnull(m->m_ext);
	ck_assert_uint_eq(m->m_ext->refs, 1);
	ck_assert_uint_eq(tp->so->so_snd.sb_mb->m_ext->refs, 1);
	assert_moved(1460);
	/* the counters came with the fix, for its own three ways */
	assert_counters(0, 0, 0);
	ck_assert_int_eq(ops(OP_MGET), 1);
	ck_assert_int_eq(ops(OP_MCLGET), 1);
	ck_assert_int_eq(ops(OP_MCOPY), 2);
	/* those 4 at 100 instructions, and one for each byte */
	ck_assert_int_eq(k.cost.units,
	    (4 * 100 + 1460) * COST_UNITS_PER_CYCLE);
	m_freem(&host()->mbufs, m);
	m = build(2048, 1460, TH_ACK);
	ck_assert_int_eq(ops(OP_MWALK), 1);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

/*
 * Before the fix a cluster is taken if link header, headers and data fit in
 * its 2048 bytes: 16 + 40 + 1992.  One byte more, and it is referenced.
 */
START_TEST(cluster_is_full)
{
	struct mbuf *m;

	start(TCP_OUTPUT_COPY, false);
	buffer(2048, true);
	m = build(0, 1992 + (uint32_t)_i, TH_ACK);
	ck_assert(_i == 0 ? m->m_ext != NULL : m->m_ext == NULL);
	assert_moved(_i == 0 ? 1992 : 0);
	assert_counters(0, 0, _i);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

/*
 * After it: what fits beside the headers in the mbuf's 216 bytes is copied:
 * 216 - 16 - 40 = 160, and 148 with timestamps; one byte more is referenced.
 */
START_TEST(fits_the_header_mbuf)
{
	uint32_t room = _i < 2 ? 160 : 148;
	uint32_t over = (uint32_t)_i % 2;
	struct mbuf *m;

	start(TCP_OUTPUT_REFERENCE, _i >= 2);
	buffer(2048, true);
	m = build(7, room + over, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 1 + over);
	assert_moved(over ? 0 : room);
	assert_counters(!over, 0, over);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

/* Data inside mbufs cannot be shared: m_copym copies it all the same. */
START_TEST(internal_data)
{
	struct mbuf *m;

	start(TCP_OUTPUT_REFERENCE, false);
	buffer(200, false);
	buffer(200, false);	/* 400 > 236: not merged */
	m = build(100, 300, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 3);
	assert_moved(300);
	assert_counters(0, 1, 0);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

/* What comes first decides the counter; only the internal part moves. */
START_TEST(external_then_internal)
{
	struct mbuf *m;

	start(TCP_OUTPUT_REFERENCE, false);
	buffer(2048, true);
	buffer(200, false);
	buffer(2048, true);
	m = build(2000, 1460, TH_ACK);
	/* 48 shared, 200 copied, 1212 shared, and the headers */
	ck_assert_uint_eq(m_dma_segments(m), 4);
	assert_moved(200);
	assert_counters(0, 0, 1);
	m_freem(&host()->mbufs, m);
	m = build(2048, 1460, TH_ACK);
	assert_moved(200);
	assert_counters(0, 1, 1);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

/*
 * From a loan: no page frame is taken to lie beside another, so a segment that
 * crosses a page boundary has one stretch more: 2 or 3 in all.
 */
START_TEST(from_a_loan)
{
	struct world_config config = machine_config();
	struct ledger books;
	struct mbuf *m;
	int fd;

	config.host.sosend.sosend_loan = true;
	crank_init(&crank, &config, 1);
	fd = crank_connect(&crank, 0, 65536);
	crank_write(&crank, 0, fd, crank_buffer(&crank, 0, 65536), 65536);
	kctx_init(&k, host(), "test", CPU_SOFTINT);
	tp = &fd_socket(crank.procs[0].p, fd)->tcpcb;
	ck_assert_int_eq(tp->so->stats.bytes_acked, 0);
	tp->stats = (struct tcp_stats){0};
	books = host()->ledger;
	m = build(0, 1460, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 2);
	m_freem(&host()->mbufs, m);
	/* 2636 .. 4095: to the page's end exactly; then one byte beyond */
	m = build(2636, 1460, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 2);
	m_freem(&host()->mbufs, m);
	m = build(2637, 1460, TH_ACK);
	ck_assert_uint_eq(m_dma_segments(m), 3);
	assert_moved(0);
	assert_counters(0, 0, 3);
	m_freem(&host()->mbufs, m);
	/* nobody spends what these have cost */
	host()->ledger = books;
	crank_fini(&crank);
}
END_TEST

/*
 * Headers
 */
START_TEST(syn)
{
	struct mbuf *m;

	start(TCP_OUTPUT_REFERENCE, _i == 1);
	tp->snd_una = tp->snd_nxt = tp->iss;
	tp->rcv_nxt = 77;
	m = build(0, 0, TH_SYN);
	/* MSS 4, window scale 4, timestamps 12 if at all: 48 or 60 bytes */
	ck_assert_uint_eq(m->m_pkthdr_len, _i == 1 ? 60 : 48);
	ck_assert_uint_eq(m->m_th.option_bytes, _i == 1 ? 20 : 8);
	/* the MSS is the MTU's, options or not */
	ck_assert_uint_eq(m->m_th.mss, 1460);
	ck_assert_uint_eq(m->m_th.seq, 0xffff0000);
	ck_assert_uint_eq(m->m_th.ack, 0);
	ck_assert_uint_eq(m->m_th.flags, TH_SYN);
	ck_assert_ptr_null(m->m_next);
	ck_assert_int_eq(k.cost.units, 100 * COST_UNITS_PER_CYCLE);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

START_TEST(data_and_fin)
{
	uint32_t options = _i == 1 ? 12 : 0;
	struct mbuf *m;

	start(_i == 1 ? TCP_OUTPUT_COPY : TCP_OUTPUT_REFERENCE, _i == 1);
	buffer(2048, true);
	tp->rcv_nxt = 0xfffffff1;
	m = build(0, 1000, TH_ACK | TH_PUSH);
	ck_assert_uint_eq(m->m_hdr_len, HEADERS + options);
	ck_assert_uint_eq(m->m_th.option_bytes, options);
	ck_assert_uint_eq(m->m_th.mss, 0);
	ck_assert_uint_eq(m->m_th.seq, 0xffff0001);
	ck_assert_uint_eq(m->m_th.ack, 0xfffffff1);
	ck_assert_uint_eq(m->m_th.flags, TH_ACK | TH_PUSH);
	m_freem(&host()->mbufs, m);
	/* without data neither kind takes a cluster */
	m = build(2048, 0, TH_ACK | TH_FIN);
	ck_assert_uint_eq(m->m_pkthdr_len, HEADERS + options);
	ck_assert_uint_eq(m->m_th.seq, 0xffff0001 + 2048);
	ck_assert_ptr_null(m->m_ext);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

START_TEST(sequence_wraps)
{
	struct mbuf *m;

	start(TCP_OUTPUT_REFERENCE, false);
	buffer(2048, true);
	tp->snd_una = tp->iss = 0xfffffff0;
	tp->iss--;
	m = build(0x20, 100, TH_ACK);
	ck_assert_uint_eq(m->m_th.seq, 0x10);
	m_freem(&host()->mbufs, m);
	finish();
}
END_TEST

/*
 * The place of a sequence number is the one within 2^31 of what is
 * acknowledged, however often the numbers have wrapped.
 */
START_TEST(place_in_the_stream)
{
	const uint64_t far = (UINT64_C(5) << 32) + 1000;

	start(TCP_OUTPUT_REFERENCE, false);
	ck_assert_uint_eq(tcp_place_of(tp, tp->iss + 1), 0);
	ck_assert_uint_eq(tcp_place_of(tp, tp->iss + 1 + 0x10000), 0x10000);
	ck_assert_uint_eq(tcp_place_of(tp, tp->iss + 1 + 0x7fffffff),
	    0x7fffffff);
	tp->so->stats.bytes_acked = (int64_t)far;
	ck_assert_uint_eq(tcp_place_of(tp, tp->iss + 1 + 1000), far);
	ck_assert_uint_eq(tcp_place_of(tp, tp->iss + 1 + 2460), far + 1460);
	/* a retransmission of what was acknowledged meanwhile */
	ck_assert_uint_eq(tcp_place_of(tp, tp->iss + 1), far - 1000);
	ck_assert_uint_eq(tcp_place_of(tp, tp->iss + 1 - 1), far - 1001);
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, referenced);
	tcase_add_test(tc, copied);
	tcase_add_loop_test(tc, cluster_is_full, 0, 2);
	tcase_add_loop_test(tc, fits_the_header_mbuf, 0, 4);
	tcase_add_test(tc, internal_data);
	tcase_add_test(tc, external_then_internal);
	tcase_add_test(tc, from_a_loan);
	tcase_add_loop_test(tc, syn, 0, 2);
	tcase_add_loop_test(tc, data_and_fin, 0, 2);
	tcase_add_test(tc, sequence_wraps);
	tcase_add_test(tc, place_in_the_stream);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_packet");
	TCase *tc = tcase_create("tcp_packet");
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
