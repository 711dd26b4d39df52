/*
 * nfsd: a file server in the kernel.
 *
 * Stands for: nfsd(8) over TCP, which gives the kernel a process to run in:
 *	reads of up to 32 KiB, answered from the file's pages in memory.  The
 *	kernel builds the chain of mbufs itself (models/socket/sendfile.h):
 *	SOSEND_LOAN has no part in it.  The pages are copied to clusters, unless
 *	the kernel is one that lends them, nfs_loan.
 * Mirrors: nfsrv_read() of sys/nfs/nfs_serv.c; nfssvc_addsock() of
 *	nfs_syscalls.c, which gives its sockets room for a whole reply,
 *	TCP_NODELAY and SO_KEEPALIVE; and RFC 1813: the reply's header is 4
 *	bytes of record mark, 24 of RPC, 4 of status, 4 and 84 of attributes, 4
 *	each of count, end of file and length: 132.
 * Leaves out: UDP; a pool whose processes take requests of any connection: here
 *	one serves one connection until that ends.  The way into and out of
 *	system calls is paid, though a real nfsd does not leave the kernel.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_NFSD_H
#define SIM_PROCESS_NFSD_H

#include "sim/process/process.h"

enum {
	NFSD_HEADER = 132,
	NFSD_MAX_READ = 32768,		/* NFS_MAXDATA */
	NFSD_PACKET = NFSD_MAX_READ + 404 + 4	/* NFS_MAXPACKET, and a mark */
};

/* nfsd_main: => returns when the run has ended, or its port is taken */
void nfsd_main(struct process *ps);

#endif
