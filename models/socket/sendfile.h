/*
 * sendfile: a file's bytes, put on a socket by the kernel itself.
 *
 * Stands for: what nfsd does with a READ: a chain of mbufs that the kernel
 *	builds from the page cache and hands to sosend() as it is; and
 *	sendfile(2), which NetBSD of 2002 has not, done by the same means.
 *
 *	reply of nfsd	a header that the kernel makes, and all the data, in one
 *			chain: it is taken at once or never (EMSGSIZE), and
 *			waits for no room, as sosend() does not for who brings
 *			no uio
 *	sendfile(2)	pieces of half the send buffer, at most 64 KB, each of
 *			which waits for room; the caller's header is in front.
 *			On a socket that does not wait a piece is as long as
 *			there is room, from the low-water mark on, and for what
 *			has none nothing is read
 *
 *	Data is copied into clusters through the page cache's windows, as by
 *	VOP_READ; with kernel.nfs_loan the pages are lent instead, whatever
 *	sosend_loan says: window of addresses, loan_count and so_pendfree are
 *	those of sosend_loan, whose place in the order of events this takes.
 * Mirrors: sys/nfs/nfs_serv.c, nfsrv_read(), later with nfsd_use_loan;
 *	sys/kern/uipc_socket.c 1.66.4.1; netbsd-2002.md section 1 steps 2 and 5.
 * Leaves out: datagrams; what nfsd does to find out what it is asked.
 * Units: bytes.  Owns: nothing; its locals are in p->call.
 */
#ifndef MODELS_SOCKET_SENDFILE_H
#define MODELS_SOCKET_SENDFILE_H

#include "models/socket/socket.h"

/* How many bytes a header may have: what a cluster holds. */
enum { SENDFILE_MAX_HEADER = MCLBYTES };

/*
 * sendfile: p->call.send.left bytes of p->call.file from p->call.offset on,
 * behind a header, to p->call.so, a stream.
 *
 * => p->call.send says what there is to send
 * => ends with proc_return: the bytes taken, header included, fewer than asked
 *    for where the file ends; or if none, an enum sys_error
 */
void sendfile(struct proc *p);

/* sendfile_copy, sendfile_lend: the next data of a chain; then sendfile_next */
void sendfile_copy(struct kctx *k);
void sendfile_lend(struct kctx *k);

/* sendfile_next: the chain goes on, or it is complete. */
void sendfile_next(struct kctx *k);

/* sendfile_wait_for_mbuf: M_WAIT; then retry. */
void sendfile_wait_for_mbuf(struct kctx *k, kctx_fn retry);

/* sendfile_append: an empty mbuf at the end of the chain. => there is one */
struct mbuf *sendfile_append(struct kctx *k);

/* sendfile_grow: the chain has so many bytes more of the file. */
void sendfile_grow(struct proc *p, uint32_t n);

#endif
