/*
 * Sockets.
 *
 * Stands for: struct socket of a TCP connection that sends.
 * Mirrors: sys/sys/socketvar.h 1.51, uipc_socket.c 1.66.4.1; netbsd-2002.md
 *	sections 1 and 2.
 *
 *	so_connect   a socket, connected: sleeps until established
 *	sosend       write(2) on it			(sosend.c)
 *	so_close     the descriptor goes; what is buffered is still sent
 *	so_free      the protocol is done with it as well
 *
 * Leaves out: listening, receiving, other protocols than TCP.
 * Units: bytes.  Owns: its send buffer, its tcpcb, its pending frees.
 */
#ifndef MODELS_SOCKET_SOCKET_H
#define MODELS_SOCKET_SOCKET_H

#include "models/inet/tcp.h"
#include "models/socket/pendfree.h"
#include "models/socket/sockbuf.h"

struct so_stats {
	int64_t bytes_written;	/* handed to the protocol */
	int64_t bytes_loaned;
	int64_t bytes_copied;	/* by clusters and small mbufs */
	int64_t bytes_acked;
	int64_t bytes_dropped;	/* by a connection that gave up */
};

struct socket {
	struct host *host;
	uint16_t so_id;		/* from 1; names content and connection */
	bool has_descriptor;
	bool is_connected;
	bool is_detached;		/* the protocol is done with it */
	bool ss_moretocome;		/* SS_MORETOCOME */
	int64_t so_error;		/* enum sys_error, or 0 */
	struct sockbuf so_snd;
	struct so_pendfree pendfree;
	struct waitq connect_wait;
	struct tcpcb tcpcb;
	struct so_stats stats;
	struct socket *next;		/* of the host */
};

/* so_new: a socket of that host, unconnected. => the host owns it */
struct socket *so_new(struct host *host, int64_t hiwat, int64_t lowat);

/*
 * so_connect: connect p->call.so; then proc_return with the descriptor.
 *
 * => sleeps until the connection is established or refused
 */
void so_connect(struct proc *p);

/*
 * so_close: the descriptor of a socket goes: sodisconnect().
 *
 * => buffered data and a FIN are still sent; k->ret follows
 * => drains pending frees at its end
 */
void so_close(struct kctx *k, struct socket *so);

/*
 * so_detach: the protocol is done: sofree().
 *
 * => pending frees move to the host's global list
 */
void so_detach(struct socket *so);

/* so_is_gone: neither program nor protocol knows it any more */
static inline bool
so_is_gone(const struct socket *so)
{
	return so->is_detached && !so->has_descriptor;
}

#endif
