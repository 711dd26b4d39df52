#include "models/kern/trap.h"

void
trap(struct proc *p, kctx_fn body)
{
	kctx_op(&p->k, OP_SYSCALL, 1);
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, body);
}

void
trap_return(struct kctx *k)
{
	proc_return(proc_of(k), proc_of(k)->result);
}

void
trap_answer(struct proc *p, int64_t result)
{
	p->result = result;
	trap(p, trap_return);
}
