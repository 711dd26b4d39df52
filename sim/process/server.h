/*
 * What servers have in common: a pool of processes with one socket that
 * listens.
 *
 * Stands for: processes that were forked before anybody called (Apache), or for
 *	each that does (inetd, smbd): each accepts a connection, answers on it
 *	until it is through, and accepts the next one.  A connection that is
 *	lost is the next one's gain.  Who finds no descriptor left sleeps for a
 *	second and tries again; the caller waits in the backlog.  When a file is
 *	cut while it is sent, less comes than the header says, and the
 *	connection is closed.
 * Leaves out: fork(2); what the number of processes costs beyond memory.
 * Units: bytes, ps.  Owns: nothing; its memory is the process's.
 */
#ifndef SIM_PROCESS_SERVER_H
#define SIM_PROCESS_SERVER_H

#include "sim/process/copy.h"
#include "sim/process/sys.h"

#define SERVER_SLEEP	PS_PER_S	/* when there is no descriptor */

enum { SERVER_REQUEST_ROOM = 4096 };

struct server {
	struct process *ps;
	uint64_t request;	/* memory for a request */
	uint64_t header;	/* ... for the header of a response, */
	uint64_t buffer;	/* ... and right behind it for what follows */
	int64_t header_bytes;
	/* the file that was asked for last, if it is kept open; 0: none */
	uint32_t file;
	int fd;
	int64_t size;
};

/* What makes one of the servers. */
struct server_kind {
	int64_t header_bytes;	/* unless the process is told otherwise */
	int64_t least_sndbuf;	/* of its sockets, whatever it is told */
	bool is_kernel;		/* sockets as the kernel's own ones have them */
	/* bytes of its buffer */
	int64_t (*buffer_bytes)(const struct process_config *config);
	/* answer a request; => false: the connection is to be closed */
	bool (*answer)(struct server *server, int sock,
	    const struct sys_words *words);
};

/* server_main: => returns when the run has ended, or the port is taken */
void server_main(struct process *ps, const struct server_kind *kind);

/*
 * server_open: the part of a file that is asked for.
 *
 * => it stays open until another is asked for, or the connection is closed
 * => part: what of it there is, nothing if it ends before
 * => false: it cannot be opened
 */
bool server_open(struct server *server, const struct sys_words *words,
    struct file_part *part);

/* server_header_bytes: as the process is told, or its program's own */
int64_t server_header_bytes(const struct process_config *config, int64_t own);

/*
 * server_say: say how long a response is, and make its header where it lies.
 *
 * => false: the run has ended
 */
bool server_say(struct process *ps, int sock, struct sys_iovec header,
    int64_t body_bytes);

/*
 * server_head: the same with the header of a server.
 *
 * => false: the run has ended
 */
bool server_head(struct server *server, int sock, int64_t body_bytes);

/*
 * server_send_mapped: header and part of a file with one writev(2), the file's
 * from where it is mapped for the while.
 *
 * => false: it cannot be mapped, and nothing was sent
 * => *error: 0, or what stopped it
 */
bool server_send_mapped(struct server *server, int sock,
    const struct file_part *part, int64_t *error);

/* server_forget: close the file that is kept open, if any */
void server_forget(struct server *server);

#endif
