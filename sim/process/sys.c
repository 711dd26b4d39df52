#include "sim/process/sys.h"

static int64_t
call_and_wait(struct process *ps, struct sys_call call)
{
	if (sys_enter(ps->proc, &call))
		proc_wait(ps);
	return ps->proc->result;
}

int
sys_connect(struct process *ps, int64_t so_sndbuf, int64_t so_sndlowat)
{
	return (int)call_and_wait(ps, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = so_sndbuf, .so_sndlowat = so_sndlowat});
}

int64_t
sys_write(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_WRITE, .fd = fd,
	    .addr = addr, .len = len});
}

int64_t
sys_close(struct process *ps, int fd)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
}

int64_t
sys_mmap(struct process *ps, int64_t len)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_MMAP, .len = len});
}

int64_t
sys_touch(struct process *ps, uint64_t addr, int64_t len, bool is_full)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_TOUCH,
	    .addr = addr, .len = len, .is_full = is_full});
}

int64_t
sys_compute(struct process *ps, int64_t cycles)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_COMPUTE, .len = cycles});
}

int64_t
sys_sleep_until(struct process *ps, sim_time at)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_SLEEP, .len = at});
}

void
sys_exit(struct process *ps)
{
	struct sys_call call = {.nr = SYS_EXIT};

	sys_enter(ps->proc, &call);
}
