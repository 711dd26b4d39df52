#define _GNU_SOURCE
#include "sim/engine/engine.h"

#include <math.h>
#include <signal.h>
#include <simgrid/actor.h>
#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <simgrid/semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "models/base/check.h"
#include "sim/engine/actors.h"
#include "sim/engine/machine_model.h"
#include "sim/engine/platform.h"
#include "sim/process/steps.h"

/* As the option says it: the same as ACTOR_STACK_KIB. */
#define STACK_KIB	"64"
_Static_assert(ACTOR_STACK_KIB == 64, "one size of stacks");

/* The actors' hosts; the machines are not SimGrid's: their speed is nothing. */
#define HOST_XML(name)	"<host id=\"" name "\" speed=\"1Gf\"/>"
#define PLATFORM_XML(hosts)						\
	"<?xml version='1.0'?>\n"					\
	"<!DOCTYPE platform SYSTEM "					\
	"\"https://simgrid.org/simgrid.dtd\">\n"			\
	"<platform version=\"4.1\"><zone id=\"world\" "		\
	"routing=\"Full\">" hosts "</zone></platform>\n"

static const char one_host_xml[] = PLATFORM_XML(HOST_XML("board"));
static const char two_hosts_xml[] =
    PLATFORM_XML(HOST_XML("board") HOST_XML("peer"));

/* A process with a stack. */
struct actor {
	struct run *run;
	sg_sem_t awake;
	struct actor *next_woken;
};

/* What runs, and who goes in steps. */
struct run {
	struct world *world;
	struct steps steps;
	struct actor *driver;	/* who lets time go on while he waits, or NULL:
				 * nobody, or SimGrid's slot */
	bool driver_is_woken;
	struct actor *woken;	/* others whom he has woken, in order */
	struct actor **woken_end;
};

/* => a wake-up is for an actor, and no longer for who goes in steps */
static enum world_step
go_on(struct run *run, sim_time limit)
{
	enum world_step step = WORLD_WAKE;

	for (;;) {
		steps_run(&run->steps);
		if (step != WORLD_WAKE || world_n_in_program(run->world) > 0)
			return step;
		step = world_advance(run->world, limit);
	}
}

static double
advance(void *arg, double limit_s)
{
	struct run *run = arg;
	double clock = simgrid_get_clock();
	sim_time limit = limit_s < 0 ? SIM_TIME_NEVER :
	    llround((clock + limit_s) * (double)PS_PER_S);

	/* asked again while an actor of this date has not run yet: it waits */
	switch (go_on(run, limit)) {
	case WORLD_WAKE:
		return (double)run->world->cal.now / (double)PS_PER_S;
	case WORLD_LIMIT:
		return clock + limit_s;
	case WORLD_OVER:
		return -1.0;
	}
	return -1.0;
}

/* SimGrid switches at once: it must not do so in the middle of an event. */
static void
release_woken(struct run *run)
{
	struct actor *actor = run->woken, *next;

	run->woken = NULL;
	run->woken_end = &run->woken;
	for (; actor != NULL; actor = next) {
		next = actor->next_woken;
		sg_sem_release(actor->awake);
	}
}

/* => false: who drives has to wait yet, for others may go on */
static bool
drive(struct actor *actor)
{
	struct run *run = actor->run;
	enum world_step step;

	run->driver = actor;
	run->driver_is_woken = false;
	step = go_on(run, SIM_TIME_NEVER);
	CHECK(step == WORLD_WAKE, "a world is not over while a program waits");
	run->driver = NULL;
	return run->driver_is_woken;
}

/*
 * Who waits lets time go on by himself until any program may run: as a rule it
 * is his, and SimGrid has nothing to do.
 */
void
proc_wait(struct process *ps)
{
	struct actor *actor = ps->engine;
	bool is_woken = drive(actor);

	release_woken(actor->run);
	if (!is_woken)
		sg_sem_acquire(actor->awake);
}

static void
wake(void *arg)
{
	struct process *ps = arg;
	struct actor *actor = ps->engine;
	struct run *run = actor->run;

	if (run->driver == NULL)
		sg_sem_release(actor->awake);
	else if (run->driver == actor)
		run->driver_is_woken = true;
	else {
		actor->next_woken = NULL;
		*run->woken_end = actor;
		run->woken_end = &actor->next_woken;
	}
}

static void
actor_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	process_main(sg_actor_get_data(sg_actor_self()));
}

/* SimGrid must see neither the user's options nor the user's signals. */
static void
start_simgrid(void)
{
	char name[] = "loansim", quiet[] = "--log=root.thresh:error";
	char precise[] = "--cfg=surf/precision:1e-12";
	char stack[] = "--cfg=contexts/stack-size:" STACK_KIB;
	char factory[64] = "--cfg=contexts/factory:";
	char *argv[] = {name, quiet, precise, stack, NULL, NULL};
	const char *wanted = getenv("LOANSIM_CONTEXTS");
	struct sigaction before;
	int argc = 4;

	sigaction(SIGINT, NULL, &before);
	if (wanted != NULL && strlen(wanted) < 16) {
		strcat(factory, wanted);
		argv[argc++] = factory;
	}
	simgrid_init(&argc, argv);
	/* it takes the signal; whoever had it gets it back */
	sigaction(SIGINT, &before, NULL);
}

void
eng_prepare(void)
{
	static bool is_started;

	if (!is_started)
		start_simgrid();
	is_started = true;
}

static void
load_platform(const char *xml)
{
	char path[64];
	int fd = memfd_create("platform.xml", MFD_CLOEXEC);

	CHECK(fd >= 0 && write(fd, xml, strlen(xml)) == (ssize_t)strlen(xml),
	    "memory for the platform");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	simgrid_load_platform(path);
	close(fd);
}

/* Where SimGrid has the actor; clients without a platform are anywhere. */
static const char *
host_of(const struct world *world, const struct process_config *config)
{
	if (eng_platform_is_loaded())
		return eng_platform_host(config->is_client,
		    world->clients.n);
	return config->is_far ? "peer" : "board";
}

static void
start_actor(struct run *run, struct process *ps,
    const struct process_config *config)
{
	sg_actor_t handle = sg_actor_init(config->name,
	    sg_host_by_name(host_of(run->world, config)));
	struct actor *actor = calloc(1, sizeof *actor);

	CHECK(actor != NULL, "memory for a process");
	actor->run = run;
	actor->awake = sg_sem_init(0);
	ps->config = config;
	ps->engine = actor;
	ps->proc = process_make(run->world, config,
	    (struct proc_program){wake, ps});
	sg_actor_set_data(handle, ps);
	sg_actor_start(handle, actor_main, 0, NULL);
}

static void
stop_actor(struct process *ps)
{
	struct actor *actor = ps->engine;

	if (actor == NULL)
		return;
	sg_sem_destroy(actor->awake);
	free(actor);
}

bool
eng_permits(const struct process_config *configs, size_t n_processes,
    char *reason, size_t size)
{
	enum { FEW = 256 };	/* there is always room for so many */
	size_t n_actors = steps_count_stacks(configs, n_processes);
	struct actor_limits limits;

	if (n_actors <= FEW)
		return true;
	actor_limits_read(&limits);
	return actor_limits_permit(&limits, n_actors, reason, size);
}

static void
start(struct run *run, struct process *ps, const struct process_config *config)
{
	if (steps_has(config))
		steps_add(&run->steps, ps, run->world, config);
	else
		start_actor(run, ps, config);
}

void
eng_run(struct world *world, const struct process_config *configs,
    size_t n_processes)
{
	struct process *processes = calloc(n_processes, sizeof *processes);
	struct run run = {.world = world, .woken_end = &run.woken};

	CHECK(processes != NULL, "memory for the processes");
	eng_prepare();
	if (!eng_platform_is_loaded())
		load_platform(world->config.far_is_host ? two_hosts_xml :
		    one_host_xml);
	machine_model_attach(advance, &run);
	for (size_t i = 0; i < n_processes; i++)
		start(&run, &processes[i], &configs[i]);
	simgrid_run();
	CHECK(world->is_over, "SimGrid runs a world to its end");
	for (size_t i = 0; i < n_processes; i++)
		stop_actor(&processes[i]);
	free(processes);
}
