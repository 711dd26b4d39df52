/*
 * Watching a host at work.
 *
 * Stands for: bpf(4) on the interface, and whoever reads two numbers of the
 *	kernel each time they change.
 *
 *	WATCH_OUT	the driver gives a packet to the controller
 *	WATCH_IN	the driver has taken one from it
 *	WATCH_LENT	kernel address space has been taken for a loan, or given
 *			back
 *	WATCH_SNDBUF	the data in a stream's send buffer has become more or
 *			less
 *
 * Mirrors: bpf_mtap() in fxp_start() and fxp_intr(), sys/dev/ic/i82557.c: what
 *	the interface queue has dropped is not seen, what an underrun made the
 *	controller fetch twice is seen once.
 * How: who looks on is told at once, takes no modelled time and changes
 *	nothing.  With nobody there it is one comparison.
 * Leaves out: the send buffers of datagrams, which hold nothing.
 * Units: bytes.  Owns: nothing.
 */
#ifndef MODELS_KERN_WATCH_H
#define MODELS_KERN_WATCH_H

#include "models/mbuf/mbuf.h"

enum watch_event { WATCH_OUT, WATCH_IN, WATCH_LENT, WATCH_SNDBUF };

struct watch_note {
	enum watch_event event;
	uint32_t conn;		/* 0: WATCH_LENT, of all */
	/* of a packet; the headers are there while it is told */
	const struct tcp_header *th;
	uint32_t payload_bytes;
	/* of a number: what it is now, and what bounds it */
	int64_t level;
	int64_t limit;
};

/* Who looks on. */
struct watcher {
	void (*note)(void *arg, const struct watch_note *note);
	void *arg;
};

/*
 * watch_tell_packet, watch_tell_level: tell who looks on.
 *
 * => out of the way of a run that nobody looks at: callers ask first
 */
void watch_tell_packet(const struct watcher *watch, enum watch_event event,
    uint32_t conn, const struct tcp_header *th, uint32_t payload_bytes)
    __attribute__((cold, noinline));
void watch_tell_level(const struct watcher *watch, enum watch_event event,
    uint32_t conn, int64_t level, int64_t limit)
    __attribute__((cold, noinline));

#endif
