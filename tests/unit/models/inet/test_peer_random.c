/*
 * The ideal peer against a row of flags: a stream cut, reordered, duplicated,
 * overlapping and lost at random.  Every byte once and in order; the end of the
 * window never moves back; nothing out of order waits for an answer.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/peer_rig.h"

enum {
	STEPS = 125000,
	WINDOW = 8192,
	MAX_PAYLOAD = 300,
	RING = 16384	/* of flags; holds the window and what is sent beyond */
};

/* The naive receiver. */
static struct {
	bool is_there[RING];
	int64_t received;
	int64_t unread;
	int64_t at_us;
	int64_t sent;	/* the highest place sent so far */
} naive;

static uint64_t random_state;
static int64_t edge;		/* of the window, as the board knows it */
static uint32_t last_ack;
static int64_t n_acks;

static int64_t
any(int64_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (int64_t)((random_state >> 16) % (uint64_t)n);
}

/* The peer is never more than a window behind what it has acknowledged. */
static int64_t
place_of(uint32_t ack)
{
	uint32_t place = ack - rig.iss - 1;

	return naive.received + (int32_t)(place - (uint32_t)naive.received);
}

static void
take_answer(const struct frame *frame)
{
	int64_t end = place_of(frame->th.ack) +
	    ((int64_t)frame->th.win << rig_conn()->rcv_scale);

	ck_assert_int_ge((int32_t)(frame->th.ack - last_ack), 0);
	/* less than a unit may be lost in rounding */
	ck_assert_int_gt(end, edge - (1 << rig_conn()->rcv_scale));
	if (end > edge)
		edge = end;
	last_ack = frame->th.ack;
	n_acks++;
}

/* A byte each us, if it is no program that reads at once. */
static void
naive_read(int64_t us)
{
	naive.at_us += us;
	naive.unread -= naive.unread < us ? naive.unread : us;
	if (rig.config.read_rate == 0)
		naive.unread = 0;
}

static void
naive_receive(int64_t from, int64_t to)
{
	int64_t end = naive.received - naive.unread + rig.config.recvspace;

	for (int64_t i = from; i < to; i++)
		if (i >= naive.received && i < end)
			naive.is_there[i % RING] = true;
	while (naive.is_there[naive.received % RING]) {
		naive.is_there[naive.received++ % RING] = false;
		naive.unread++;
	}
	if (rig.config.read_rate == 0)
		naive.unread = 0;
}

/* The next one, one of those before, or one that leaves a gap. */
static int64_t
choose_place(void)
{
	int64_t kind = any(10);
	int64_t from = naive.sent;

	if (kind < 3)
		from = naive.received;
	else if (kind < 6)
		from = naive.received - 500 + any(3000);
	else if (kind < 7)
		from = naive.sent + any(1000);
	if (from > naive.received + WINDOW)
		from = naive.received + any(WINDOW);
	return from < 0 ? 0 : from;
}

static void
send_any(void)
{
	int64_t from = choose_place();
	int64_t payload = 1 + any(MAX_PAYLOAD);
	bool is_in_order = from <= naive.received &&
	    from + payload > naive.received && rig_conn()->held.n == 0;
	int64_t n_sent = rig.peer.n_acks_sent;
	struct frame frame = {.conn = 1, .payload_bytes = (uint32_t)payload,
	    .th = {.flags = TH_ACK, .seq = rig.iss + 1 + (uint32_t)from},
	    .content = content_name(1, (uint64_t)from)};

	naive_receive(from, from + payload);
	if (from + payload > naive.sent)
		naive.sent = from + payload;
	peer_receive(&rig.peer, &frame);
	if (!is_in_order)
		ck_assert_int_eq(rig.peer.n_acks_sent, n_sent + 1);
}

static void
assert_same(void)
{
	const struct peer_conn *c = rig_conn();

	ck_assert_int_eq(c->bytes_received, naive.received);
	ck_assert_uint_eq(c->rcv_nxt,
	    rig.iss + 1 + (uint32_t)naive.received);
	ck_assert_int_eq(c->bytes_unread, naive.unread);
	ck_assert_int_eq(c->bytes_wrong, 0);
}

/* Range by range; what is not in one is not there. */
static void
assert_same_ranges(void)
{
	const struct byte_ranges *held = &rig_conn()->held;
	int64_t n_there = 0, n_held = 0, n_in_ranges = 0;

	for (int i = 0; i < RING; i++)
		n_there += naive.is_there[i];
	for (uint32_t i = 0; i < held->n; i++) {
		int64_t from = held->range[i].from, to = held->range[i].to;

		ck_assert(!naive.is_there[(from - 1) % RING]);
		ck_assert(!naive.is_there[to % RING]);
		for (int64_t at = from; at < to; at++)
			n_held += naive.is_there[at % RING];
		n_in_ranges += to - from;
	}
	ck_assert_int_eq(n_held, n_there);
	ck_assert_int_eq(n_held, n_in_ranges);
}

/* Bits: numbers that wrap soon; a program that reads slowly; shifts. */
START_TEST(any_stream)
{
	memset(&naive, 0, sizeof naive);
	random_state = (uint64_t)_i * 977 + 88172645463325252;
	edge = n_acks = 0;
	rig.iss = (_i & 1) != 0 ? UINT32_MAX - 100000 : BOARD_ISS;
	rig.config.read_rate = (_i & 2) != 0 ? 1000000 : 0;
	rig.config.recvspace = WINDOW;
	rig_start();
	rig_establish();
	if ((_i & 4) != 0)
		/* as if the buffer were much larger: units of 128 bytes */
		rig.peer.conns[1]->rcv_scale = 7;
	rig.peer.conns[1]->whole_field =
	    (uint16_t)(WINDOW >> rig_conn()->rcv_scale);
	last_ack = rig.iss + 1;
	rig.take = take_answer;
	for (int i = 0; i < STEPS; i++) {
		int64_t us = 10 + any(130);

		naive_read(us);
		rig_run_to(10 * PS_PER_MS + naive.at_us * PS_PER_US);
		send_any();
		assert_same();
		if (i % 500 == 0)
			assert_same_ranges();
	}
	rig_run_to(rig.cal.now + PS_PER_S);
	/* it has been of use: a part of each segment was new */
	ck_assert_int_gt(naive.received, STEPS * 10);
	ck_assert_int_gt(rig.peer.n_out_of_order, STEPS / 50);
	ck_assert_int_gt(rig.peer.n_duplicates, STEPS / 20);
	ck_assert_int_eq(n_acks, rig.peer.n_acks_sent - 1);
	rig_finish();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("peer_random");
	TCase *tc = tcase_create("peer_random");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 240);
	tcase_add_checked_fixture(tc, rig_setup, NULL);
	tcase_add_loop_test(tc, any_stream, 0, 8);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
