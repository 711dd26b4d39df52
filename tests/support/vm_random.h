/*
 * Random operations on address spaces, files and loans, held against a
 * reference (tests/support/vm_reference.h) after each of them: loads, stores,
 * loans whose pieces end when they are acknowledged, sent and drained, wiring,
 * unmapping, fork, exit, truncation, shortage of memory.
 *
 * The seed decides everything; a failure names it, and the command that shows
 * it again.
 */
#ifndef TESTS_SUPPORT_VM_RANDOM_H
#define TESTS_SUPPORT_VM_RANDOM_H

#include <stdint.h>

/* What the runs of a test have met: nothing of it may be missed. */
struct vm_random_seen {
	int64_t stores;
	int64_t loans;
	int64_t refused;
	int64_t orphans;	/* pages of pieces that nobody owned any more */
	int64_t forks;
	int64_t pageouts;
	int64_t shorts;		/* the daemon had to be asked */
};

/* vm_random_run: so many operations. => adds to *seen */
void vm_random_run(uint64_t seed, uint64_t n_operations,
    struct vm_random_seen *seen);

#endif
