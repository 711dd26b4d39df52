/*
 * Light clients: the far end of connections that clients open to the board.
 *
 * Stands for: one machine for each client, with a program that asks and waits
 *	for the answer.  Like the ideal peer, whose receiving half they share
 *	(inet/peer.h), they take no time but a fixed turnaround.  Their programs
 *	are processes (kern/proc.h) that no kernel of ours runs: calls end at
 *	once, or with the frame that they wait for.
 *
 *	client.c	machines and their calls
 *	client_conn.c	connections: numbers, who finds them, what the board
 *			hears and says on them, their end
 *	client_tcp.c	what a connection sends: SYN, requests, FIN; and what
 *			frames that come mean to it
 *
 * Mirrors: RFC 793, 1122 as BSD does it: a SYN again after 3, 6, 12, 24 s, and
 *	75 s until one gives up; MSS, window scale and timestamps are offered,
 *	as hosts of 2002 did; what is sent again waits 1 s, doubled each time,
 *	and 12 times at most; whoever closes first waits 60 s for what is late.
 *	A request is one segment, and the next one goes when that is
 *	acknowledged.  The ticks at which ACKs are sent that were delayed are
 *	each machine's own, spread over their period.
 *	A program that has had enough of a response closes (RFC 1122,
 *	4.2.2.13): with a FIN, and a reset for the data that comes then; or
 *	with a reset at once, if a slow reader's buffer holds data still.
 * Leaves out: measuring round trips (the time-out stays 1 s, the least that
 *	RFC 2988 allows); resets for data that comes after close(2) at the end
 *	of a run: it is taken and thrown away, so that what is sent then is
 *	delivered.  A reset that is lost has no other behind it, and a server
 *	that has nothing to send waits for such a client; when the run is over
 *	it is sent again until it is heard.
 *	A program looks every 300 s at a response that it waits for, and gives
 *	it up if nothing of it has come: so browsers did, and no lost reset
 *	keeps a run waiting for ever.
 * Numbers: each connection has one of its own, which no other gets during the
 *	run; they are given to clients by sixteens, so that a number tells its
 *	client for 1.5 bytes of memory each.
 * Audit: connection by connection, when both ends are done with it: what is
 *	acknowledged was received, both ways.
 * Units: bytes, ps.  Owns: the clients and their connections.
 */
#ifndef MODELS_INET_CLIENT_H
#define MODELS_INET_CLIENT_H

#include "models/base/pool.h"
#include "models/inet/peer.h"
#include "models/inet/speech.h"
#include "models/kern/proc.h"
#include "models/kern/syscall.h"
#include "models/socket/socket.h"

/* The first number; below are the board's own and the far host's. */
enum { CLIENT_NUMBERS = 0x10000, CLIENT_LAST_NUMBER = 0xffffff };

#define CLIENT_KEEP_INIT	(75 * PS_PER_S)	/* for an answer to a SYN */
#define CLIENT_SYN_RTO		(3 * PS_PER_S)
#define CLIENT_RTO		(1 * PS_PER_S)
#define CLIENT_RTO_MAX		(64 * PS_PER_S)
#define CLIENT_TIME_WAIT	(60 * PS_PER_S)
#define CLIENT_PATIENCE		(300 * PS_PER_S)
#define CLIENT_STOP_APART	(1 * PS_PER_MS)
#define CLIENT_STOP_TIME	(1 * PS_PER_S)	/* ... but all within that */
enum { CLIENT_MAX_REXMT = 12 };

enum client_state {
	CLIENT_SYN_SENT,
	CLIENT_OPEN,		/* until both FINs are acknowledged */
	CLIENT_TIME_WAIT_STATE,
	CLIENT_OVER
};

struct client;

struct client_conn {
	struct peer_conn c;	/* first: what it receives */
	struct client *client;
	enum client_state state;
	bool is_waited_for;	/* by its program */
	bool fin_is_sent;
	bool fin_is_acked;
	bool is_abandoned;	/* its program had enough of a response, */
	bool is_aborted;	/* ... and left some of it unread */
	bool is_first_to_close;
	bool has_descriptor;
	int fd;
	int64_t look_at;	/* a program that waits looks when so much has
				 * come, or the end */
	/* sending */
	uint32_t snd_una;
	uint32_t unacked_bytes;	/* of the last request */
	int64_t bytes_sent;	/* the place behind it */
	int64_t bytes_acked;
	uint32_t maxseg;	/* the most that a request may have */
	struct cal_event timer;	/* to send again, or to give up */
	sim_time begun_at;
	sim_time rto;
	int32_t n_rexmt;
	/* what is said: by the client, and by the board */
	struct speech requests;
	struct speech responses;
	int64_t answered;	/* place behind the last response */
	int64_t enough;		/* place at which the next one is given up */
	bool has_asked;		/* and waits for the next one */
	sim_time asked_at;
	int64_t error;		/* enum sys_error: why it is over, or 0 */
	/* who has waited for a response, in the order of looks */
	struct client_conn *next_patient;
	struct client_conn *previous_patient;
	bool is_patient;
	sim_time looks_at;
	int64_t heard_bytes;	/* at the last look */
	int64_t heard_answered;
	struct cal_event read_some;	/* a slow reader has the response, or
					 * enough of it */
	struct client_conn *next;	/* of the client */
	/* waits for late segments, in order */
	struct client_conn *next_late;
	sim_time late_until;
	/* what the board's socket had, when it went */
	bool board_is_done;
	struct so_stats board;
};

/* What a client's program waits for. */
enum client_wait {
	CLIENT_WAITS_NOT,
	CLIENT_SLEEPS,
	CLIENT_WAITS_CONNECT,
	CLIENT_WAITS_SEND,	/* until the last request is acknowledged */
	CLIENT_WAITS_RESPONSE
};

struct client {
	struct proc proc;	/* first */
	uint32_t number;	/* its way through the network */
	struct clients *all;
	enum client_wait waits;
	struct client_conn *waits_for;
	struct client_conn *conns;	/* with descriptors */
	int last_fd;
	uint32_t next_conn;	/* number; see client_conn.c */
	/* the call that waits */
	int64_t len;
	struct sys_words words;
};

struct client_stats {
	int64_t n_requests;	/* whose response came whole */
	int64_t n_failed;	/* ... or did not, or could not be asked */
	int64_t n_abandoned;	/* ... or was not waited for */
	int64_t response_us;	/* the sum of all, from request to its end, */
	sim_time response_rest;	/* ... and what is less than 1 us of it */
	sim_time response_max_ps;
	int64_t n_connected;
	int64_t bytes_received;	/* in order, by all so far */
	int64_t n_unbalanced;	/* connections that the audit has a word on */
	uint32_t first_unbalanced;
};

struct client_chunk;

struct clients {
	struct calendar *cal;
	struct peer peer;	/* what they are like, and what they count */
	struct pool machines;	/* of all clients, */
	struct pool connections;	/* ... and theirs */
	struct client **client;
	uint32_t n;
	struct client_chunk *chunks;
	uint32_t n_chunks;
	uint32_t n_alive;
	uint32_t n_in_program;
	bool is_stopped;
	struct cal_event stopper;
	uint32_t n_stopped;	/* of the clients, those that have been told */
	struct client_conn *patient_head;
	struct client_conn *patient_tail;
	struct cal_event patience;
	struct client_conn *late_head;
	struct client_conn *late_tail;
	struct cal_event late_event;
	uint32_t n_conns;
	struct client_stats stats;
	const struct host *board;
	/* to the network */
	void (*send)(void *arg, uint32_t client, sim_time ready_at,
	    const struct frame *frame);
	void (*will_send)(void *arg, uint32_t client);	/* or NULL */
	void *arg;
};

/*
 * clients_init: none yet.
 *
 * => board: whom they call; has been or will be initialized
 * => the caller sets send, will_send and arg
 */
void clients_init(struct clients *all, const struct peer_config *config,
    struct calendar *cal, const struct host *board);
void clients_fini(struct clients *all);

/* clients_add: the next one, with its program, which makes the first call */
struct client *clients_add(struct clients *all, const char *name,
    struct proc_program program);

static inline struct client *
client_of(struct proc *p)
{
	return (struct client *)p;
}

/* client_enter: sys_enter of a client's process */
bool client_enter(struct client *client, const struct sys_call *call);

/*
 * clients_stop: the run is over: no call is accepted but close and exit,
 * blocked ones return, one behind the other, 1 ms apart or as much less as it
 * takes for all to be told in a second: a hundred who hang up at one instant
 * would be a storm that nobody has asked for.
 */
void clients_stop(struct clients *all);

/* clients_quit: nothing is sent again any more. */
void clients_quit(struct clients *all);

/* clients_receive: a frame has come to a client. */
void clients_receive(struct clients *all, uint32_t client,
    const struct frame *frame);

/* clients_owner: the client that has that number. => it was given to one */
uint32_t clients_owner(const struct clients *all, uint32_t conn);

/* clients_find: a connection, or NULL: there is none, or it is done with */
struct client_conn *clients_find(const struct clients *all, uint32_t conn);

/*
 * The board's side of what is said.
 *
 * clients_request: what a byte of the client's stream belongs to. => or NULL
 * clients_say: a response will begin at that place of the board's stream
 */
const struct message *clients_request(const struct clients *all,
    uint32_t conn, int64_t place);
void clients_say(const struct clients *all, uint32_t conn, int64_t place,
    int64_t bytes);

/*
 * clients_board_is_done: the board's socket of a connection goes: its books are
 * compared.
 */
void clients_board_is_done(struct clients *all, const struct socket *so);

/*
 * client_conn_is_balanced: do both ends' books agree?
 *
 * => board: what its socket has counted, or NULL: there was none
 */
bool client_conn_is_balanced(const struct client_conn *cc,
    const struct so_stats *board);

/* clients_each: all connections that are there, in the order of numbers */
void clients_each(const struct clients *all,
    void (*fn)(const struct client_conn *cc, void *arg), void *arg);

#endif
