/*
 * A disk of 2002: arm, platters, the drive's buffer, and the way to memory.
 *
 * Stands for: one drive and its controller.  Requests wait in a queue, one is
 *	served at a time.  A read:
 *
 *	overhead	the drive takes the command
 *	seek		if the arm is on another cylinder
 *	rotation	until the first sector comes round: where the platters
 *			stand follows from the date alone
 *	media		sector by sector, as they pass under the head
 *	interface	each, when it is whole, at the interface's rate
 *	DMA		each, when it has come, in its turn on PCI
 *
 *	The last three overlap; the controller has room for two sectors, so that
 *	a memory that is slow holds the interface up, and never the head.
 *	The drive reads on behind a request, until its buffer is full of what
 *	nobody has asked for: sequential requests do not wait for a revolution.
 *	A write goes the other way: DMA and interface bring its sectors into the
 *	drive's buffer while the arm moves; when all of them are there, and the
 *	arm is, they go on the media as their places come round, and the write
 *	is done when the last of them is.  What was read ahead is lost with it.
 * Seeks: one cylinder, a third of all, and all of them take what the data sheet
 *	says (the mean distance of random seeks is a third).  In between the
 *	time grows with the root of the distance, beyond with the distance:
 *	Ruemmler and Wilkes, "An Introduction to Disk Drive Modeling", 1994.
 * Mirrors: queue: disksort() of 4.4BSD, BUFQ_FCFS and BUFQ_DISKSORT of
 *	sys/kern/subr_disk.c.
 * Leaves out: zones (all tracks hold the same), errors and spared sectors,
 *	several segments in the buffer, a cache for writes (a drive that says
 *	"done" before it is makes fsync(2) a promise), overlap of a command's
 *	overhead with the request before it; the processor's part, which is the
 *	driver's.
 * Units: ps, bytes/s, sectors of 512 bytes.  Borrows: requests, until done.
 */
#ifndef MODELS_HW_DISK_H
#define MODELS_HW_DISK_H

#include "models/base/calendar.h"
#include "models/hw/bus.h"

enum { DISK_SECTOR_BYTES = 512, DISK_FIFO_SECTORS = 2 };

enum disk_queue { BUFQ_FCFS, BUFQ_DISKSORT };

struct disk_config {
	int64_t cylinders;		/* at least 6 */
	int64_t heads;
	int64_t sectors;		/* of a track */
	sim_time revolution;
	/* seeks: to the next cylinder, over a third of them, over all */
	sim_time seek_single;
	sim_time seek_average;
	sim_time seek_full;
	sim_time head_switch;
	int64_t track_skew;		/* sectors; behind the track before */
	int64_t cylinder_skew;		/* the same, instead, in a new one */
	sim_time overhead;		/* of a command */
	int64_t buffer_sectors;		/* read ahead; 0: the drive does not */
	int64_t interface_bps;
	enum disk_queue queue;
};

struct disk_request {
	int64_t sector;
	int64_t n_sectors;
	bool is_write;
	void (*done)(void *arg);	/* all of it is there */
	void *arg;
	struct disk_request *next;	/* in the queue */
};

struct disk_stats {
	int64_t n_requests;		/* asked for */
	int64_t n_done;
	int64_t n_asked;		/* sectors of those asked for */
	int64_t n_moved;		/* sectors, by DMA */
	int64_t n_seeks;
	int64_t n_continued;		/* requests where the head was, or had
					 * been and left it in the buffer */
	sim_time seek_ps;
	sim_time rotation_ps;		/* waits for a request's first sector */
	sim_time busy_ps;		/* of requests that are done */
};

struct disk {
	struct disk_config config;
	struct calendar *cal;
	struct bus *bus;
	struct bus_master master;
	struct ratio interface_ps;	/* of a byte */
	int64_t interface_carry;
	struct disk_request *queue;
	int64_t taken_at;		/* the sector last taken from it */
	/* the head: what passes next, and when that begins */
	int64_t cylinder;
	int64_t next;
	sim_time next_at;
	int64_t buffered_from;		/* up to next, in the drive's buffer */
	int64_t ahead_to;		/* where the head stops */
	/* the request in service */
	struct disk_request *active;
	sim_time active_since;
	int64_t n_planned;		/* sectors, on the interface */
	int64_t n_arrived;		/* through it */
	int64_t n_moved;		/* by DMA */
	bool is_moving;
	bool has_bus;
	sim_time arm_at;		/* of a write: the arm is there */
	struct cal_event command;	/* the drive has taken it */
	struct cal_event arrival;	/* a sector is through the interface */
	struct cal_event dma;		/* the end of its latency, or bytes */
	struct cal_event written;	/* the last sector is on the media */
	struct disk_stats stats;
};

/* disk_init: the arm on cylinder 0, nothing in the buffer */
void disk_init(struct disk *disk, const struct disk_config *config,
    struct calendar *cal, struct bus *bus);

/* disk_sectors: how many it has */
static inline int64_t
disk_sectors(const struct disk_config *config)
{
	return config->cylinders * config->heads * config->sectors;
}

/* disk_bytes: the same, in bytes */
static inline int64_t
disk_bytes(const struct disk_config *config)
{
	return disk_sectors(config) * DISK_SECTOR_BYTES;
}

/* disk_seek_time: over so many cylinders. => 0 .. cylinders - 1 */
sim_time disk_seek_time(const struct disk_config *config, int64_t distance);

/*
 * disk_strategy: read or write these sectors.
 *
 * => they are on the disk, and one at least
 * => the request is the disk's until done() is called, once; done() may ask for
 *    more
 */
void disk_strategy(struct disk *disk, struct disk_request *request);

/* disk_is_idle: nothing asked for is outstanding; reading ahead is nothing */
static inline bool
disk_is_idle(const struct disk *disk)
{
	return disk->active == NULL && disk->queue == NULL;
}

/* disk_busy_at: how long it has served requests, up to now */
static inline sim_time
disk_busy_at(const struct disk *disk, sim_time now)
{
	return disk->stats.busy_ps +
	    (disk->active != NULL ? now - disk->active_since : 0);
}

#endif
