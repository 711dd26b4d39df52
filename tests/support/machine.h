/*
 * A machine with round numbers, for tests that derive what they expect.
 *
 *	CPU	100 MHz, 1 cycle an instruction: 10,000 ps each
 *	costs	every operation 100 instructions: 1 us; loops over bytes 1024
 *		instructions per 1024 bytes: 10 ns a byte
 *	memory	reads 100 MB/s: 10 ns a byte; writes 50 MB/s: 20 ns a byte
 *	PCI	50 MB/s: a fetch takes 20 ns a byte and half of the bus, a
 *		store all of it; no latency; DMA first
 *	NIC	a FIFO of 3072 bytes; a frame starts when it is whole
 *	link	100 Mbit/s: 80 ns a byte; no delay; MTU 1500
 *	disk	6 ms a revolution, tracks of 300 sectors, 20 us each; 3000
 *		cylinders of two; 1, 5 and 10 ms over one, a third and all of
 *		them, 0.8 ms to the other head, skews of 45 and 60 sectors; 0.1
 *		ms for a command, 150 KiB of buffer, 100 MB/s: from place 0 at
 *		time 0, 64 KB are in memory at 0.1 + 5.9 + 128 x 0.02 ms, and
 *		15.36 us
 *	kernel	no loans, reference, tail, no timestamps: segments of 1460;
 *		window scale; Reno; timers of 2002: slow ticks, 200 ms for a
 *		delayed ACK, 30 s for MSL; a receive buffer of 16 KiB; blocks
 *		of 8 KiB, 128 KiB read ahead
 *	files	64 descriptors for a process, 1772 open files
 *	peer	64 KiB window, an ACK for every second segment, no turnaround
 *	run	10 s, no warm-up, 10 s to drain
 */
#ifndef TESTS_SUPPORT_MACHINE_H
#define TESTS_SUPPORT_MACHINE_H

#include "models/world.h"

enum { MACHINE_OPEN_MAX = 64, MACHINE_MAXFILES = 1772 };

struct world_config machine_config(void);

/* machine_disk: the disk of such a machine, alone */
struct disk_config machine_disk(void);

/* machine_set_costs: every operation that is no loop over bytes */
void machine_set_costs(struct world_config *config, int64_t insns);

/* machine_assert_empty: no pool of a host has anything in use */
void machine_assert_empty(const struct host *host);

#endif
