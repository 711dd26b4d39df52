/*
 * Segments as a script writes them:
 *
 *	S. 0:0(0) ack 1 win 65535 <mss 1460, wscale 0, ts 100 200>
 *
 * Flags S F R P and . for ACK, or - for none; sequence numbers relative to the
 * first of that end; the field win as it is on the wire.
 *
 * And packets of UDP:
 *
 *	udp 1472:2952(1480) id 7 off 1480 mf
 *
 * The range is that of their data among all that their socket was given; off is
 * the place in the IP datagram, in bytes, 0 if it is not said.
 */
#ifndef TESTS_CONFORM_SEGMENT_H
#define TESTS_CONFORM_SEGMENT_H

#include "models/hw/wire.h"
#include "tests/conform/runner/cursor.h"

enum { SEG_MAX_CONN = 15, SEG_PORT = 80 };

struct segment {
	uint32_t conn;
	struct tcp_header th;	/* seq and ack relative */
	uint32_t len;
	bool has_port;
	bool has_win;
	bool has_options;	/* else they are not looked at */
	bool any_ts_val;	/* ts * */
	bool any_ts_ecr;
};

/* segment_parse: after > or <, at the number of the connection or the flags */
void segment_parse(struct cursor *cur, struct segment *seg);

/* segment_format: in the same syntax; g_free it */
char *segment_format(const struct segment *seg);

/*
 * segment_matches: is this the segment that was expected?
 *
 * => what the expected one does not say is not looked at
 */
bool segment_matches(const struct segment *expected,
    const struct segment *got);

/* segment_option_bytes: the length of its options, aligned to words */
uint32_t segment_option_bytes(const struct segment *seg);

#endif
