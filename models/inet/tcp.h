/*
 * TCP: one connection that sends.
 *
 * Stands for: struct tcpcb, tcp_output(), tcp_input(), the slow timer.
 *
 *	tcp_usrreq.c	what the socket layer asks for
 *	tcp_output.c	whether to send, and how much
 *	tcp_packet.c	one segment: copied (before the fix of April 2002) or
 *			referenced (after it)
 *	tcp_input.c	acknowledgements, set-up and close
 *	tcp_timer.c	the retransmission and persist timers, served by the
 *			500 ms tick
 *
 * Mirrors: sys/netinet/tcp_output.c 1.56.4.1 and 1.79.4.1, tcp_input.c,
 *	tcp_usrreq.c of June 2002; netbsd-2002.md section 5.
 * Leaves out: fast retransmit, keepalive, delayed ACKs of its own (it
 *	receives no data), urgent data, and the connection's 2MSL wait after the
 *	socket is gone.
 * Units: sequence numbers modulo 2^32; bytes; slow ticks of 500 ms.
 * Owns: nothing; its packets belong to the queue they go to.
 */
#ifndef MODELS_INET_TCP_H
#define MODELS_INET_TCP_H

#include <stdbool.h>

#include "models/base/time.h"
#include "models/kern/kctx.h"
#include "models/mbuf/mbuf.h"

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
	TCPOLEN_SYN_EXTRA = 4		/* window scale, aligned */
};

enum { TCP_MAXWIN = 65535, TCP_MAX_WINSHIFT = 14 };

#define TCP_SLOW_TICK	(500 * PS_PER_MS)

enum {
	TCPTV_MIN = 2,		/* slow ticks: 1 s */
	TCPTV_MAX = 128,	/* 64 s */
	TCPTV_FIRST = 6,	/* 3 s before anything is measured */
	TCPTV_PERSMIN = 10,	/* 5 s */
	TCPTV_PERSMAX = 120,	/* 60 s */
	TCP_MAXRXTSHIFT = 12	/* give up after that many retransmissions */
};

enum tcp_state {
	TCPS_CLOSED,
	TCPS_SYN_SENT,
	TCPS_ESTABLISHED,
	TCPS_FIN_WAIT_1,
	TCPS_FIN_WAIT_2,
	TCPS_CLOSING,
	TCPS_TIME_WAIT
};

/* kernel.tcp_output: before and after the fix. */
enum tcp_output_kind { TCP_OUTPUT_COPY, TCP_OUTPUT_REFERENCE };

/* kernel.tcp_timers: ticks for all connections, or a timer of 1 ms for each. */
enum tcp_timers { TCP_TIMERS_TICKS, TCP_TIMERS_FINE };

struct tcp_config {
	enum tcp_output_kind output;
	bool timestamps;
	bool window_scale;
	bool newreno;
	bool ack_on_push;
	enum tcp_timers timers;
	int64_t recvspace;
	sim_time rto_min;
	sim_time delack;
	sim_time keepidle;
	sim_time keepintvl;
	sim_time msl;
	int64_t init_win;	/* segments; 0: RFC 2414 */
	int64_t mtu;
	uint32_t iss;
};

struct tcp_stats {
	int64_t n_segments;	/* with data, retransmissions included */
	int64_t n_retransmits;
	int64_t n_acks;		/* received, without data, SYN or FIN */
	int64_t n_output_calls;
	int64_t n_copy_small;	/* TCP_OUTPUT_COUNTERS */
	int64_t n_copy_big;
	int64_t n_reference_big;
	int64_t n_quenches;	/* ENOBUFS from the interface queue */
	int64_t n_timeouts;
	sim_time last_ack_at;	/* of the last one that acknowledged data */
};

struct tcpcb {
	struct socket *so;
	enum tcp_state t_state;
	bool t_sent_fin;
	bool t_acknow;
	bool t_force;		/* send what there is: the persist timer says */
	bool t_timestamps;
	bool t_is_closing;	/* the user has disconnected: FIN after data */
	uint32_t t_maxseg;	/* payload of a full segment, without options */
	uint32_t iss;
	uint32_t snd_una;
	uint32_t snd_nxt;
	uint32_t snd_max;
	uint32_t snd_wnd;
	uint8_t snd_scale;	/* of the other end's windows */
	uint32_t max_sndwnd;
	uint32_t snd_cwnd;
	uint32_t snd_ssthresh;
	uint32_t rcv_nxt;
	/* timing, in slow ticks */
	int32_t t_rexmt;	/* ticks left; 0: not armed */
	int32_t t_persist;	/* the same; never both */
	int32_t t_rxtcur;
	int32_t t_rxtshift;
	int32_t t_rtt;		/* 0: nothing is being timed */
	uint32_t t_rtseq;
	int32_t t_srtt;		/* scaled by 8 */
	int32_t t_rttvar;	/* scaled by 4 */
	int32_t t_idle;
	bool t_rexmt_due;
	bool t_persist_due;
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

/* tcp_attach: a closed connection for a socket */
void tcp_attach(struct tcpcb *tp, struct socket *so);

/*
 * The user's requests.  Each ends with kctx_return.
 *
 * tcp_usr_connect: send a SYN. => closed
 * tcp_usr_send: append one mbuf to the send buffer, tcp_output. => owns m
 * tcp_usr_disconnect: a FIN after all that is buffered
 */
void tcp_usr_connect(struct kctx *k, struct tcpcb *tp);
void tcp_usr_send(struct kctx *k, struct tcpcb *tp, struct mbuf *m);
void tcp_usr_disconnect(struct kctx *k, struct tcpcb *tp);

/* tcp_tell_done: tell the host if a closing socket has nothing left to send */
void tcp_tell_done(const struct tcpcb *tp);

/*
 * tcp_drop: forget a connection: what is buffered is lost.
 *
 * => error: what the user is told
 */
void tcp_drop(struct tcpcb *tp, int64_t error);

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
 * tcp_place_of: the place in the stream of written bytes of a sequence number
 * not further than 2^31 from what has been acknowledged.
 */
uint64_t tcp_place_of(const struct tcpcb *tp, uint32_t seq);

/* tcp_option_bytes: length of the options of a segment with these flags */
uint32_t tcp_option_bytes(const struct tcpcb *tp, uint8_t flags);

/* tcp_initial_window: bytes that may be sent at first, and after a pause */
uint32_t tcp_initial_window(const struct tcpcb *tp,
    const struct tcp_config *config);

/* tcp_input_cost: the price of a segment that has arrived */
void tcp_input_cost(struct kctx *k, const struct tcpcb *tp,
    const struct tcp_header *th);

/* tcp_input: act on it. => at splsoftnet; ends with kctx_return */
void tcp_input(struct kctx *k, struct tcpcb *tp, const struct tcp_header *th);

/*
 * The slow tick.
 *
 * tcp_slowtimo: count down. => true: tcp_timeout is due, from a soft interrupt
 * tcp_timeout: serve what is due. => at splsoftnet; ends with kctx_return
 * tcp_timer_arm, _disarm: retransmission. => an armed timer holds the calendar
 * tcp_setpersist: data waits, and nothing is under way whose ACK would send it:
 *	look again in 5 to 60 s
 * tcp_clear_persist: something else will
 * tcp_xmit_timer: a round trip has been measured, in ticks
 */
bool tcp_slowtimo(struct tcpcb *tp);
bool tcp_timer_is_due(const struct tcpcb *tp);
void tcp_timeout(struct kctx *k, struct tcpcb *tp);
void tcp_timer_arm(struct tcpcb *tp);
void tcp_timer_disarm(struct tcpcb *tp);
void tcp_setpersist(struct tcpcb *tp);
void tcp_clear_persist(struct tcpcb *tp);
void tcp_xmit_timer(struct tcpcb *tp, int32_t rtt);

#endif
