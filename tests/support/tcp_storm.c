#include "tests/support/tcp_storm.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "models/base/check.h"
#include "tests/support/machine.h"
#include "tests/support/tcp_watch.h"

enum { MAX_PAIRS = 3, MAX_SESSIONS = 4, FIRST_PORT = 1000,
	CROSSED_CONN = 100 };

struct storm {
	uint64_t seed;
	struct random random;
	struct world world;
	struct tcp_watch watch;
	struct tcp_talker talkers[2 * MAX_PAIRS];
	int n_talkers;
	bool is_wide;		/* windows, see widen */
	bool is_explained;	/* the deadlock */
	struct tcp_storm_seen *seen;
};

/* In half of it, keepalive of two hours ends what has been forgotten. */
#define DRAIN	(20000 * PS_PER_S)

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

/*
 * A world
 */
static void
draw_sosend(struct storm *s, struct host_config *host)
{
	host->sosend.sosend_loan = one_in(s, 2);
	host->sosend.sock_loan_thresh = PICK(s, 1, 216, 4096, 4096, 16384);
	host->sosend.sock_loan_chunk = PICK(s, 4096, 5000, 65536, 65536);
	host->somaxkva = PICK(s, 139264, 262144, 16777216, 16777216);
	host->sbappend = one_in(s, 2) ? SB_APPEND_WALK : SB_APPEND_TAIL;
	host->ifq_maxlen = PICK(s, 3, 50, 50, 50);
	host->hz = 10;
}

static uint32_t
draw_iss(struct storm *s)
{
	return one_in(s, 2) ? UINT32_MAX - (uint32_t)draw(s, 150000) :
	    (uint32_t)draw(s, UINT32_MAX);
}

static void
draw_tcp(struct storm *s, struct tcp_config *tcp)
{
	tcp->output = one_in(s, 2) ? TCP_OUTPUT_COPY : TCP_OUTPUT_REFERENCE;
	tcp->timestamps = one_in(s, 2);
	tcp->window_scale = one_in(s, 2);
	tcp->newreno = one_in(s, 2);
	tcp->ack_on_push = one_in(s, 3);
	tcp->timers = one_in(s, 2) ? TCP_TIMERS_TICKS : TCP_TIMERS_FINE;
	tcp->init_win = PICK(s, 0, 1, 2, 4, 10);
	tcp->mtu = PICK(s, 296, 576, 1500, 1500, 1500);
	tcp->iss = draw_iss(s);
	tcp->rto_min = PICK(s, 10, 200, 200, 1000) * PS_PER_MS;
	tcp->delack = PICK(s, 1, 40, 200, 200, 500) * PS_PER_MS;
	tcp->keepidle = PICK(s, 1, 5, 7200) * PS_PER_S;
	tcp->keepintvl = PICK(s, 1, 2, 75) * PS_PER_S;
	tcp->msl = PICK(s, 1, 500, 30000) * PS_PER_MS;
	tcp->recvspace = PICK(s, 2048, 8192, 16384, 65536, 233016);
}

/* Time is of no interest: most kernels cost nothing, and memory little. */
static void
draw_costs(struct storm *s, struct host_config *host)
{
	int64_t insns = PICK(s, 0, 0, 0, 0, 10, 10, 100, 1000);

	for (int op = 0; op < N_OPS; op++)
		host->cost.op_insns[op] =
		    cost_op_is_per_1k((enum kern_op)op) ? 0 : insns;
	host->bus = (struct bus_config){1000000000, 1000000000, 500000000, 0,
	    one_in(s, 2) ? BUS_FAIR : BUS_DMA_FIRST};
}

static void
draw_host(struct storm *s, struct host_config *host)
{
	draw_sosend(s, host);
	draw_tcp(s, &host->tcp);
	draw_costs(s, host);
}

static void
draw_loss(struct storm *s, struct path_loss_config *loss)
{
	loss->p = PICK(s, 0, 0, 1, 10, 10, 30, 100) * RANDOM_CERTAIN / 1000;
	loss->burst_milli = PICK(s, 1000, 1000, 3000, 8000);
	if (!path_loss_is_possible(loss))
		loss->burst_milli = PATH_BURST_NONE;
}

static void
draw_path(struct storm *s, struct path_config *path)
{
	path->seed = random_next(&s->random);
	path->delay = PICK(s, 0, 100, 2000, 10000, (int64_t)draw(s, 50000)) *
	    PS_PER_US;
	if (one_in(s, 10))
		return;
	draw_loss(s, &path->loss);
	path->reorder = PICK(s, 0, 0, 1, 10, 50) * RANDOM_CERTAIN / 1000;
	path->reorder_delay =
	    (int64_t)draw(s, 30000) * PS_PER_US + PS_PER_US;
	path->duplicate = PICK(s, 0, 0, 1, 10, 50) * RANDOM_CERTAIN / 1000;
	path->bits_per_s = PICK(s, 0, 0, 1000000, 10000000, 50000000);
	path->queue_limit = PICK(s, 1, 3, 10, 50);
}

static void
draw_peer(struct storm *s, struct peer_config *peer)
{
	peer->recvspace = PICK(s, 4096, 16384, 65536, 1000000);
	peer->mss = PICK(s, 256, 536, 1460, 1460);
	peer->delack_segments = PICK(s, 1, 2, 3);
	peer->turnaround = PICK(s, 0, 3 * PS_PER_US);
	peer->read_rate = PICK(s, 0, 0, 20000, 1000000);
	peer->read_start = PICK(s, 0, 0, 2) * PS_PER_S;
}

static struct world_config
draw_config(struct storm *s)
{
	struct world_config config = machine_config();

	config.far_is_host = !one_in(s, 5);
	config.far = config.host;
	draw_host(s, &config.host);
	draw_host(s, &config.far);
	draw_peer(s, &config.peer);
	draw_path(s, &config.to_peer_path);
	draw_path(s, &config.to_board_path);
	config.link.bits_per_s = PICK(s, 10000000, 100000000);
	config.link.delay = PICK(s, 0, PS_PER_US);
	config.duration = PICK(s, 5, 30, 100, 300) * PS_PER_S;
	config.drain = DRAIN;
	return config;
}

/*
 * Small segments, wide windows and a slow wire on which nothing is lost: what
 * waits to be sent fills the controller's ring and the interface's queue.
 */
static void
widen(struct world_config *config)
{
	struct host_config *hosts[] = {&config->host, &config->far};

	for (int i = 0; i < 2; i++) {
		hosts[i]->tcp.mtu = 296;
		hosts[i]->tcp.window_scale = true;
		hosts[i]->ifq_maxlen = 5;
	}
	config->link.bits_per_s = 10000000;
	config->to_peer_path = config->to_board_path =
	    (struct path_config){.delay = PS_PER_MS};
}

/*
 * Its programs
 */
static void
nobody_waits(void *arg)
{
	(void)arg;
}

static void
add_talker(struct storm *s, int host, struct tcp_talker talker)
{
	struct tcp_talker *t = &s->talkers[s->n_talkers];
	char name[PROC_NAME_BYTES];

	snprintf(name, sizeof name, "talker%d", s->n_talkers++);
	*t = talker;
	t->host = world_host(&s->world, host);
	t->other = s->world.config.far_is_host ?
	    world_host(&s->world, 1 - host) : NULL;
	t->random = &s->random;
	t->seen = &s->seen->talk;
	t->p = host_add_proc(t->host, name,
	    (struct proc_program){nobody_waits, NULL});
	tcp_talk_init(t);
}

static void
add_pair(struct storm *s, int pair)
{
	int caller = s->world.config.far_is_host ? (int)draw(s, 2) : 0;
	struct tcp_talker t = {.role = TCP_TALK_CALLER,
	    .port = (uint16_t)(FIRST_PORT + pair),
	    .n_sessions = (int)draw(s, MAX_SESSIONS) + 1,
	    .most_bytes = PICK(s, 3000, 100000, 300000, 1000000),
	    .least_buffer = s->is_wide ? SB_MAX_HIWAT : 0};

	if (s->world.config.far_is_host && one_in(s, 5))
		t.conn = (uint16_t)(CROSSED_CONN + MAX_SESSIONS * pair);
	add_talker(s, caller, t);
	if (!s->world.config.far_is_host)
		return;
	if (t.conn == 0)
		t.role = TCP_TALK_SERVER;
	add_talker(s, 1 - caller, t);
}

/* Has the other end gone, and what it said last been lost? */
static bool
is_half_open(const struct storm *s, const struct tcp_talker *t)
{
	const struct socket *other;
	const struct peer_conn *c;

	if (t->fd < 0)
		return false;
	if (t->other == NULL) {
		/* a dozen FINs */
		c = peer_find(&s->world.peer, t->so->so_id);
		return c != NULL && c->state == PEER_CLOSED;
	}
	other = host_find_socket(t->other, t->so->so_id);
	return other == NULL || other->is_detached;
}

/*
 * Nothing is left to happen, but some programs wait: for callers, or for the
 * other end of a connection, which has gone, and what it said last was lost.
 */
static void
explain_deadlock(struct storm *s)
{
	if (s->is_explained || s->world.outcome != WORLD_DEADLOCK)
		return;
	s->is_explained = true;
	for (int i = 0; i < s->n_talkers; i++) {
		const struct tcp_talker *t = &s->talkers[i];

		if (t->p->state == PROC_DEAD || t->last == SYS_ACCEPT)
			continue;
		if (!is_half_open(s, t))
			tcp_watch_fail(&s->watch, "a program was forgotten",
			    i, t->last);
		s->seen->half_open++;
	}
}

static void
go_on(struct storm *s)
{
	for (int i = 0; i < s->n_talkers; i++)
		while (s->talkers[i].p->state == PROC_IN_PROGRAM)
			tcp_talk_go_on(&s->talkers[i]);
}

/*
 * Long after the duration programs still wait.  One of them must read from a
 * connection whose other end has gone; the rest may wait for that program.
 */
static void
explain_lateness(struct storm *s)
{
	int n = 0;

	for (int i = 0; i < s->n_talkers; i++)
		n += s->talkers[i].p->state == PROC_ASLEEP &&
		    s->talkers[i].last == SYS_READ &&
		    is_half_open(s, &s->talkers[i]);
	if (n == 0)
		tcp_watch_fail(&s->watch, "the run has an end", 0, 0);
	s->seen->half_open += n;
}

static void
rage(struct storm *s)
{
	sim_time late = s->world.config.duration + DRAIN / 2;
	enum world_step step;

	do {
		go_on(s);
		step = world_advance(&s->world, late);
		explain_deadlock(s);
		if (step == WORLD_LIMIT) {
			explain_lateness(s);
			late = SIM_TIME_NEVER;
		}
	} while (step != WORLD_OVER);
}

/*
 * Its end
 */

/* Who has heard the FIN has heard all that was written. */
static void
check_whole(struct storm *s, const struct socket *so,
    const struct socket *other)
{
	const struct tcpcb *tp = &so->tcpcb;

	if (!tp->t_fin_came || tp->rcv_nxt != tp->t_fin_at + 1)
		return;
	/* of a number that was used again, nobody knows who was who's */
	if (so->older != NULL || other->older != NULL)
		return;
	s->seen->talk.read_to_end++;
	if (other->stats.bytes_dropped == 0 &&
	    other->stats.bytes_written != so->stats.bytes_received)
		tcp_watch_fail(&s->watch, "a FIN ends all that was written",
		    other->stats.bytes_written, so->stats.bytes_received);
}

static void
check_audit(struct storm *s)
{
	struct audit audit = {0};

	world_audit(&s->world, &audit);
	for (uint32_t i = 0; i < audit.n && i < AUDIT_MAX_LINES; i++)
		fprintf(stderr, "audit: %s: expected %" PRId64 ", found %"
		    PRId64 "\n", audit.lines[i].what,
		    audit.lines[i].expected, audit.lines[i].actual);
	if (audit.n > 0)
		tcp_watch_fail(&s->watch, "the books balance", audit.n, 0);
}

static void
note_socket(struct storm *s, const struct socket *so)
{
	const struct tcp_stats *stats = &so->tcpcb.stats;
	struct tcp_storm_seen *seen = s->seen;

	seen->data += stats->n_segments;
	seen->retransmits += stats->n_retransmits;
	seen->fast_retransmits += stats->n_fast_retransmits;
	seen->timeouts += stats->n_timeouts;
	seen->persists += stats->n_persists;
	seen->keep_probes += stats->n_keep_probes;
	seen->dup_acks += stats->n_dup_acks;
	seen->out_of_order += stats->n_out_of_order;
	seen->duplicates += stats->n_duplicates;
	seen->beyond_window += stats->n_beyond_window;
	seen->paws += stats->n_paws;
	seen->predicted_acks += stats->n_predicted_acks;
	seen->predicted_data += stats->n_predicted_data;
	seen->quenches += stats->n_quenches;
	seen->bytes_read += so->stats.bytes_read;
	seen->bytes_discarded += so->stats.bytes_discarded;
	seen->bytes_dropped += so->stats.bytes_dropped;
	seen->wraps += so->tcpcb.snd_max < so->tcpcb.iss;
}

static void
note_host(struct storm *s, struct host *host, struct host *other)
{
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		note_socket(s, so);
		if (other != NULL && so->tcpcb.t_fin_came)
			check_whole(s, so,
			    host_find_socket(other, so->so_id));
	}
	s->seen->loans += host->sosend_counters.loan_big;
	s->seen->refused_loans += host->n_loans_refused;
	s->seen->soft_faults += host->vm.stats.n_soft_faults;
	s->seen->cow_faults += host->vm.stats.n_cow_faults;
	s->seen->fetches += host->identity.n_fetches;
	s->seen->input_drops += host->softnet.n_drops +
	    host->nic.stats.n_rx_dropped;
	s->seen->kva_waits += host->sosend_counters.kva_limit;
	machine_assert_empty(host);
}

static void
note_path(struct storm *s, const struct path *path)
{
	s->seen->lost += path->stats.n_lost;
	s->seen->dropped += path->stats.n_queue_drops;
	s->seen->reordered += path->stats.n_reordered;
	s->seen->copied += path->stats.n_duplicated;
}

static void
note(struct storm *s)
{
	struct world *world = &s->world;
	bool is_far = world->config.far_is_host;

	note_host(s, &world->host, is_far ? &world->far : NULL);
	if (is_far)
		note_host(s, &world->far, &world->host);
	note_path(s, &world->to_peer_path);
	note_path(s, &world->to_board_path);
	s->seen->frames += s->watch.n_frames;
	s->seen->resets += s->watch.n_resets;
}

void
tcp_storm_run(uint64_t seed, const char *program,
    struct tcp_storm_seen *seen)
{
	static struct storm s;
	char again[200];
	struct check_context context = {.seed = (int64_t)seed,
	    .now = &s.world.cal.now, .command = again};
	struct world_config config;
	int n_pairs;

	memset(&s, 0, sizeof s);
	s.seed = seed;
	s.seen = seen;
	snprintf(again, sizeof again, "LOANSIM_TCP_SEED=%" PRIu64 " %s", seed,
	    program);
	check_set_context(&context);
	random_init(&s.random, seed, 0);
	config = draw_config(&s);
	s.is_wide = one_in(&s, 40);
	if (s.is_wide)
		widen(&config);
	world_init(&s.world, &config);
	tcp_watch_attach(&s.watch, &s.world, one_in(&s, 16));
	n_pairs = (int)draw(&s, MAX_PAIRS) + 1;
	for (int i = 0; i < n_pairs; i++)
		add_pair(&s, i);
	rage(&s);
	check_audit(&s);
	note(&s);
	world_fini(&s.world);
	check_set_context(NULL);
}
