/*
 * A sender of datagrams on a bench: machine_config(), one process with a socket
 * of UDP and a buffer, the ideal peer, and a tap on the wires.
 *
 * The test makes each sendto(2), and lets time pass between them.
 */
#ifndef TESTS_SUPPORT_UDP_BENCH_H
#define TESTS_SUPPORT_UDP_BENCH_H

#include "tests/support/crank.h"
#include "tests/support/wiretap.h"

enum { UDP_BENCH_BUFFER = 32 * PAGE_SIZE };

struct udp_bench {
	struct crank crank;
	struct wiretap tap;
	struct host *host;
	struct proc *p;
	struct socket *so;
	struct udp_peer *peer;
	int fd;
	uint64_t addr;		/* a page-aligned buffer, all touched */
};

/* udp_bench_config: machine_config(), with loans or without */
struct world_config udp_bench_config(bool sosend_loan);

/* udp_bench_init: a connected socket, and what is to be sent. */
void udp_bench_init(struct udp_bench *b, const struct world_config *config,
    int64_t sndbuf);

/* udp_bench_fini: closes, runs to the end; => asserts a clean audit */
void udp_bench_fini(struct udp_bench *b);

/* udp_bench_send: one datagram from an offset of the buffer. => result */
int64_t udp_bench_send(struct udp_bench *b, int64_t offset, int64_t len);

/* udp_bench_rest: let time pass. */
void udp_bench_rest(struct udp_bench *b, sim_time duration);

/* udp_bench_ops: how often an operation has been paid for */
int64_t udp_bench_ops(const struct udp_bench *b, enum kern_op op);

/*
 * udp_bench_assert: the i-th frame to the peer is that fragment.
 *
 * => off: in bytes of the IP payload
 */
void udp_bench_assert(const struct udp_bench *b, int i, uint32_t ip_bytes,
    uint32_t off, bool more);

#endif
