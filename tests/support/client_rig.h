/*
 * Clients, alone: calls and frames in, frames out.  The board is the test.
 *
 * The board's first sequence number is CLIENT_RIG_ISS; it offers neither
 * timestamps nor a window scale, unless the test fills in a frame itself.
 */
#ifndef TESTS_SUPPORT_CLIENT_RIG_H
#define TESTS_SUPPORT_CLIENT_RIG_H

#include "models/host.h"
#include "models/inet/client.h"

#define CLIENT_RIG_ISS	UINT32_C(5000)
#define CLIENT_ISS	UINT32_C(0xfffffff0)

enum { CLIENT_RIG_FRAMES = 64 };

struct client_rig {
	struct calendar cal;
	struct host board;	/* nothing but its table of sockets */
	struct clients all;
	struct client *client;
	int n_woken;
	struct {
		sim_time at;
		uint32_t client;
		struct frame frame;
	} sent[CLIENT_RIG_FRAMES];
	int n_sent;
};

extern struct client_rig client_rig;

/* client_rig_init: a machine with a window of 64 KiB, and one client */
void client_rig_init(void);
void client_rig_fini(void);

/* client_rig_call: => as sys_enter; the result if it is false, or -1000000 */
int64_t client_rig_call(enum sys_nr nr, int fd, int64_t len);

/* client_rig_result: of the call that waited; asserts that it has come back */
int64_t client_rig_result(void);

void client_rig_run_to(sim_time at);

/* client_rig_board: a frame of the board for a connection */
void client_rig_board(uint32_t conn, uint8_t flags, uint32_t seq, uint32_t ack,
    uint32_t payload);

/* client_rig_open: connection CLIENT_NUMBERS, established. => its descriptor */
int client_rig_open(void);

/* client_rig_last: the frame sent last; asserts its flags */
const struct frame *client_rig_last(uint8_t flags);

#define CLIENT_RIG_WAITS	INT64_C(-1000000)

#endif
