#include "models/hw/link.h"

#include <string.h>

#include "models/base/check.h"

enum { BITS_PER_BYTE = 8 };

void
link_init(struct link *link, const struct link_config *config)
{
	memset(link, 0, sizeof *link);
	link->delay = config->delay;
	link->ps_per_byte =
	    ratio_make(BITS_PER_BYTE * PS_PER_S, config->bits_per_s);
}

/* So many bytes, preamble and FCS included, and the gap. */
static struct link_slot
occupy(struct link *link, sim_time ready_at, int64_t bytes)
{
	struct link_slot slot;
	sim_time frame_ps, gap_ps;

	frame_ps = ratio_mul(bytes, link->ps_per_byte, &link->carry);
	gap_ps = ratio_mul(ETHER_GAP_LEN, link->ps_per_byte, &link->carry);
	slot.starts_at = ready_at > link->free_at ? ready_at : link->free_at;
	slot.ends_at = slot.starts_at + frame_ps;
	slot.arrives_at = slot.ends_at + link->delay;
	link->free_at = slot.ends_at + gap_ps;
	link->wire_bytes += bytes + ETHER_GAP_LEN;
	link->busy_ps += frame_ps + gap_ps;
	return slot;
}

struct link_slot
link_send(struct link *link, sim_time ready_at, int64_t ip_bytes)
{
	CHECK(ip_bytes > 0, "a frame carries a packet");
	link->n_frames++;
	return occupy(link, ready_at,
	    ETHER_PREAMBLE_LEN + link_frame_bytes(ip_bytes));
}

void
link_cut(struct link *link, sim_time ready_at, int64_t bytes)
{
	link->n_cut++;
	occupy(link, ready_at, ETHER_PREAMBLE_LEN + bytes + ETHER_CRC_LEN);
}

sim_time
link_busy_at(const struct link *link, sim_time at)
{
	/* frames are booked when handed over: take off what lies ahead */
	return link->free_at > at ? link->busy_ps - (link->free_at - at) :
	    link->busy_ps;
}
