/*
 * Programs that talk over TCP as they please.
 *
 * Two of them make a pair, one on each host: one waits and the other calls, or
 * both call at once.  On a connection each writes what it has been given to
 * write, in random pieces from random places, stores into its buffer again,
 * reads, rests, and ends the connection in a way of its own: it shuts down and
 * reads to the end, closes when all is written, closes at any time, or exits.
 * Of two ends that both write and do not read, each waits for the other until
 * the run is over; that is what they were drawn to do.  But nobody begins to
 * read when nothing will come, so that whoever else waits for ever has been
 * forgotten by TCP.
 * Opposite the ideal peer a program has no partner, and nothing to read.
 */
#ifndef TESTS_SUPPORT_TCP_TALK_H
#define TESTS_SUPPORT_TCP_TALK_H

#include "models/base/random.h"
#include "models/kern/syscall.h"
#include "models/world.h"

/* What the programs have met. */
struct tcp_talk_seen {
	int64_t calls;
	int64_t writes;
	int64_t whole_writes;	/* of these, taken to the last byte */
	int64_t faults;		/* buffers that are not all there */
	int64_t sessions;	/* connections that were established */
	int64_t refused;	/* ... and that were not */
	int64_t broken;		/* connections lost in the midst */
	int64_t read_to_end;	/* connections read until the other's FIN */
	int64_t crossed;	/* simultaneous opens that came to be */
};

enum tcp_talk_role { TCP_TALK_CALLER, TCP_TALK_SERVER };

/* How a program ends a connection. */
enum tcp_talk_end {
	TCP_TALK_SHUTDOWN,	/* when all is written; then reads to the end */
	TCP_TALK_CLOSE,		/* when all is written */
	TCP_TALK_LEAVE,		/* at any time */
	TCP_TALK_EXIT		/* at any time, and for good */
};

struct tcp_talker {
	struct proc *p;
	struct host *host;
	struct host *other;		/* NULL: the ideal peer */
	struct random *random;
	struct tcp_talk_seen *seen;
	enum tcp_talk_role role;
	uint16_t port;
	uint32_t conn;			/* both call: the next number */
	int n_sessions;			/* left, the one under way included */
	int n_tries;			/* left, at connecting */
	int64_t most_bytes;		/* of a connection, each way */
	int64_t least_buffer;		/* of its sockets */
	uint64_t addr;			/* its buffer; 0: none yet */
	int listen_fd;
	enum sys_nr last;		/* call */
	int64_t last_len;
	bool has_called;
	/* the connection under way */
	int fd;				/* -1: none */
	struct socket *so;
	enum tcp_talk_end end;
	bool reads;			/* before the end, too */
	bool touches;
	int64_t left;			/* to be written */
	int64_t longest;		/* write or read */
	uint64_t pause_us;		/* at most */
	bool is_shut;
	bool is_done;			/* nothing more to be read */
	uint64_t touch_addr;		/* what was written last */
	int64_t touch_len;
};

/* tcp_talk_init: => role, port, conn, n_sessions, most_bytes are set */
void tcp_talk_init(struct tcp_talker *t);

/* tcp_talk_go_on: it has the CPU: let it make its next call, or none ever. */
void tcp_talk_go_on(struct tcp_talker *t);

#endif
