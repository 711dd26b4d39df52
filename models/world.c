#include "models/world.h"

#include <string.h>

#include "models/base/check.h"
#include "models/world_clients.h"

/* The last byte of a closing socket is acknowledged: perhaps the end. */
static void
data_done(void *arg)
{
	struct world *world = arg;

	if (!world->end_is_final)
		world_meter(world, &world->end);
}

/*
 * A datagram of a socket that is closed: the last one may be the end.  Only one
 * that the board has sent: what it receives ends with its own socket.
 */
static void
datagram_arrived(void *arg, uint32_t conn)
{
	struct world *world = arg;
	const struct socket *so = host_find_socket(&world->host, conn);

	CHECK(so != NULL, "a datagram comes from a socket");
	if (so->is_detached)
		data_done(world);
}

static void
stop_all(struct world *world)
{
	for (int i = 0; i < world_n_hosts(world); i++)
		host_stop(world_host(world, i));
	clients_stop(&world->clients);
}

static void
duration_over(void *arg)
{
	struct world *world = arg;

	world_meter(world, &world->end);
	world->end_is_final = true;
	stop_all(world);
}

/* Enough has passed before: the duration is over now. */
static void
end_duration(struct world *world)
{
	sim_time now = world->cal.now;

	cal_cancel(&world->cal, &world->duration_over);
	cal_cancel(&world->cal, &world->drain_over);
	cal_schedule(&world->cal, &world->drain_over,
	    now + world->config.drain);
	duration_over(world);
}

static void
look_for_enough(void *arg)
{
	struct world *world = arg;
	sim_time next = world->cal.now + WORLD_ENOUGH_PERIOD;
	struct meter meter;

	world_meter(world, &meter);
	if (world->end_is_final)
		return;
	if (meter_bytes(&meter) - meter_bytes(&world->start) >=
	    world->config.enough_bytes)
		end_duration(world);
	else
		cal_schedule(&world->cal, &world->enough, next);
}

static void
warmup_over(void *arg)
{
	struct world *world = arg;

	world_meter(world, &world->start);
	if (world->config.enough_bytes > 0)
		cal_schedule(&world->cal, &world->enough,
		    world->cal.now + WORLD_ENOUGH_PERIOD);
}

static void
drain_over(void *arg)
{
	struct world *world = arg;
	bool is_late = false;

	for (int i = 0; i < world_n_hosts(world); i++) {
		struct host *host = world_host(world, i);

		is_late |= host_drop_all(host) > 0 || host->n_procs_alive > 0;
		clock_stop(&host->clock);
	}
	is_late |= world->clients.n_alive > 0;
	peer_quit(&world->peer);
	clients_quit(&world->clients);
	/* a deadlock before it is the graver news */
	if (is_late && world->outcome == WORLD_DONE)
		world->outcome = WORLD_DRAIN_TIMEOUT;
}

static void
schedule_background(struct world *world, struct cal_event *ev,
    void (*fire)(void *arg), sim_time at)
{
	cal_event_init(ev, fire, world);
	ev->is_background = true;
	cal_schedule(&world->cal, ev, at);
}

#ifdef LOANSIM_DEBUG_AUDIT
/* Debug builds: the books must balance all the time. */
static void
after_event(void *arg)
{
	enum { FULL_WALK_EVERY = 10000 };
	struct world *world = arg;
	struct audit audit = {0};

	bool is_full_walk = world->cal.n_fired % FULL_WALK_EVERY == 0;

	for (int i = 0; i < world_n_hosts(world); i++) {
		struct host *host = world_host(world, i);

		CHECK(host->kva.socurkva <= host->kva.somaxkva,
		    "the loans keep to somaxkva");
		CHECK(host->identity.n_wrong == 0,
		    "content fetched is content written");
		if (is_full_walk)
			host_audit_running(host, &audit);
	}
	if (!is_full_walk)
		return;
	path_audit(&world->to_peer_path, &audit);
	path_audit(&world->to_board_path, &audit);
	net_audit(&world->net, &audit);
	peer_audit(&world->peer, &audit);
	CHECK(audit.n == 0, "the books balance while the run goes on");
}
#endif

/*
 * One direction: a wire that delivers to the receiver; or to a path, if
 * anything is to happen on it.
 */
static void
lay(struct world *world, enum path_direction direction,
    void (*deliver)(void *arg, const struct frame *frame), void *arg)
{
	const struct world_config *config = &world->config;
	bool is_out = direction == PATH_TO_PEER;
	const struct path_config *path_config =
	    is_out ? &config->to_peer_path : &config->to_board_path;
	struct path *path =
	    is_out ? &world->to_peer_path : &world->to_board_path;

	if (!path_is_clean(path_config)) {
		path_init(path, &world->cal, path_config, direction, deliver,
		    arg);
		deliver = path_receive;
		arg = path;
	}
	wire_init(is_out ? &world->to_peer : &world->to_board, &world->cal,
	    &config->link, deliver, arg);
}

static void
nothing_done(void *arg)
{
	(void)arg;
}

/* The other end, and the wire to it. */
static void
init_far(struct world *world, const struct world_config *config)
{
	enum { FAR_NUMBERS = 0x8000 };	/* so that each calls by its own */

	peer_init(&world->peer, &config->peer, &world->cal, &world->to_board);
	world->peer.udp.arrived = datagram_arrived;
	world->peer.udp.arg = world;
	if (config->net.n_clients > 0) {
		CHECK(!config->far_is_host, "clients call past an ideal peer");
		lay(world, PATH_TO_PEER, world_clients_receive, world);
		world_clients_init(world);
		return;
	}
	if (!config->far_is_host) {
		lay(world, PATH_TO_PEER, peer_receive, &world->peer);
		return;
	}
	lay(world, PATH_TO_PEER, nic_receive, &world->far.nic);
	host_init(&world->far, &config->far, &world->cal, &world->to_board);
	world->far.last_number = FAR_NUMBERS;
	world->far.data_done = nothing_done;
	world->far.datagram_came = datagram_arrived;
	world->far.data_done_arg = world;
}

void
world_init(struct world *world, const struct world_config *config)
{
	memset(world, 0, sizeof *world);
	world->config = *config;
	cal_init(&world->cal);
	lay(world, PATH_TO_BOARD, nic_receive, &world->host.nic);
	init_far(world, config);
	host_init(&world->host, &config->host, &world->cal, &world->to_peer);
	for (size_t i = 0; i < config->n_files; i++)
		host_add_file(&world->host, config->files[i].file,
		    config->files[i].bytes, config->files[i].is_cached);
	world->host.clients = config->net.n_clients > 0 ?
	    &world->clients : NULL;
	world->host.data_done = data_done;
	world->host.data_done_arg = world;
	cal_event_init(&world->enough, look_for_enough, world);
	world->enough.is_background = true;
	schedule_background(world, &world->warmup_over, warmup_over,
	    config->warmup);
	schedule_background(world, &world->duration_over, duration_over,
	    config->duration);
	schedule_background(world, &world->drain_over, drain_over,
	    config->duration + config->drain);
#ifdef LOANSIM_DEBUG_AUDIT
	world->cal.after_event = after_event;
	world->cal.after_event_arg = world;
#endif
}

void
world_fini(struct world *world)
{
	for (int i = 0; i < world_n_hosts(world); i++)
		host_fini(world_host(world, i));
	peer_fini(&world->peer);
	clients_fini(&world->clients);
	net_fini(&world->net);
	wire_fini(&world->to_peer);
	wire_fini(&world->to_board);
	path_fini(&world->to_peer_path);
	path_fini(&world->to_board_path);
	cal_fini(&world->cal);
}

static void
note_waiter(struct world *world, const struct proc *p)
{
	if (p->state == PROC_ASLEEP && world->n_waiters < WORLD_MAX_WAITERS)
		memcpy(world->waiters[world->n_waiters++], p->name,
		    PROC_NAME_BYTES);
}

static void
note_waiters(struct world *world, const struct host *host)
{
	for (const struct proc *p = host->procs; p != NULL; p = p->next)
		note_waiter(world, p);
}

static void
note_deadlock(struct world *world)
{
	/* what the first one leaves behind is no second one */
	if (world->outcome == WORLD_DEADLOCK)
		return;
	world->outcome = WORLD_DEADLOCK;
	world->deadlock_at = world->cal.now;
	for (int i = 0; i < world_n_hosts(world); i++)
		note_waiters(world, world_host(world, i));
	for (uint32_t i = 0; i < world->clients.n; i++)
		note_waiter(world, &world->clients.client[i]->proc);
}

static bool
is_any_alive(struct world *world)
{
	bool is_alive = world->clients.n_alive > 0;

	for (int i = 0; i < world_n_hosts(world); i++)
		is_alive |= world_host(world, i)->n_procs_alive > 0;
	return is_alive;
}

/*
 * Servers wait for callers who have all gone, or for datagrams that nobody
 * sends: with nobody else left on either host, that is the end and no deadlock.
 */
static bool
only_servers_wait(const struct world *world)
{
	return !world->host.is_silent && world->clients.n_alive == 0 &&
	    host_only_serves(&world->host) &&
	    (!world->config.far_is_host || host_only_serves(&world->far));
}

static void
fall_silent(struct world *world)
{
	for (int i = 0; i < world_n_hosts(world); i++)
		host_fall_silent(world_host(world, i));
}

static uint32_t
drop_all(struct world *world)
{
	uint32_t n = 0;

	for (int i = 0; i < world_n_hosts(world); i++)
		n += host_drop_all(world_host(world, i));
	return n;
}

/*
 * Nothing is left to happen.  => true: there is something to do yet
 */
static bool
wind_up(struct world *world)
{
	bool is_reaping = false;

	if (is_any_alive(world) && only_servers_wait(world)) {
		fall_silent(world);
		return true;
	}
	if (is_any_alive(world)) {
		bool was_stopped = world->host.is_stopped;

		note_deadlock(world);
		stop_all(world);
		/* who still waits to read will hear that nothing comes */
		if (was_stopped)
			drop_all(world);
		return true;
	}
	if (drop_all(world) > 0) {
		/* a connection that neither closes nor waits */
		note_deadlock(world);
		return true;
	}
	for (int i = 0; i < world_n_hosts(world); i++)
		is_reaping |= host_reap(world_host(world, i));
	return is_reaping;
}

void
world_audit(struct world *world, struct audit *audit)
{
	int64_t n_copies_out = world->to_peer_path.stats.n_duplicated;
	int64_t n_copies_in = world->to_board_path.stats.n_duplicated;

	if (world->config.far_is_host) {
		hosts_audit(&world->host, &world->far, audit);
		udp_hosts_audit(&world->host, &world->far, n_copies_out,
		    audit);
		udp_hosts_audit(&world->far, &world->host, n_copies_in, audit);
	} else
		host_audit(&world->host, &world->peer, audit);
	udp_audit(&world->host, &world->peer.udp, n_copies_out, audit);
	path_audit(&world->to_peer_path, audit);
	path_audit(&world->to_board_path, audit);
	clients_audit(&world->host, &world->clients, audit);
	net_audit(&world->net, audit);
}

/* Somebody waits for address space that a connection's end will free. */
static bool
waits_for_late(const struct host *host)
{
	if (waitq_is_empty(&host->kva_wait))
		return false;
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		if (so->pendfree.n > 0 &&
		    tcp_timer_is_armed(&so->tcpcb, TCPT_2MSL))
			return true;
	return false;
}

/*
 * Connections that only wait for late segments keep no run alive, but their end
 * is worth waiting for to who needs what was lent to them.
 */
static enum cal_end
run(struct world *world, sim_time limit)
{
	struct calendar *cal = &world->cal;
	enum cal_end end;

	do {
		end = cal_run(cal, limit);
		if (end != CAL_IDLE || !(waits_for_late(&world->host) ||
		    waits_for_late(&world->far)))
			return end;
		cal_hold(cal);
		end = cal_run(cal, limit - cal->now > TCP_SLOW_TICK ?
		    cal->now + TCP_SLOW_TICK : limit);
		cal_release(cal);
	} while (end == CAL_LIMIT && cal->now < limit);
	return end;
}

enum world_step
world_advance(struct world *world, sim_time limit)
{
	CHECK(world_n_in_program(world) == 0,
	    "time stands still while a program runs");
	while (!world->is_over) {
		switch (run(world, limit)) {
		case CAL_STOPPED:
			return WORLD_WAKE;
		case CAL_LIMIT:
			return WORLD_LIMIT;
		case CAL_IDLE:
			world->is_over = !wind_up(world);
			break;
		}
	}
	return WORLD_OVER;
}
