/*
 * The second engine: eng_run without SimGrid.
 *
 * Each process is a coroutine (ucontext); proc_wait switches back to the loop
 * that lets the world's time pass.  Linked in place of sim/engine, it makes the
 * same program from the same sources, whose output must be the same, bit by
 * bit.  It can run any number of times, which tests of properties need.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#include "models/base/check.h"
#include "sim/engine/engine.h"
#include "sim/engine/platform.h"
#include "sim/process/steps.h"

enum { STACK_BYTES = 64 * 1024 };

/* Those whose program may go on, in the order in which they were woken. */
struct ready {
	struct coroutine *head;
	struct coroutine *tail;
};

/* The coroutine of one process. */
struct coroutine {
	struct process ps;
	ucontext_t self;
	ucontext_t *loop;
	bool is_ended;
	struct ready *ready;
	struct coroutine *next_ready;
	char *stack;
};

void
proc_wait(struct process *ps)
{
	struct coroutine *co = ps->engine;

	swapcontext(&co->self, co->loop);
}

static void
wake(void *arg)
{
	struct coroutine *co = arg;

	co->next_ready = NULL;
	if (co->ready->head != NULL)
		co->ready->tail->next_ready = co;
	else
		co->ready->head = co;
	co->ready->tail = co;
}

/* makecontext passes ints only: a pointer comes in two halves. */
static void
coroutine_main(unsigned high, unsigned low)
{
	struct coroutine *co = (struct coroutine *)
	    ((uintptr_t)high << 32 | (uintptr_t)low);

	process_main(&co->ps);
	co->is_ended = true;
	swapcontext(&co->self, co->loop);
}

/* getcontext returns twice, as setjmp does: nothing else may live here. */
static void
make_context(struct coroutine *co)
{
	uintptr_t at = (uintptr_t)co;

	CHECK(getcontext(&co->self) == 0, "a coroutine can be made");
	co->self.uc_stack.ss_sp = co->stack;
	co->self.uc_stack.ss_size = STACK_BYTES;
	co->self.uc_link = NULL;
	makecontext(&co->self, (void (*)(void))coroutine_main, 2,
	    (unsigned)(at >> 32), (unsigned)at);
}

static void
start(struct coroutine *co, struct world *world, struct ready *ready,
    ucontext_t *loop, const struct process_config *config)
{
	struct proc_program program = {wake, co};

	co->loop = loop;
	co->ready = ready;
	co->stack = malloc(STACK_BYTES);
	CHECK(co->stack != NULL, "memory for a coroutine's stack");
	make_context(co);
	co->ps.config = config;
	co->ps.engine = co;
	co->ps.proc = process_make(world, config, program);
	wake(co);
}

static void
run_ready(struct ready *ready, ucontext_t *loop)
{
	struct coroutine *co;

	while ((co = ready->head) != NULL) {
		ready->head = co->next_ready;
		CHECK(!co->is_ended, "no program goes on behind its end");
		swapcontext(loop, &co->self);
	}
}

void
eng_prepare(void)
{
}

bool
eng_permits(const struct process_config *configs, size_t n_processes,
    char *reason, size_t size)
{
	(void)configs;
	(void)n_processes;
	(void)reason;
	(void)size;
	return true;
}

/* What only SimGrid can read. */
bool
eng_load_platform(const struct eng_platform *platform,
    const struct process_config *processes, size_t n_processes,
    struct net_config *net, char *reason, size_t size)
{
	(void)processes;
	(void)n_processes;
	(void)net;
	snprintf(reason, size, "%s: a platform needs SimGrid",
	    platform->file);
	return false;
}

void
eng_run(struct world *world, const struct process_config *configs,
    size_t n_processes)
{
	struct coroutine *cos = calloc(n_processes, sizeof *cos);
	struct ready ready = {0};
	struct steps steps = {0};
	ucontext_t loop;

	CHECK(cos != NULL, "memory for the coroutines");
	for (size_t i = 0; i < n_processes; i++)
		if (steps_has(&configs[i]))
			steps_add(&steps, &cos[i].ps, world, &configs[i]);
		else
			start(&cos[i], world, &ready, &loop, &configs[i]);
	do {
		run_ready(&ready, &loop);
		steps_run(&steps);
	} while (world_advance(world, SIM_TIME_NEVER) == WORLD_WAKE);
	for (size_t i = 0; i < n_processes; i++) {
		CHECK(cos[i].ps.steps != NULL ? cos[i].ps.program == NULL :
		    cos[i].is_ended,
		    "every program comes to its end");
		free(cos[i].stack);
	}
	free(cos);
}
