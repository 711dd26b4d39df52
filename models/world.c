#include "models/world.h"

#include <string.h>

#include "models/base/check.h"

static int64_t
bytes_acked(const struct host *host)
{
	int64_t sum = 0;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		sum += so->stats.bytes_acked;
	return sum;
}

static void
read_meter(struct world *world, struct meter *meter)
{
	const struct cpu_stats *cpu = cpu_stats_now(&world->host.cpu);

	meter->at = world->cal.now;
	meter->bytes_acked = bytes_acked(&world->host);
	meter->cpu_busy = 0;
	for (int i = 0; i < CPU_N_LEVELS; i++)
		meter->cpu_busy += cpu->busy_ps[i];
	meter->bus_busy = cpu->bus_ps + world->host.bus.dma_busy_ps;
	meter->wire_busy = link_busy_at(&world->to_peer.link, world->cal.now) +
	    nic_wire_time(&world->host.nic);
}

/* The last byte of a closing socket is acknowledged: perhaps the end. */
static void
data_done(void *arg)
{
	struct world *world = arg;

	if (!world->end_is_final)
		read_meter(world, &world->end);
}

static void
warmup_over(void *arg)
{
	struct world *world = arg;

	read_meter(world, &world->start);
}

static void
duration_over(void *arg)
{
	struct world *world = arg;

	read_meter(world, &world->end);
	world->end_is_final = true;
	host_stop(&world->host);
}

static void
drain_over(void *arg)
{
	struct world *world = arg;

	bool is_late = host_drop_all(&world->host) > 0 ||
	    world->host.n_procs_alive > 0;

	clock_stop(&world->host.clock);
	peer_quit(&world->peer);
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

	CHECK(world->host.kva.socurkva <= world->host.kva.somaxkva,
	    "the loans keep to somaxkva");
	CHECK(world->host.identity.n_wrong == 0,
	    "content fetched is content written");
	if (world->cal.n_fired % FULL_WALK_EVERY != 0)
		return;
	host_audit_running(&world->host, &audit);
	peer_audit(&world->peer, &audit);
	CHECK(audit.n == 0, "the books balance while the run goes on");
}
#endif

void
world_init(struct world *world, const struct world_config *config)
{
	memset(world, 0, sizeof *world);
	world->config = *config;
	cal_init(&world->cal);
	wire_init(&world->to_peer, &world->cal, &config->link, peer_receive,
	    &world->peer);
	wire_init(&world->to_board, &world->cal, &config->link, nic_receive,
	    &world->host.nic);
	host_init(&world->host, &config->host, &world->cal, &world->to_peer);
	peer_init(&world->peer, &config->peer, &world->cal, &world->to_board);
	world->host.data_done = data_done;
	world->host.data_done_arg = world;
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
	host_fini(&world->host);
	peer_fini(&world->peer);
	wire_fini(&world->to_peer);
	wire_fini(&world->to_board);
	cal_fini(&world->cal);
}

static void
note_deadlock(struct world *world)
{
	/* what the first one leaves behind is no second one */
	if (world->outcome == WORLD_DEADLOCK)
		return;
	world->outcome = WORLD_DEADLOCK;
	world->deadlock_at = world->cal.now;
	for (const struct proc *p = world->host.procs; p != NULL; p = p->next)
		if (p->state == PROC_ASLEEP &&
		    world->n_waiters < WORLD_MAX_WAITERS)
			memcpy(world->waiters[world->n_waiters++], p->name,
			    PROC_NAME_BYTES);
}

/*
 * Nothing is left to happen.  => true: there is something to do yet
 */
static bool
wind_up(struct world *world)
{
	struct host *host = &world->host;

	if (host->n_procs_alive > 0) {
		note_deadlock(world);
		host_stop(host);
		return true;
	}
	if (host_drop_all(host) > 0) {
		/* a connection that neither closes nor waits */
		note_deadlock(world);
		return true;
	}
	return host_reap(host);
}

enum world_step
world_advance(struct world *world, sim_time limit)
{
	CHECK(world->host.n_in_program == 0,
	    "time stands still while a program runs");
	while (!world->is_over) {
		switch (cal_run(&world->cal, limit)) {
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
