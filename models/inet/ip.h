/*
 * IP output and input, around the interface queue.
 *
 * Stands for: ip_output() with the software checksum of TCP over IPv4, unless
 *	the controller sums; ether_output() with IF_ENQUEUE, and ipintr(): the
 *	soft network interrupt with its input queue.
 * Mirrors: sys/netinet/ip_output.c, ip_input.c; netbsd-2002.md sections 5.6,
 *	6.4 to 6.6.
 * How: a segment that comes carries its data, if it has any, in the one mbuf
 *	into which the controller stored it.
 *
 *	ip.c		the price of a packet, the interface queue
 *	ip_output.c	datagrams: fragments, all of them or none
 *	ip_reass.c	... and how they are put together again
 *	softnet.c	input
 *
 * Leaves out: routing, ARP (resolved once, before the run), ICMP; m_pullup()
 *	and what else may happen to headers.
 * Units: packets.  Owns: the packets on its queues, those that came included.
 */
#ifndef MODELS_INET_IP_H
#define MODELS_INET_IP_H

#include "models/kern/kctx.h"
#include "models/mbuf/mbuf.h"

struct socket;

/* struct ifqueue: the interface's send queue. */
struct ifqueue {
	struct mbuf *ifq_head;
	struct mbuf *ifq_tail;
	int64_t ifq_len;
	int64_t ifq_maxlen;
	int64_t ifq_drops;
	int64_t n_in;		/* packets taken */
};

/*
 * A segment that has come in: its headers, and its data if it has any; or a
 * datagram, or a part of one.
 */
struct ip_packet {
	uint32_t conn;
	struct tcp_header th;
	struct mbuf *m;		/* one mbuf, without the headers; or NULL, but
				 * not of UDP */
	bool is_joined;		/* from fragments: a chain of mbufs */
	bool is_mixed;		/* ... of several datagrams */
};

enum { IPQ_MAXLEN = 50 };	/* IFQ_MAXLEN of net/if.h */

/* ipintrq, and the soft interrupt that serves it and the protocol timers. */
struct softnet {
	struct kctx k;
	bool is_running;
	struct ip_packet queue[IPQ_MAXLEN];
	uint32_t head;
	uint32_t n;
	int64_t n_drops;
	int64_t n_jobs;		/* begun */
	bool timers_due;
	bool frags_due;		/* ip_expire */
	/* locals of udp_input */
	struct ip_packet current;
	struct socket *receiver;
	struct mbuf *copy;
};

/*
 * ip_output_cost: IP, Ethernet, and the checksum's pass over the data
 *
 * => no pass if the controller sums (nic_traits)
 */
void ip_output_cost(struct kctx *k, const struct mbuf *packet);

/*
 * ip_output: a datagram, in one packet or in fragments that refer to its data.
 *
 * => m has its headers in the first mbuf; IP_DF in its ip_off forbids fragments
 * => the sum over all of it first; then all packets are queued, or none
 * => at splsoftnet; ends with kctx_return: k->out.error is 0, SYS_ENOBUFS (no
 *    room, or no mbufs for fragments) or SYS_EMSGSIZE (m is gone),
 *    k->out.n_packets the number of packets
 */
void ip_output(struct kctx *k, struct mbuf *m);

/*
 * ip_enqueue: put a packet on the interface queue.
 *
 * => false: the queue is full (ENOBUFS), the packet is gone
 */
bool ip_enqueue(struct host *host, struct mbuf *packet);

/* ifq_dequeue: the next packet, or NULL */
struct mbuf *ifq_dequeue(struct ifqueue *ifq);

void softnet_init(struct softnet *net, struct host *host);

/*
 * softnet_receive: a segment for ipintrq.
 *
 * => dropped and counted when full; owns its mbuf
 */
void softnet_receive(struct softnet *net, const struct ip_packet *packet);

/* softnet_timers: some connection's timer has gone off. */
void softnet_timers(struct softnet *net);

/* softnet_slowtimo: the slow tick of IP: fragments may have waited too long. */
void softnet_slowtimo(struct softnet *net);

#endif
