/*
 * System calls, from the program's request to its return.
 *
 * Stands for: the trap into the kernel and syscall().  Each call is executed
 *	step by step; its result reaches the program through proc_return.
 *	Two of them are no system calls of a real kernel: SYS_TOUCH and
 *	SYS_COMPUTE stand for what the program does in user mode, and cost no
 *	trap, but the faults that its stores cause.
 * Leaves out: signals, restarts, everything that no workload here calls.
 * Units: bytes, ps, cycles.  Owns: nothing.
 */
#ifndef MODELS_KERN_SYSCALL_H
#define MODELS_KERN_SYSCALL_H

#include "models/inet/speech.h"
#include "models/kern/proc.h"

enum sys_nr {
	SYS_CONNECT,	/* a TCP socket connected to a port of the far end: a
			 * descriptor */
	SYS_UDP_CONNECT,	/* a UDP socket connected to a port of the far
			 * end: a descriptor */
	SYS_UDP_BIND,	/* a UDP socket that receives at a port: a
			 * descriptor */
	SYS_LISTEN,	/* a TCP socket that waits at a port: a descriptor; with
			 * is_shared, processes of one name have one and the
			 * same, as if they had inherited it */
	SYS_ACCEPT,	/* fd: a descriptor of the next connection */
	SYS_READ,	/* fd, addr, len: bytes read; 0: the other end closed,
			 * or of UDP an empty datagram, or the end of a file;
			 * with is_dontwait as recv(2) with MSG_DONTWAIT; with
			 * is_request at most to the end of the client's
			 * request */
	SYS_WRITE,	/* fd, addr, len: bytes written */
	SYS_WRITEV,	/* fd, iov, n_iov: bytes written */
	SYS_SETNBIO,	/* fd, is_nbio: 0; FIONBIO: calls on the socket fail
			 * rather than wait */
	SYS_POLL_WANT,	/* fd, events: 0, costless: the program's own array of
			 * struct pollfd says so */
	SYS_POLL,	/* len: a time, or below 0 no limit: how many
			 * descriptors are ready; p->poll says which */
	SYS_SENDTO,	/* fd, addr, len: the same of a datagram, all or none;
			 * its address is the one that fd is connected to */
	SYS_SHUTDOWN,	/* fd: 0; nothing more will be written, a FIN goes out
			 * after what is buffered */
	SYS_CLOSE,	/* fd: 0 */
	SYS_SAYS,	/* fd, len: 0, costless; what is written next begins a
			 * response of so many bytes, as its header says */
	SYS_REQUEST,	/* of a client: fd, len, words: len, the bytes sent */
	SYS_RESPONSE,	/* of a client: fd, len: the bytes of the whole
			 * response; or its user has had enough after len of
			 * them: SYS_EINTR; with 0 never */
	SYS_OPEN,	/* file: a descriptor */
	SYS_CREAT,	/* file, len: a descriptor of the file, empty, with
			 * room for len bytes on the disk */
	SYS_FSTAT,	/* fd of a file: its size */
	SYS_LSEEK,	/* fd of a file, offset from its start: that */
	SYS_TRUNCATE,	/* fd of a file, len: 0 */
	SYS_FSYNC,	/* fd of a file: 0 */
	SYS_PREAD,	/* fd of a file, addr, len, offset: bytes read */
	SYS_SENDFILE,	/* fd of a stream, file_fd, offset, len, header_addr,
			 * header_len: bytes sent, header included; with
			 * header_addr 0 it is the kernel's, see sendfile.h */
	SYS_MMAP,	/* len, map; of a file: fd, offset: an address */
	SYS_MUNMAP,	/* addr, len: 0 */
	SYS_MLOCK,	/* addr, len: 0; its pages are in memory, not lent */
	SYS_MUNLOCK,	/* addr, len: 0 */
	SYS_FORK,	/* child: 0; it maps what the caller maps */
	SYS_TOUCH,	/* addr, len, is_full: store to each byte, or to one
			 * word of each page: 0 */
	SYS_COMPUTE,	/* cycles in user mode: 0 */
	SYS_SLEEP,	/* until a date: 0 */
	SYS_EXIT	/* len: the status, 0 or an error; closes, unmaps; never
			 * returns to the program */
};

/* Results below zero, as errno with the sign turned. */
enum sys_error {
	SYS_ENOENT = -2,
	SYS_EINTR = -4,
	SYS_EBADF = -9,
	SYS_ENOMEM = -12,
	SYS_EFAULT = -14,
	SYS_EINVAL = -22,
	SYS_ENFILE = -23,
	SYS_EMFILE = -24,
	SYS_ENOSPC = -28,
	SYS_ESPIPE = -29,
	SYS_EPIPE = -32,
	SYS_EWOULDBLOCK = -35,
	SYS_ENOTSOCK = -38,
	SYS_EMSGSIZE = -40,
	SYS_EADDRINUSE = -48,
	SYS_EADDRNOTAVAIL = -49,
	SYS_ECONNABORTED = -53,
	SYS_ECONNRESET = -54,
	SYS_ENOBUFS = -55,
	SYS_ENOTCONN = -57,
	SYS_ETIMEDOUT = -60,
	SYS_ECONNREFUSED = -61,
	SYS_ENDED = -1000,	/* the run is over: no call is accepted */
	SYS_SIGBUS = -1010	/* the process is ended by this signal */
};

/* What SYS_MMAP maps: the first two are memory, the others of a file. */
enum sys_map {
	SYS_MAP_ANON,		/* private */
	SYS_MAP_SHARED_ANON,	/* what a child shares, too */
	SYS_MAP_SHARED,		/* stores go to the file */
	SYS_MAP_PRIVATE		/* stores go to copies */
};

/*
 * A call and its arguments.  Calls that make sockets take the options that a
 * program would set with setsockopt(2); accepted sockets inherit them.
 */
struct sys_call {
	enum sys_nr nr;
	int fd;
	uint64_t addr;
	int64_t len;		/* or cycles, or a date */
	uint32_t events;	/* of SYS_POLL_WANT: see poll.h; 0: none */
	bool is_full;
	bool is_nbio;
	bool is_dontwait;
	bool is_request;	/* of SYS_READ */
	bool is_shared;		/* of SYS_LISTEN */
	const struct sys_words *words;	/* read before sys_enter returns */
	const struct sys_iovec *iov;	/* read before sys_enter returns */
	int n_iov;		/* 1 .. UIO_MAXIOV */
	int64_t so_sndbuf;
	int64_t so_sndlowat;
	int64_t so_rcvbuf;	/* 0: kernel.tcp_recvspace, or udp_recvspace */
	bool so_keepalive;
	bool tcp_nodelay;
	bool ip_dont_fragment;	/* of UDP */
	uint16_t port;		/* called, or waited at */
	uint32_t conn;		/* SYS_CONNECT: the connection's number, for
				 * two ends that call each other at once; 0:
				 * the next */
	int backlog;		/* of SYS_LISTEN */
	uint32_t file;		/* of SYS_OPEN, SYS_CREAT: its name, not 0 */
	int64_t offset;		/* bytes; of SYS_MMAP whole pages */
	int file_fd;
	uint64_t header_addr;
	int64_t header_len;	/* 0 .. SENDFILE_MAX_HEADER */
	enum sys_map map;
	struct proc *child;	/* of SYS_FORK: has made no call yet */
};

/*
 * sys_enter: a program asks for something.
 *
 * => p is with its program
 * => true: the call has begun; the program is woken when p->result is there
 * => false: no time has passed: p->result is there, SYS_ENDED if the run is
 *    over, and nr is not close, exit or a read from a socket; or if a signal
 *    has ended the process, and nr is not exit
 * => a read goes on until the other end closes, which it will: nobody writes
 *    any more; one of datagrams until nothing is under way
 */
bool sys_enter(struct proc *p, const struct sys_call *call);

#endif
