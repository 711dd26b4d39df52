/*
 * A wire: one direction of a link, with the frames that are under way on it.
 *
 * Stands for: a link (hw/link.h) and what travels over it.  A frame is its
 *	headers and the name of its content, never bytes.
 * How: frames arrive in the order in which they were sent, so that one event,
 *	that of the first, serves all.  What is behind the wire may take a
 *	frame as it is sent, if the date at which it comes is all it needs.
 * Units: ps, bytes.  Owns: the frames under way.
 */
#ifndef MODELS_HW_WIRE_H
#define MODELS_HW_WIRE_H

#include "models/base/calendar.h"
#include "models/hw/link.h"
#include "models/mbuf/mbuf.h"

struct frame {
	uint32_t conn;
	uint16_t ip_bytes;	/* the packet, headers included */
	uint32_t payload_bytes;
	struct tcp_header th;
	uint64_t content;	/* name of the payload's first byte */
};

struct wire_entry {
	sim_time arrives_at;
	struct frame frame;
};

struct wire {
	struct calendar *cal;
	struct link link;
	struct cal_event arrival;
	struct wire_entry *ring;	/* a power of two of entries */
	uint32_t size;
	uint32_t head;
	uint32_t n;
	void (*deliver)(void *arg, const struct frame *frame);
	/*
	 * Or NULL: a frame will be there at that date.  => true: it is taken,
	 * and needs no event here
	 */
	bool (*take_early)(void *arg, sim_time arrives_at,
	    const struct frame *frame);
	void *arg;
};

void wire_init(struct wire *wire, struct calendar *cal,
    const struct link_config *config,
    void (*deliver)(void *arg, const struct frame *frame), void *arg);
void wire_fini(struct wire *wire);

/*
 * wire_init: => arg: of deliver; and of take_early, which the caller may set
 * wire_send: the next frame, ready to start at a date.
 *
 * => ready_at may have passed, if the frame's last bit is yet to leave
 * => deliver(arg, frame) at the other end when its last bit has arrived
 */
struct link_slot wire_send(struct wire *wire, sim_time ready_at,
    const struct frame *frame);

#endif
