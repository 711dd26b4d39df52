/*
 * The network behind the board's wire: links that routes share.
 *
 * Stands for: switches, routers and lines between the end of the board's wire
 *	and the clients, one machine each.  By default a star: each client has a
 *	line of its own to the switch at which the board's wire ends.
 *
 *	board ==wire== path ==[link]==[link]== client	out
 *	board ==path== wire ==[link]==[link]== client	back
 *
 * How: a frame is stored and forwarded: a link (hw/link.h, FIFO by arithmetic)
 *	takes it when its last bit is there, and sends it when those before it
 *	and their gaps are through.  What a link does with frames that come by
 *	different ways depends on which comes first: such a link takes each at
 *	an event of its own.  One that all frames reach by one and the same way
 *	takes them in the order in which that way began, and needs no event; so
 *	a frame to a client of a star has one, its arrival, and goes on its
 *	line as it leaves the board.
 *	Each link has one event, that of the first frame under way on it.
 *
 *	SPLITDUPLEX	two links, one for each direction
 *	SHARED		one link, which both directions share
 *	FATPIPE		delay only: frames do not wait for each other
 *
 * Leaves out: limits of queues: they hold what the windows of all connections
 *	permit, and lose nothing (losses are the path's, hw/path.h); learning
 *	and routing, which were done before the run.
 * Units: ps, bit/s, bytes of IP packet.  Each link adds what Ethernet adds.
 * Owns: the frames under way.
 */
#ifndef MODELS_HW_NET_H
#define MODELS_HW_NET_H

#include "models/base/hostmem.h"
#include "models/base/pool.h"
#include "models/hw/wire.h"

enum net_policy { NET_SPLITDUPLEX, NET_SHARED, NET_FATPIPE };

struct net_link_config {
	int64_t bits_per_s;
	sim_time delay;
	enum net_policy policy;
};

/* A link on a route; is_back: a SPLITDUPLEX one against its direction. */
struct net_hop {
	uint32_t link;
	bool is_back;
};

/* The hops in the order in which frames pass them. */
struct net_route {
	const struct net_hop *out;	/* from the board */
	const struct net_hop *back;	/* to the board */
	uint32_t n_out;
	uint32_t n_back;
};

/* const while the network lives: it keeps no copy */
struct net_config {
	uint32_t n_clients;
	const struct net_route *routes;	/* of each; NULL: a star */
	const struct net_link_config *links;
	uint32_t n_links;
	struct net_link_config star;	/* ... of links like this one */
};

struct net_flight;

/* A link as frames see it: one direction, or the one for both. */
struct net_pipe {
	/* of the head */
	_Alignas(HOSTMEM_LINE) struct cal_event arrival;
	struct net_flight *head;	/* under way on it, in order */
	struct net_flight *tail;
	struct net *net;
	bool is_fat;
	bool is_merged;		/* frames reach it by several ways */
	struct link link;
};

/* Frames: in = out + under way. */
struct net_stats {
	int64_t n_in;
	int64_t n_out;
	int64_t n_hops;		/* links passed */
};

/* One direction of a route: pipes, one behind the other. */
struct net_way {
	const uint32_t *pipes;
	uint32_t n;
};

struct net {
	struct calendar *cal;
	struct net_config config;
	struct net_pipe *pipes;
	uint32_t n_pipes;
	uint32_t *steps;	/* of all ways; a star needs neither */
	struct net_way *ways;	/* two of each client: out, back */
	struct net_pipe late;	/* what clients will send in a while */
	struct pool flights;
	struct net_stats stats;
	/* a frame has come to its end */
	void (*to_client)(void *arg, uint32_t client,
	    const struct frame *frame);
	void (*to_board)(void *arg, const struct frame *frame);
	void *arg;
};

/*
 * net_init: a network with as many ways as clients.
 *
 * => one without clients need not be initialized but be all zero, for net_fini
 *    and net_audit as well
 * => the caller sets to_client, to_board and arg
 */
void net_init(struct net *net, struct calendar *cal,
    const struct net_config *config);
void net_fini(struct net *net);

/* net_out: a frame for a client has come to the end of the board's wire. */
void net_out(struct net *net, uint32_t client, const struct frame *frame);

/*
 * net_out_early: a frame for a client will come to the end of the board's wire,
 * behind all that were announced before.
 *
 * => false: net_out must say it when it does, for it meets others there
 */
bool net_out_early(struct net *net, uint32_t client, sim_time comes_at,
    const struct frame *frame);

/*
 * net_back: a client sends a frame, which is ready at a date.
 *
 * => ready_at - now is the same for all frames
 */
void net_back(struct net *net, uint32_t client, sim_time ready_at,
    const struct frame *frame);

/*
 * net_expect: a client will send something, and be answered: the simulator's
 * own memory shall have the beginnings of its ways by then.
 */
void net_expect(const struct net *net, uint32_t client);

/* net_under_way: frames that have yet to come to their end */
int64_t net_under_way(const struct net *net);

#endif
