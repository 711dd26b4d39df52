#include "sim/process/steps.h"

#include "sim/process/client.h"
#include "sim/process/sys.h"

/*
 * Programs, by their numbers.  step: go on with the result of the last call.
 * => false: it has come to its end
 */
static const struct {
	void (*begin)(struct process *ps);
	bool (*step)(struct process *ps, int64_t result);
} programs[] = {
    [PROGRAM_CLIENT] = {client_begin, client_step}};

bool
steps_has(const struct process_config *config)
{
	return config->own_main == NULL &&
	    config->program < sizeof programs / sizeof programs[0] &&
	    programs[config->program].step != NULL;
}

size_t
steps_count_stacks(const struct process_config *configs, size_t n)
{
	size_t n_stacks = 0;

	for (size_t i = 0; i < n; i++)
		n_stacks += !steps_has(&configs[i]);
	return n_stacks;
}

void
steps_wake(struct process *ps)
{
	struct steps *steps = ps->steps;

	ps->next_ready = NULL;
	if (steps->head != NULL)
		steps->tail->next_ready = ps;
	else
		steps->head = ps;
	steps->tail = ps;
}

static void
wake(void *arg)
{
	steps_wake(arg);
}

void
steps_add(struct steps *steps, struct process *ps, struct world *world,
    const struct process_config *config)
{
	ps->config = config;
	ps->steps = steps;
	ps->proc = process_make(world, config,
	    (struct proc_program){wake, ps});
	steps_wake(ps);
}

/* The first step is to sleep to the start; then the program begins. */
static bool
begin(struct process *ps)
{
	ps->step = programs[ps->config->program].step;
	programs[ps->config->program].begin(ps);
	return ps->config->start > 0 &&
	    sys_sleep_until(ps, ps->config->start) == SYS_WAITS;
}

static void
step(struct process *ps)
{
	if (ps->program == NULL && begin(ps))
		return;
	if (!ps->step(ps, ps->proc->result))
		sys_exit(ps);
}

void
steps_run(struct steps *steps)
{
	struct process *ps;

	while ((ps = steps->head) != NULL) {
		steps->head = ps->next_ready;
		step(ps);
	}
}
