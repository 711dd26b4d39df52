#include "models/kern/syscall.h"

#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/client.h"
#include "models/kern/usermode.h"
#include "models/kern/vmcalls.h"
#include "models/socket/soreceive.h"
#include "models/socket/sosend.h"

static struct socket *
socket_of(const struct proc *p, int fd)
{
	return fd >= 0 && fd < PROC_MAX_FDS ? p->fds[fd] : NULL;
}

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
	int fd = proc_free_fd(p);

	if (fd < 0) {
		answer(p, SYS_EMFILE);
		return false;
	}
	p->call.so = so_new(p->k.host, &options, call->conn);
	if (p->call.so == NULL) {
		answer(p, SYS_EADDRNOTAVAIL);
		return false;
	}
	p->fds[fd] = p->call.so;
	p->result = fd;
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
enter_udp(struct proc *p, const struct sys_call *call)
{
	if (call->nr == SYS_UDP_CONNECT)
		enter_udp_connect(p, call);
	else
		enter_udp_bind(p, call);
}

/* What has been inherited costs nothing: it was there before the program. */
static bool
inherit_listener(struct proc *p, const struct sys_call *call)
{
	struct tcpcb *tp = host_find_listener(p->k.host, call->port);
	int fd = proc_free_fd(p);

	if (!call->is_shared || tp == NULL || fd < 0 ||
	    tp->so->lister == NULL || strcmp(tp->so->lister, p->name) != 0)
		return false;
	p->fds[fd] = tp->so;
	tp->so->n_shared++;
	p->result = fd;
	return true;
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
	p->call.so->lister = call->is_shared ? p->name : NULL;
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
	p->call.so = socket_of(p, call->fd);
	if (p->call.so == NULL)
		answer(p, SYS_EBADF);
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
	if (take_socket(p, call) == NULL)
		return;
	if (call->len <= 0) {
		answer(p, call->len == 0 ? 0 : SYS_EINVAL);
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

static void
enter_close(struct proc *p, const struct sys_call *call)
{
	if (take_socket(p, call) == NULL)
		return;
	p->fds[call->fd] = NULL;
	if (p->call.so->n_shared > 0) {
		p->call.so->n_shared--;
		answer(p, 0);
		return;
	}
	trap(p, do_close);
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

	for (int fd = 0; fd < PROC_MAX_FDS; fd++) {
		struct socket *so = p->fds[fd];

		if (so == NULL)
			continue;
		p->fds[fd] = NULL;
		if (so->n_shared > 0) {
			so->n_shared--;
			continue;
		}
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
	p->exit_status = call->len;
	trap(p, exit_step);
}

static void
enter(struct proc *p, const struct sys_call *call)
{
	switch (call->nr) {
	case SYS_CONNECT:
		enter_connect(p, call);
		return;
	case SYS_LISTEN:
		enter_listen(p, call);
		return;
	case SYS_ACCEPT:
		enter_accept(p, call);
		return;
	case SYS_READ:
		enter_read(p, call);
		return;
	case SYS_SETNBIO:
		enter_setnbio(p, call);
		return;
	case SYS_SHUTDOWN:
		enter_shutdown(p, call);
		return;
	case SYS_UDP_CONNECT:
	case SYS_UDP_BIND:
		enter_udp(p, call);
		return;
	case SYS_SENDTO:
	case SYS_WRITE:
		enter_write(p, call);
		return;
	case SYS_WRITEV:
		enter_writev(p, call);
		return;
	case SYS_CLOSE:
		enter_close(p, call);
		return;
	case SYS_OPEN:
	case SYS_MMAP:
	case SYS_MUNMAP:
	case SYS_TRUNCATE:
	case SYS_MLOCK:
	case SYS_MUNLOCK:
	case SYS_FORK:
		vmcall(p, call);
		return;
	case SYS_TOUCH:
		user_touch(p, call->addr, call->len, call->is_full);
		return;
	case SYS_COMPUTE:
		user_compute(p, call->len);
		return;
	case SYS_SLEEP:
		enter_sleep(p, call);
		return;
	case SYS_EXIT:
		enter_exit(p, call);
		return;
	case SYS_SAYS:		/* in vain */
	case SYS_REQUEST:
	case SYS_RESPONSE:
		answer(p, SYS_EINVAL);
	}
}

/* What takes no time. => false: it does, or it is in vain */
static bool
is_done_at_once(struct proc *p, const struct sys_call *call)
{
	struct socket *so;

	if (call->nr == SYS_LISTEN && call->is_shared)
		return inherit_listener(p, call);
	so = call->nr == SYS_SAYS ? socket_of(p, call->fd) : NULL;
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
ends_things(enum sys_nr nr)
{
	return nr == SYS_READ || nr == SYS_CLOSE || nr == SYS_EXIT;
}

bool
sys_enter(struct proc *p, const struct sys_call *call)
{
	CHECK(p->state == PROC_IN_PROGRAM,
	    "a program makes one call at a time");
	if (p->client != NULL)
		return client_enter(p->client, call);
	if (p->k.host->is_stopped && !ends_things(call->nr)) {
		p->result = SYS_ENDED;
		return false;
	}
	if (is_done_at_once(p, call))
		return false;
	p->call.so = NULL;
	p->state = PROC_IN_CALL;
	p->k.host->n_in_program--;
	enter(p, call);
	return true;
}
