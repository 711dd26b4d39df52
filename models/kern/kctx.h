/*
 * A context of the kernel: something that executes kernel code step by step.
 *
 * Stands for: a process inside a system call, a thread of the kernel, or the
 *	soft network interrupt.
 * How: kernel code is written in steps.  A function adds up what it does in
 *	k->cost, then hands the rest to kctx_spend, which has the CPU spend the
 *	cost before that rest runs.  A function that others call, as tcp_output
 *	is called by sosend and by tcp_input, ends with kctx_return, and its
 *	caller has said with kctx_call where to go on.
 *	What a function changes before it spends is seen only by code that the
 *	spl of its steps keeps out.
 * Units: as base/cost.h.  Owns: its task.  Borrows: the host.
 */
#ifndef MODELS_KERN_KCTX_H
#define MODELS_KERN_KCTX_H

#include "models/hw/cpu.h"

enum { KCTX_DEPTH = 8 };

struct host;
struct socket;
struct tcpcb;
struct pager_io;
struct vm_object;
struct kctx;

typedef void (*kctx_fn)(struct kctx *k);

struct kctx {
	struct cpu_task task;
	struct host *host;
	struct cost cost;
	kctx_fn then;			/* what follows the step being spent */
	kctx_fn ret[KCTX_DEPTH];
	uint32_t depth;
	struct socket *closing;		/* of so_close */
	struct mbuf *batch;		/* of drv_start */
	struct pager_io *io;		/* transfers put together */
	/* locals of memory_waits_for_write_back */
	struct {
		struct vm_object *object;
		uint64_t index;		/* of the next page to look at */
	} sync;
	/* locals of tcp_output, or of udp_output and ip_output */
	struct {
		struct tcpcb *tp;
		struct mbuf *packet;	/* of IP: by m_nextpkt, all of them */
		uint32_t len;
		bool send_again;
		bool is_idle;		/* nothing was under way */
		struct socket *so;
		uint32_t n_packets;
		int64_t error;		/* enum sys_error, or 0 */
	} out;
	/* locals of tcp_input */
	struct {
		struct tcpcb *tp;
		bool needs_output;
		bool retransmits;	/* one segment, before all else */
		uint32_t onxt;		/* snd_nxt before that */
		uint32_t cwnd;		/* snd_cwnd after it */
	} in;
};

void kctx_init(struct kctx *k, struct host *host, const char *name,
    enum cpu_level level);

/* kctx_op: add n operations to the step being put together */
void kctx_op(struct kctx *k, enum kern_op op, int64_t n);

/* kctx_spend: have the CPU spend k->cost at an spl, then go on with then(k). */
void kctx_spend(struct kctx *k, enum cpu_spl spl, kctx_fn then);

/* kctx_spend_mode: the same in a mode other than CPU_IN_KERNEL */
void kctx_spend_mode(struct kctx *k, enum cpu_spl spl, enum cpu_mode mode,
    kctx_fn then);

/* kctx_call: from here on, kctx_return goes to after. => depth bounded */
void kctx_call(struct kctx *k, kctx_fn after);

/* kctx_return: go on where the caller said. */
void kctx_return(struct kctx *k);

/* kctx_has_cost: is there anything left to spend? */
static inline bool
kctx_has_cost(const struct kctx *k)
{
	return k->cost.units != 0 || k->cost.read_bytes != 0 ||
	    k->cost.write_bytes != 0;
}

#endif
