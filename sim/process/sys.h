/*
 * The system calls that programs are written against.
 *
 * Each posts its call to the kernel model and waits for the result: what the
 * call returns in a real program, or below zero an enum sys_error of
 * models/kern/syscall.h; SYS_ENDED when the run is over.  A program in steps
 * does not wait: it gets SYS_WAITS, and with its next step (steps.h) the
 * result.
 * Units: bytes, ps, cycles.
 */
#ifndef SIM_PROCESS_SYS_H
#define SIM_PROCESS_SYS_H

#include "models/kern/poll.h"
#include "models/kern/syscall.h"
#include "sim/process/process.h"

/* What no call returns: the result is still to come. */
#define SYS_WAITS	(-2000)

/* What a program sets with setsockopt(2) before it connects or listens. */
struct sys_sockopts {
	int64_t so_sndbuf;
	int64_t so_sndlowat;
	int64_t so_rcvbuf;	/* 0: the kernel's default of its protocol */
	bool so_keepalive;
	bool tcp_nodelay;
};

/* sys_sockopts_of: those of a process's configuration */
struct sys_sockopts sys_sockopts_of(const struct process_config *config);

/* sys_connect: a TCP socket, connected to the far end. => a descriptor */
int sys_connect(struct process *ps, uint16_t port,
    const struct sys_sockopts *opts);

/* sys_udp: a UDP socket, connected to a port of the far end. => a descriptor */
int sys_udp(struct process *ps, uint16_t port, const struct sys_sockopts *opts);

/* sys_udp_bind: a UDP socket that receives at a port. => a descriptor */
int sys_udp_bind(struct process *ps, uint16_t port,
    const struct sys_sockopts *opts);

/* sys_sendto: one datagram. => its length, or SYS_ENOBUFS, SYS_EMSGSIZE, ... */
int64_t sys_sendto(struct process *ps, int fd, uint64_t addr, int64_t len);

/*
 * sys_listen: a TCP socket that waits at a port. => a descriptor
 *
 * => backlog: connections that may wait to be accepted; they inherit opts
 */
int sys_listen(struct process *ps, uint16_t port, int backlog,
    const struct sys_sockopts *opts);

/*
 * sys_listen_shared: the same for all processes of one name: one socket, as if
 * the one that made it had forked the others.
 *
 * => the first makes it; to the others it costs nothing
 * => each connection wakes all that wait in sys_accept, and one of them gets it
 */
int sys_listen_shared(struct process *ps, uint16_t port, int backlog,
    const struct sys_sockopts *opts);

/*
 * sys_read_request: a client's request, as a whole. => its bytes; 0: it has
 * closed
 *
 * => room: if that is less, the rest is read by the next call
 * => words: what it says; all zero, if the other end is no client
 */
int64_t sys_read_request(struct process *ps, int fd, uint64_t addr,
    int64_t room, struct sys_words *words);

/*
 * sys_says: what is written next begins a response of so many bytes, its header
 * included, which says so.
 *
 * => without it, a response ends when the connection does
 */
void sys_says(struct process *ps, int fd, int64_t bytes);

/*
 * Of clients: sys_connect, sys_close, sys_sleep_until, sys_now, sys_exit, and:
 *
 * sys_request: a request of so many bytes, at most one segment's; words: NULL
 *	for none. => bytes; SYS_EMSGSIZE, SYS_EPIPE, or why the connection ended
 * sys_response: the whole response. => its bytes; SYS_ECONNABORTED: the board
 *	has closed before; SYS_ECONNRESET, SYS_ETIMEDOUT
 * sys_response_until: the same, unless its user has had enough after so many
 *	bytes. => SYS_EINTR then: what follows on the connection is to be closed
 */
int64_t sys_request(struct process *ps, int fd, int64_t bytes,
    const struct sys_words *words);
int64_t sys_response(struct process *ps, int fd);
int64_t sys_response_until(struct process *ps, int fd, int64_t enough);

/* sys_accept: wait for the next connection. => a descriptor */
int sys_accept(struct process *ps, int fd);

/*
 * sys_read: => bytes read, at most len; 0: the other end has closed, or of UDP:
 *    an empty datagram; of a file, at the descriptor's offset: its end
 */
int64_t sys_read(struct process *ps, int fd, uint64_t addr, int64_t len);

/* sys_setnbio: whether calls on the socket fail rather than wait */
int64_t sys_setnbio(struct process *ps, int fd, bool is_nbio);

/*
 * sys_poll_want: what the next sys_poll asks of a descriptor: SYS_POLLIN,
 * SYS_POLLOUT, both, or 0: nothing
 */
void sys_poll_want(struct process *ps, int fd, uint32_t events);

/*
 * sys_poll: wait until one of these descriptors is ready, or an interval is
 * over, which below 0 it never is. => how many are
 *
 * sys_poll_found: the i-th of them, in order
 */
int64_t sys_poll(struct process *ps, sim_time interval);
struct sys_pollfd sys_poll_found(const struct process *ps, int64_t i);

/*
 * sys_write: => bytes written; fewer than len only when the run ends, or a file
 *    has no room for more
 */
int64_t sys_write(struct process *ps, int fd, uint64_t addr, int64_t len);

/* sys_writev: the same from n pieces of memory, n in 1 .. UIO_MAXIOV */
int64_t sys_writev(struct process *ps, int fd, const struct sys_iovec *iov,
    int n);

/* sys_shutdown: nothing more will be written; reading goes on. */
int64_t sys_shutdown(struct process *ps, int fd);

int64_t sys_close(struct process *ps, int fd);

/*
 * Files.  A file has a number for a name, and is there from the start (key
 * [file NAME]) or made by a program.
 *
 * sys_open	a descriptor, its offset 0; SYS_ENOENT, SYS_EMFILE, SYS_ENFILE
 * sys_creat	the same of a file that is new or emptied, with room for `most`
 *		bytes on the disk
 * sys_fstat	its size
 * sys_lseek	the next sys_read or sys_write begins there
 * sys_pread	as sys_read, from an offset, and the descriptor's stays
 * sys_fsync	all that was written is on the disk
 */
int sys_open(struct process *ps, uint32_t file);
int sys_creat(struct process *ps, uint32_t file, int64_t most);
int64_t sys_fstat(struct process *ps, int fd);
int64_t sys_lseek(struct process *ps, int fd, int64_t offset);
int64_t sys_pread(struct process *ps, int fd, uint64_t addr, int64_t len,
    int64_t offset);
int64_t sys_fsync(struct process *ps, int fd);

/*
 * sys_sendfile: a file's bytes to a connection, by the kernel: copied into
 * clusters, or lent where kernel.nfs_loan is. => bytes sent: fewer than len
 * where the file ends
 *
 * sys_sendfile_with: behind a header of at most SENDFILE_MAX_HEADER bytes,
 * which count as sent; the caller's own, or with addr 0 one that the kernel
 * makes, as for a reply of nfsd, which then goes as one message of at most
 * so_sndbuf
 */
struct sys_header {
	uint64_t addr;
	int64_t len;
};

int64_t sys_sendfile(struct process *ps, int sock, int fd, int64_t offset,
    int64_t len);
int64_t sys_sendfile_with(struct process *ps, int sock,
    struct sys_header header, int fd, int64_t offset, int64_t len);

/* sys_mmap: fresh anonymous memory. => its page-aligned address */
int64_t sys_mmap(struct process *ps, int64_t len);

/*
 * sys_mmap_file: part of a file. => its page-aligned address
 *
 * => offset in whole pages; what lies beyond the end of the file is mapped, but
 *    who touches a page there is ended: SYS_SIGBUS; to write(2) from there is
 *    SYS_EFAULT
 */
int64_t sys_mmap_file(struct process *ps, int fd, int64_t offset, int64_t len,
    enum sys_map map);

/* sys_munmap: any pages, whatever is mapped there; what is on loan lives on */
int64_t sys_munmap(struct process *ps, uint64_t addr, int64_t len);

/*
 * sys_touch: store to every byte, or to one word of each page.
 *
 * => SYS_SIGBUS beyond the end of a mapped file: the process makes no call any
 *    more but its exit
 */
int64_t sys_touch(struct process *ps, uint64_t addr, int64_t len,
    bool is_full);

int64_t sys_compute(struct process *ps, int64_t cycles);
int64_t sys_sleep_until(struct process *ps, sim_time at);

/* sys_now: the date; what a program pays for asking is left out. */
sim_time sys_now(const struct process *ps);

/* sys_exit: the last call of a process; it does not wait. */
void sys_exit(struct process *ps);

#endif
