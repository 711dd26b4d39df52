/*
 * One performance of a script: the host, and the script in place of the other
 * end of the wire.
 *
 * At each date the kernel's own work comes first, then the script's lines in
 * their order.  After each action all that it causes within the same
 * microsecond happens before the next line.
 */
#ifndef TESTS_CONFORM_PLAY_H
#define TESTS_CONFORM_PLAY_H

#include "tests/conform/runner/script.h"

/* Where the two ends' sequence numbers begin. */
struct play_iss {
	uint32_t host;
	uint32_t script;
};

/*
 * play: perform it.
 *
 * => false: something was not as expected, and has been told on stderr, with
 *    the segments around it; or on stdout all segments, if wants_trace
 */
bool play(const struct script *script, const struct play_iss *iss,
    bool wants_trace);

#endif
