#include "models/socket/socket.h"

#include <stdlib.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/syscall.h"

struct socket *
so_new(struct host *host, int64_t hiwat, int64_t lowat)
{
	struct socket *so = calloc(1, sizeof *so);

	CHECK(so != NULL, "memory for a socket");
	so->host = host;
	host_add_socket(host, so);
	so->has_descriptor = true;
	sb_reserve(&so->so_snd, hiwat, lowat);
	tcp_attach(&so->tcpcb, so);
	return so;
}

static int
fd_of(const struct proc *p, const struct socket *so)
{
	for (int fd = 0; fd < PROC_MAX_FDS; fd++)
		if (p->fds[fd] == so)
			return fd;
	CHECK(false, "a connecting socket has a descriptor");
	return -1;
}

static void
connect_check(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct socket *so = p->call.so;

	if (so->is_connected)
		proc_return(p, fd_of(p, so));
	else if (so->so_error != 0)
		proc_return(p, so->so_error);
	else if (k->host->is_stopped)
		proc_return(p, SYS_ENDED);
	else
		proc_sleep(p, &so->connect_wait, SPL_SOFTNET, connect_check);
}

void
so_connect(struct proc *p)
{
	kctx_op(&p->k, OP_CONNECT, 1);
	kctx_call(&p->k, connect_check);
	tcp_usr_connect(&p->k, &p->call.so->tcpcb);
}

static void
disconnected(struct kctx *k)
{
	sodopendfree(k, k->closing);
	k->closing = NULL;
	kctx_return(k);
}

void
so_close(struct kctx *k, struct socket *so)
{
	so->has_descriptor = false;
	k->closing = so;
	kctx_op(k, OP_CONNECT, 1);
	kctx_call(k, disconnected);
	tcp_usr_disconnect(k, &so->tcpcb);
}

void
so_detach(struct socket *so)
{
	if (so->is_detached)
		return;
	so->is_detached = true;
	so->is_connected = false;
	/* somebody may wait for the address space on the list that moves */
	if (so->pendfree.n > 0)
		proc_wakeup(&so->host->kva_wait, NULL);
	so_pendfree_move(&so->host->pendfree, &so->pendfree);
	proc_wakeup(&so->connect_wait, NULL);
	proc_wakeup(&so->so_snd.sb_wait, NULL);
}
