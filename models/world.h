/*
 * A world: the board, the peer, the wires between them and what happens on the
 * way; from the start of a run to its audit.
 *
 * Stands for: the test set-up.  The engine that drives it, SimGrid's or the
 *	tests' own, knows only this header and kern/syscall.h.
 *
 *	0 ........ warm-up ................ duration ...... drained .. reaped
 *	           meter starts             meter ends
 *	                                    calls end,
 *	                                    sockets drain and close
 *
 * A run may also end as soon as enough has passed (enough_bytes): who asks what
 * one that is a hundred times as fast would do need not wait for a hundred
 * times as much.
 *
 * Units: ps, bytes.  Owns: everything below it, the calendar included.
 */
#ifndef MODELS_WORLD_H
#define MODELS_WORLD_H

#include <stddef.h>

#include "models/audit.h"
#include "models/host.h"
#include "models/hw/path.h"
#include "models/hw/net.h"
#include "models/inet/client.h"
#include "models/inet/peer.h"

/* A file of the board, see host_add_file(). */
struct file_config {
	uint32_t file;		/* its number, not 0 */
	int64_t bytes;
	bool is_cached;
};

struct world_config {
	struct host_config host;
	bool far_is_host;	/* else: the ideal peer */
	struct host_config far;
	struct peer_config peer;
	struct link_config link;	/* each direction */
	struct path_config to_peer_path;	/* behind the wire */
	struct path_config to_board_path;
	struct net_config net;	/* to the clients, who are like the peer */
	const struct file_config *files;	/* of the board */
	size_t n_files;
	sim_time duration;
	sim_time warmup;
	sim_time drain;		/* bound on draining, after the duration */
	/* what ends a run before its duration, 0: nothing; looked for every
	 * WORLD_ENOUGH_PERIOD of the measured interval */
	int64_t enough_bytes;
};

/* Four of TCP's slow clock, ten of its fast one: none is cut short by much. */
#define WORLD_ENOUGH_PERIOD	(2 * PS_PER_S)

/* What has been used and done up to a date. */
struct meter {
	sim_time at;
	int64_t bytes_acked;	/* of what the board sent */
	int64_t bytes_received;	/* by the board */
	int64_t bytes_datagrams;	/* in those that the other end got */
	int64_t loaned_byte_us;	/* kva_integral of the board */
	sim_time cpu_busy;
	sim_time far_busy;	/* the other end's processor, if it has one */
	sim_time bus_busy;
	sim_time wire_busy;
	sim_time disk_busy;	/* of the board */
};

/* meter_bytes: what throughput counts */
static inline int64_t
meter_bytes(const struct meter *meter)
{
	return meter->bytes_acked + meter->bytes_datagrams +
	    meter->bytes_received;
}

enum world_outcome { WORLD_DONE, WORLD_DEADLOCK, WORLD_DRAIN_TIMEOUT };

enum { WORLD_MAX_WAITERS = 8 };

struct world {
	struct calendar cal;
	struct host host;	/* the board */
	struct host far;	/* the other end, if it is a host */
	struct peer peer;	/* ... if it is not */
	struct wire to_peer;
	struct wire to_board;
	struct path to_peer_path;	/* all zero if nothing happens on it */
	struct path to_board_path;
	struct net net;		/* all zero without clients */
	struct clients clients;
	struct world_config config;
	struct cal_event warmup_over;
	struct cal_event duration_over;
	struct cal_event drain_over;
	struct cal_event enough;
	struct meter start;	/* of the measured interval */
	struct meter end;
	bool end_is_final;	/* the duration has passed */
	bool is_over;
	enum world_outcome outcome;
	sim_time deadlock_at;
	char waiters[WORLD_MAX_WAITERS][PROC_NAME_BYTES];
	uint32_t n_waiters;
};

/* What the engine is to do next. */
enum world_step {
	WORLD_WAKE,	/* a process has been woken: let its program run */
	WORLD_LIMIT,	/* the limit is reached; world->cal.now is it */
	WORLD_OVER	/* nothing will happen any more */
};

/* world_n_hosts, world_host: the board is number 0, the other end 1. */
static inline int
world_n_hosts(const struct world *world)
{
	return world->config.far_is_host ? 2 : 1;
}

static inline struct host *
world_host(struct world *world, int i)
{
	return i == 0 ? &world->host : &world->far;
}

/* world_n_in_program: processes that owe a next call, wherever they run */
static inline uint32_t
world_n_in_program(const struct world *world)
{
	return world->host.n_in_program + world->far.n_in_program +
	    world->clients.n_in_program;
}

/*
 * world_add_client: a process that runs on the next client, as host_add_proc.
 *
 * => the network has a way to it
 */
struct proc *world_add_client(struct world *world, const char *name,
    struct proc_program program);

/* world_meter: read it */
void world_meter(struct world *world, struct meter *meter);

/* world_audit: the audit of a world that has come to its end */
void world_audit(struct world *world, struct audit *audit);

/* world_init: => the files of config are read before it returns */
void world_init(struct world *world, const struct world_config *config);
void world_fini(struct world *world);

/*
 * world_advance: let time pass, at most up to a date.
 *
 * => no program owes its next call
 * => a deadlock (processes wait, nothing is left to happen) is noted, and the
 *    waiters' calls return, so that their programs can end
 */
enum world_step world_advance(struct world *world, sim_time limit);

#endif
