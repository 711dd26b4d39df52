/*
 * Damage to a world, one item of its books at a time, and what the audit must
 * say to each: these lines and no others.
 */
#ifndef TESTS_SUPPORT_DAMAGE_H
#define TESTS_SUPPORT_DAMAGE_H

#include "models/world.h"

enum { DAMAGE_MAX_LINES = 2 };

struct damage {
	void (*act)(struct world *world);
	const char *lines[DAMAGE_MAX_LINES];
	int64_t by[DAMAGE_MAX_LINES];	/* actual - expected of each */
};

/*
 * damage_running: to a world in the middle of a run: one socket, whose first
 * buffered mbuf is a loan of 16 pages.  For host_audit_running.
 */
extern const struct damage damage_running[];
extern const int damage_n_running;

/* damage_far: to the same world.  For path_audit and peer_audit. */
extern const struct damage damage_far[];
extern const int damage_n_far;

/*
 * damage_at_end: to a world that has ended well: one socket, 65536 bytes sent,
 * two levels of cache with lines in both.
 * For host_audit.
 */
extern const struct damage damage_at_end[];
extern const int damage_n_at_end;

/* Damage to the limits of mbufs, for the lists above. */
void damage_mbuf_limit(struct world *world);
void damage_cluster_limit(struct world *world);
void damage_promise(struct world *world);

#define DAMAGE_MBUF_LINE	"mbufs in use and promised within the limit"
#define DAMAGE_CLUSTER_LINE	"clusters in use within the limit"

#endif
