/*
 * A disk on a bus, for tests that derive what it does to the picosecond.
 *
 *	platters	6 ms a revolution, 300 sectors a track: 20 us each
 *	arm		3000 cylinders of 2 heads: 1, 5 and 10 ms
 *	skew		45 sectors, 0.9 ms, for 0.8 ms of head switching; 60,
 *			1.2 ms, for 1 ms to the next cylinder
 *	overhead	0.1 ms
 *	buffer		none
 *	interface	100 MB/s: 5.12 us a sector
 *	memory		writes 50 MB/s, PCI 50 MB/s: 10.24 us a sector
 *
 * The last sector of a request is in memory 15.36 us after it has passed.
 */
#ifndef TESTS_SUPPORT_DISK_RIG_H
#define TESTS_SUPPORT_DISK_RIG_H

#include "models/hw/disk.h"

#define US	PS_PER_US
#define NS	PS_PER_NS
#define TAIL	(15360 * NS)

enum { DISK_RIG_REQUESTS = 64 };

struct disk_rig_request {
	struct disk_request io;
	sim_time done_at;
	int n_done;
};

struct disk_rig {
	struct calendar cal;
	struct ledger ledger;
	struct bus bus;
	struct disk disk;
	struct disk_config config;
	struct disk_rig_request requests[DISK_RIG_REQUESTS];
	int n_requests;
	int order[DISK_RIG_REQUESTS];	/* in which they were done */
	int n_order;
};

extern struct disk_rig dr;

/*
 * The fixture.  At its end: every request was done once, every byte is booked.
 */
void disk_rig_setup(void);
void disk_rig_teardown(void);

/* dr_again: once more, as config is now. => PCI has that latency */
void dr_again(sim_time pci_latency);

struct disk_rig_request *dr_ask(int64_t sector, int64_t n);
struct disk_rig_request *dr_ask_write(int64_t sector, int64_t n);

/* dr_read, dr_write: ask and wait. => when it was done */
sim_time dr_read(int64_t sector, int64_t n);
sim_time dr_write(int64_t sector, int64_t n);

/* dr_idle_until: let time pass up to a date. */
void dr_idle_until(sim_time at);

/* dr_nothing: for those who have to be told, and do not care */
void dr_nothing(void *arg);

#endif
