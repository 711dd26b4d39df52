/*
 * What the driver makes of a frame that brings data.
 */
#include <check.h>
#include <stdlib.h>

#include "models/mbuf/chain.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;
static struct host *host;

static void
start_on(const struct world_config *config)
{
	crank_init(&crank, config, 0);
	cal_hold(&crank.world.cal);
	host = &crank.world.host;
}

static void
finish(void)
{
	cal_release(&crank.world.cal);
	ck_assert(nic_is_idle(&host->nic));
	ck_assert(!host->drv.is_running);
	machine_assert_empty(host);
	crank_abandon(&crank);
}

static void
run_to(sim_time at)
{
	ck_assert_int_eq(crank_until(&crank, at), WORLD_LIMIT);
}

static int64_t
ops(enum kern_op op)
{
	return host->ledger.n_ops[op];
}

/*
 * A frame with data: headers of 40 or 52 bytes, 1000 of payload.  The data lies
 * in a cluster behind 2 bytes of alignment, 14 of Ethernet and those headers,
 * and has the names that the frame brought; the price is the same, DRV_RX.
 */
START_TEST(received_data)
{
	uint16_t headers = _i == 0 ? 40 : 52;
	const struct frame frame = {.conn = 7, .payload_bytes = 1000,
	    .ip_bytes = (uint16_t)(headers + 1000),
	    .th = {.seq = 99, .flags = TH_RST}, .content = content_name(7, 5)};
	const struct ip_packet *packet;
	struct world_config config = machine_config();

	start_on(&config);
	nic_receive(&host->nic, &frame);
	/* a store at 20 ns a byte, INTR and DRV_RX: not yet TCP_INPUT */
	run_to((headers + 1000 + 18) * 20 * PS_PER_NS + 2 * PS_PER_US);
	ck_assert_uint_eq(host->softnet.n, 1);
	packet = &host->softnet.queue[0];
	ck_assert_uint_eq(packet->conn, 7);
	ck_assert_uint_eq(packet->th.seq, 99);
	ck_assert_uint_eq(packet->m->m_len, 1000);
	ck_assert_uint_eq(packet->m->m_off, 2 + 14 + headers);
	ck_assert_uint_eq(packet->m->m_ext->size, MCLBYTES);
	ck_assert_uint_eq(m_content(packet->m, 0), content_name(7, 5));
	ck_assert_ptr_null(packet->m->m_next);
	ck_assert_int_eq(ops(OP_DRV_RX), 1);
	ck_assert_int_eq(ops(OP_MCLGET), 0);
	run_to(PS_PER_MS);
	finish();
}
END_TEST

/* What a cache still has of such a cluster is not what DMA has stored. */
START_TEST(received_into_a_cached_cluster)
{
	struct world_config config = machine_config();
	const struct frame frame = {.conn = 7, .payload_bytes = 1000,
	    .ip_bytes = 1040, .th = {.flags = TH_RST},
	    .content = content_name(7, 5)};
	struct cost cost = {0};
	struct mbuf *m;

	config.host.cache = (struct cache_config){{32768, 0}, 32,
	    CACHE_WRITE_BACK, true, false};
	start_on(&config);
	/* the cluster that will be the next one is dirty */
	m = m_gethdr(&host->mbufs);
	m_clget(&host->mbufs, m);
	mem_write(&cost, &host->costs, CAUSE_COPYIN,
	    (struct mem_range){m_memory(m), 0, MCLBYTES, MEM_KERNEL});
	ck_assert_uint_eq(host->cache.level[0].used, 64);
	m_freem(&host->mbufs, m);
	nic_receive(&host->nic, &frame);
	run_to(1058 * 20 * PS_PER_NS + 2 * PS_PER_US);
	ck_assert_uint_eq(host->softnet.n, 1);
	ck_assert(!cache_is_dirty(&host->cache,
	    m_memory(host->softnet.queue[0].m), 0, MCLBYTES));
	ck_assert_uint_eq(host->cache.level[0].used, 0);
	run_to(PS_PER_MS);
	finish();
}
END_TEST

/*
 * rtl8139: each frame is copied out of the ring, its 14 + 40 bytes of headers
 * booked apart from the payload: 14 + 1040 bytes are read and stored.  It lies
 * in a cluster behind 2 bytes, from 215 bytes on, else in the mbuf itself.
 */
START_TEST(copied_out_of_the_ring)
{
	static const uint32_t payloads[] = {1000, 161, 160, 0};
	uint32_t n = payloads[_i];
	const struct frame frame = {.conn = 7, .payload_bytes = n,
	    .ip_bytes = (uint16_t)(40 + n), .th = {.flags = TH_RST},
	    .content = n > 0 ? content_name(7, 5) : CONTENT_NONE};
	struct world_config config = machine_config();
	const struct ledger_line *copy, *other;
	/* a frame has 46 bytes behind its header at least */
	uint32_t stored = n > 6 ? 40 + n : 46;
	const struct mbuf *m;

	config.host.nic.kind = NIC_RTL8139;
	start_on(&config);
	copy = &host->ledger.line[CAUSE_DRIVER_COPY];
	other = &host->ledger.line[CAUSE_DRIVER];
	nic_receive(&host->nic, &frame);
	run_to((stored + 18) * 20 * PS_PER_NS + 2 * PS_PER_US);
	ck_assert_int_eq(copy->loaded_bytes, n);
	ck_assert_int_eq(copy->stored_bytes, n);
	ck_assert_int_eq(other->loaded_bytes, 54);
	ck_assert_int_eq(other->stored_bytes, 54);
	/* DMA has stored it: it comes from memory */
	ck_assert_int_eq(copy->read_bytes + other->read_bytes, 54 + n);
	ck_assert_int_eq(ops(OP_COPY_1K), 54 + n);
	ck_assert_int_eq(host->drv.n_rx_copied, 1);
	ck_assert_uint_eq(host->softnet.n, 1);
	m = host->softnet.queue[0].m;
	ck_assert(n > 0 || m == NULL);
	if (n > 0) {
		ck_assert_uint_eq(m->m_len, n);
		ck_assert_uint_eq(m->m_off, 2 + 14 + 40);
		ck_assert_uint_eq(m_content(m, 0), content_name(7, 5));
		ck_assert_int_eq(m->m_ext != NULL, n > 160);
	}
	run_to(PS_PER_MS);
	finish();
}
END_TEST

/* Bytes that the ring's memory had when the last frame lay there are gone. */
START_TEST(ring_is_never_cached)
{
	struct world_config config = machine_config();
	const struct frame frame = {.conn = 7, .payload_bytes = 1000,
	    .ip_bytes = 1040, .th = {.flags = TH_RST},
	    .content = content_name(7, 5)};
	const struct ledger_line *copy, *other;

	config.host.nic.kind = NIC_RTL8139;
	config.host.cache = (struct cache_config){{32768, 0}, 32,
	    CACHE_WRITE_BACK, true, false};
	start_on(&config);
	copy = &host->ledger.line[CAUSE_DRIVER_COPY];
	other = &host->ledger.line[CAUSE_DRIVER];
	for (int i = 1; i <= 2; i++) {
		int64_t before = copy->read_bytes + other->read_bytes;

		nic_receive(&host->nic, &frame);
		run_to(i * PS_PER_MS);
		/* the source, headers and all, in 33 lines of 32 bytes */
		ck_assert_int_ge(copy->read_bytes + other->read_bytes -
		    before, 1056);
	}
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, received_data, 0, 2);
	tcase_add_test(tc, received_into_a_cached_cluster);
	tcase_add_loop_test(tc, copied_out_of_the_ring, 0, 4);
	tcase_add_test(tc, ring_is_never_cached);
}

int
main(void)
{
	Suite *suite = suite_create("fxp_receive");
	TCase *tc = tcase_create("fxp_receive");
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
