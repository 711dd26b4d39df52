/*
 * What a step costs, and the ledger that remembers why.
 *
 * Stands for: the price of doing something: instructions, and the bytes of
 *	memory they move.  A step is put together by adding operations (cost_op,
 *	cost_bytes) and memory traffic (hw/mem.h); the CPU then spends it.
 * How: compute time is counted in *units*, 1 / 1,024,000 of a CPU cycle, so
 *	that instructions x (thousandths of) cycles per instruction x bytes /
 *	1024 is an exact integer; the CPU turns units into picoseconds, once a
 *	step. What is added to a cost is booked in the ledger at once: the sums
 *	over causes must equal what the resources report (host_audit).
 * Units: as said.  Owns: nothing.  Borrows: the ledger of its host.
 */
#ifndef MODELS_BASE_COST_H
#define MODELS_BASE_COST_H

#include <stdint.h>

#include "models/base/time.h"
#include "models/kern/ops.h"

#define COST_UNITS_PER_CYCLE	INT64_C(1024000)

struct cost {
	int64_t units;
	int64_t read_bytes;	/* memory traffic */
	int64_t write_bytes;
};

struct ledger_line {
	int64_t units;
	int64_t read_bytes;	/* traffic of the memory */
	int64_t write_bytes;
	int64_t loaded_bytes;	/* what was asked for, cached or not */
	int64_t stored_bytes;
};

struct ledger {
	struct ledger_line line[N_CAUSES];
	int64_t n_ops[N_OPS];	/* operations; bytes for the *_1k ones */
};

struct cost_config {
	int64_t op_insns[N_OPS];
	int64_t cpi_milli;	/* cycles per 1000 instructions */
	int64_t l2_line_cycles;	/* to move a line between the cache levels */
	int64_t miss_cycles;	/* latency of a miss, beyond the transfer */
	int64_t miss_overlap;	/* misses that may be under way at once */
};

struct cache;

struct cost_model {
	int64_t op_units[N_OPS];	/* of one operation, or one byte */
	int64_t l2_line_units;
	int64_t miss_units;
	struct cache *cache;		/* NULL: every access goes to memory */
	struct ledger *ledger;
};

/* cost_model_init: => cache may be NULL */
void cost_model_init(struct cost_model *model,
    const struct cost_config *config, struct cache *cache,
    struct ledger *ledger);

/* cost_op_is_per_1k: is the price of op one of 1024 bytes? */
static inline int
cost_op_is_per_1k(enum kern_op op)
{
	return op == OP_COPY_1K || op == OP_CKSUM_1K || op == OP_ZERO_1K ||
	    op == OP_FILL_1K;
}

/* cost_op: n operations, booked under the operation's own cause. => n >= 0 */
static inline void
cost_op(struct cost *cost, const struct cost_model *model, enum kern_op op,
    int64_t n)
{
	int64_t units = model->op_units[op] * n;

	cost->units += units;
	model->ledger->line[kern_op_causes[op]].units += units;
	model->ledger->n_ops[op] += n;
}

/* cost_op_as: as cost_op, booked under another cause */
static inline void
cost_op_as(struct cost *cost, const struct cost_model *model, enum kern_op op,
    int64_t n, enum kern_cause cause)
{
	int64_t units = model->op_units[op] * n;

	cost->units += units;
	model->ledger->line[cause].units += units;
	model->ledger->n_ops[op] += n;
}

/* cost_cycles: CPU cycles of no named operation (sys_compute) */
void cost_cycles(struct cost *cost, const struct cost_model *model, int64_t n,
    enum kern_cause cause);

/* ledger_cpu_total: the sum over all causes but those of DMA masters */
struct ledger_line ledger_cpu_total(const struct ledger *ledger);

#endif
