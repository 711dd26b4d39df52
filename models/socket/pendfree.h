/*
 * Pending frees: loans whose last mbuf is gone, not yet undone.
 *
 * Stands for: so_pendfree, soloanfree(), sodopendfree(), sodoloanfree().
 *	The last mbuf of a loaned piece may be freed by an interrupt, which must
 *	not touch the VM system; so it is put on a list of its socket, with its
 *	window and its pages still out, until somebody drains the list:
 *	(a) entry of sosend, (b) entry of soreceive, (c) the end of
 *	sodisconnect, (d) a sosend_loan that waits for kernel address space.  A
 *	dying socket's list moves to a global one, which each of those drains
 *	first.
 *	With the thread of later years there is one list, and a kernel thread
 *	that undoes what is put on it; callers of sodopendfree() do nothing.
 * Mirrors: sys/kern/uipc_socket.c 1.66.4.1; netbsd-2002.md sections 2.4, 2.5;
 *	section 8 for the thread.
 * Units: bytes.  Owns: the mbufs on its lists.
 */
#ifndef MODELS_SOCKET_PENDFREE_H
#define MODELS_SOCKET_PENDFREE_H

#include "models/kern/kctx.h"
#include "models/mbuf/mbuf.h"

enum so_pendfree_kind { SO_PENDFREE_LAZY, SO_PENDFREE_THREAD };

/* sopendfree_thread(): urgent, as a thread at a kernel priority is. */
struct so_drainer {
	struct kctx k;
	bool is_running;
};

struct so_pendfree {
	struct mbuf *head;
	struct mbuf *tail;
	uint32_t n;
};

void so_drainer_init(struct so_drainer *drainer, struct host *host);

/*
 * so_loan_free: soloanfree(), registered for loaned storage.
 *
 * => arg: the host
 */
void so_loan_free(void *arg, struct mbuf *m);

/*
 * sodopendfree: undo what is on the global list, then on this socket's.
 *
 * => so may be NULL: the global list only
 * => where a thread does it, nothing happens
 * => undone at once, the price added to k->cost: pages and address space are
 *    used by processes only, and none runs before it is paid
 * => wakes those who wait for address space
 * => returns the bytes of address space that became free
 */
int64_t sodopendfree(struct kctx *k, struct socket *so);

/* so_pendfree_move: append one list to another, which empties it. */
void so_pendfree_move(struct so_pendfree *to, struct so_pendfree *from);

#endif
