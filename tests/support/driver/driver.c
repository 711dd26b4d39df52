/*
 * The second engine: eng_run without SimGrid.
 *
 * Each process is a coroutine (ucontext); proc_wait switches back to the loop
 * that lets the world's time pass.  Linked in place of sim/engine, it makes the
 * same program from the same sources, whose output must be the same, bit by
 * bit.  It can run any number of times, which tests of properties need.
 */
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

#include "models/base/check.h"
#include "sim/engine/engine.h"

enum { STACK_BYTES = 256 * 1024 };

/* The coroutine of one process. */
struct coroutine {
	struct process ps;
	ucontext_t self;
	ucontext_t *loop;
	bool is_ready;
	bool is_ended;
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
	((struct coroutine *)arg)->is_ready = true;
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
start(struct coroutine *co, struct world *world, ucontext_t *loop,
    const struct process_config *config)
{
	struct proc_program program = {wake, co};

	co->loop = loop;
	co->is_ready = true;
	co->stack = malloc(STACK_BYTES);
	CHECK(co->stack != NULL, "memory for a coroutine's stack");
	make_context(co);
	co->ps.config = config;
	co->ps.engine = co;
	co->ps.proc = host_add_proc(world_host(world, config->is_far),
	    config->name, program);
}

static void
run_ready(struct coroutine *cos, size_t n, ucontext_t *loop)
{
	for (size_t i = 0; i < n; i++)
		while (cos[i].is_ready && !cos[i].is_ended) {
			cos[i].is_ready = false;
			swapcontext(loop, &cos[i].self);
		}
}

void
eng_prepare(void)
{
}

void
eng_run(struct world *world, const struct process_config *configs,
    size_t n_processes)
{
	struct coroutine *cos = calloc(n_processes, sizeof *cos);
	ucontext_t loop;

	CHECK(cos != NULL, "memory for the coroutines");
	for (size_t i = 0; i < n_processes; i++)
		start(&cos[i], world, &loop, &configs[i]);
	do
		run_ready(cos, n_processes, &loop);
	while (world_advance(world, SIM_TIME_NEVER) == WORLD_WAKE);
	for (size_t i = 0; i < n_processes; i++) {
		CHECK(cos[i].is_ended, "every program comes to its end");
		free(cos[i].stack);
	}
	free(cos);
}
