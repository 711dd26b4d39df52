#include "models/kern/kctx.h"

#include <string.h>

#include "models/base/check.h"
#include "models/host.h"

void
kctx_init(struct kctx *k, struct host *host, const char *name,
    enum cpu_level level)
{
	memset(k, 0, sizeof *k);
	k->host = host;
	cpu_task_init(&k->task, name, level, k);
}

void
kctx_op(struct kctx *k, enum kern_op op, int64_t n)
{
	cost_op(&k->cost, &k->host->costs, op, n);
}

static void
step_done(void *arg)
{
	struct kctx *k = arg;

	k->then(k);
}

void
kctx_spend_mode(struct kctx *k, enum cpu_spl spl, enum cpu_mode mode,
    kctx_fn then)
{
	struct cost cost = k->cost;

	k->cost = (struct cost){0};
	k->then = then;
	cpu_post(&k->host->cpu, &k->task, &cost, spl, mode, step_done);
}

void
kctx_spend(struct kctx *k, enum cpu_spl spl, kctx_fn then)
{
	kctx_spend_mode(k, spl, CPU_IN_KERNEL, then);
}

void
kctx_call(struct kctx *k, kctx_fn after)
{
	CHECK(k->depth < KCTX_DEPTH, "kernel code calls to a bounded depth");
	k->ret[k->depth++] = after;
}

void
kctx_return(struct kctx *k)
{
	CHECK(k->depth > 0, "a return has a caller");
	k->ret[--k->depth](k);
}
