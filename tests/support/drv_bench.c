#include "tests/support/drv_bench.h"

#include <check.h>

#include "models/mbuf/chain.h"
#include "models/socket/socket.h"
#include "tests/support/machine.h"

/* The context is the bench's: it is found by it. */
static void
returned(struct kctx *k)
{
	struct drv_bench *b = (struct drv_bench *)
	    ((char *)k - offsetof(struct drv_bench, k));

	b->n_returns++;
}

/* The peer knows of no connection here: it would answer with a RST. */
static bool
keep_from_peer(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	(void)frame;
	return !to_peer;
}

void
drv_bench_start(struct drv_bench *b, const struct nic_config *nic)
{
	struct world_config config = machine_config();

	config.host.ifq_maxlen = 1000;
	if (nic != NULL)
		config.host.nic = *nic;
	crank_init(&b->crank, &config, 0);
	cal_hold(&b->crank.world.cal);
	wiretap_attach(&b->tap, &b->crank.world);
	b->tap.filter = keep_from_peer;
	b->host = &b->crank.world.host;
	crank_socket(b->host, 16384);
	kctx_init(&b->k, b->host, "test", CPU_SOFTINT);
	b->n_returns = 0;
}

void
drv_bench_finish(struct drv_bench *b)
{
	cal_release(&b->crank.world.cal);
	ck_assert(nic_is_idle(&b->host->nic));
	ck_assert(!b->host->drv.is_running);
	machine_assert_empty(b->host);
	crank_abandon(&b->crank);
}

void
drv_bench_run_to(struct drv_bench *b, sim_time at)
{
	ck_assert_int_eq(crank_until(&b->crank, at), WORLD_LIMIT);
}

void
drv_bench_output(struct drv_bench *b)
{
	kctx_call(&b->k, returned);
	drv_start(&b->k);
}

void
drv_bench_enqueue(struct drv_bench *b, uint32_t number, uint32_t n_pieces)
{
	struct mbuf *m = m_gethdr(&b->host->mbufs);
	struct mbuf **tail = &m->m_next;

	m->m_off = MAX_LINKHDR;
	m->m_conn = 1;
	m->m_len = m->m_hdr_len = 40;
	m->m_pkthdr_len = 40 + 80 * n_pieces;
	m->m_th.seq = 0xffff0001;
	m->m_th.ack = number;
	for (uint32_t i = 0; i < n_pieces; i++) {
		*tail = m_get(&b->host->mbufs);
		(*tail)->m_len = 80;
		m_name_append(*tail, 0, content_name(1, i * 80));
		tail = &(*tail)->m_next;
	}
	ck_assert(ip_enqueue(b->host, m));
}

int64_t
drv_bench_ops(const struct drv_bench *b, enum kern_op op)
{
	return b->host->ledger.n_ops[op];
}
