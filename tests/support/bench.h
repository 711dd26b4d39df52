/*
 * A bench for single models: memory, mbufs and prices, without a host.
 *
 * Prices: every operation one cycle, every byte of a loop one cycle; so a cost
 * in cycles is the number of operations plus the number of bytes looped over.
 *
 * Loaned storage whose last mbuf is freed waits on a list of the bench.
 */
#ifndef TESTS_SUPPORT_BENCH_H
#define TESTS_SUPPORT_BENCH_H

#include "models/base/cost.h"
#include "models/mbuf/mbuf.h"
#include "models/vm/fault.h"
#include "models/vm/loan.h"

struct bench {
	struct vm vm;
	struct vm_space space;
	struct mbuf_pools mp;
	struct ledger ledger;
	struct cost_model costs;
	struct cost cost;
	struct ledger elsewhere;	/* of what only sets the stage */
	struct cost_model unbooked;
	struct mbuf *loans_freed;	/* by m_next, the newest first */
	uint32_t n_loans_freed;
};

/* bench_init, bench_fini: assert that all pools are empty. */
void bench_init(struct bench *bench);
void bench_fini(struct bench *bench);

/* bench_cycles: what has been spent on the bench, or booked under a cause */
int64_t bench_cycles(const struct bench *bench);
int64_t bench_cycles_of(const struct bench *bench, enum kern_cause cause);

/* bench_pages: a region whose pages have all been touched */
uint64_t bench_pages(struct bench *bench, uint64_t n_pages);

/*
 * bench_touch: a store to the page of an address, with the fault it needs.
 *
 * => is not on the bench's bill
 */
void bench_touch(struct bench *bench, uint64_t va);

/* bench_load: a load from it, likewise */
void bench_load(struct bench *bench, uint64_t va);

/* bench_file: a file of so many pages, all of them in memory */
struct vm_object *bench_file(struct bench *bench, uint64_t n_pages);

/* bench_map_file: all of it mapped, no page entered yet */
uint64_t bench_map_file(struct bench *bench, struct vm_object *file,
    bool is_shared);

/* bench_entry: the region that starts at an address */
struct vm_entry *bench_entry(struct bench *bench, uint64_t va);

/* bench_unmap: vm_unmap of the region there, on the bench's bill */
void bench_unmap(struct bench *bench, uint64_t va);

/* bench_page: the page at an address */
struct vm_page *bench_page(struct bench *bench, uint64_t va);

/* Mbufs of one kind with len bytes of data, whose first byte has that name. */
struct mbuf *bench_internal(struct bench *bench, uint32_t len, uint64_t name);
struct mbuf *bench_cluster(struct bench *bench, uint32_t len, uint64_t name);
struct mbuf *bench_loan(struct bench *bench, uint64_t va, uint32_t len,
    uint64_t name);

/*
 * bench_mixed_chain: bytes 0 .. 6299 of the stream of socket 1, as sosend could
 * leave them:
 *
 *	internal	0 ..   99
 *	cluster	      100 .. 2147
 *	loan	     2148 .. 6243	4000 into its first page of two
 *	internal     6244 .. 6299
 */
enum { BENCH_CHAIN_LEN = 100 + 2048 + 4096 + 56 };
#define BENCH_NAME(place)	content_name(1, (place))

struct mbuf *bench_mixed_chain(struct bench *bench);

/* bench_end_loans: undo all loans that were handed over. */
void bench_end_loans(struct bench *bench);

#endif
