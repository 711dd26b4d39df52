/*
 * The user's platform: hosts and links of a SimGrid file, as a network of ours.
 *
 * How: SimGrid reads the file and finds the routes; a link's rate and latency
 *	are rounded to bit/s and ps once.  SimGrid makes two links of one that
 *	is SPLITDUPLEX, each in routes of one direction: either is a SHARED
 *	link here.  The board's wire is in front of the first link.
 * Leaves out: speeds of hosts, disks; what changes with time (the scenario's
 *	loader refuses such files, as they would upset the clock).
 * Owns: the network's arrays, until the program ends.
 */
#ifndef SIM_ENGINE_PLATFORM_H
#define SIM_ENGINE_PLATFORM_H

#include "models/hw/net.h"
#include "sim/process/process.h"

struct eng_platform {
	const char *file;
	const char *board;	/* the name of its host */
};

/*
 * eng_load_platform: read a platform, and find ways to all clients.
 *
 * => before eng_run, and instead of what that makes by itself
 * => a client is at the host that its process names, or at all others than the
 *    board's in turn, in the order of their names
 * => false: reason says why; nothing else may follow
 */
bool eng_load_platform(const struct eng_platform *platform,
    const struct process_config *processes, size_t n_processes,
    struct net_config *net, char *reason, size_t size);

/* eng_platform_is_loaded: then each process has a host, by its number */
bool eng_platform_is_loaded(void);

/* eng_platform_host: the name of the host of the board, or of a client */
const char *eng_platform_host(bool is_client, uint32_t client);

#endif
