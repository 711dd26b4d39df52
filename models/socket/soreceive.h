/*
 * soreceive: read(2) from a socket.
 *
 * Stands for: soreceive() of a stream socket: the program's buffer is filled by
 *	uiomove, mbuf by mbuf, from what has been received; then the protocol is
 *	told (PRU_RCVD), so that it can offer the room again.
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
 * => sleeps only while nothing is there; returns with less than was asked for
 */
void soreceive(struct proc *p);

#endif
