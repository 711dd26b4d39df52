#include "models/kern/syscall.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/filecalls.h"
#include "models/kern/usermode.h"
#include "models/kern/vmcalls.h"
#include "models/socket/soreceive.h"
#include "models/socket/sosend.h"

/* What every real system call costs, and where it may be switched away from. */
static void
trap(struct proc *p, kctx_fn body)
{
	kctx_op(&p->k, OP_SYSCALL, 1);
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, body);
}

static void
return_result(struct kctx *k)
{
	proc_return(proc_of(k), proc_of(k)->result);
}

/* A result that is known at once. */
static void
answer(struct proc *p, int64_t result)
{
	p->result = result;
	trap(p, return_result);
}

static struct so_options
options_of(const struct host *host, const struct sys_call *call)
{
	bool is_udp = call->nr == SYS_UDP_CONNECT || call->nr == SYS_UDP_BIND;
	int64_t recvspace = is_udp ? host->config.udp_recvspace :
	    host->config.tcp.recvspace;

	return (struct so_options){
	    .type = is_udp ? SO_DGRAM : SO_STREAM,
	    .sndbuf = call->so_sndbuf,
	    .sndlowat = call->so_sndlowat,
	    .rcvbuf = call->so_rcvbuf > 0 ? call->so_rcvbuf : recvspace,
	    .keepalive = call->so_keepalive, .nodelay = call->tcp_nodelay};
}

/* A new socket with a descriptor. => false: the call has been answered */
static bool
open_socket(struct proc *p, const struct sys_call *call)
{
	struct so_options options = options_of(p->k.host, call);
	int64_t no_file = fd_ask(p);
	struct file *file;

	if (no_file != 0) {
		answer(p, no_file);
		return false;
	}
	p->call.so = so_new(p->k.host, &options, call->conn);
	if (p->call.so == NULL) {
		answer(p, SYS_EADDRNOTAVAIL);
		return false;
	}
	p->call.fd = fd_open(p, &file);
	file->f_socket = p->call.so;
	p->result = p->call.fd;
	return true;
}

static void
do_connect(struct kctx *k)
{
	so_connect(proc_of(k), proc_of(k)->call.port);
}

static void
enter_connect(struct proc *p, const struct sys_call *call)
{
	p->call.port = call->port;
	if (open_socket(p, call))
		trap(p, do_connect);
}

static void
enter_udp_connect(struct proc *p, const struct sys_call *call)
{
	if (!open_socket(p, call))
		return;
	so_connect_udp(p->call.so, call->port);
	p->call.so->udp.dont_fragment = call->ip_dont_fragment;
	kctx_op(&p->k, OP_CONNECT, 1);
	trap(p, return_result);
}

static void
enter_udp_bind(struct proc *p, const struct sys_call *call)
{
	if (host_find_udp(p->k.host, call->port) != NULL) {
		answer(p, SYS_EADDRINUSE);
		return;
	}
	if (!open_socket(p, call))
		return;
	so_bind_udp(p->call.so, call->port);
	kctx_op(&p->k, OP_CONNECT, 1);
	trap(p, return_result);
}

static void
enter_listen(struct proc *p, const struct sys_call *call)
{
	if (host_find_listener(p->k.host, call->port) != NULL) {
		answer(p, SYS_EADDRINUSE);
		return;
	}
	if (!open_socket(p, call))
		return;
	so_listen(p->call.so, call->port, call->backlog);
	kctx_op(&p->k, OP_CONNECT, 1);
	trap(p, return_result);
}

static void
do_accept(struct kctx *k)
{
	so_accept(proc_of(k));
}

/* A call on a socket. => NULL: there is none, and the call has been answered */
static struct socket *
take_socket(struct proc *p, const struct sys_call *call)
{
	p->call.so = fd_socket(p, call->fd);
	if (p->call.so == NULL)
		answer(p, fd_file(p, call->fd) == NULL ? SYS_EBADF :
		    SYS_ENOTSOCK);
	return p->call.so;
}

static void
enter_accept(struct proc *p, const struct sys_call *call)
{
	if (take_socket(p, call) != NULL)
		trap(p, do_accept);
}

static void
enter_read(struct proc *p, const struct sys_call *call)
{
	if (fd_is_file(p, call->fd)) {
		filecall(p, call);
		return;
	}
	if (take_socket(p, call) == NULL)
		return;
	if (call->len <= 0) {
		answer(p, call->len == 0 ? 0 : SYS_EINVAL);
		return;
	}
	p->call.addr = call->addr;
	p->call.resid = call->len;
	p->call.is_dontwait = call->is_dontwait;
	kctx_op(&p->k, OP_SYSCALL, 1);
	soreceive(p);
}

/* len: of what p->call.uio says, or below 0 if that says nothing */
static void
send_all(struct proc *p, int64_t len)
{
	/* nothing is a datagram, too */
	if (len < 0 || (len == 0 && !so_is_atomic(p->call.so))) {
		answer(p, len == 0 ? 0 : SYS_EINVAL);
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
	if (take_socket(p, call) == NULL)
		return;
	uio_begin(&p->call.uio, call->addr, call->len);
	send_all(p, call->len);
}

static void
enter_writev(struct proc *p, const struct sys_call *call)
{
	if (take_socket(p, call) != NULL)
		send_all(p, uio_begin_v(&p->call.uio, call->iov, call->n_iov));
}

/* ioctl(2): soo_ioctl() */
static void
enter_setnbio(struct proc *p, const struct sys_call *call)
{
	if (take_socket(p, call) == NULL)
		return;
	p->call.so->ss_nbio = call->is_nbio;
	answer(p, 0);
}

static void
closed(struct kctx *k)
{
	proc_return(proc_of(k), 0);
}

static void
do_shutdown(struct kctx *k)
{
	kctx_call(k, closed);
	so_shutdown(k, proc_of(k)->call.so);
}

static void
enter_shutdown(struct proc *p, const struct sys_call *call)
{
	if (take_socket(p, call) == NULL)
		return;
	if (p->call.so->is_connected)
		trap(p, do_shutdown);
	else
		answer(p, SYS_ENOTCONN);
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
		answer(p, SYS_EBADF);
		return;
	}
	file = fd_remove(p, call->fd);
	p->call.so = file != NULL ? end_file(p, file) : NULL;
	if (p->call.so != NULL)
		trap(p, do_close);
	else
		answer(p, 0);
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

/* struct sysent */
static void (*const enter[])(struct proc *p, const struct sys_call *call) = {
	[SYS_CONNECT] = enter_connect,
	[SYS_UDP_CONNECT] = enter_udp_connect,
	[SYS_UDP_BIND] = enter_udp_bind,
	[SYS_LISTEN] = enter_listen,
	[SYS_ACCEPT] = enter_accept,
	[SYS_READ] = enter_read,
	[SYS_WRITE] = enter_write,
	[SYS_WRITEV] = enter_writev,
	[SYS_SETNBIO] = enter_setnbio,
	[SYS_SENDTO] = enter_write,
	[SYS_SHUTDOWN] = enter_shutdown,
	[SYS_CLOSE] = enter_close,
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
	if (is_refused(p, call)) {
		p->result = SYS_ENDED;
		return false;
	}
	p->state = PROC_IN_CALL;
	p->k.host->n_in_program--;
	enter[call->nr](p, call);
	return true;
}
