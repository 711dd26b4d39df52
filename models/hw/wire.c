#include "models/hw/wire.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

enum { WIRE_FIRST_SIZE = 16 };

static void
arrive(void *arg)
{
	struct wire *wire = arg;
	struct frame frame = wire->ring[wire->head].frame;

	wire->head = (wire->head + 1) & (wire->size - 1);
	if (--wire->n > 0)
		cal_schedule(wire->cal, &wire->arrival,
		    wire->ring[wire->head].arrives_at);
	wire->deliver(wire->arg, &frame);
}

void
wire_init(struct wire *wire, struct calendar *cal,
    const struct link_config *config,
    void (*deliver)(void *arg, const struct frame *frame), void *arg)
{
	memset(wire, 0, sizeof *wire);
	wire->cal = cal;
	link_init(&wire->link, config);
	cal_event_init(&wire->arrival, arrive, wire);
	wire->size = WIRE_FIRST_SIZE;
	wire->ring = calloc(wire->size, sizeof *wire->ring);
	CHECK(wire->ring != NULL, "memory for the frames on a wire");
	wire->deliver = deliver;
	wire->arg = arg;
}

void
wire_fini(struct wire *wire)
{
	free(wire->ring);
	wire->ring = NULL;
}

static void
grow(struct wire *wire)
{
	struct wire_entry *ring = calloc(2 * (size_t)wire->size, sizeof *ring);

	CHECK(ring != NULL, "memory for the frames on a wire");
	for (uint32_t i = 0; i < wire->n; i++)
		ring[i] = wire->ring[(wire->head + i) & (wire->size - 1)];
	free(wire->ring);
	wire->ring = ring;
	wire->head = 0;
	wire->size *= 2;
}

struct link_slot
wire_send(struct wire *wire, sim_time ready_at, const struct frame *frame)
{
	struct link_slot slot =
	    link_send(&wire->link, ready_at, frame->ip_bytes);
	struct wire_entry *e;

	if (wire->take_early != NULL &&
	    wire->take_early(wire->arg, slot.arrives_at, frame))
		return slot;
	if (wire->n == wire->size)
		grow(wire);
	e = &wire->ring[(wire->head + wire->n) & (wire->size - 1)];
	e->arrives_at = slot.arrives_at;
	e->frame = *frame;
	if (wire->n++ == 0)
		cal_schedule(wire->cal, &wire->arrival, slot.arrives_at);
	return slot;
}
