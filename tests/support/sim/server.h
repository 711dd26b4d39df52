/*
 * The simplest server: one process, one connection at a time, or one process
 * for each of several that share a port.
 *
 * It accepts, reads a request, says how long the response is, writes that from
 * one buffer in pieces, and goes on until the client closes; or closes after
 * each response, or after the last one.
 */
#ifndef TESTS_SUPPORT_SIM_SERVER_H
#define TESTS_SUPPORT_SIM_SERVER_H

#include "models/world.h"
#include "sim/process/process.h"

enum { SERVER_PORT = 80, SERVER_BACKLOG = 128 };

/* A server's name says what it does. */
#define SERVER_KEEPS	"keeps"		/* until the client closes */
#define SERVER_CLOSES	"closes"	/* after each response */
#define SERVER_MUTE	"mute"		/* ... and does not say how long */

/* server_config: writes in pieces of write_size, max 64 KiB */
struct process_config server_config(const char *name, int64_t write_size);

/* client_config: asks for one file of so many bytes, again and again */
struct process_config client_config(int64_t bytes, int64_t requests);

/* server_world: machine_config(), cheap, with clients around a star */
struct world_config server_world(uint32_t n_clients);

/*
 * server_run: n_servers processes of one server and all clients of a world, to
 * its end, by whichever engine is linked; a clean audit and empty pools follow.
 *
 * => the world is there to be looked at, until world_fini
 */
void server_run(struct world *world, const struct world_config *config,
    const struct process_config *server, size_t n_servers,
    const struct process_config *client);

/*
 * server_compare: a run with losses both ways, slow lines and much chance, and
 * what both engines have to find, to the picosecond.
 */
void server_compare(struct world *world);

#endif
