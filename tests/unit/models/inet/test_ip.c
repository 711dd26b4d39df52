/*
 * The interface queue, and what IP output costs.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;

static struct host *
start(void)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 0);
	return &crank.world.host;
}

static void
finish(void)
{
	machine_assert_empty(&crank.world.host);
	crank_abandon(&crank);
}

START_TEST(first_in_first_out)
{
	struct host *host = start();
	struct ifqueue *ifq = &host->if_snd;
	struct mbuf *m[3];

	ck_assert_ptr_null(ifq_dequeue(ifq));
	for (int i = 0; i < 3; i++) {
		m[i] = m_gethdr(&host->mbufs);
		/* whatever queue it was in before is forgotten */
		m[i]->m_nextpkt = m[0];
		ck_assert(ip_enqueue(host, m[i]));
		ck_assert_int_eq(ifq->ifq_len, i + 1);
	}
	ck_assert_ptr_eq(ifq->ifq_head, m[0]);
	ck_assert_ptr_eq(ifq->ifq_tail, m[2]);
	for (int i = 0; i < 3; i++) {
		ck_assert_ptr_eq(ifq_dequeue(ifq), m[i]);
		ck_assert_ptr_null(m[i]->m_nextpkt);
		m_freem(&host->mbufs, m[i]);
	}
	ck_assert_ptr_null(ifq_dequeue(ifq));
	ck_assert_ptr_null(ifq->ifq_tail);
	ck_assert_int_eq(ifq->ifq_len, 0);
	/* empty, and in use again */
	m[0] = m_gethdr(&host->mbufs);
	ck_assert(ip_enqueue(host, m[0]));
	ck_assert_ptr_eq(ifq_dequeue(ifq), m[0]);
	m_freem(&host->mbufs, m[0]);
	ck_assert_int_eq(ifq->ifq_drops, 0);
	finish();
}
END_TEST

/* The 50th packet still has a place; the 51st is freed, chain and all. */
START_TEST(full)
{
	struct host *host = start();
	struct mbuf *m;

	ck_assert_int_eq(host->if_snd.ifq_maxlen, 50);
	for (int i = 0; i < 50; i++)
		ck_assert(ip_enqueue(host, m_gethdr(&host->mbufs)));
	m = m_gethdr(&host->mbufs);
	m->m_next = m_get(&host->mbufs);
	m_clget(&host->mbufs, m->m_next);
	ck_assert(!ip_enqueue(host, m));
	ck_assert_int_eq(host->if_snd.ifq_drops, 1);
	ck_assert_int_eq(host->if_snd.ifq_len, 50);
	ck_assert_uint_eq(pool_in_use(&host->mbufs.mbufs), 50);
	ck_assert_uint_eq(pool_in_use(&host->mbufs.clusters), 0);
	/* one goes, and there is room for one */
	m_freem(&host->mbufs, ifq_dequeue(&host->if_snd));
	ck_assert(ip_enqueue(host, m_gethdr(&host->mbufs)));
	ck_assert(!ip_enqueue(host, m_gethdr(&host->mbufs)));
	while ((m = ifq_dequeue(&host->if_snd)) != NULL)
		m_freem(&host->mbufs, m);
	finish();
}
END_TEST

/*
 * One IP_OUTPUT, 100 instructions; and the checksum's loop and read over TCP
 * header and data, not over the IP header: 20 + 1000 bytes, an instruction
 * each (netbsd-2002.md 5.6).
 */
START_TEST(cost)
{
	struct host *host = start();
	const struct ledger *ledger = &host->ledger;
	struct mbuf *m = m_gethdr(&host->mbufs);
	struct kctx k;

	kctx_init(&k, host, "test", CPU_SOFTINT);
	m->m_off = MAX_LINKHDR;
	m->m_len = m->m_hdr_len = 40;
	m->m_next = m_get(&host->mbufs);
	m_clget(&host->mbufs, m->m_next);
	m->m_next->m_len = 1000;
	m->m_pkthdr_len = 1040;
	ip_output_cost(&k, m);
	ck_assert_int_eq(k.cost.units,
	    (100 + 20 + 1000) * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(k.cost.read_bytes, 20 + 1000);
	ck_assert_int_eq(k.cost.write_bytes, 0);
	ck_assert_int_eq(ledger->line[CAUSE_IP_OUTPUT].units,
	    100 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(ledger->line[CAUSE_CKSUM_READ].units,
	    1020 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(ledger->line[CAUSE_CKSUM_READ].read_bytes, 1020);
	m_freem(&host->mbufs, m);
	finish();
}
END_TEST

/* A controller that sums leaves the data alone (netbsd-2002.md 5.6 and 7). */
START_TEST(cost_with_offload)
{
	struct world_config config = machine_config();
	struct host *host = &crank.world.host;
	struct mbuf *m;
	struct kctx k;

	config.host.nic.kind = NIC_GSIP;
	crank_init(&crank, &config, 0);
	m = m_gethdr(&host->mbufs);
	m->m_off = MAX_LINKHDR;
	m->m_len = m->m_hdr_len = m->m_pkthdr_len = 40;
	kctx_init(&k, host, "test", CPU_SOFTINT);
	ip_output_cost(&k, m);
	ck_assert_int_eq(k.cost.units, 100 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(k.cost.read_bytes, 0);
	ck_assert_int_eq(host->ledger.line[CAUSE_CKSUM_READ].units, 0);
	m_freem(&host->mbufs, m);
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, first_in_first_out);
	tcase_add_test(tc, full);
	tcase_add_test(tc, cost);
	tcase_add_test(tc, cost_with_offload);
}

int
main(void)
{
	Suite *suite = suite_create("ip");
	TCase *tc = tcase_create("ip");
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
