/*
 * soreceive: read(2) from a socket.
 *
 * Stands for: soreceive(): the program's buffer is filled by uiomove, mbuf by
 *	mbuf, from what has been received; then TCP is told (PRU_RCVD), so that
 *	it can offer the room again.
 *	Of datagrams one call takes one: the address in front is freed, for
 *	read(2) does not ask for it, and what is longer than the program's
 *	buffer is lost (MSG_TRUNC, which it does not see either).
 * Mirrors: sys/kern/uipc_socket.c 1.66.4.1; netbsd-2002.md section 2.5 (b): its
 *	entry undoes loans, as that of sosend does.
 *	With MSG_DONTWAIT neither that nor any sleep; a non-blocking socket
 *	undoes loans, and may sleep for the lock only.
 * Leaves out: MSG_WAITALL, MSG_PEEK, control data.
 * Units: bytes.  Owns: nothing; its locals are in p->call.
 */
#ifndef MODELS_SOCKET_SORECEIVE_H
#define MODELS_SOCKET_SORECEIVE_H

#include "models/socket/socket.h"

/*
 * soreceive: read up to p->call.resid bytes to p->call.addr from p->call.so.
 *
 * => ends with proc_return: the bytes read, 0 when the other end has closed and
 *    all is read, or an enum sys_error
 * => 0 is an empty datagram as well; SYS_ENDED when no more of them will come
 * => sleeps only while nothing is there; returns with less than was asked for
 */
void soreceive(struct proc *p);

/*
 * The parts of it, for datagrams: soreceive_dgram.c.
 *
 * soreceive_datagram	the first record's address goes, then
 * soreceive_copy	its next mbuf is copied, then
 * soreceive_record	what has been copied, n bytes, goes; until
 * soreceive_finish	the buffer is unlocked and the program woken
 */
void soreceive_datagram(struct kctx *k);
void soreceive_copy(struct kctx *k);
void soreceive_record(struct kctx *k, uint32_t n);
void soreceive_finish(struct kctx *k, int64_t result);

/* soreceive_drop_record: the rest of the record that is being read is lost. */
void soreceive_drop_record(struct kctx *k);

#endif
