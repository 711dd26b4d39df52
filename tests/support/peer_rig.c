#include "tests/support/peer_rig.h"

#include <check.h>
#include <string.h>

struct peer_rig rig;

static void
deliver(void *arg, const struct frame *frame)
{
	(void)arg;
	if (rig.take != NULL) {
		rig.take(frame);
		return;
	}
	ck_assert_int_lt(rig.n_answers, RIG_ANSWERS);
	rig.answers[rig.n_answers].at = rig.cal.now;
	rig.answers[rig.n_answers++].frame = *frame;
}

void
rig_setup(void)
{
	memset(&rig, 0, sizeof rig);
	rig.iss = BOARD_ISS;
	rig.config = (struct peer_config){.recvspace = 65536, .mss = 1460,
	    .delack_segments = 2, .delack_timer = 200 * PS_PER_MS};
}

void
rig_start(void)
{
	static const struct link_config link = {100000000, 0};

	cal_init(&rig.cal);
	wire_init(&rig.wire, &rig.cal, &link, deliver, NULL);
	peer_init(&rig.peer, &rig.config, &rig.cal, &rig.wire);
}

void
rig_finish(void)
{
	peer_fini(&rig.peer);
	wire_fini(&rig.wire);
	cal_fini(&rig.cal);
}

void
rig_run_to(sim_time at)
{
	cal_run(&rig.cal, at);
	rig.cal.now = at;
}

void
rig_receive(uint32_t conn, uint8_t flags, uint32_t seq, uint32_t payload)
{
	struct frame frame = {.conn = conn, .payload_bytes = payload,
	    .ip_bytes = (uint16_t)(40 + payload),
	    .th = {.seq = seq, .flags = flags},
	    .content = content_name(conn, seq - rig.iss - 1)};

	if ((flags & TH_SYN) != 0) {
		frame.th.option_bytes = 8;
		frame.th.wscale = 1;
	}
	peer_receive(&rig.peer, &frame);
}

void
rig_data(uint32_t place, uint32_t payload)
{
	rig_receive(1, TH_ACK, rig.iss + 1 + place, payload);
}

void
rig_establish(void)
{
	rig_receive(1, TH_SYN, rig.iss, 0);
	rig_run_to(10 * PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 1);
	rig.n_answers = 0;
}

const struct peer_conn *
rig_conn(void)
{
	const struct peer_conn *c = peer_find(&rig.peer, 1);

	ck_assert_ptr_nonnull(c);
	return c;
}

void
rig_assert_answer(int i, sim_time at, uint8_t flags, uint32_t seq,
    uint32_t ack, uint16_t win)
{
	const struct tcp_header *th = &rig.answers[i].frame.th;

	ck_assert_int_lt(i, rig.n_answers);
	ck_assert_int_eq(rig.answers[i].at, at);
	ck_assert_uint_eq(th->flags, flags);
	ck_assert_uint_eq(th->seq, seq);
	ck_assert_uint_eq(th->ack, ack);
	ck_assert_uint_eq(th->win, win);
}

void
rig_assert_ack(int n, uint32_t place, int64_t win)
{
	const struct frame *frame = &rig.answers[n - 1].frame;

	ck_assert_int_eq(rig.n_answers, n);
	ck_assert_uint_eq(frame->th.flags, TH_ACK);
	ck_assert_uint_eq(frame->th.ack - rig.iss - 1, place);
	ck_assert_int_eq((int64_t)frame->th.win << rig_conn()->rcv_scale, win);
}
