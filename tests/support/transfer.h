/*
 * A machine that costs nothing, and transfers that last the whole run: what is
 * left is the wire, the window and TCP, and these have closed forms.
 */
#ifndef TESTS_SUPPORT_TRANSFER_H
#define TESTS_SUPPORT_TRANSFER_H

#include "tests/support/crank.h"

/*
 * transfer_free_config: machine_config(), but
 *
 *	costs	none; memory 1 ps a byte, PCI 10 ps a byte
 *	loans	none
 */
struct world_config transfer_free_config(void);

/* transfer_until_end: process 0 connects and writes until no call is taken. */
void transfer_until_end(struct crank *crank, int64_t sndbuf,
    int64_t write_bytes);

/* transfer_rate: payload bytes/s acknowledged in the measured interval */
int64_t transfer_rate(const struct world *world);

/* transfer_assert_rate: within 0.1 % of what is expected */
void transfer_assert_rate(const struct world *world, int64_t expected);

#endif
