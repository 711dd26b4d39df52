/*
 * TCP: one connection, sender and receiver.
 *
 * Stands for: struct tcpcb, tcp_output(), tcp_input(), the slow and fast ticks.
 *
 *	tcp_usrreq.c	what the socket layer asks for
 *	tcp_subr.c	a connection's start and end; segments outside of one
 *	tcp_output.c	whether to send, and how much
 *	tcp_packet.c	one segment: copied (before the fix of April 2002) or
 *			referenced (after it)
 *	tcp_input.c	a segment that has come: header prediction, trimming,
 *			resets, and the order of the rest
 *	tcp_open.c	SYNs: passive, active and simultaneous open
 *	tcp_ack.c	acknowledgements and windows
 *	tcp_congestion.c	slow start, avoidance, recovery by Reno or
 *			NewReno
 *	tcp_reass.c	data and FIN: in order, or queued until they are
 *	tcp_timer.c	what a timer that has gone off does
 *	tcp_tick.c	timers that ticks count down, or alarms of 1 ms
 *
 * Mirrors: sys/netinet/tcp_output.c 1.56.4.1 and 1.79.4.1, tcp_input.c,
 *	tcp_usrreq.c, tcp_subr.c, tcp_timer.c of June 2002; netbsd-2002.md
 *	section 5; RFC 793, 1122, 1323, 2001, 2414, 2582.
 * Leaves out: urgent data; the SYN cache (a SYN makes a socket at once, as in
 *	4.4BSD; only the time-out of the answer is the cache's); SACK, which was
 *	not effective; routes, and so what they know of earlier connections;
 *	path MTU discovery; rounding the send buffer up to whole segments.
 *	Round trips are kept in whole ticks, by the formula of the first
 *	4.4BSD-Lite; NetBSD of 2002 keeps two bits more of them, and lets no
 *	time-out be less than a round trip and 2 ticks.  On a short way both
 *	have 3 ticks with timestamps; without them NetBSD has 2.
 * Units: sequence numbers modulo 2^32; bytes; ticks of tcp_times.tick.
 * Owns: its queue of segments out of order; the packets it sends belong to the
 *	queue they go to.
 */
#ifndef MODELS_INET_TCP_H
#define MODELS_INET_TCP_H

#include <stdbool.h>

#include "models/base/calendar.h"
#include "models/base/time.h"
#include "models/kern/kctx.h"
#include "models/mbuf/mbuf.h"

struct ip_packet;

enum {
	TH_FIN = 0x01,
	TH_SYN = 0x02,
	TH_RST = 0x04,
	TH_PUSH = 0x08,
	TH_ACK = 0x10
};

enum {
	TCP_HEADER_LEN = 20,
	IP_HEADER_LEN = 20,
	TCPOLEN_TSTAMP_APPA = 12,	/* timestamps, aligned */
	TCPOLEN_MAXSEG = 4,
	TCPOLEN_WINDOW = 4		/* window scale, aligned */
};

enum {
	TCP_MSS_DEFAULT = 536,	/* tcp_mssdflt: a SYN without the option */
	TCP_MSS_LEAST = 32,
	TCP_MAXWIN = 65535,
	TCP_MAX_WINSHIFT = 14,
	TCP_MAXRXTSHIFT = 12,	/* give up after that many retransmissions */
	TCP_KEEPCNT = 8,	/* probes without an answer */
	TCP_REXMT_THRESH = 3	/* duplicate acknowledgements */
};

#define TCP_SLOW_TICK	(500 * PS_PER_MS)

/* Limits of timers that are no configuration (tcp_timer.h). */
#define TCPTV_SRTTDFLT	(3 * PS_PER_S)	/* a round trip not measured yet */
#define TCPTV_REXMTMAX	(64 * PS_PER_S)
#define TCPTV_PERSMIN	(5 * PS_PER_S)
#define TCPTV_PERSMAX	(60 * PS_PER_S)
#define TCPTV_KEEP_INIT	(75 * PS_PER_S)	/* until a connection is established */

/* tcp_fsm.h; the order says what has happened. */
enum tcp_state {
	TCPS_CLOSED,
	TCPS_LISTEN,
	TCPS_SYN_SENT,
	TCPS_SYN_RECEIVED,
	TCPS_ESTABLISHED,
	TCPS_CLOSE_WAIT,
	TCPS_FIN_WAIT_1,
	TCPS_CLOSING,
	TCPS_LAST_ACK,
	TCPS_FIN_WAIT_2,
	TCPS_TIME_WAIT
};

/* kernel.tcp_output: before and after the fix. */
enum tcp_output_kind { TCP_OUTPUT_COPY, TCP_OUTPUT_REFERENCE };

/* kernel.tcp_timers: ticks of all connections, or each to the millisecond. */
enum tcp_timers { TCP_TIMERS_TICKS, TCP_TIMERS_FINE };

struct tcp_config {
	enum tcp_output_kind output;
	bool timestamps;
	int64_t init_win;	/* segments; 0: RFC 2414 */
	int64_t mtu;
	uint32_t iss;
	bool window_scale;
	bool newreno;
	bool ack_on_push;
	enum tcp_timers timers;
	sim_time rto_min;
	sim_time delack;
	sim_time keepidle;
	sim_time keepintvl;
	sim_time msl;
	int64_t recvspace;
	uint32_t cwnd_floor;	/* snd_cwnd is never below it; 0: TCP's own */
};

enum tcp_timer {
	TCPT_REXMT,
	TCPT_PERSIST,
	TCPT_KEEP,	/* until established; then keepalive */
	TCPT_2MSL,
	TCPT_DELACK,
	TCPT_NTIMERS
};

/* The configuration in ticks. */
struct tcp_times {
	sim_time tick;		/* of round trips and timers */
	int32_t srttdflt;
	int32_t rexmtmin;
	int32_t rexmtmax;
	int32_t persmin;
	int32_t persmax;
	int32_t keepinit;
	int32_t keepidle;
	int32_t keepintvl;
	int32_t maxidle;	/* TCP_KEEPCNT times keepintvl */
	int32_t msl2;
	int32_t delack;
};

/* What the connections of a host share. */
struct tcp_host {
	struct tcp_times times;
	struct cal_event fasttimo;	/* scheduled while an ACK is delayed */
	struct tcpcb *due_head;		/* timers to be served, in order */
	struct tcpcb *due_tail;
	struct tcpcb **ticking;		/* with timers that tick; of some they
					 * have stopped */
	uint32_t n_ticking;
	uint32_t ticking_size;
	struct tcpcb *delacked;		/* the same for the fast tick */
	struct tcpcb **sorted;		/* room for those of one tick */
	uint32_t sorted_size;
	uint32_t n_sorted;
};

struct tcp_stats {
	int64_t n_segments;	/* with data, retransmissions included */
	int64_t n_retransmits;
	int64_t n_fast_retransmits;	/* ... of these, for duplicate ACKs or
					 * partial ones */
	int64_t n_acks;		/* received, without data, SYN, FIN or RST */
	int64_t n_dup_acks;	/* tcps_rcvdupack: nothing new in them; data
				 * that was known already counts as none */
	int64_t n_acks_sent;	/* without data, SYN, FIN or RST */
	int64_t n_predicted_acks;	/* header prediction */
	int64_t n_predicted_data;
	int64_t n_out_of_order;	/* segments queued */
	int64_t n_duplicates;	/* segments with nothing new in them */
	int64_t n_beyond_window;	/* segments cut, or dropped, for that */
	int64_t n_paws;
	int64_t n_output_calls;
	int64_t n_copy_small;	/* TCP_OUTPUT_COUNTERS */
	int64_t n_copy_big;
	int64_t n_reference_big;
	int64_t n_quenches;	/* ENOBUFS from the interface queue */
	int64_t n_timeouts;
	int64_t n_persists;	/* probes of a closed window */
	int64_t n_keep_probes;
	sim_time last_ack_at;	/* of the last one that acknowledged data */
};

/* One timer of a connection, where timers are fine. */
struct tcp_alarm {
	struct cal_event ev;
	struct tcpcb *tp;
	sim_time at;		/* when it is meant to go off */
	sim_time fires_at;	/* when the event looks at that */
};

struct tcpcb {
	struct socket *so;
	enum tcp_state t_state;
	/* t_flags */
	bool t_acknow;		/* an ACK must go out now */
	bool t_delack;		/* ... or at the next fast tick */
	bool t_nodelay;
	bool t_keepalive;
	bool t_sent_fin;
	bool t_request_timestamps;
	bool t_request_scale;
	bool t_timestamps;	/* agreed */
	bool t_scale;
	bool t_syn_rexmt;	/* the SYN was sent again */
	bool t_force;		/* send what there is: the persist timer says */
	bool t_is_closing;	/* the user has disconnected: FIN after data */
	uint16_t t_port;	/* of the end that was called */
	uint32_t t_maxseg;	/* payload of a full segment, without options */
	/* sending */
	uint32_t iss;
	uint32_t snd_una;
	uint32_t snd_nxt;
	uint32_t snd_max;
	uint32_t snd_wnd;
	uint32_t snd_wl1;	/* segment of the last window update: its seq */
	uint32_t snd_wl2;	/* ... and its ack */
	uint32_t max_sndwnd;
	uint32_t snd_cwnd;
	uint32_t snd_ssthresh;
	uint32_t snd_recover;	/* snd_max when loss was last found */
	int32_t t_dupacks;
	uint8_t snd_scale;	/* of the other end's windows */
	/* receiving */
	uint8_t rcv_scale;
	uint8_t request_r_scale;
	uint32_t irs;
	uint32_t rcv_nxt;
	uint32_t rcv_adv;	/* right edge of the window offered */
	uint32_t rcv_wnd;
	uint32_t last_ack_sent;
	uint32_t ts_recent;	/* timestamp to be echoed */
	uint32_t ts_recent_age;	/* tcp_now when it came */
	struct mbuf *segq;	/* out of order, by seq and m_nextpkt */
	bool t_fin_came;	/* in order or not */
	uint32_t t_fin_at;
	/* round trips, in ticks */
	bool t_is_timing;
	uint32_t t_rtttime;	/* tcp_now when the timed segment went */
	uint32_t t_rtseq;
	int32_t t_srtt;		/* scaled by 8 */
	int32_t t_rttvar;	/* scaled by 4 */
	uint32_t t_rcvtime;	/* tcp_now at the last segment received */
	/* timers */
	int32_t t_timer[TCPT_NTIMERS];	/* ticks left; 0: not running */
	uint32_t t_due;		/* bits by tcp_timer: gone off, not served */
	bool t_in_due_list;
	struct tcpcb *t_next_due;
	bool t_is_ticking;	/* on the host's lists */
	bool t_in_delack_list;
	struct tcpcb *t_next_delack;
	int32_t t_rxtcur;
	int32_t t_rxtshift;
	struct tcp_alarm t_alarm[TCPT_NTIMERS];
	struct tcp_stats stats;
};

static inline bool
seq_lt(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool
seq_leq(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

/* tcp_have_rcvd_fin: the other end has nothing more to say */
static inline bool
tcp_have_rcvd_fin(const struct tcpcb *tp)
{
	return tp->t_state == TCPS_CLOSE_WAIT ||
	    tp->t_state == TCPS_CLOSING || tp->t_state == TCPS_LAST_ACK ||
	    tp->t_state == TCPS_TIME_WAIT;
}

/* tcp_attach: a closed connection for a socket */
void tcp_attach(struct tcpcb *tp, struct socket *so);

/*
 * The user's requests.  All but tcp_usr_listen end with kctx_return.
 *
 * tcp_usr_listen: wait for SYNs. => closed
 * tcp_usr_connect: send a SYN. => closed
 * tcp_usr_send: append one mbuf to the send buffer, tcp_output. => owns m
 * tcp_usr_rcvd: the program has read: perhaps the window is worth telling
 * tcp_usr_shutdown: a FIN after all that is buffered
 * tcp_usr_disconnect: the same, and nothing more is received
 */
void tcp_usr_listen(struct tcpcb *tp, uint16_t port);
void tcp_usr_connect(struct kctx *k, struct tcpcb *tp, uint16_t port);
void tcp_usr_send(struct kctx *k, struct tcpcb *tp, struct mbuf *m);
void tcp_usr_rcvd(struct kctx *k, struct tcpcb *tp);
void tcp_usr_shutdown(struct kctx *k, struct tcpcb *tp);
void tcp_usr_disconnect(struct kctx *k, struct tcpcb *tp);

/* tcp_tell_done: tell the host if a closing socket has nothing left to send */
void tcp_tell_done(const struct tcpcb *tp);

/*
 * tcp_close: a connection ends; what is buffered to be sent is lost.
 *
 * => timers stopped, queues emptied, the socket detached
 */
void tcp_close(struct tcpcb *tp);

/*
 * tcp_drop: the same, for a reason.
 *
 * => error: what the user is told, an enum sys_error, or 0
 */
void tcp_drop(struct tcpcb *tp, int64_t error);

/*
 * tcp_drop_reset: tcp_drop, and tell the other end if it ever spoke.
 *
 * => ends with kctx_return
 */
void tcp_drop_reset(struct kctx *k, struct tcpcb *tp, int64_t error);

/*
 * tcp_respond: a segment without data that is not tcp_output's: resets, and
 * probes of an idle connection.
 *
 * => tp: whose window and options it carries; NULL: none
 * => ends with kctx_return; without an mbuf nothing is sent
 */
void tcp_respond(struct kctx *k, struct tcpcb *tp, uint32_t conn,
    const struct tcp_header *th);

/*
 * tcp_reset_answer: the RST that a segment outside of any connection deserves.
 *
 * => len: of its data; ends with kctx_return
 */
void tcp_reset_answer(struct kctx *k, uint32_t conn,
    const struct tcp_header *th, uint32_t len);

/*
 * tcp_output: send what may be sent now.
 *
 * => at splsoftnet; ends with kctx_return
 */
void tcp_output(struct kctx *k, struct tcpcb *tp);

/*
 * tcp_build: the packet of one segment, headers and len bytes of the send
 * buffer from an offset on.
 *
 * => adds copies, references, allocations to k->cost
 */
struct mbuf *tcp_build(struct kctx *k, struct tcpcb *tp, uint32_t off,
    uint32_t len, uint8_t flags);

/*
 * tcp_has_mbufs: are there mbufs for that segment, all that tcp_build gets?
 */
bool tcp_has_mbufs(const struct tcpcb *tp, uint32_t off, uint32_t len,
    uint8_t flags);

/* tcp_packet: headers alone, with these numbers; options by tp, if not NULL */
struct mbuf *tcp_packet(struct kctx *k, const struct tcpcb *tp, uint32_t conn,
    const struct tcp_header *th);

/*
 * tcp_place_of, tcp_rcv_place_of: the place in the stream of bytes written
 * here, or at the other end, of a sequence number not further than 2^31 from
 * what has been acknowledged, or received.
 */
uint64_t tcp_place_of(const struct tcpcb *tp, uint32_t seq);
uint64_t tcp_rcv_place_of(const struct tcpcb *tp, uint32_t seq);

/* tcp_window_shift: the window scale that a whole receive buffer takes */
uint8_t tcp_window_shift(int64_t hiwat);

/* tcp_option_bytes: length of the options of a segment with these flags */
uint32_t tcp_option_bytes(const struct tcpcb *tp, uint8_t flags);

/*
 * tcp_window: what a segment that leaves now offers, in bytes
 * tcp_window_is_out: ... and one with an ACK has left: it is promised
 */
uint32_t tcp_window(const struct tcpcb *tp);
void tcp_window_is_out(struct tcpcb *tp, const struct tcp_header *th);

/* tcp_input_cost: the price of a segment that has arrived. => tp may be NULL */
void tcp_input_cost(struct kctx *k, const struct tcpcb *tp,
    const struct ip_packet *packet);

/*
 * tcp_input: act on it.
 *
 * => tp: its connection, one that listens, or NULL; owns packet's mbuf
 * => at splsoftnet; ends with kctx_return
 */
void tcp_input(struct kctx *k, struct tcpcb *tp,
    const struct ip_packet *packet);

/* tcp_restart_window: bytes that may be sent after a loss: one segment */
uint32_t tcp_restart_window(const struct tcpcb *tp);

/* tcp_initial_window: bytes that may be sent at first, and after a pause */
uint32_t tcp_initial_window(const struct tcpcb *tp,
    const struct tcp_config *config);

/*
 * Timers.
 *
 * tcp_host_init: what the connections of a host share
 * tcp_now: ticks since the start
 * tcp_timer_arm, _disarm: => an armed timer holds the calendar, but for 2MSL
 * tcp_timer_is_armed: running, or gone off and not served yet
 * tcp_delay_ack, tcp_ack_is_out: an ACK waits for the fast tick, or has gone
 * tcp_slowtimo: the slow tick of one connection, for timers that tick
 * tcp_slowtimo_all: of all, the youngest first
 * tcp_next_due: the connection whose timer is to be served next, or NULL
 * tcp_timeout: serve one. => at splsoftnet; ends with kctx_return
 */
void tcp_host_init(struct host *host);
void tcp_host_fini(struct host *host);
uint32_t tcp_now(const struct host *host);
void tcp_timer_arm(struct tcpcb *tp, enum tcp_timer which, int32_t ticks);
void tcp_timer_disarm(struct tcpcb *tp, enum tcp_timer which);
void tcp_timers_init(struct tcpcb *tp);
void tcp_delay_ack(struct tcpcb *tp);
void tcp_ack_is_out(struct tcpcb *tp);
void tcp_slowtimo(struct tcpcb *tp);
void tcp_slowtimo_all(struct host *host);
struct tcpcb *tcp_next_due(struct tcp_host *th);
void tcp_timeout(struct kctx *k, struct tcpcb *tp);

static inline bool
tcp_timer_is_armed(const struct tcpcb *tp, enum tcp_timer which)
{
	return tp->t_timer[which] != 0 || (tp->t_due >> which & 1) != 0;
}

/*
 * tcp_setpersist: data waits, and nothing is under way whose ACK would send it:
 *	look again in 5 to 60 s
 * tcp_xmit_timer: a round trip has been measured, in ticks, counted from 1
 * tcp_idle: ticks since the last segment came
 */
void tcp_setpersist(struct tcpcb *tp);
void tcp_xmit_timer(struct tcpcb *tp, int32_t rtt);
int32_t tcp_idle(const struct tcpcb *tp);

/* tcp_timer_range: ticks within what a retransmission may wait */
int32_t tcp_timer_range(const struct tcpcb *tp, int32_t ticks);

#endif
