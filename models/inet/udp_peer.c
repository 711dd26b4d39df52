#include "models/inet/udp_peer.h"

#include <stdlib.h>

#include "models/base/check.h"
#include "models/inet/udp.h"

enum { N_IDS = UINT16_MAX + 1 };

void
udp_peer_init(struct udp_peer *udp, struct calendar *cal)
{
	udp->cal = cal;
}

void
udp_peer_fini(struct udp_peer *udp)
{
	for (uint32_t id = 0; udp->pending != NULL && id < N_IDS; id++)
		if (udp->pending[id] != NULL) {
			ranges_fini(&udp->pending[id]->got);
			free(udp->pending[id]);
		}
	free(udp->pending);
	udp->pending = NULL;
}

static void
complete(struct udp_peer *udp, uint32_t conn, int64_t n_bytes)
{
	udp->n_datagrams++;
	udp->bytes_received += n_bytes;
	if (udp->arrived != NULL)
		udp->arrived(udp->arg, conn);
}

/* Each packet brings what its headers say: socket, datagram, place in it. */
static void
verify(struct udp_peer *udp, const struct frame *frame)
{
	uint32_t place = frame->th.seq + udp_data_offset(&frame->th);

	if (frame->content >> CONTENT_PLACE_BITS != frame->conn ||
	    (uint32_t)frame->content != place)
		udp->bytes_wrong += frame->payload_bytes;
}

static void
forget(struct udp_peer *udp, uint16_t id)
{
	ranges_fini(&udp->pending[id]->got);
	free(udp->pending[id]);
	udp->pending[id] = NULL;
	udp->n_pending--;
}

/* Is what is pending under this id another datagram, or too old? */
static bool
is_other(const struct udp_peer *udp, const struct udp_datagram *d,
    const struct frame *frame)
{
	return d->conn != frame->conn || d->place != frame->th.seq ||
	    udp->cal->now - d->first_at > UDP_PEER_TTL;
}

static struct udp_datagram *
find_or_make(struct udp_peer *udp, const struct frame *frame)
{
	struct udp_datagram **slot;

	if (udp->pending == NULL)
		udp->pending = calloc(N_IDS, sizeof *udp->pending);
	CHECK(udp->pending != NULL, "memory for incomplete datagrams");
	slot = &udp->pending[frame->th.ip_id];
	if (*slot != NULL && is_other(udp, *slot, frame)) {
		forget(udp, frame->th.ip_id);
		udp->n_given_up++;
	}
	if (*slot != NULL)
		return *slot;
	*slot = calloc(1, sizeof **slot);
	CHECK(*slot != NULL, "memory for an incomplete datagram");
	(*slot)->conn = frame->conn;
	(*slot)->place = frame->th.seq;
	(*slot)->first_at = udp->cal->now;
	udp->n_pending++;
	return *slot;
}

static void
take_fragment(struct udp_peer *udp, const struct frame *frame)
{
	struct udp_datagram *d = find_or_make(udp, frame);
	int64_t from = udp_data_offset(&frame->th);
	int64_t to = from + frame->payload_bytes;

	udp->n_fragments++;
	d->n_got += ranges_add(&d->got, from, to);
	if ((frame->th.ip_off & IP_MF) == 0)
		d->n_bytes = to;
	if (d->n_bytes == 0 || d->n_got < d->n_bytes)
		return;
	complete(udp, frame->conn, d->n_bytes);
	forget(udp, frame->th.ip_id);
}

void
udp_peer_receive(struct udp_peer *udp, const struct frame *frame)
{
	verify(udp, frame);
	if ((frame->th.ip_off & (IP_MF | IP_OFFMASK)) == 0)
		complete(udp, frame->conn, frame->payload_bytes);
	else
		take_fragment(udp, frame);
}
