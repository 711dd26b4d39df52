/*
 * The parts of tcp_input, to each other.
 *
 * Stands for: the labels and variables that the one long function of 4.4BSD
 *	shares between its parts.
 * Units: sequence numbers, bytes.  Owns: a segment owns its mbuf until the data
 *	is queued or dropped.
 */
#ifndef MODELS_INET_TCP_IN_H
#define MODELS_INET_TCP_IN_H

#include "models/inet/ip.h"
#include "models/inet/tcp.h"

/* What is left of a segment while it is looked at. */
struct tcp_segment {
	const struct tcp_header *th;
	struct mbuf *m;		/* its data, or NULL */
	uint32_t seq;
	uint32_t ack;
	uint32_t len;		/* of its data */
	uint32_t win;		/* bytes */
	uint32_t conn;
	uint8_t flags;
};

/* Where to go on: the next part, or one of tcp_input's labels. */
enum tcp_verdict {
	TCP_GO_ON,
	TCP_DROP,
	TCP_DROP_AFTER_ACK,
	TCP_DROP_WITH_RESET
};

/*
 * tcp_trim_front, tcp_trim_back: take bytes off the data.
 *
 * => n <= len
 */
void tcp_trim_front(struct kctx *k, struct tcp_segment *seg, uint32_t n);
void tcp_trim_back(struct kctx *k, struct tcp_segment *seg, uint32_t n);

/*
 * SYNs (tcp_open.c).
 *
 * tcp_input_listen: a segment for a socket that listens. => *new_tp: the
 *	connection that a SYN made, with TCP_GO_ON
 * tcp_input_syn_sent: the answer to our SYN, or a SYN that crossed it
 * tcp_input_syn_acked: the ACK that ends SYN_RECEIVED
 */
enum tcp_verdict tcp_input_listen(struct kctx *k, struct tcpcb *tp,
    const struct tcp_segment *seg, struct tcpcb **new_tp);
enum tcp_verdict tcp_input_syn_sent(struct kctx *k, struct tcpcb *tp,
    struct tcp_segment *seg);
enum tcp_verdict tcp_input_syn_acked(struct kctx *k, struct tcpcb *tp,
    struct tcp_segment *seg);

/* tcp_rcvseqinit: the other end's first sequence number is known. */
void tcp_rcvseqinit(struct tcpcb *tp, uint32_t irs);

/*
 * Acknowledgements (tcp_ack.c).
 *
 * tcp_ack_new: one of something new, within snd_max
 * tcp_input_ack: any
 * tcp_input_window: is its window news?
 */
void tcp_ack_new(struct kctx *k, struct tcpcb *tp,
    const struct tcp_segment *seg);
enum tcp_verdict tcp_input_ack(struct kctx *k, struct tcpcb *tp,
    struct tcp_segment *seg);
void tcp_input_window(struct kctx *k, struct tcpcb *tp,
    const struct tcp_segment *seg);

/*
 * Congestion (tcp_congestion.c).
 *
 * tcp_cong_dupack: the n-th duplicate ACK. => true: output is wanted, beside
 *	what it retransmits
 * tcp_cong_acked: a new ACK ends recovery, or not; before snd_una moves
 * tcp_cong_open: ... and opens the window
 * tcp_cong_timeout, tcp_quench: the timer has gone off; ENOBUFS
 * tcp_cong_idle: a pause of a retransmission time-out or more
 */
bool tcp_cong_dupack(struct kctx *k, struct tcpcb *tp);
void tcp_cong_acked(struct kctx *k, struct tcpcb *tp, uint32_t ack);
void tcp_cong_open(struct tcpcb *tp);
void tcp_cong_timeout(struct tcpcb *tp);
void tcp_cong_idle(struct tcpcb *tp);
void tcp_quench(struct tcpcb *tp);

/*
 * Data (tcp_reass.c).
 *
 * tcp_input_data: take what is in order, queue what is not; then the FIN
 * tcp_append_data: data in order, to the receive buffer
 * tcp_present: queued data that has become in order
 * tcp_segq_free: forget what is queued
 */
void tcp_input_data(struct kctx *k, struct tcpcb *tp,
    struct tcp_segment *seg);
void tcp_append_data(struct kctx *k, struct tcpcb *tp, struct mbuf *m);
void tcp_present(struct kctx *k, struct tcpcb *tp);
void tcp_segq_free(struct tcpcb *tp);

/* tcp_setup_ack: TCP_SETUP_ACK(): every second segment, or a fast tick */
void tcp_setup_ack(struct tcpcb *tp, uint8_t flags);

/* tcp_time_wait: nothing more will come but what is late. */
void tcp_time_wait(struct tcpcb *tp);

#endif
