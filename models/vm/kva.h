/*
 * Kernel address space for loans: the budget somaxkva.
 *
 * Stands for: socurkva and the windows that uvm_km_valloc_wait() hands out of
 *	kernel_map.
 * Mirrors: sys/kern/uipc_socket.c 1.66.4.1; netbsd-2002.md sections 2.1, 2.3.
 * Leaves out: fragmentation of kernel_map: a window is always found when the
 *	budget allows it (192 MB of kernel map, 16 MB of budget).
 * Units: bytes, whole pages.  Owns: nothing.
 */
#ifndef MODELS_VM_KVA_H
#define MODELS_VM_KVA_H

#include <stdbool.h>
#include <stdint.h>

struct kva {
	int64_t somaxkva;
	int64_t socurkva;
	int64_t peak;
};

void kva_init(struct kva *kva, int64_t somaxkva);

/* kva_fits: would a window of that many bytes stay within the budget? */
bool kva_fits(const struct kva *kva, int64_t bytes);

/* kva_reserve: take a window. => kva_fits */
void kva_reserve(struct kva *kva, int64_t bytes);

/* kva_release: give one back. => reserved before, once */
void kva_release(struct kva *kva, int64_t bytes);

#endif
