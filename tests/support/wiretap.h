/*
 * A tap on both wires of a world: notes every frame at the date at which it
 * reaches the other end, and can lose or change it there.
 *
 * What it does to a frame it does between the wire and the receiver: the wire
 * has been occupied all the same.
 */
#ifndef TESTS_SUPPORT_WIRETAP_H
#define TESTS_SUPPORT_WIRETAP_H

#include "models/world.h"

enum { WIRETAP_FRAMES = 4096 };

struct tapped {
	sim_time at;
	bool to_peer;
	bool is_lost;
	struct frame frame;
};

struct wiretap {
	struct world *world;
	/* => false: the frame is lost; may change it; NULL: all pass */
	bool (*filter)(void *arg, struct frame *frame, bool to_peer);
	void *filter_arg;
	int n;		/* those beyond the table count too */
	struct tapped frames[WIRETAP_FRAMES];
};

/* wiretap_attach: listen from now on. => the world has been initialized */
void wiretap_attach(struct wiretap *tap, struct world *world);

/* wiretap_data: the i-th frame (from 0) with data to the peer */
const struct tapped *wiretap_data(const struct wiretap *tap, int i);

/* wiretap_count_data: frames with data to the peer before a date */
int wiretap_count_data(const struct wiretap *tap, sim_time before);

/*
 * wiretap_assert: the i-th frame of all.
 *
 * => flags, sequence and acknowledgement number, bytes of the IP packet
 */
void wiretap_assert(const struct wiretap *tap, int i, bool to_peer,
    uint8_t flags, uint32_t seq, uint32_t ack, uint16_t ip_bytes);

#endif
