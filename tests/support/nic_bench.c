#include "tests/support/nic_bench.h"

#include <check.h>
#include <string.h>

static void
nothing(void *arg)
{
	(void)arg;
}

static void
deliver(void *arg, const struct frame *frame)
{
	struct nic_bench *b = arg;

	ck_assert_int_lt(b->n_sent, NIC_BENCH_FRAMES);
	b->sent[b->n_sent].at = b->cal.now;
	b->sent[b->n_sent++].frame = *frame;
}

static void
interrupt(void *arg)
{
	struct nic_bench *b = arg;

	b->n_interrupts++;
	b->interrupted_at = b->cal.now;
}

static uint64_t
verify(void *arg, const struct mbuf *m)
{
	((struct nic_bench *)arg)->n_verified++;
	return 7000 + m->m_th.seq;
}

static void
underrun(void *arg)
{
	((struct nic_bench *)arg)->n_underruns++;
}

struct bus_config
nic_bench_bus(void)
{
	return (struct bus_config){.read_bps = 100000000,
	    .write_bps = 50000000, .pci_bps = 50000000};
}

void
nic_bench_init(struct nic_bench *b, const struct bus_config *memory,
    int64_t fifo_bytes)
{
	const struct nic_config fxp = {fifo_bytes, 2048, NIC_FXP, 1, 0};

	nic_bench_init_as(b, memory, &fxp);
}

void
nic_bench_init_as(struct nic_bench *b, const struct bus_config *memory,
    const struct nic_config *nic)
{
	const struct link_config link = {100000000, 0};
	const struct bus_config usual = nic_bench_bus();
	const struct nic_ports ports = {&b->wire, interrupt, verify, underrun,
	    b};

	memset(b, 0, sizeof *b);
	b->threshold = 2048;
	cal_init(&b->cal);
	bus_init(&b->bus, memory != NULL ? memory : &usual, &b->ledger);
	b->bus.changing = b->bus.changed = nothing;
	wire_init(&b->wire, &b->cal, &link, deliver, b);
	mbuf_pools_init(&b->pools);
	nic_init(&b->nic, nic, &b->cal, &b->bus, &ports);
	ck_assert(nic_is_idle(&b->nic));
}

void
nic_bench_fini(struct nic_bench *b)
{
	ck_assert_uint_eq(pool_in_use(&b->pools.mbufs), 0);
	ck_assert_uint_eq(pool_in_use(&b->pools.clusters), 0);
	mbuf_pools_fini(&b->pools);
	wire_fini(&b->wire);
	cal_fini(&b->cal);
}

void
nic_bench_run(struct nic_bench *b)
{
	ck_assert_int_eq(cal_run(&b->cal, SIM_TIME_NEVER), CAL_IDLE);
}

void
nic_bench_run_to(struct nic_bench *b, sim_time at)
{
	cal_run(&b->cal, at);
	b->cal.now = at;
}

void
nic_bench_put(struct nic_bench *b, uint32_t number, uint32_t ip_bytes,
    bool wants_interrupt)
{
	struct mbuf *m = m_gethdr(&b->pools);

	m->m_conn = 1;
	m->m_hdr_len = 40;
	m->m_pkthdr_len = ip_bytes;
	m->m_th.seq = number;
	nic_tx_put(&b->nic, m, b->threshold, wants_interrupt);
}

void
nic_bench_reclaim(struct nic_bench *b, uint32_t number)
{
	struct mbuf *m;

	ck_assert_uint_eq(nic_tx_peek(&b->nic, 0)->m_th.seq, number);
	m = nic_tx_reclaim(&b->nic);
	ck_assert_uint_eq(m->m_th.seq, number);
	m_freem(&b->pools, m);
}

void
nic_bench_receive(struct nic_bench *b, uint32_t number)
{
	const struct frame frame = {.conn = 1, .ip_bytes = 40,
	    .th = {.seq = number}};

	nic_receive(&b->nic, &frame);
}
