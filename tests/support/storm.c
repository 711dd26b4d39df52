#include "tests/support/storm.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "models/base/check.h"
#include "tests/support/machine.h"
#include "tests/support/writer.h"

enum { MAX_PROCS = 3, REGION_PAGES = 40 };

struct stormer {
	int fd;			/* -1: not connected */
	uint64_t addr;		/* 0: no region yet */
	enum sys_nr last;
	bool has_called;
	struct sys_iovec iov[3];
};

struct storm {
	struct crank crank;
	uint64_t seed;
	uint64_t state;
	uint64_t loss_in;	/* one of so many frames is lost; 0: none */
	int n_procs;
	int n_calls;
	int64_t accepted;	/* bytes, as the programs know */
	struct stormer stormers[MAX_PROCS];
	struct storm_seen *seen;
};

/* xorshift64* */
static uint64_t
draw(struct storm *s, uint64_t n)
{
	s->state ^= s->state >> 12;
	s->state ^= s->state << 25;
	s->state ^= s->state >> 27;
	return (s->state * UINT64_C(2685821657736338717) >> 32) % n;
}

static int64_t
pick(struct storm *s, const int64_t *values, size_t n)
{
	return values[draw(s, n)];
}

#define PICK(s, ...)							\
	pick((s), (const int64_t[]){__VA_ARGS__},			\
	    sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void
draw_kernel(struct storm *s, struct host_config *host)
{
	host->sosend.sosend_loan = draw(s, 5) > 0;
	host->sosend.sock_loan_thresh =
	    PICK(s, 1, 100, 216, 4096, 4096, 4096, 16384, INT64_MAX);
	host->sosend.sock_loan_chunk = PICK(s, 4096, 5000, 65536, 65536);
	host->somaxkva = PICK(s, 131072, 139264, 262144, 16777216);
	host->tcp.output =
	    draw(s, 2) == 0 ? TCP_OUTPUT_COPY : TCP_OUTPUT_REFERENCE;
	host->tcp.timestamps = draw(s, 2) == 0;
	host->tcp.init_win = PICK(s, 0, 1, 4);
	host->tcp.mtu = PICK(s, 576, 1500, 1500);
	host->tcp.iss = (uint32_t)draw(s, UINT32_MAX);
	host->sbappend = draw(s, 2) == 0 ? SB_APPEND_WALK : SB_APPEND_TAIL;
	host->ifq_maxlen = PICK(s, 2, 50, 50, 50);
}

/*
 * A third of the storms have no cache; the NIC sees it in a quarter.  Drawn
 * apart, so that what the processes do depends on no cache.
 */
static void
draw_cache(struct storm *storm, struct host_config *host)
{
	struct storm apart = {.state = ~storm->state}, *s = &apart;
	struct cache_config *cache = &host->cache;

	cache->bytes[0] = PICK(s, 0, 0, 4096, 8192, 16416, 262144);
	cache->bytes[1] = PICK(s, 0, 0, 32768, 524288);
	cache->line_bytes = PICK(s, 32, 64, 128);
	cache->policy =
	    draw(s, 3) == 0 ? CACHE_WRITE_THROUGH : CACHE_WRITE_BACK;
	cache->write_allocate = draw(s, 3) > 0;
	cache->is_virtual = draw(s, 2) == 0;
	host->dma_is_coherent = draw(s, 4) == 0;
	host->cost.l2_line_cycles = PICK(s, 0, 7);
	host->cost.miss_cycles = PICK(s, 0, 20, 100);
	host->cost.miss_overlap = PICK(s, 1, 3);
}

/*
 * Drawn apart for the same reason.  Half of the storms share the bus fairly,
 * and PCI may be slower than the wire, so that frames are cut.
 */
static void
draw_hardware(struct storm *storm, struct host_config *host)
{
	struct storm apart = {.state = ~storm->state * 3}, *s = &apart;

	host->bus.arbitration = draw(s, 2) == 0 ? BUS_FAIR : BUS_DMA_FIRST;
	host->bus.pci_bps = PICK(s, 4000000, 11000000, 49999999, 132000000);
	host->bus.pci_latency = PICK(s, 0, 480 * PS_PER_NS, 30 * PS_PER_US);
	host->nic.tx_fifo_bytes = PICK(s, 1538, 2048, 3072, 65536);
	host->nic.tx_threshold = PICK(s, 8, 512, 1000, 2040);
}

/*
 * Drawn apart once more.  Few clusters only where TCP itself needs none, else
 * full send buffers would leave it without for ever.
 */
static void
draw_limits(struct storm *storm, struct host_config *host)
{
	struct storm apart = {.state = ~storm->state * 5}, *s = &apart;

	host->sosend.pendfree =
	    draw(s, 3) == 0 ? SO_PENDFREE_THREAD : SO_PENDFREE_LAZY;
	host->sosend.kernel_map = PICK(s, 0, 0, 65536, 200000);
	if (host->tcp.output == TCP_OUTPUT_REFERENCE)
		host->nmbclusters = PICK(s, 0, 0, 1, 20);
}

static struct world_config
draw_config(struct storm *s)
{
	struct world_config config = machine_config();

	draw_kernel(s, &config.host);
	machine_set_costs(&config, PICK(s, 0, 10, 100, 1000));
	config.link.delay = PICK(s, 0, 100 * PS_PER_US, 20 * PS_PER_MS);
	config.peer.delack_segments = PICK(s, 1, 2);
	config.peer.turnaround = PICK(s, 0, 3 * PS_PER_US);
	config.duration = 100 * PS_PER_S;
	config.drain = 1000 * PS_PER_S;
	draw_cache(s, &config.host);
	draw_hardware(s, &config.host);
	draw_limits(s, &config.host);
	return config;
}

/* The wire to the peer, in a storm. */
static void
deliver(void *arg, const struct frame *frame)
{
	struct storm *s = arg;

	if (s->loss_in == 0 || draw(s, s->loss_in) > 0)
		peer_receive(&s->crank.world.peer, frame);
}

/*
 * The low-water mark leaves room for a segment: else the tail of a write that
 * was announced to go on may wait for the persist timer, and a storm would be
 * mostly waiting.
 */
static struct sys_call
draw_connect(struct storm *s)
{
	int64_t size = PICK(s, 2048, 4095, 16384, 16384, 65537, 233016);
	int64_t mark = PICK(s, 1, 2048, 2048, 4096);

	return (struct sys_call){.nr = SYS_CONNECT, .so_sndbuf = size,
	    .so_sndlowat = mark <= size - 1460 ? mark : 1};
}

static uint64_t
draw_addr(struct storm *s, const struct stormer *st)
{
	return st->addr + (draw(s, 3) == 0 ?
	    draw(s, REGION_PAGES) * PAGE_SIZE :
	    draw(s, REGION_PAGES * PAGE_SIZE));
}

static struct sys_call
draw_write(struct storm *s, const struct stormer *st)
{
	int64_t len = draw(s, 3) == 0 ?
	    PICK(s, 1, 216, 452, 453, 2048, 2049, 4095, 4096, 4097, 65535,
	    65536, 65537) : (int64_t)draw(s, 30000) + 1;

	return (struct sys_call){.nr = SYS_WRITE, .fd = st->fd,
	    .addr = draw_addr(s, st), .len = len};
}

static struct sys_call
draw_touch(struct storm *s, const struct stormer *st)
{
	return (struct sys_call){.nr = SYS_TOUCH, .addr = draw_addr(s, st),
	    .len = (int64_t)draw(s, 20000) + 1, .is_full = draw(s, 2) == 0};
}

static struct sys_call
draw_pause(struct storm *s)
{
	return (struct sys_call){.nr = SYS_SLEEP,
	    .len = s->crank.world.cal.now +
	    (int64_t)draw(s, 40000) * PS_PER_US};
}

static struct sys_call
draw_call(struct storm *s, const struct stormer *st)
{
	uint64_t n = draw(s, 200);

	if (st->addr == 0 || n < 6)
		return (struct sys_call){.nr = SYS_MMAP,
		    .len = REGION_PAGES * PAGE_SIZE};
	if (st->fd < 0)
		return draw_connect(s);
	if (n < 10)
		return (struct sys_call){.nr = SYS_CLOSE, .fd = st->fd};
	if (n < 11)
		return (struct sys_call){.nr = SYS_EXIT};
	if (n < 13)
		return (struct sys_call){.nr = SYS_SETNBIO, .fd = st->fd,
		    .is_nbio = draw(s, 2) == 0};
	if (n < 60)
		return draw_touch(s, st);
	if (n < 80)
		return draw_pause(s);
	return draw_write(s, st);
}

/* What the program learns from the result of its last call. */
static void
learn(struct storm *s, struct stormer *st, int64_t result)
{
	if (!st->has_called)
		return;
	st->has_called = false;
	s->seen->efaults += result == SYS_EFAULT;
	if (st->last == SYS_CONNECT)
		st->fd = result >= 0 ? (int)result : -1;
	else if (st->last == SYS_CLOSE)
		st->fd = -1;
	else if (st->last == SYS_MMAP)
		st->addr = (uint64_t)result;
	else if ((st->last == SYS_WRITE || st->last == SYS_WRITEV) &&
	    result > 0)
		s->accepted += result;
	s->seen->would_block += result == SYS_EWOULDBLOCK;
}

/* The same write in three parts, the last one first. */
static void
split(struct storm *s, struct stormer *st, struct sys_call *write)
{
	int64_t a = (int64_t)draw(s, (uint64_t)write->len + 1);
	int64_t b = (int64_t)draw(s, (uint64_t)(write->len - a) + 1);

	st->iov[1] = (struct sys_iovec){write->addr, a};
	st->iov[2] = (struct sys_iovec){write->addr + (uint64_t)a, b};
	st->iov[0] = (struct sys_iovec){write->addr + (uint64_t)(a + b),
	    write->len - a - b};
	write->nr = SYS_WRITEV;
	write->iov = st->iov;
	write->n_iov = 3;
}

static void
call(struct storm *s, int i, struct sys_call next)
{
	struct stormer *st = &s->stormers[i];

	if (next.nr == SYS_WRITE && draw(s, 4) == 0)
		split(s, st, &next);
	if (next.nr == SYS_EXIT)
		s->seen->exits +=
		    pool_in_use(&s->crank.world.host.mbufs.loans) > 0;
	st->last = next.nr;
	st->has_called = crank_post(&s->crank, i, next);
	s->n_calls++;
	s->seen->calls++;
}

static void
audit(struct storm *s)
{
	char when[64];

	snprintf(when, sizeof when, "seed %" PRIu64 ", call %d", s->seed,
	    s->n_calls);
	writer_audit(&s->crank.world.host, when);
}

static bool
is_in_program(const struct storm *s, int i)
{
	return s->crank.procs[i].p->state == PROC_IN_PROGRAM;
}

static bool
is_any_busy(const struct storm *s)
{
	for (int i = 0; i < s->n_procs; i++)
		if (!is_in_program(s, i) &&
		    s->crank.procs[i].p->state != PROC_DEAD)
			return true;
	return false;
}

static void
learn_all(struct storm *s)
{
	for (int i = 0; i < s->n_procs; i++)
		if (is_in_program(s, i))
			learn(s, &s->stormers[i], s->crank.procs[i].p->result);
}

/* Time passes until a call is done. => false: nothing will happen any more */
static bool
go_on(struct storm *s)
{
	enum world_step step = crank_until(&s->crank, SIM_TIME_NEVER);

	learn_all(s);
	audit(s);
	return step != WORLD_OVER;
}

static void
rage(struct storm *s, int n_calls)
{
	do {
		for (int i = 0; i < s->n_procs; i++)
			if (is_in_program(s, i))
				call(s, i, draw_call(s, &s->stormers[i]));
	} while (go_on(s) && s->n_calls < n_calls &&
	    !s->crank.world.host.is_stopped);
}

/* Who has nothing to do closes: others may wait for what it has lent. */
static void
calm_down(struct storm *s)
{
	do {
		for (int i = 0; i < s->n_procs; i++)
			if (is_in_program(s, i) && s->stormers[i].fd >= 0)
				call(s, i, (struct sys_call){.nr = SYS_CLOSE,
				    .fd = s->stormers[i].fd});
	} while (is_any_busy(s) && go_on(s));
}

static void
note(struct storm *s)
{
	const struct host *host = &s->crank.world.host;
	int64_t written = 0;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		written += so->stats.bytes_written;
		s->seen->retransmits += so->tcpcb.stats.n_retransmits;
	}
	ck_assert_msg(written == s->accepted, "seed %" PRIu64 ": %" PRId64
	    " bytes taken, the programs know of %" PRId64, s->seed, written,
	    s->accepted);
	s->seen->loans += host->sosend_counters.loan_big;
	s->seen->copies += host->sosend_counters.copy_big;
	s->seen->kva_limit += host->sosend_counters.kva_limit;
	s->seen->refused += host->n_loans_refused;
	s->seen->no_window += host->n_refused_for[SO_REFUSED_NO_WINDOW];
	s->seen->no_cluster += host->nobufs.n_small;
	s->seen->soft_faults += host->vm.stats.n_soft_faults;
	s->seen->cow_faults += host->vm.stats.n_cow_faults;
	s->seen->underruns += host->nic.stats.n_tx_underruns;
	s->seen->fetches += host->identity.n_fetches;
}

void
storm_run(uint64_t seed, int n_calls, struct storm_seen *seen)
{
	struct storm s = {.seed = seed, .seen = seen,
	    .state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15)};
	struct world_config config = draw_config(&s);
	struct check_context context = {.seed = (int64_t)seed};

	s.n_procs = (int)draw(&s, MAX_PROCS) + 1;
	s.loss_in = (uint64_t)PICK(&s, 0, 0, 300, 40);
	for (int i = 0; i < MAX_PROCS; i++)
		s.stormers[i].fd = -1;
	crank_init(&s.crank, &config, s.n_procs);
	context.now = &s.crank.world.cal.now;
	check_set_context(&context);
	s.crank.world.to_peer.deliver = deliver;
	s.crank.world.to_peer.arg = &s;
	rage(&s, n_calls);
	calm_down(&s);
	note(&s);
	crank_fini(&s.crank);
	check_set_context(NULL);
}
