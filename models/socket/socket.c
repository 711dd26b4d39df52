#include "models/socket/socket.h"

#include <stdlib.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/poll.h"
#include "models/kern/sockcalls.h"
#include "models/kern/syscall.h"
#include "models/socket/guests.h"

enum { SO_RCVLOWAT = 1 };	/* a reader that is woken finds a byte */

static int64_t
sb_max_of(const struct host *host)
{
	return host->config.sb_max != 0 ? host->config.sb_max : SB_MAX;
}

struct socket *
so_new(struct host *host, const struct so_options *options, uint32_t conn)
{
	struct socket *so = pool_get(&host->socket_pool);

	so->host = host;
	so->so_type = options->type;
	if (!host_add_socket(host, so, conn)) {
		pool_put(&host->socket_pool, so);
		return NULL;
	}
	so->has_descriptor = true;
	sb_reserve_max(&so->so_snd, options->sndbuf, options->sndlowat,
	    sb_max_of(host));
	sb_reserve_max(&so->so_rcv, options->rcvbuf, SO_RCVLOWAT,
	    sb_max_of(host));
	tcp_attach(&so->tcpcb, so);
	so->tcpcb.t_nodelay = options->nodelay;
	so->tcpcb.t_keepalive = options->keepalive;
	return so;
}

/*
 * Who waits for it
 */
void
sorwakeup(struct socket *so, struct kctx *k)
{
	proc_wakeup(&so->so_rcv.sb_wait, k);
	if (so->pollers != NULL)
		poll_wakeup(so, SYS_POLLIN, k);
}

void
sowwakeup(struct socket *so, struct kctx *k)
{
	proc_wakeup(&so->so_snd.sb_wait, k);
	if (so->pollers != NULL)
		poll_wakeup(so, SYS_POLLOUT, k);
}

static bool
soreadable(const struct socket *so)
{
	return so->so_rcv.sb_cc >= so->so_rcv.sb_lowat || so->cant_receive ||
	    so->so_qlen > 0 || so->so_error != 0;
}

static bool
sowriteable(const struct socket *so)
{
	return so->cant_send || so->so_error != 0 || (so->is_connected &&
	    sb_space(&so->so_snd) >= so->so_snd.sb_lowat);
}

uint32_t
so_poll(const struct socket *so, uint32_t events)
{
	uint32_t revents = 0;

	if ((events & SYS_POLLIN) != 0 && soreadable(so))
		revents |= SYS_POLLIN;
	if ((events & SYS_POLLOUT) != 0 && sowriteable(so))
		revents |= SYS_POLLOUT;
	return revents;
}

/*
 * connect(2)
 */
static void
connect_check(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct socket *so = p->call.so;

	if (so->so_error != 0)
		sockcall_undo(k, so->so_error);
	else if (so->is_connected || so->cant_receive)
		proc_return(p, p->call.fd);
	else if (k->host->is_stopped)
		proc_return(p, SYS_ENDED);
	else
		proc_sleep(p, &so->connect_wait, SPL_SOFTNET, connect_check);
}

void
so_connect(struct proc *p, uint16_t port)
{
	kctx_op(&p->k, OP_CONNECT, 1);
	kctx_call(&p->k, connect_check);
	tcp_usr_connect(&p->k, &p->call.so->tcpcb, port);
}

void
so_connect_udp(struct socket *so, uint16_t port)
{
	CHECK(so->so_type == SO_DGRAM, "a socket of UDP is connected");
	so->udp.port = port;
	so->is_connected = true;
}

void
so_bind_udp(struct socket *so, uint16_t port)
{
	CHECK(so->so_type == SO_DGRAM, "a socket of UDP receives datagrams");
	so->udp.lport = port;
}

/*
 * listen(2) and accept(2)
 */
void
so_listen(struct socket *so, uint16_t port, int backlog)
{
	so->so_qlimit = backlog < 0 ? 0 : backlog;
	tcp_usr_listen(&so->tcpcb, port);
}

static struct so_options
options_of(const struct socket *so)
{
	return (struct so_options){.sndbuf = so->so_snd.sb_hiwat,
	    .sndlowat = so->so_snd.sb_lowat, .rcvbuf = so->so_rcv.sb_hiwat,
	    .keepalive = so->tcpcb.t_keepalive,
	    .nodelay = so->tcpcb.t_nodelay};
}

struct socket *
so_newconn(struct socket *head, uint32_t conn)
{
	struct so_options options = options_of(head);
	struct socket *so;

	if (head->so_qlen + head->so_q0len > 3 * head->so_qlimit / 2)
		return NULL;
	so = so_new(head->host, &options, conn);
	if (so == NULL)
		return NULL;
	so->has_descriptor = false;
	so->ss_nbio = head->ss_nbio;
	so->so_head = head;
	head->so_q0len++;
	return so;
}

static void
queue_accepted(struct socket *head, struct socket *so)
{
	so->so_is_queued = true;
	so->so_next_queued = NULL;
	if (head->so_q != NULL)
		head->so_q_last->so_next_queued = so;
	else
		head->so_q = so;
	head->so_q_last = so;
	head->so_qlen++;
	head->so_q0len--;
}

/* Mostly the oldest, which is being accepted. */
static void
unqueue(struct socket *head, struct socket *so)
{
	struct socket *before = NULL;

	for (struct socket *q = head->so_q; q != so; q = q->so_next_queued)
		before = q;
	if (before != NULL)
		before->so_next_queued = so->so_next_queued;
	else
		head->so_q = so->so_next_queued;
	if (head->so_q_last == so)
		head->so_q_last = before;
	so->so_is_queued = false;
	head->so_qlen--;
}

/* soqremque(): it is not its head's any more. */
static void
leave_queue(struct socket *so)
{
	struct socket *head = so->so_head;

	if (head == NULL)
		return;
	so->so_head = NULL;
	if (so->so_is_queued)
		unqueue(head, so);
	else
		head->so_q0len--;
}

/* It has a descriptor now, unless it has gone meanwhile. */
static void
take_accepted(struct kctx *k, struct socket *so)
{
	struct file *file;
	int fd;

	leave_queue(so);
	if (so->is_detached) {
		guests_let_go(so);
		proc_return(proc_of(k), SYS_ECONNABORTED);
		return;
	}
	fd = fd_open(proc_of(k), &file);
	file->f_socket = so;
	so->has_descriptor = true;
	k->host->n_accepted++;
	kctx_op(k, OP_CONNECT, 1);
	proc_return(proc_of(k), fd);
}

static void
accept_check(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct socket *head = p->call.so, *so = head->so_q;
	int64_t no_file = so != NULL ? fd_ask(p) : 0;

	if (so == NULL && k->host->is_stopped)
		proc_return(p, SYS_ENDED);
	else if (so == NULL && head->ss_nbio)
		proc_return(p, SYS_EWOULDBLOCK);
	else if (so == NULL)
		proc_sleep(p, &head->connect_wait, SPL_SOFTNET, accept_check);
	else if (no_file != 0)
		/* the others have been woken as well, and may have room */
		proc_return(p, no_file);
	else
		take_accepted(k, so);
}

void
so_accept(struct proc *p)
{
	if (p->call.so->tcpcb.t_state != TCPS_LISTEN)
		proc_return(p, SYS_EINVAL);
	else
		accept_check(&p->k);
}

void
so_is_connected(struct kctx *k, struct socket *so)
{
	so->is_connected = true;
	if (so->so_head != NULL) {
		queue_accepted(so->so_head, so);
		sorwakeup(so->so_head, k);
		proc_wakeup(&so->so_head->connect_wait, k);
		return;
	}
	proc_wakeup(&so->connect_wait, k);
	sorwakeup(so, k);
	sowwakeup(so, k);
}

/*
 * The end
 */
void
so_cant_receive_more(struct kctx *k, struct socket *so)
{
	so->cant_receive = true;
	sorwakeup(so, k);
}

void
so_is_disconnected(struct socket *so)
{
	so->is_connected = false;
	so->cant_send = so->cant_receive = true;
	proc_wakeup(&so->connect_wait, NULL);
	sowwakeup(so, NULL);
	sorwakeup(so, NULL);
}

void
so_shutdown(struct kctx *k, struct socket *so)
{
	bool is_done = so->cant_send || so->so_type == SO_DGRAM;

	so->cant_send = true;
	sowwakeup(so, k);
	if (is_done)
		kctx_return(k);
	else
		tcp_usr_shutdown(k, &so->tcpcb);
}

/* sorflush(): nobody will read what has been received. */
static void
discard_received(struct socket *so)
{
	struct sockbuf *sb = &so->so_rcv;

	so->cant_receive = true;
	so->stats.bytes_discarded += sb_data_bytes(sb);
	so->udp.stats.n_discarded += sb->sb_n_records;
	while (sb->sb_n_records > 0)
		sb_drop_mbuf(sb, &so->host->mbufs);
	sb_drop(sb, sb->sb_cc, &so->host->mbufs);
}

/* PRU_DISCONNECT */
static void
disconnect(struct kctx *k, struct socket *so)
{
	so->cant_send = true;
	if (so->so_type == SO_DGRAM)
		udp_usr_disconnect(k, so);
	else
		tcp_usr_disconnect(k, &so->tcpcb);
}

/* soabort() of those that nobody has accepted; then the socket itself. */
static void
close_step(struct kctx *k)
{
	struct socket *so = k->closing;
	struct socket *orphan = so->host->sockets;

	while (orphan != NULL && orphan->so_head != so)
		orphan = orphan->next;
	if (orphan == NULL) {
		disconnect(k, so);
		return;
	}
	leave_queue(orphan);
	discard_received(orphan);
	guests_let_go(orphan);
	kctx_call(k, close_step);
	tcp_drop_reset(k, &orphan->tcpcb, SYS_ECONNABORTED);
}

static void
disconnected(struct kctx *k)
{
	struct socket *so = k->closing;

	sodopendfree(k, so);
	k->closing = NULL;
	so->is_closing = false;
	guests_let_go(so);
	kctx_return(k);
}

void
so_close(struct kctx *k, struct socket *so)
{
	so->has_descriptor = false;
	so->is_closing = true;
	discard_received(so);
	k->closing = so;
	kctx_op(k, OP_CONNECT, 1);
	kctx_call(k, disconnected);
	if (so->so_qlen + so->so_q0len > 0)
		close_step(k);
	else
		disconnect(k, so);
}

void
so_detach(struct socket *so)
{
	if (so->is_detached)
		return;
	so->is_detached = true;
	/* who waits to be accepted goes on to: accept tells that it is gone */
	if (!so->so_is_queued)
		leave_queue(so);
	if (!so->has_descriptor)
		discard_received(so);
	/* somebody may wait for the address space on the list that moves */
	if (so->pendfree.n > 0)
		proc_wakeup(&so->host->kva_wait, NULL);
	so_pendfree_move(&so->host->pendfree, &so->pendfree);
	so_is_disconnected(so);
	guests_let_go(so);
}
