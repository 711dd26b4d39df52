/*
 * A storm: random calls of several processes in a random machine, with frames
 * lost on the way, until nobody knows what state it is in; and after each call
 * the books must balance.
 *
 * The seed decides everything; a failure names it.
 */
#ifndef TESTS_SUPPORT_STORM_H
#define TESTS_SUPPORT_STORM_H

#include <stdint.h>

/* What the storms of a test have met: nothing of it may be missed. */
struct storm_seen {
	int64_t calls;
	int64_t loans;
	int64_t copies;
	int64_t refused;
	int64_t no_window;
	int64_t no_cluster;
	int64_t would_block;
	int64_t kva_limit;
	int64_t soft_faults;
	int64_t cow_faults;
	int64_t efaults;
	int64_t retransmits;
	int64_t fetches;	/* whose content was verified */
	int64_t underruns;
	int64_t exits;		/* with loans out */
};

/*
 * storm_run: a storm of that many calls, up to the audited end.
 *
 * => adds to *seen
 */
void storm_run(uint64_t seed, int n_calls, struct storm_seen *seen);

#endif
