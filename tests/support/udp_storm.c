#include "tests/support/udp_storm.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "models/base/check.h"
#include "models/base/random.h"
#include "models/kern/syscall.h"
#include "models/world.h"
#include "tests/support/machine.h"

enum { MAX_PAIRS = 3, MAX_SENT = 400, FIRST_PORT = 1000,
	BUFFER = 20 * PAGE_SIZE, NO_SOCKET = -1, REFUSED = -2 };

/* A program that sends, or reads. */
struct talker {
	struct proc *p;
	struct host *host;
	bool is_sender;
	bool is_woken;
	enum sys_nr last;
	bool has_called;
	int64_t asked;		/* bytes, of the last read or send */
	int fd;
	uint64_t addr;
	uint16_t port;
	int n_left;		/* calls */
	/* what a sender has sent, in the order of its places */
	uint32_t so_id;
	int n_sent;
	struct {
		uint64_t place;
		int64_t len;
	} sent[MAX_SENT];
};

struct storm {
	uint64_t seed;
	struct random random;
	struct world world;
	struct talker talkers[2 * MAX_PAIRS];
	int n_talkers;
	bool ids_come_round;
	int64_t most_bytes;	/* of a datagram */
	const char *again;
	struct udp_storm_seen *seen;
};

static uint64_t
draw(struct storm *s, uint64_t n)
{
	return random_below(&s->random, n);
}

static int64_t
pick(struct storm *s, const int64_t *values, size_t n)
{
	return values[draw(s, n)];
}

#define PICK(s, ...)							\
	pick((s), (const int64_t[]){__VA_ARGS__},			\
	    sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static bool
one_in(struct storm *s, uint64_t n)
{
	return draw(s, n) == 0;
}

static void
storm_fail(const struct storm *s, const char *what, int64_t expected,
    int64_t found)
{
	ck_abort_msg("%s: expected %" PRId64 ", found %" PRId64 ", at %" PRId64
	    " ps; seed %" PRIu64 "\nagain: %s", what, expected, found,
	    s->world.cal.now, s->seed, s->again);
}

/*
 * A world
 */
static void
draw_host(struct storm *s, struct host_config *host)
{
	int64_t insns = PICK(s, 0, 10, 100, 1000);

	for (int op = 0; op < N_OPS; op++)
		host->cost.op_insns[op] =
		    cost_op_is_per_1k((enum kern_op)op) ? 0 : insns;
	host->sosend.sosend_loan = one_in(s, 2);
	host->sosend.sock_loan_thresh = PICK(s, 1, 100, 4096, 4096);
	host->sosend.pendfree =
	    one_in(s, 2) ? SO_PENDFREE_THREAD : SO_PENDFREE_LAZY;
	host->sbappend = one_in(s, 2) ? SB_APPEND_WALK : SB_APPEND_TAIL;
	host->ifq_maxlen = PICK(s, 2, 8, 50, 50);
	host->nic.kind = (enum nic_kind)draw(s, N_NIC_KINDS);
	host->udp_recvspace = PICK(s, 2048, 10000, 41600, 41600, 233016);
	host->ip_maxfragpackets = PICK(s, 0, 1, 3, 200, 200, 200, -1);
	host->mbufs = one_in(s, 4) ? PICK(s, 150, 200, 300) : 0;
	host->nmbclusters = one_in(s, 4) ? PICK(s, 3, 16, 40) : 0;
	host->bus = (struct bus_config){1000000000, 1000000000, 500000000, 0,
	    one_in(s, 2) ? BUS_FAIR : BUS_DMA_FIRST};
	host->hz = 10;
}

static void
draw_path(struct storm *s, struct path_config *path)
{
	path->seed = random_next(&s->random);
	path->delay = PICK(s, 0, 100, 10000) * PS_PER_US;
	if (one_in(s, 3))
		return;
	path->loss.p = PICK(s, 0, 1, 10, 100, 500) * RANDOM_CERTAIN / 1000;
	path->loss.burst_milli = PATH_BURST_NONE;
	path->reorder = PICK(s, 0, 10, 300) * RANDOM_CERTAIN / 1000;
	path->reorder_delay =
	    (int64_t)draw(s, 5000) * PS_PER_US + PS_PER_US;
	path->duplicate = PICK(s, 0, 10, 200) * RANDOM_CERTAIN / 1000;
	path->bits_per_s = PICK(s, 0, 0, 1000000, 50000000);
	path->queue_limit = PICK(s, 1, 10, 50);
}

static struct world_config
draw_config(struct storm *s)
{
	struct world_config config = machine_config();
	int64_t mtu = PICK(s, 296, 576, 1500, 1500, 1500);

	config.far_is_host = true;
	config.far = config.host;
	draw_host(s, &config.host);
	draw_host(s, &config.far);
	config.host.tcp.mtu = config.far.tcp.mtu = mtu;
	draw_path(s, &config.to_peer_path);
	draw_path(s, &config.to_board_path);
	config.link.bits_per_s = PICK(s, 10000000, 100000000);
	config.duration = PICK(s, 1, 40, 100) * PS_PER_S;
	config.drain = 1000 * PS_PER_S;
	return config;
}

static void
woken(void *arg)
{
	((struct talker *)arg)->is_woken = true;
}

static void
add_talker(struct storm *s, int host, bool is_sender, uint16_t port)
{
	struct talker *t = &s->talkers[s->n_talkers];
	char name[PROC_NAME_BYTES];

	snprintf(name, sizeof name, "talker%d", s->n_talkers++);
	memset(t, 0, sizeof *t);
	t->host = world_host(&s->world, host);
	t->is_sender = is_sender;
	t->is_woken = true;
	t->fd = NO_SOCKET;
	t->port = port;
	t->n_left = (int)draw(s, MAX_SENT - 1) + 1;
	t->p = host_add_proc(t->host, name, (struct proc_program){woken, t});
}

/*
 * Its programs
 */
static struct sys_call
draw_open(struct storm *s, const struct talker *t)
{
	return (struct sys_call){
	    .nr = t->is_sender ? SYS_UDP_CONNECT : SYS_UDP_BIND,
	    .port = t->port, .so_sndbuf = s->most_bytes,
	    .so_sndlowat = 1, .so_rcvbuf = PICK(s, 0, 0, 5000, 233016),
	    .ip_dont_fragment = one_in(s, 20)};
}

static struct sys_call
draw_send(struct storm *s, struct talker *t)
{
	int64_t most = s->most_bytes;
	int64_t len = one_in(s, 3) ? PICK(s, 0, 1, 188, 189, 452, 453, 1472,
	    1473, 2048, 4096, 8192) : (int64_t)draw(s, (uint64_t)most + 2);

	if (one_in(s, 4))
		len %= 500;
	/* an id comes round long before its 65536 datagrams are sent */
	if (s->ids_come_round && one_in(s, 3))
		t->host->ip_id = (uint16_t)draw(s, 4);
	t->asked = len;
	return (struct sys_call){.nr = SYS_SENDTO, .fd = t->fd,
	    .addr = t->addr + (one_in(s, 2) ? 0 : draw(s, PAGE_SIZE)),
	    .len = len};
}

static struct sys_call
draw_read(struct storm *s, struct talker *t)
{
	t->asked = one_in(s, 4) ? (int64_t)draw(s, 3000) + 1 : 70000;
	return (struct sys_call){.nr = SYS_READ, .fd = t->fd,
	    .addr = t->addr + draw(s, 100), .len = t->asked,
	    .is_dontwait = one_in(s, 20)};
}

static struct sys_call
draw_call(struct storm *s, struct talker *t)
{
	if (t->addr == 0)
		return (struct sys_call){.nr = SYS_MMAP, .len = BUFFER};
	if (t->is_sender && t->n_left-- <= 0)
		return (struct sys_call){.nr = SYS_EXIT};
	/* another one has the port */
	if (t->fd == REFUSED)
		return (struct sys_call){.nr = SYS_EXIT};
	if (t->fd < 0)
		return draw_open(s, t);
	if (one_in(s, 60))
		return (struct sys_call){.nr = SYS_CLOSE, .fd = t->fd};
	if (one_in(s, t->is_sender ? 4 : 30))
		return (struct sys_call){.nr = SYS_SLEEP,
		    .len = s->world.cal.now + (int64_t)draw(s,
		    (uint64_t)PICK(s, 1000, 20000, 1000000)) * PS_PER_US};
	if (t->is_sender && one_in(s, 10))
		return (struct sys_call){.nr = SYS_TOUCH, .addr = t->addr,
		    .len = 9000, .is_full = one_in(s, 2)};
	/* long enough for fragments to be given up */
	if (one_in(s, 500))
		return (struct sys_call){.nr = SYS_SLEEP,
		    .len = s->world.cal.now + 31 * PS_PER_S};
	return t->is_sender ? draw_send(s, t) : draw_read(s, t);
}

/* What the kernel names a datagram: who sent it, and its place. */
static void
check_read(struct storm *s, const struct talker *t, int64_t n)
{
	uint64_t name = t->p->call.content;

	if (n == 0)
		return;
	for (int i = 0; i < s->n_talkers; i++) {
		const struct talker *from = &s->talkers[i];

		for (int j = 0; j < from->n_sent; j++) {
			int64_t len = from->sent[j].len;

			if (from->sent[j].place != name)
				continue;
			len = len < t->asked ? len : t->asked;
			if (n != len)
				storm_fail(s, "what is read was sent", len, n);
			return;
		}
	}
	storm_fail(s, "a datagram read was sent", 0, (int64_t)name);
}

static void
learn_sent(struct storm *s, struct talker *t, int64_t result)
{
	const struct socket *so = fd_socket(t->p, t->fd);

	s->seen->empty += result == 0;
	s->seen->refused += result == SYS_EMSGSIZE;
	s->seen->enobufs += result == SYS_ENOBUFS;
	if (result <= 0)
		return;
	if (result != t->asked)
		storm_fail(s, "a datagram is sent as a whole", t->asked,
		    result);
	t->sent[t->n_sent].place = content_name(so->so_id,
	    so->udp.place - (uint64_t)result);
	t->sent[t->n_sent++].len = result;
}

static void
learn(struct storm *s, struct talker *t, int64_t result)
{
	switch (t->last) {
	case SYS_MMAP:
		t->addr = (uint64_t)result;
		break;
	case SYS_UDP_CONNECT:
	case SYS_UDP_BIND:
		t->fd = result >= 0 ? (int)result : REFUSED;
		break;
	case SYS_CLOSE:
		t->fd = NO_SOCKET;
		break;
	case SYS_SENDTO:
		learn_sent(s, t, result);
		break;
	case SYS_READ:
		s->seen->would_block += result == SYS_EWOULDBLOCK;
		s->seen->ended += result == SYS_ENDED;
		if (result >= 0)
			check_read(s, t, result);
		break;
	default:
		break;
	}
}

static void
go_on(struct storm *s, struct talker *t)
{
	while (t->is_woken) {
		int64_t result = t->p->result;
		struct sys_call call;

		if (t->has_called)
			learn(s, t, result);
		call = result == SYS_ENDED && t->has_called ?
		    (struct sys_call){.nr = SYS_EXIT} : draw_call(s, t);
		t->last = call.nr;
		t->has_called = true;
		t->is_woken = false;
		s->seen->calls++;
		if (!sys_enter(t->p, &call))
			t->is_woken = true;
	}
}

static void
check_books(struct storm *s, const struct audit *audit)
{
	for (uint32_t i = 0; i < audit->n && i < AUDIT_MAX_LINES; i++)
		storm_fail(s, audit->lines[i].what, audit->lines[i].expected,
		    audit->lines[i].actual);
}

static void
rage(struct storm *s)
{
	do {
		struct audit audit = {0};

		for (int i = 0; i < s->n_talkers; i++)
			go_on(s, &s->talkers[i]);
		host_audit_running(&s->world.host, &audit);
		host_audit_running(&s->world.far, &audit);
		check_books(s, &audit);
	} while (world_advance(&s->world, SIM_TIME_NEVER) != WORLD_OVER);
}

/*
 * Its end
 */
static void
note_host(struct storm *s, const struct host *host)
{
	struct udp_storm_seen *seen = s->seen;
	const struct ip_stats *ip = &host->frags.stats;
	const struct udp_in_stats *in = &host->udp_in;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		seen->sent += so->udp.stats.n_sent;
		seen->packets += so->udp.stats.n_packets;
		seen->read += so->udp.stats.n_read;
		seen->cut += so->udp.stats.n_truncated;
		seen->discarded += so->udp.stats.n_discarded;
	}
	seen->loans += host->sosend_counters.loan_big;
	seen->input_drops += host->nic.stats.n_rx_dropped +
	    host->softnet.n_drops;
	seen->driver_nobufs += host->nobufs.n_driver;
	seen->fragments += ip->ips_fragments;
	seen->fragdropped += ip->ips_fragdropped;
	seen->reassembled += ip->ips_reassembled;
	seen->timed_out += ip->ips_fragtimeout;
	seen->drained += ip->n_drained;
	seen->whole += in->udps_ipackets;
	seen->badsum += in->udps_badsum;
	seen->noport += in->udps_noport;
	seen->fullsock += in->udps_fullsock;
	seen->nobufs += in->n_nobufs;
}

static bool
has_lost(const struct host *from, const struct host *to,
    const struct path *path)
{
	return path->stats.n_lost > 0 || path->stats.n_queue_drops > 0 ||
	    path->stats.n_duplicated > 0 || from->nobufs.n_driver > 0 ||
	    to->nobufs.n_driver > 0 || to->nic.stats.n_rx_dropped > 0 ||
	    to->softnet.n_drops > 0 || to->frags.stats.ips_fragdropped > 0 ||
	    (to->mbufs.is_limited && to->frags.stats.n_drained > 0);
}

/* Where nothing is lost on the way, all that was sent has come, once. */
static void
check_clean(struct storm *s, const struct host *from, const struct host *to,
    const struct path *path)
{
	int64_t n_sent = 0;

	if (s->ids_come_round || has_lost(from, to, path))
		return;
	for (const struct socket *so = from->sockets; so != NULL;
	    so = so->next)
		n_sent += so->udp.stats.n_sent;
	if (n_sent != to->udp_in.udps_ipackets)
		storm_fail(s, "all that was sent has come", n_sent,
		    to->udp_in.udps_ipackets);
	s->seen->clean_worlds += n_sent > 0;
}

static void
note(struct storm *s)
{
	struct world *w = &s->world;
	const struct path_stats *out = &w->to_peer_path.stats;
	const struct path_stats *back = &w->to_board_path.stats;

	note_host(s, &w->host);
	note_host(s, &w->far);
	s->seen->lost += out->n_lost + back->n_lost;
	s->seen->copied += out->n_duplicated + back->n_duplicated;
	s->seen->reordered += out->n_reordered + back->n_reordered;
	check_clean(s, &w->host, &w->far, &w->to_peer_path);
	check_clean(s, &w->far, &w->host, &w->to_board_path);
	if (w->outcome != WORLD_DONE)
		storm_fail(s, "the run comes to its end", WORLD_DONE,
		    w->outcome);
	machine_assert_empty(&w->host);
	machine_assert_empty(&w->far);
}

static void
add_talkers(struct storm *s)
{
	int n_pairs = (int)draw(s, MAX_PAIRS) + 1;

	for (int i = 0; i < n_pairs; i++) {
		int sender = (int)draw(s, 2);
		uint16_t port = (uint16_t)(FIRST_PORT + draw(s, 3));

		add_talker(s, 1 - sender, false, port);
		add_talker(s, sender, true, port);
	}
}

void
udp_storm_run(uint64_t seed, const char *program, struct udp_storm_seen *seen)
{
	static struct storm s;
	struct audit audit = {0};
	char again[200];
	struct check_context context = {.seed = (int64_t)seed,
	    .now = &s.world.cal.now, .command = again};
	struct world_config config;

	memset(&s, 0, sizeof s);
	s.seed = seed;
	s.seen = seen;
	s.again = again;
	snprintf(again, sizeof again, "LOANSIM_UDP_SEED=%" PRIu64 " %s", seed,
	    program);
	check_set_context(&context);
	random_init(&s.random, seed, 0);
	config = draw_config(&s);
	s.most_bytes = PICK(&s, 2048, 9216, 9216, 9216, 65507);
	/* three senders on a host without clusters must not need all mbufs */
	if (config.host.mbufs > 0 || config.far.mbufs > 0)
		s.most_bytes = 9216;
	s.ids_come_round = one_in(&s, 10);
	world_init(&s.world, &config);
	add_talkers(&s);
	rage(&s);
	world_audit(&s.world, &audit);
	check_books(&s, &audit);
	note(&s);
	world_fini(&s.world);
	check_set_context(NULL);
}
