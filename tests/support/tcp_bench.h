/*
 * A TCP connection on a bench: one host whose far end is the test; and two
 * processes, which have no descriptors and do nothing unless they are told.
 *
 * Nothing that the host sends reaches anybody; it is noted.  What the test lets
 * arrive is put on the input queue, as the driver would, with data that is
 * named by its place; then 1 ms passes, in which the host answers.
 *
 *	ours	first sequence number BENCH_ISS, segments of 1460 bytes, a
 *		receive buffer of 16384, no window scale
 *	far	first sequence number BENCH_FAR_ISS, segments of 1460 bytes
 *	run	100,000 s
 */
#ifndef TESTS_SUPPORT_TCP_BENCH_H
#define TESTS_SUPPORT_TCP_BENCH_H

#include "models/inet/tcp_in.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/wiretap.h"

#define BENCH_ISS	UINT32_C(0xffff0000)
#define BENCH_FAR_ISS	UINT32_C(0x7ffffff0)

/* Sequence numbers of the n-th byte of data of either side. */
#define OURS(n)		(BENCH_ISS + 1 + (uint32_t)(n))
#define FAR(n)		(BENCH_FAR_ISS + 1 + (uint32_t)(n))

enum { BENCH_PORT = 5001, BENCH_WIN = 32768, TCP_BENCH_PROCS = 2 };

struct tcp_bench {
	struct crank crank;
	struct wiretap tap;
	struct host *host;
	struct socket *so;
	struct tcpcb *tp;
	struct kctx k;
	int n_marked;		/* frames before tcp_bench_mark */
	uint32_t conn;		/* of what arrives; 0: so's */
};

/* tcp_bench_config: machine_config() for the above */
struct world_config tcp_bench_config(void);

/* tcp_bench_init: a socket, closed. */
void tcp_bench_init(struct tcp_bench *b, const struct world_config *config);

/* tcp_bench_fini: all is dropped; => asserts empty pools and no timer left */
void tcp_bench_fini(struct tcp_bench *b);

/* tcp_bench_connect: it is established, with BENCH_WIN offered; marked. */
void tcp_bench_connect(struct tcp_bench *b);

/* tcp_bench_state: the same, and then as if it had come to that state */
void tcp_bench_state(struct tcp_bench *b, enum tcp_state state);

void tcp_bench_run(struct tcp_bench *b, sim_time interval);

/*
 * tcp_bench_post: process i begins a call on the socket, its descriptor 0; 1 ms
 * passes.
 */
void tcp_bench_post(struct tcp_bench *b, int i, struct sys_call call);

/* tcp_bench_call: the context that requests of the user are made with */
struct kctx *tcp_bench_call(struct tcp_bench *b);

/* tcp_bench_write: n more bytes, n <= 2048, are buffered and sent. */
void tcp_bench_write(struct tcp_bench *b, uint32_t n);

/* tcp_bench_read: a program takes n bytes of what has been received. */
void tcp_bench_read(struct tcp_bench *b, int64_t n);

/* tcp_bench_arrives: a segment; bytes of data from its sequence number on */
void tcp_bench_arrives(struct tcp_bench *b, uint8_t flags, uint32_t seq,
    uint32_t ack, uint32_t len);

/* tcp_bench_header: the same with a window and options of the test's choice */
void tcp_bench_header(struct tcp_bench *b, const struct tcp_header *th,
    uint32_t len);

/* tcp_bench_data: the mbuf of len bytes from a sequence number on */
struct mbuf *tcp_bench_data(struct tcp_bench *b, uint32_t seq, uint32_t len);

/* tcp_bench_mark: count frames sent from here. */
void tcp_bench_mark(struct tcp_bench *b);
int tcp_bench_sent(const struct tcp_bench *b);

/* tcp_bench_frame: the i-th frame since the mark, or of the end: -1 the last */
const struct frame *tcp_bench_frame(const struct tcp_bench *b, int i);

/* tcp_bench_assert: what that frame is */
void tcp_bench_assert(const struct tcp_bench *b, int i, uint8_t flags,
    uint32_t seq, uint32_t ack, uint32_t len);

#endif
