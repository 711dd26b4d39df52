#include "tests/support/wiretap.h"

#include <check.h>
#include <string.h>

/* => false: lost */
static bool
tap_frame(struct wiretap *tap, struct frame *frame, bool to_peer)
{
	bool passes = tap->filter == NULL ||
	    tap->filter(tap->filter_arg, frame, to_peer);

	if (tap->n < WIRETAP_FRAMES)
		tap->frames[tap->n] = (struct tapped){tap->world->cal.now,
		    to_peer, !passes, *frame};
	tap->n++;
	return passes;
}

static void
to_peer(void *arg, const struct frame *frame)
{
	struct wiretap *tap = arg;
	struct frame copy = *frame;

	if (tap_frame(tap, &copy, true))
		peer_receive(&tap->world->peer, &copy);
}

static void
to_board(void *arg, const struct frame *frame)
{
	struct wiretap *tap = arg;
	struct frame copy = *frame;

	if (tap_frame(tap, &copy, false))
		nic_receive(&tap->world->host.nic, &copy);
}

void
wiretap_attach(struct wiretap *tap, struct world *world)
{
	memset(tap, 0, sizeof *tap);
	tap->world = world;
	world->to_peer.deliver = to_peer;
	world->to_peer.arg = tap;
	world->to_board.deliver = to_board;
	world->to_board.arg = tap;
}

static bool
is_data(const struct tapped *t)
{
	return t->to_peer && t->frame.payload_bytes > 0;
}

static int
n_noted(const struct wiretap *tap)
{
	return tap->n < WIRETAP_FRAMES ? tap->n : WIRETAP_FRAMES;
}

const struct tapped *
wiretap_data(const struct wiretap *tap, int i)
{
	for (int j = 0; j < n_noted(tap); j++)
		if (is_data(&tap->frames[j]) && i-- == 0)
			return &tap->frames[j];
	ck_abort_msg("fewer frames with data than the test looks at");
	return NULL;
}

int
wiretap_count_data(const struct wiretap *tap, sim_time before)
{
	int n = 0;

	for (int i = 0; i < n_noted(tap); i++)
		n += is_data(&tap->frames[i]) && tap->frames[i].at < before;
	return n;
}

void
wiretap_assert(const struct wiretap *tap, int i, bool is_to_peer,
    uint8_t flags, uint32_t seq, uint32_t ack, uint16_t ip_bytes)
{
	const struct tapped *t = &tap->frames[i];

	ck_assert_int_lt(i, n_noted(tap));
	ck_assert_msg(t->to_peer == is_to_peer, "frame %d: direction", i);
	ck_assert_msg(t->frame.th.flags == flags, "frame %d: flags 0x%x", i,
	    t->frame.th.flags);
	ck_assert_msg(t->frame.th.seq == seq, "frame %d: seq 0x%x", i,
	    t->frame.th.seq);
	ck_assert_msg(t->frame.th.ack == ack, "frame %d: ack 0x%x", i,
	    t->frame.th.ack);
	ck_assert_msg(t->frame.ip_bytes == ip_bytes, "frame %d: %u bytes", i,
	    t->frame.ip_bytes);
}
