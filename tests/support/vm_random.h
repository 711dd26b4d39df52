/*
 * Random operations on address spaces, files and loans, held against a
 * reference (tests/support/vm_reference.h) after each of them: loads, stores,
 * loans whose pieces end when they are acknowledged, sent and drained, wiring,
 * unmapping of regions and parts, stores of the kernel to files, fork, exit,
 * truncation, shortage of memory.
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
	int64_t parts;		/* of regions that were unmapped */
	int64_t lent_parts;	/* ... with pages that were on loan */
	int64_t writes;		/* to files, of pages on loan */
};

/* vm_random_run: so many operations. => adds to *seen */
void vm_random_run(uint64_t seed, uint64_t n_operations,
    struct vm_random_seen *seen);

#endif
