/*
 * The network controller, alone between a bus and a wire.
 *
 *	memory	reads 100 MB/s: 10 ns a byte; writes 50 MB/s; no CPU
 *	PCI	50 MB/s: 20 ns a byte; no latency
 *	wire	100 Mbit/s: 80 ns a byte; no delay
 *	frames	start when they are whole
 *
 * unless a test says otherwise.
 */
#ifndef TESTS_SUPPORT_NIC_BENCH_H
#define TESTS_SUPPORT_NIC_BENCH_H

#include "models/dev/nic.h"
#include "models/mbuf/chain.h"

enum { NIC_BENCH_FRAMES = 300 };

struct nic_bench {
	struct calendar cal;
	struct ledger ledger;
	struct bus bus;
	struct wire wire;
	struct mbuf_pools pools;
	struct nic nic;
	uint32_t threshold;	/* of what is put from now on */
	/* what has reached the other end of the wire */
	struct {
		sim_time at;
		struct frame frame;
	} sent[NIC_BENCH_FRAMES];
	int n_sent;
	int n_interrupts;
	sim_time interrupted_at;
	int n_verified;
	int n_underruns;
};

/* nic_bench_bus: the memory and PCI of above, for a test to change */
struct bus_config nic_bench_bus(void);

/* nic_bench_init: an fxp. => memory NULL: as above */
void nic_bench_init(struct nic_bench *b, const struct bus_config *memory,
    int64_t fifo_bytes);

/* nic_bench_init_as: the same with a controller of one's own */
void nic_bench_init_as(struct nic_bench *b, const struct bus_config *memory,
    const struct nic_config *nic);

/* nic_bench_fini: => asserts that all packets have been reclaimed */
void nic_bench_fini(struct nic_bench *b);

/* nic_bench_run: until nothing is left to happen */
void nic_bench_run(struct nic_bench *b);
void nic_bench_run_to(struct nic_bench *b, sim_time at);

/*
 * nic_bench_put: a packet of that many bytes of IP, 40 of them headers.
 *
 * => numbered; its content, as fetched, is 7000 more
 */
void nic_bench_put(struct nic_bench *b, uint32_t number, uint32_t ip_bytes,
    bool wants_interrupt);

/* nic_bench_reclaim: => asserts that the oldest packet has that number */
void nic_bench_reclaim(struct nic_bench *b, uint32_t number);

/* nic_bench_receive: a frame of 40 bytes of IP comes from the wire. */
void nic_bench_receive(struct nic_bench *b, uint32_t number);

#endif
