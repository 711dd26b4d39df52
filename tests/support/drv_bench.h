/*
 * A driver with its controller and a host around it (machine.h); all that it
 * sends is noted and lost before the peer could answer.
 */
#ifndef TESTS_SUPPORT_DRV_BENCH_H
#define TESTS_SUPPORT_DRV_BENCH_H

#include "tests/support/crank.h"
#include "tests/support/wiretap.h"

struct drv_bench {
	struct crank crank;
	struct wiretap tap;
	struct kctx k;		/* who starts output */
	struct host *host;
	int n_returns;		/* of starts */
};

/*
 * drv_bench_start: a host with one socket, closed: a RST that comes in for it
 * changes nothing, and is not answered.
 */
void drv_bench_start(struct drv_bench *b, const struct nic_config *nic);

/* drv_bench_finish: => asserts that nothing is left anywhere */
void drv_bench_finish(struct drv_bench *b);

void drv_bench_run_to(struct drv_bench *b, sim_time at);
void drv_bench_output(struct drv_bench *b);

/*
 * drv_bench_enqueue: a segment of pieces of 80 bytes each behind 40 bytes of
 * headers: 1 + n mbufs.
 *
 * => numbered, in the place of the acknowledgement
 */
void drv_bench_enqueue(struct drv_bench *b, uint32_t number,
    uint32_t n_pieces);

int64_t drv_bench_ops(const struct drv_bench *b, enum kern_op op);

#endif
