/*
 * sosend: write(2) on a socket, with its choice between lending and copying.
 *
 * Stands for: sosend() with data from a program or from the kernel, and
 *	sosend_loan().
 *
 *	sosend.c	the loops: lock, wait for space, one mbuf at a time,
 *			each handed to the protocol (one PRU_SEND per mbuf)
 *	sosend_copy.c	an mbuf filled by uiomove: a cluster, or a small one
 *	sosend_loan.c	an mbuf that sees the program's own pages
 *	sosend_dgram.c	atomic protocols: all of a datagram, one PRU_SEND
 *	sosend_chain.c	a chain that the kernel hands over ready-made
 *
 * Mirrors: sys/kern/uipc_socket.c 1.66.4.1; netbsd-2002.md sections 1 and 2.
 * Leaves out: control data.  A non-blocking socket does not wait for room; for
 *	the lock, for address space and for mbufs it does.
 * Units: bytes.  Owns: nothing; its locals are in p->call.
 */
#ifndef MODELS_SOCKET_SOSEND_H
#define MODELS_SOCKET_SOSEND_H

#include "models/socket/socket.h"

/* The group "sosend" of event counters, option SOSEND_COUNTERS. */
struct sosend_counters {
	int64_t loan_big;	/* pieces lent */
	int64_t copy_big;	/* attempts at a cluster */
	int64_t copy_small;	/* small mbufs */
	int64_t kva_limit;	/* sleeps for kernel address space */
};

/* Mistakes that the audit and the checks must find: for tests only. */
struct sosend_hazard {
	bool keeps_kva;		/* a window is not given back */
	bool stale_socket;	/* a loan ends on a socket that is gone */
	bool frees_twice;	/* a piece is undone twice */
};

struct sosend_config {
	bool sosend_loan;		/* option SOSEND_LOAN */
	bool sosend_counters;		/* option SOSEND_COUNTERS */
	int64_t sock_loan_thresh;	/* bytes; INT64_MAX: off */
	int64_t sock_loan_chunk;	/* bytes */
	enum so_pendfree_kind pendfree;
	int64_t kernel_map;		/* bytes for windows; 0: unlimited */
	bool nfs_loan;			/* sendfile lends; see sendfile.h */
	struct sosend_hazard hazard;
};

/*
 * Refused loans are counted by reason: an enum vm_loan_result, or in the place
 * of VM_LOAN_OK that kernel_map had no window.
 */
#define SO_REFUSED_NO_WINDOW VM_LOAN_OK
enum { SO_REFUSED_REASONS = 8 };

/* What mbufs that were not there have caused. */
struct nobufs {
	int64_t n_waits;	/* sosend slept for an mbuf */
	int64_t n_small;	/* it got no cluster, and filled an mbuf */
	int64_t n_output;	/* ENOBUFS in tcp_output, resets included, or in
				 * udp_output and ip_output */
	int64_t n_driver;	/* packets and frames dropped by the driver */
};

/*
 * sosend: write p->call.resid bytes at p->call.uio to p->call.so.
 *
 * => ends with proc_return: the bytes taken, or if none, an enum sys_error (a
 *    real write(2) forgets the bytes before an EFAULT or EPIPE; here a program
 *    is told of them, so that every byte can be accounted for)
 * => sleeps for space only below the low-water mark, and takes what fits
 * => a datagram goes as a whole or not at all: it sleeps until all of it fits;
 *    SYS_EMSGSIZE if it never will, SYS_ENOBUFS if the interface has no room
 */
void sosend(struct proc *p);

/* sosend_fill: the next mbuf, lent or copied; then sosend_built. */
void sosend_fill(struct kctx *k);

/* sosend_datagram: append m to the datagram; hand it over if it is complete */
void sosend_datagram(struct kctx *k, struct mbuf *m);

/* sosend_datagram_undo: free what is there of one; nothing was written. */
void sosend_datagram_undo(struct kctx *k);

/* sosend_get_mbuf: with a packet header, if it is a message's first */
struct mbuf *sosend_get_mbuf(struct kctx *k);

/* sosend_wait_for_mbuf: M_WAIT: sleep until somebody frees one; then retry. */
void sosend_wait_for_mbuf(struct kctx *k, kctx_fn retry);

/* sosend_leaves_room: is the next mbuf one that leaves room for headers? */
bool sosend_leaves_room(const struct proc *p);

/* sosend_built: for the two below: p->call.m holds n bytes, hand it on. */
void sosend_built(struct kctx *k);

/* sosend_finish: return to the program what was taken, or if nothing, error */
void sosend_finish(struct kctx *k, int64_t error);

/* sosend_copy: fill one mbuf by copying; then sosend_built. */
void sosend_copy(struct kctx *k);

/*
 * sosend_loan: lend one piece; then sosend_built.
 *
 * => refused, for whatever reason: sosend_copy instead, as if it had never been
 */
void sosend_loan(struct kctx *k);

/*
 * sosend_chain: hand a chain of len bytes to p->call.so, all or nothing, in
 * one PRU_SEND.
 *
 * => waits: sleep until there is room for all of it; else it is taken however
 *    much is buffered already
 * => is_followed: others will follow soon ("more to come")
 * => p->call.error is 0 and the chain is the protocol's, or why not and it is
 *    free; then after(k)
 */
void sosend_chain(struct kctx *k, struct mbuf *chain, int64_t len,
    bool is_followed, bool waits, kctx_fn after);

/* sosend_hand_chain: it has the lock, and room; then sosend_finish. */
void sosend_hand_chain(struct kctx *k);

/* sosend_enter: what follows the entry of every write. */
void sosend_enter(struct kctx *k);

/* so_name_next: the name of the next byte that this socket is given */
static inline uint64_t
so_name_next(const struct socket *so)
{
	return content_name(so->so_id, (uint64_t)so->stats.bytes_written);
}

#endif
