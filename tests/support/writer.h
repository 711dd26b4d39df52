/*
 * A writer far from its peer, and the path that its bytes take.
 *
 * The peer is 50 ms away: whatever a test does within 100 ms of a write happens
 * before the first acknowledgement, so a send buffer only fills, and the number
 * of tcp_output calls is that of PRU_SENDs.
 */
#ifndef TESTS_SUPPORT_WRITER_H
#define TESTS_SUPPORT_WRITER_H

#include "tests/support/crank.h"

/* Before an ACK may come, and after all of a small transfer has gone. */
#define WRITER_SOON	(20 * PS_PER_MS)
#define WRITER_LATER	(2 * PS_PER_S)

/* What the kernel has counted on the way of a process's bytes. */
struct way {
	int64_t loan_big;	/* the SOSEND_COUNTERS */
	int64_t copy_big;
	int64_t copy_small;
	int64_t kva_limit;
	int64_t loan_pages;	/* pages lent */
	int64_t pru_sends;
	int64_t turns;		/* of sosend's outer loop */
	int64_t refused;	/* loans */
	int64_t taken;		/* bytes */
};

struct writer {
	struct crank crank;
	struct host *host;
	struct proc *p;
	struct socket *so;
	int fd;
	uint64_t addr;		/* a buffer, page-aligned, all touched */
	struct way start;	/* counted when writer_mark was called */
};

/* writer_config: machine_config() with a peer that is far */
struct world_config writer_config(bool sosend_loan);

/* writer_init: process 0, connected, with a buffer; marked. */
void writer_init(struct writer *w, const struct world_config *config,
    int n_procs, int64_t sndbuf, int64_t buffer_bytes);
void writer_fini(struct writer *w);

/* writer_mark: count from here. */
void writer_mark(struct writer *w);

/* writer_path: what has been counted since */
struct way writer_path(const struct writer *w);

/* writer_assert_path: the counted path is that one. */
void writer_assert_path(const struct writer *w, struct way expected);

/* writer_write: process 0 writes from an offset of its buffer. => result */
int64_t writer_write(struct writer *w, int64_t offset, int64_t len);

/* writer_post: it begins to, and for a while nothing comes back. */
void writer_post(struct writer *w, int64_t offset, int64_t len);

/* writer_rest: let time pass. */
void writer_rest(struct writer *w, sim_time duration);

/* writer_is_asleep: does that process sleep there? */
bool writer_is_asleep(const struct writer *w, int proc,
    const struct waitq *wq);

/* writer_audit: assert that the books balance at this very moment. */
void writer_audit(struct host *host, const char *when);

#endif
