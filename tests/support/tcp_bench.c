#include "tests/support/tcp_bench.h"

#include <check.h>
#include <string.h>

#include "tests/support/machine.h"

static bool
lose_ours(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	(void)frame;
	return !to_peer;
}

static void
returned(struct kctx *k)
{
	k->cost = (struct cost){0};
}

struct world_config
tcp_bench_config(void)
{
	struct world_config config = machine_config();

	config.host.tcp.window_scale = false;
	config.duration = 100000 * PS_PER_S;
	return config;
}

void
tcp_bench_init(struct tcp_bench *b, const struct world_config *config)
{
	memset(b, 0, sizeof *b);
	crank_init(&b->crank, config, TCP_BENCH_PROCS);
	cal_hold(&b->crank.world.cal);
	wiretap_attach(&b->tap, &b->crank.world);
	b->tap.filter = lose_ours;
	b->host = &b->crank.world.host;
	kctx_init(&b->k, b->host, "test", CPU_SOFTINT);
	b->so = crank_socket(b->host, 65536);
	b->tp = &b->so->tcpcb;
}

/* Loans, and the memory of processes. */
static void
give_back(struct tcp_bench *b)
{
	struct cost cost = {0};

	for (struct proc *p = b->host->procs; p != NULL; p = p->next)
		vm_space_fini(&p->space, &cost, &b->host->costs);
	for (struct socket *so = b->host->sockets; so != NULL; so = so->next)
		sodopendfree(&b->k, so);
}

void
tcp_bench_fini(struct tcp_bench *b)
{
	for (struct socket *so = b->host->sockets; so != NULL; so = so->next)
		so->has_descriptor = false;
	host_drop_all(b->host);
	for (struct socket *so = b->host->sockets; so != NULL; so = so->next)
		sb_drop(&so->so_rcv, so->so_rcv.sb_cc, &b->host->mbufs);
	tcp_bench_run(b, PS_PER_MS);
	give_back(b);
	cal_release(&b->crank.world.cal);
	ck_assert_uint_eq(b->crank.world.cal.n_holds, 0);
	machine_assert_empty(b->host);
	crank_abandon(&b->crank);
}

void
tcp_bench_run(struct tcp_bench *b, sim_time interval)
{
	sim_time at = b->crank.world.cal.now + interval;
	enum world_step step;

	do
		step = crank_until(&b->crank, at);
	while (step == WORLD_WAKE);
	ck_assert_int_eq(step, WORLD_LIMIT);
}

void
tcp_bench_post(struct tcp_bench *b, int i, struct sys_call call)
{
	crank_give(b->crank.procs[i].p, 0, b->so);
	ck_assert(crank_post(&b->crank, i, call));
	tcp_bench_run(b, PS_PER_MS);
}

struct kctx *
tcp_bench_call(struct tcp_bench *b)
{
	ck_assert_uint_eq(b->k.depth, 0);
	b->k.cost = (struct cost){0};
	kctx_call(&b->k, returned);
	return &b->k;
}

void
tcp_bench_connect(struct tcp_bench *b)
{
	struct tcp_header th = {.flags = TH_SYN | TH_ACK,
	    .seq = BENCH_FAR_ISS, .ack = BENCH_ISS + 1, .win = BENCH_WIN,
	    .mss = 1460, .port = BENCH_PORT};

	if (b->tp->t_request_timestamps) {
		th.has_ts = true;
		th.ts_val = 1;
	}
	tcp_usr_connect(tcp_bench_call(b), b->tp, BENCH_PORT);
	tcp_bench_run(b, PS_PER_MS);
	tcp_bench_header(b, &th, 0);
	ck_assert_int_eq(b->tp->t_state, TCPS_ESTABLISHED);
	tcp_bench_mark(b);
}

void
tcp_bench_state(struct tcp_bench *b, enum tcp_state state)
{
	struct tcpcb *tp = b->tp;

	tcp_bench_connect(b);
	tp->t_state = state;
	if (state == TCPS_FIN_WAIT_1 || state == TCPS_CLOSING ||
	    state == TCPS_LAST_ACK) {
		tp->t_sent_fin = true;
		tp->snd_nxt++;
		tp->snd_max++;
	}
	if (tcp_have_rcvd_fin(tp)) {
		tp->rcv_nxt++;
		b->so->cant_receive = true;
	}
}

void
tcp_bench_write(struct tcp_bench *b, uint32_t n)
{
	struct mbuf *m = m_get(&b->host->mbufs);
	struct so_stats *stats = &b->so->stats;

	m_clget(&b->host->mbufs, m);
	m->m_len = n;
	m_name_append(m, 0, content_name(b->so->so_id,
	    (uint64_t)stats->bytes_written));
	stats->bytes_written += n;
	stats->bytes_copied += n;
	tcp_usr_send(tcp_bench_call(b), b->tp, m);
	tcp_bench_run(b, PS_PER_MS);
}

void
tcp_bench_read(struct tcp_bench *b, int64_t n)
{
	sb_drop(&b->so->so_rcv, n, &b->host->mbufs);
	b->so->stats.bytes_read += n;
	tcp_usr_rcvd(tcp_bench_call(b), b->tp);
	tcp_bench_run(b, PS_PER_MS);
}

static uint32_t
number(const struct tcp_bench *b)
{
	return b->conn != 0 ? b->conn : b->so->so_id;
}

struct mbuf *
tcp_bench_data(struct tcp_bench *b, uint32_t seq, uint32_t len)
{
	struct mbuf *m = m_gethdr(&b->host->mbufs);

	ck_assert_uint_le(len, MCLBYTES);
	m_clget(&b->host->mbufs, m);
	m->m_len = len;
	m_name_append(m, 0, content_name(number(b),
	    (uint64_t)(seq - FAR(0))));
	return m;
}

void
tcp_bench_header(struct tcp_bench *b, const struct tcp_header *th,
    uint32_t len)
{
	struct ip_packet packet = {.conn = number(b), .th = *th};

	if (len > 0)
		packet.m = tcp_bench_data(b, th->seq +
		    ((th->flags & TH_SYN) != 0), len);
	softnet_receive(&b->host->softnet, &packet);
	tcp_bench_run(b, PS_PER_MS);
}

void
tcp_bench_arrives(struct tcp_bench *b, uint8_t flags, uint32_t seq,
    uint32_t ack, uint32_t len)
{
	struct tcp_header th = {.flags = flags, .seq = seq, .ack = ack,
	    .win = BENCH_WIN, .port = BENCH_PORT};

	tcp_bench_header(b, &th, len);
}

void
tcp_bench_mark(struct tcp_bench *b)
{
	b->n_marked = b->tap.n;
}

int
tcp_bench_sent(const struct tcp_bench *b)
{
	return b->tap.n - b->n_marked;
}

const struct frame *
tcp_bench_frame(const struct tcp_bench *b, int i)
{
	i += i < 0 ? b->tap.n : b->n_marked;
	ck_assert_int_ge(i, 0);
	ck_assert_int_lt(i, b->tap.n);
	return &b->tap.frames[i].frame;
}

void
tcp_bench_assert(const struct tcp_bench *b, int i, uint8_t flags,
    uint32_t seq, uint32_t ack, uint32_t len)
{
	const struct frame *frame = tcp_bench_frame(b, i);

	ck_assert_msg(frame->th.flags == flags, "frame %d: flags 0x%x", i,
	    frame->th.flags);
	ck_assert_msg(frame->th.seq == seq, "frame %d: seq 0x%x", i,
	    frame->th.seq);
	ck_assert_msg(frame->th.ack == ack, "frame %d: ack 0x%x", i,
	    frame->th.ack);
	ck_assert_msg(frame->payload_bytes == len, "frame %d: %u bytes", i,
	    frame->payload_bytes);
}
