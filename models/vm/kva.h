/*
 * Kernel address space for loans: the budget somaxkva.
 *
 * Stands for: socurkva and the windows that uvm_km_valloc_wait() hands out of
 *	kernel_map.
 * Mirrors: sys/kern/uipc_socket.c 1.66.4.1; netbsd-2002.md sections 2.1, 2.3.
 * Leaves out: fragmentation of kernel_map: a window is always found when the
 *	budget allows it (192 MB of kernel map, 16 MB of budget).
 * Units: bytes, whole pages; their integral over time in bytes times us, whose
 *	remainder is carried: 1 GiB for 4000 s fits in 63 bits.  Owns: nothing.
 */
#ifndef MODELS_VM_KVA_H
#define MODELS_VM_KVA_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"

struct kva {
	int64_t somaxkva;
	int64_t socurkva;
	int64_t peak;
	int64_t byte_us;	/* integral of socurkva up to that date */
	int64_t carry;		/* ... and what is left over, in bytes x ps */
	sim_time integrated_at;
};

void kva_init(struct kva *kva, int64_t somaxkva);

/* kva_fits: would a window of that many bytes stay within the budget? */
bool kva_fits(const struct kva *kva, int64_t bytes);

/* kva_reserve: take a window. => kva_fits; now: no earlier than before */
void kva_reserve(struct kva *kva, int64_t bytes, sim_time now);

/* kva_release: give one back. => reserved before, once; now: as above */
void kva_release(struct kva *kva, int64_t bytes, sim_time now);

/*
 * kva_integral: what has been held so far, in bytes times us, rounded down.
 *
 * => over an interval, divided by its length, it is the mean
 */
int64_t kva_integral(struct kva *kva, sim_time now);

#endif
