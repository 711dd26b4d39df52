/*
 * Sockets.
 *
 * Stands for: struct socket of a TCP connection, of one that waits for
 *	connections, and of UDP.
 * Mirrors: sys/sys/socketvar.h 1.51, uipc_socket.c 1.66.4.1, uipc_socket2.c;
 *	netbsd-2002.md sections 1 and 2.
 *
 *	so_connect   a socket, connected: sleeps until established
 *	so_listen    a socket that waits at a port; so_newconn makes one for
 *		     each SYN, so_accept hands out those that are established
 *	sosend       write(2) on it			(sosend.c)
 *	soreceive    read(2) from it			(soreceive.c)
 *	so_shutdown  nothing more will be written
 *	so_close     the descriptor goes; what is buffered is still sent
 *	so_detach    the protocol is done with it as well
 *
 * Leaves out: other protocols; SO_LINGER; several sockets at a port; a socket
 *	that both sends datagrams and receives some.
 * Units: bytes.  Owns: its buffers, its tcpcb or udpcb, its pending frees; a
 *	listening one those that nobody has accepted.
 */
#ifndef MODELS_SOCKET_SOCKET_H
#define MODELS_SOCKET_SOCKET_H

#include "models/inet/tcp.h"
#include "models/inet/udp.h"
#include "models/socket/pendfree.h"
#include "models/socket/sockbuf.h"

struct poll_member;

struct so_stats {
	int64_t bytes_written;	/* handed to the protocol */
	int64_t bytes_loaned;
	int64_t bytes_copied;	/* by clusters and small mbufs */
	int64_t bytes_acked;
	int64_t bytes_dropped;	/* by a connection that gave up, or in
				 * datagrams that were dropped here */
	int64_t bytes_received;	/* accepted, in order or in datagrams */
	int64_t bytes_wrong;	/* of these, or read: not what was written */
	int64_t bytes_read;	/* copied out to a program */
	int64_t bytes_discarded;	/* received and never read */
};

enum so_type { SO_STREAM, SO_DGRAM };

struct socket {
	struct host *host;
	struct socket *next_guest;	/* in its bucket: guests.h */
	enum so_type so_type;
	uint32_t so_id;		/* from 1; names content and connection */
	bool has_descriptor;
	bool is_connected;
	bool is_detached;		/* the protocol is done with it */
	bool cant_send;			/* SS_CANTSENDMORE */
	bool cant_receive;		/* SS_CANTRCVMORE */
	bool ss_moretocome;		/* SS_MORETOCOME */
	bool ss_nbio;			/* SS_NBIO */
	int64_t so_error;		/* enum sys_error, or 0 */
	struct sockbuf so_snd;
	struct sockbuf so_rcv;
	struct so_pendfree pendfree;
	struct poll_member *pollers;	/* who asks for it: kern/poll.h */
	struct waitq connect_wait;	/* for an answer, or a caller */
	/* a listening socket, and one that it has made */
	struct socket *so_head;
	struct socket *so_next_queued;
	struct socket *so_q;		/* established, oldest first, */
	struct socket *so_q_last;	/* ... and the youngest */
	bool so_is_queued;		/* in so_q of its so_head */
	int32_t so_qlen;		/* in so_q */
	int32_t so_q0len;		/* not established yet */
	int32_t so_qlimit;
	const char *lister;		/* the process that listens, and */
	struct file *listened;		/* ... what others of its name share */
	struct socket *next_listener;
	struct tcpcb tcpcb;		/* of a stream; else closed */
	struct udpcb udp;
	struct so_stats stats;
	struct socket *next;		/* of the host */
	struct socket *previous;
	uint64_t serial;		/* of the host's, in order */
	struct socket *older;		/* had the same number, and is gone */
	/* of a connection that a client has opened: guests.h */
	struct socket *next_gone;
	bool is_closing;		/* close(2) is at it */
	bool is_gone_listed;
	int64_t gone_packets;		/* that had been queued when it went, */
	int64_t gone_jobs;		/* ... and begun at splsoftnet */
	int64_t lends_at;		/* the slow tick that has seen a loan */
};

/* What a program sets with setsockopt(2). */
struct so_options {
	enum so_type type;
	int64_t sndbuf;
	int64_t sndlowat;
	int64_t rcvbuf;
	bool keepalive;
	bool nodelay;
};

/* so_is_atomic: PR_ATOMIC: what is written goes as one message */
static inline bool
so_is_atomic(const struct socket *so)
{
	return so->so_type == SO_DGRAM;
}

/*
 * so_new: a socket of that host, unconnected.
 *
 * => conn: its number, or 0 for the next one
 * => the host owns it; NULL: there are no numbers left, or that one is taken
 */
struct socket *so_new(struct host *host, const struct so_options *options,
    uint32_t conn);

/*
 * so_connect: connect p->call.so; then proc_return with the descriptor.
 *
 * => sleeps until the connection is established or refused
 * => refused: with the error, and the descriptor is closed
 */
void so_connect(struct proc *p, uint16_t port);

/* so_connect_udp: connect p->call.so; nobody else needs to hear of it. */
void so_connect_udp(struct socket *so, uint16_t port);

/* so_bind_udp: receive at a port, where nobody else does. */
void so_bind_udp(struct socket *so, uint16_t port);

/* so_listen: wait for connections. => backlog as of listen(2) */
void so_listen(struct socket *so, uint16_t port, int backlog);

/*
 * so_newconn: sonewconn(): a socket for a SYN that has come.
 *
 * => NULL: the queue of the listening one is full
 */
struct socket *so_newconn(struct socket *head, uint32_t conn);

/*
 * so_accept: a descriptor for the oldest established connection of
 * p->call.so; then proc_return.
 *
 * => sleeps until there is one, or SYS_EWOULDBLOCK if p->call.so is
 *    non-blocking; SYS_ECONNABORTED if it has gone meanwhile
 */
void so_accept(struct proc *p);

/* so_is_connected: soisconnected(). => k pays for waking up who waits */
void so_is_connected(struct kctx *k, struct socket *so);

/*
 * so_poll: soo_poll(): which of these events, SYS_POLLIN and SYS_POLLOUT, would
 * not have to be waited for.
 */
uint32_t so_poll(const struct socket *so, uint32_t events);

/*
 * sorwakeup, sowwakeup: there is something to read, or to accept, or room to
 * write: who waits for it, in read(2), write(2) or poll(2), looks.
 *
 * => k as for proc_wakeup
 */
void sorwakeup(struct socket *so, struct kctx *k);
void sowwakeup(struct socket *so, struct kctx *k);

/* so_cant_receive_more: socantrcvmore(): the other end has closed. */
void so_cant_receive_more(struct kctx *k, struct socket *so);

/* so_is_disconnected: soisdisconnected(): neither way is open any more. */
void so_is_disconnected(struct socket *so);

/* so_shutdown: shutdown(2) of the sending side. => k->ret follows */
void so_shutdown(struct kctx *k, struct socket *so);

/*
 * so_close: the descriptor of a socket goes: sodisconnect().
 *
 * => buffered data and a FIN are still sent; what was not read is discarded
 * => connections that nobody has accepted are dropped
 * => drains pending frees at its end; k->ret follows
 */
void so_close(struct kctx *k, struct socket *so);

/*
 * so_detach: the protocol is done: sofree().
 *
 * => pending frees move to the host's global list
 * => what has been received can still be read
 */
void so_detach(struct socket *so);

/* so_is_gone: neither program nor protocol knows it any more */
static inline bool
so_is_gone(const struct socket *so)
{
	return so->is_detached && !so->has_descriptor;
}

#endif
