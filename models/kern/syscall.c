#include "models/kern/syscall.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/client.h"
#include "models/kern/filecalls.h"
#include "models/kern/poll.h"
#include "models/kern/sockcalls.h"
#include "models/kern/trap.h"
#include "models/kern/usermode.h"
#include "models/kern/vmcalls.h"
#include "models/socket/soreceive.h"
#include "models/socket/sosend.h"

static void
enter_read(struct proc *p, const struct sys_call *call)
{
	if (fd_is_file(p, call->fd)) {
		filecall(p, call);
		return;
	}
	if (sockcall_take(p, call) == NULL)
		return;
	if (call->len <= 0) {
		trap_answer(p, call->len == 0 ? 0 : SYS_EINVAL);
		return;
	}
	p->call.addr = call->addr;
	p->call.resid = call->len;
	p->call.is_dontwait = call->is_dontwait;
	p->call.is_request = call->is_request;
	kctx_op(&p->k, OP_SYSCALL, 1);
	soreceive(p);
}

/* len: of what p->call.uio says, or below 0 if that says nothing */
static void
send_all(struct proc *p, int64_t len)
{
	/* nothing is a datagram, too */
	if (len < 0 || (len == 0 && !so_is_atomic(p->call.so))) {
		trap_answer(p, len == 0 ? 0 : SYS_EINVAL);
		return;
	}
	p->call.resid = len;
	kctx_op(&p->k, OP_SYSCALL, 1);
	sosend(p);
}

static void
enter_write(struct proc *p, const struct sys_call *call)
{
	if (call->nr == SYS_WRITE && fd_is_file(p, call->fd)) {
		filecall(p, call);
		return;
	}
	if (sockcall_take(p, call) == NULL)
		return;
	uio_begin(&p->call.uio, call->addr, call->len);
	send_all(p, call->len);
}

static void
enter_writev(struct proc *p, const struct sys_call *call)
{
	if (sockcall_take(p, call) != NULL)
		send_all(p, uio_begin_v(&p->call.uio, call->iov, call->n_iov));
}

static void
closed(struct kctx *k)
{
	proc_return(proc_of(k), 0);
}

static void
do_close(struct kctx *k)
{
	kctx_call(k, closed);
	so_close(k, proc_of(k)->call.so);
}

/* No descriptor has it any more. => the socket that is to be closed, or NULL */
static struct socket *
end_file(struct proc *p, struct file *file)
{
	struct socket *so = file->f_socket;

	if (file->f_object != NULL)
		vm_object_drop(file->f_object);
	file_free(p->k.host, file);
	return so;
}

static void
enter_close(struct proc *p, const struct sys_call *call)
{
	struct file *file;

	if (fd_file(p, call->fd) == NULL) {
		trap_answer(p, SYS_EBADF);
		return;
	}
	file = fd_remove(p, call->fd);
	p->call.so = file != NULL ? end_file(p, file) : NULL;
	if (p->call.so != NULL)
		trap(p, do_close);
	else
		trap_answer(p, 0);
}

static void
woke_up(struct kctx *k)
{
	proc_return(proc_of(k), k->host->is_stopped ? SYS_ENDED : 0);
}

static void
do_sleep(struct kctx *k)
{
	struct proc *p = proc_of(k);

	if (k->host->is_stopped)
		woke_up(k);
	else
		proc_sleep_until(p, p->call.resid, woke_up);
}

static void
enter_sleep(struct proc *p, const struct sys_call *call)
{
	p->call.resid = call->len;
	trap(p, do_sleep);
}

static void
gone(struct kctx *k)
{
	(void)k;
}

/* exit(): every descriptor, then the address space. */
static void
exit_step(struct kctx *k)
{
	struct proc *p = proc_of(k);

	while ((p->call.fd = fd_first(p, p->call.fd)) >= 0) {
		struct file *file = fd_remove(p, p->call.fd);
		struct socket *so = file != NULL ? end_file(p, file) : NULL;

		if (so == NULL)
			continue;
		kctx_call(k, exit_step);
		so_close(k, so);
		return;
	}
	vm_space_fini(&p->space, &k->cost, &k->host->costs);
	p->state = PROC_DEAD;
	k->host->n_procs_alive--;
	if (kctx_has_cost(k))
		kctx_spend(k, SPL_0, gone);
}

static void
enter_exit(struct proc *p, const struct sys_call *call)
{
	if (!p->is_killed)
		p->exit_status = call->len;
	p->call.fd = 0;
	trap(p, exit_step);
}

static void
enter_touch(struct proc *p, const struct sys_call *call)
{
	user_touch(p, call->addr, call->len, call->is_full);
}

static void
enter_compute(struct proc *p, const struct sys_call *call)
{
	user_compute(p, call->len);
}

/* enosys(): calls of clients, or in vain */
static void
enter_nosys(struct proc *p, const struct sys_call *call)
{
	(void)call;
	trap_answer(p, SYS_EINVAL);
}

/* struct sysent */
static void (*const enter[])(struct proc *p, const struct sys_call *call) = {
	[SYS_CONNECT] = sockcall,
	[SYS_UDP_CONNECT] = sockcall,
	[SYS_UDP_BIND] = sockcall,
	[SYS_LISTEN] = sockcall,
	[SYS_ACCEPT] = sockcall,
	[SYS_READ] = enter_read,
	[SYS_WRITE] = enter_write,
	[SYS_WRITEV] = enter_writev,
	[SYS_SETNBIO] = sockcall,
	[SYS_POLL_WANT] = enter_nosys,
	[SYS_POLL] = pollcall,
	[SYS_SENDTO] = enter_write,
	[SYS_SHUTDOWN] = sockcall,
	[SYS_CLOSE] = enter_close,
	[SYS_SAYS] = enter_nosys,
	[SYS_REQUEST] = enter_nosys,
	[SYS_RESPONSE] = enter_nosys,
	[SYS_OPEN] = filecall,
	[SYS_CREAT] = filecall,
	[SYS_FSTAT] = filecall,
	[SYS_LSEEK] = filecall,
	[SYS_TRUNCATE] = filecall,
	[SYS_FSYNC] = filecall,
	[SYS_PREAD] = filecall,
	[SYS_SENDFILE] = filecall,
	[SYS_MMAP] = vmcall,
	[SYS_MUNMAP] = vmcall,
	[SYS_MLOCK] = vmcall,
	[SYS_MUNLOCK] = vmcall,
	[SYS_FORK] = vmcall,
	[SYS_TOUCH] = enter_touch,
	[SYS_COMPUTE] = enter_compute,
	[SYS_SLEEP] = enter_sleep,
	[SYS_EXIT] = enter_exit
};

/* What takes no time. => false: it does, or it is in vain */
static bool
is_done_at_once(struct proc *p, const struct sys_call *call)
{
	struct socket *so;

	if (call->nr == SYS_LISTEN && call->is_shared)
		return sockcall_inherits(p, call);
	if (call->nr == SYS_POLL_WANT && poll_want(p, call->fd, call->events)) {
		p->result = 0;
		return true;
	}
	so = call->nr == SYS_SAYS ? fd_socket(p, call->fd) : NULL;
	if (so == NULL || call->len <= 0)
		return false;
	if (so->so_id >= CLIENT_NUMBERS)
		clients_say(p->k.host->clients, so->so_id,
		    so->stats.bytes_written, call->len);
	p->result = 0;
	return true;
}

/* What is still accepted when the run is over: it empties and closes. */
static bool
ends_things(const struct proc *p, const struct sys_call *call)
{
	return call->nr == SYS_CLOSE || call->nr == SYS_EXIT ||
	    (call->nr == SYS_READ && !fd_is_file(p, call->fd));
}

static bool
is_refused(const struct proc *p, const struct sys_call *call)
{
	return p->is_killed ? call->nr != SYS_EXIT :
	    p->k.host->is_stopped && !ends_things(p, call);
}

bool
sys_enter(struct proc *p, const struct sys_call *call)
{
	CHECK(p->state == PROC_IN_PROGRAM,
	    "a program makes one call at a time");
	if (p->client != NULL)
		return client_enter(p->client, call);
	if (is_refused(p, call)) {
		p->result = SYS_ENDED;
		return false;
	}
	if (is_done_at_once(p, call))
		return false;
	p->call.so = NULL;
	p->state = PROC_IN_CALL;
	p->k.host->n_in_program--;
	enter[call->nr](p, call);
	return true;
}
