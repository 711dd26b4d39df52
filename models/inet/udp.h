/*
 * UDP: datagrams, one for each sendto(2).
 *
 * Stands for: udp_usrreq() and udp_output() of a connected socket, udp_input()
 *	of one that is bound to a port, with the little that its control block
 *	holds.
 * Mirrors: sys/netinet/udp_usrreq.c, for input as of about 2000;
 *	netbsd-2002.md section 6.  The sum is deferred to IP, as for TCP.
 * How: a datagram is named like the bytes of a stream, by the place of its
 *	first byte among all that its socket has been given, those that were
 *	dropped included; its headers say that place modulo 2^32.
 * Leaves out: unconnected sockets that send, and connected ones that receive;
 *	the ICMP message that nobody is at a port; sums turned off.
 * Units: bytes.  Owns: nothing; the packets it sends belong to the queue they
 *	go to.
 */
#ifndef MODELS_INET_UDP_H
#define MODELS_INET_UDP_H

#include "models/kern/kctx.h"
#include "models/mbuf/mbuf.h"

enum {
	UDP_HEADER_LEN = 8,
	IP_MAXPACKET = 65535
};

struct ip_packet;

struct udp_stats {
	int64_t n_written;	/* datagrams handed over by sosend */
	int64_t n_sent;		/* queued at the interface, all of each */
	int64_t n_dropped;	/* the queue had no room, or no mbuf was left:
				 * ENOBUFS */
	int64_t n_refused;	/* too large for a packet, or for one that must
				 * not be fragmented; a socket that is gone */
	int64_t n_packets;	/* of those sent */
	int64_t n_fragments;	/* ... of datagrams that needed several */
	int64_t bytes_sent;
	int64_t n_received;	/* put into the receive buffer */
	int64_t n_read;		/* by a program, cut or whole */
	int64_t n_truncated;	/* of these: longer than was asked for */
	int64_t n_discarded;	/* never read */
};

/* struct udpstat: what has become of the datagrams that a host got whole. */
struct udp_in_stats {
	int64_t udps_ipackets;	/* all of them */
	int64_t udps_badsum;	/* put together from pieces of several */
	int64_t udps_noport;	/* nobody is there */
	int64_t udps_fullsock;	/* no room in the receive buffer */
	int64_t n_nobufs;	/* no mbufs for it */
	int64_t n_delivered;	/* put into a receive buffer */
	int64_t bytes_delivered;
};

struct udpcb {
	bool dont_fragment;	/* IP_DF in what it sends */
	uint16_t port;		/* of the other end */
	uint16_t lport;		/* that it is bound to; 0: none, and it receives
				 * nothing */
	uint64_t place;		/* of the next datagram's first byte */
	struct udp_stats stats;
};

/*
 * udp_usr_send: PRU_SEND: one datagram of len bytes.
 *
 * => owns m, a chain whose first mbuf has a packet header
 * => at splsoftnet; ends with kctx_return, k->out.error is 0 or says why it was
 *    dropped: SYS_ENOBUFS, SYS_EMSGSIZE, SYS_EPIPE
 */
void udp_usr_send(struct kctx *k, struct socket *so, struct mbuf *m,
    uint32_t len);

/* udp_usr_disconnect: the user is done. => ends with kctx_return */
void udp_usr_disconnect(struct kctx *k, struct socket *so);

/* udp_data_offset: a packet's data, by its place in the datagram */
static inline uint32_t
udp_data_offset(const struct tcp_header *th)
{
	uint32_t off = 8U * (th->ip_off & IP_OFFMASK);

	return off > 0 ? off - UDP_HEADER_LEN : 0;
}

/*
 * udp_input: a datagram that has come, whole.
 *
 * => packet->m is there, if empty; owns it
 * => at splsoftnet; ends with kctx_return
 */
void udp_input(struct kctx *k, const struct ip_packet *packet);

/* udp_content: the name that a packet's first byte of data must have */
uint64_t udp_content(const struct socket *so, const struct tcp_header *th);

#endif
