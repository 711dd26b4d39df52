/*
 * A receiver of datagrams on a bench: machine_config(), one process whose
 * socket is bound to a port, and frames that the test makes itself.
 */
#ifndef TESTS_SUPPORT_UDP_RX_H
#define TESTS_SUPPORT_UDP_RX_H

#include "tests/support/crank.h"

/* who sends them, and to where */
enum { UDP_RX_CONN = 7, UDP_RX_PORT = 9, UDP_RX_BUFFER = 16 * PAGE_SIZE };

struct udp_rx {
	struct crank crank;
	struct host *host;
	struct proc *p;
	struct socket *so;
	int fd;
	uint64_t addr;		/* a page-aligned buffer, all touched */
	uint32_t place;		/* of the next datagram, in its sender's */
	uint16_t id;		/* of the next whole datagram */
};

/* udp_rx_init: => rcvbuf: 0 is the kernel's default */
void udp_rx_init(struct udp_rx *b, const struct world_config *config,
    int64_t rcvbuf);

/* udp_rx_fini: closes, runs to the end; => asserts a clean audit */
void udp_rx_fini(struct udp_rx *b);

/*
 * udp_rx_frame: bytes from .. to - 1 of the datagram at b->place, in one frame.
 *
 * => from is a multiple of 8, as to is where more of them follow
 * => nothing is waited for
 */
void udp_rx_frame(struct udp_rx *b, uint16_t id, uint32_t from, uint32_t to,
    bool more);

/* udp_rx_datagram: a datagram in one frame, and 1 ms for it; b->place moves */
void udp_rx_datagram(struct udp_rx *b, uint32_t len);

/* udp_rx_rest: let time pass. => the process is with its program */
void udp_rx_rest(struct udp_rx *b, sim_time interval);

/* udp_rx_read: read(2) to the start of the buffer. => its result */
int64_t udp_rx_read(struct udp_rx *b, int64_t len);

int64_t udp_rx_ops(const struct udp_rx *b, enum kern_op op);

#endif
