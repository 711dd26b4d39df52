#include "models/kern/sockcalls.h"

#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/trap.h"

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
		trap_answer(p, no_file);
		return false;
	}
	p->call.so = so_new(p->k.host, &options, call->conn);
	if (p->call.so == NULL) {
		trap_answer(p, SYS_EADDRNOTAVAIL);
		return false;
	}
	p->call.fd = fd_open(p, &file);
	file->f_socket = p->call.so;
	p->result = p->call.fd;
	return true;
}

void
sockcall_undo(struct kctx *k, int64_t error)
{
	struct proc *p = proc_of(k);

	p->result = error;
	file_free(k->host, fd_remove(p, p->call.fd));
	kctx_op(k, OP_SYSCALL, 1);
	kctx_call(k, trap_return);
	so_close(k, p->call.so);
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
	trap(p, trap_return);
}

static void
enter_udp_bind(struct proc *p, const struct sys_call *call)
{
	if (host_find_udp(p->k.host, call->port) != NULL) {
		trap_answer(p, SYS_EADDRINUSE);
		return;
	}
	if (!open_socket(p, call))
		return;
	so_bind_udp(p->call.so, call->port);
	kctx_op(&p->k, OP_CONNECT, 1);
	trap(p, trap_return);
}

bool
sockcall_inherits(struct proc *p, const struct sys_call *call)
{
	struct tcpcb *tp = host_find_listener(p->k.host, call->port);
	struct file *file = tp != NULL ? tp->so->listened : NULL;

	if (file == NULL || !fd_has_room(p) ||
	    strcmp(tp->so->lister, p->name) != 0)
		return false;
	p->result = fd_inherit(p, file);
	return true;
}

static void
enter_listen(struct proc *p, const struct sys_call *call)
{
	if (host_find_listener(p->k.host, call->port) != NULL) {
		trap_answer(p, SYS_EADDRINUSE);
		return;
	}
	if (!open_socket(p, call))
		return;
	so_listen(p->call.so, call->port, call->backlog);
	p->call.so->lister = p->name;
	p->call.so->listened = call->is_shared ? fd_file(p, p->call.fd) : NULL;
	kctx_op(&p->k, OP_CONNECT, 1);
	trap(p, trap_return);
}

static void
do_accept(struct kctx *k)
{
	so_accept(proc_of(k));
}

struct socket *
sockcall_take(struct proc *p, const struct sys_call *call)
{
	p->call.so = fd_socket(p, call->fd);
	if (p->call.so == NULL)
		trap_answer(p, fd_file(p, call->fd) == NULL ? SYS_EBADF :
		    SYS_ENOTSOCK);
	return p->call.so;
}

static void
enter_accept(struct proc *p, const struct sys_call *call)
{
	if (sockcall_take(p, call) != NULL)
		trap(p, do_accept);
}

/* ioctl(2): soo_ioctl() */
static void
enter_setnbio(struct proc *p, const struct sys_call *call)
{
	if (sockcall_take(p, call) == NULL)
		return;
	p->call.so->ss_nbio = call->is_nbio;
	trap_answer(p, 0);
}

static void
shut(struct kctx *k)
{
	proc_return(proc_of(k), 0);
}

static void
do_shutdown(struct kctx *k)
{
	kctx_call(k, shut);
	so_shutdown(k, proc_of(k)->call.so);
}

static void
enter_shutdown(struct proc *p, const struct sys_call *call)
{
	if (sockcall_take(p, call) == NULL)
		return;
	if (p->call.so->is_connected)
		trap(p, do_shutdown);
	else
		trap_answer(p, SYS_ENOTCONN);
}

void
sockcall(struct proc *p, const struct sys_call *call)
{
	switch ((int)call->nr) {
	case SYS_CONNECT:
		enter_connect(p, call);
		return;
	case SYS_UDP_CONNECT:
		enter_udp_connect(p, call);
		return;
	case SYS_UDP_BIND:
		enter_udp_bind(p, call);
		return;
	case SYS_LISTEN:
		enter_listen(p, call);
		return;
	case SYS_ACCEPT:
		enter_accept(p, call);
		return;
	case SYS_SETNBIO:
		enter_setnbio(p, call);
		return;
	case SYS_SHUTDOWN:
		enter_shutdown(p, call);
		return;
	default:
		CHECK(false, "a call about sockets");
	}
}
