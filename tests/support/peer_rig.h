/*
 * The ideal peer, alone: frames in, frames out.
 *
 * The board's first sequence number is rig.iss; a SYN offers to shift windows,
 * with 8 bytes of options, unless the test fills in a frame itself.
 */
#ifndef TESTS_SUPPORT_PEER_RIG_H
#define TESTS_SUPPORT_PEER_RIG_H

#include "models/inet/peer.h"
#include "models/inet/tcp.h"

#define BOARD_ISS	UINT32_C(1000)
#define PEER_ISS	UINT32_C(0xfffffff0)

enum { RIG_ANSWERS = 64 };

/* An ACK's way to the board: 72 byte times of 80 ns; and its length. */
#define ACK_TIME	(72 * 80 * PS_PER_NS)
#define ACK_LENGTH	(84 * 80 * PS_PER_NS)

struct answer {
	sim_time at;
	struct frame frame;
};

struct peer_rig {
	struct calendar cal;
	struct wire wire;
	struct peer peer;
	struct peer_config config;
	uint32_t iss;
	struct answer answers[RIG_ANSWERS];
	int n_answers;
	/* instead of noting it; NULL: note it */
	void (*take)(const struct frame *frame);
};

extern struct peer_rig rig;

/* rig_setup: 64 KiB, segments of 1460, every second, ticks of 200 ms */
void rig_setup(void);

/* rig_start: a peer of rig.config. => finish: as it was before */
void rig_start(void);
void rig_finish(void);

/* rig_run_to: as long as an ACK is due, time passes by itself. */
void rig_run_to(sim_time at);

/* rig_receive: a frame of a connection, with the content of its place */
void rig_receive(uint32_t conn, uint8_t flags, uint32_t seq,
    uint32_t payload);

/* rig_data: bytes from a place of the stream of connection 1 on */
void rig_data(uint32_t place, uint32_t payload);

/* rig_establish: connection 1; 10 ms have passed, no answer is noted */
void rig_establish(void);

/* rig_conn: the peer's end of connection 1 */
const struct peer_conn *rig_conn(void);

/* rig_assert_answer: date, flags, numbers and the window's field */
void rig_assert_answer(int i, sim_time at, uint8_t flags, uint32_t seq,
    uint32_t ack, uint16_t win);

/*
 * rig_assert_ack: the last of n answers so far acknowledges the bytes before a
 * place, and offers a window; so many bytes, the shift is the rig's
 */
void rig_assert_ack(int n, uint32_t place, int64_t win);

#endif
