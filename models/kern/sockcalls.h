/*
 * System calls about sockets: those that move no bytes.
 *
 * Stands for: socket(2) with connect(2), with bind(2), or with bind and
 *	listen(2); accept(2), shutdown(2), and ioctl(2) with FIONBIO.
 * Mirrors: sys/kern/uipc_syscalls.c, sys_socket.c.
 * Units: none.  Owns: nothing.
 */
#ifndef MODELS_KERN_SOCKCALLS_H
#define MODELS_KERN_SOCKCALLS_H

#include "models/kern/syscall.h"

/*
 * sockcall: execute one of them.
 *
 * => call->nr is one of the first four, SYS_ACCEPT, SYS_SETNBIO or SYS_SHUTDOWN
 * => ends with proc_return
 */
void sockcall(struct proc *p, const struct sys_call *call);

/*
 * sockcall_undo: a call that made a socket has failed: close(2) of it, as a
 * program does that is told so.  It knows no descriptor here.
 *
 * => error: what it is told
 * => ends with proc_return
 */
void sockcall_undo(struct kctx *k, int64_t error);

/*
 * sockcall_inherits: does the process share the socket that another one of its
 * name listens with?
 *
 * => that costs nothing: it was there before the program
 * => true: p->result is its descriptor
 */
bool sockcall_inherits(struct proc *p, const struct sys_call *call);

/*
 * sockcall_take: the socket of a call.
 *
 * => NULL: there is none, and the call has been answered
 */
struct socket *sockcall_take(struct proc *p, const struct sys_call *call);

#endif
