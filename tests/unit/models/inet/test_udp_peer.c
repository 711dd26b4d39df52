/*
 * The ideal peer's reassembly: fragments in any order, twice, or never.
 */
#include <check.h>
#include <stdlib.h>

#include "models/inet/udp_peer.h"

enum { CONN = 3, PLACE = 5000 };

static struct calendar cal;
static struct udp_peer udp;
static int n_arrived;

static void
arrived(void *arg, uint32_t conn)
{
	ck_assert_ptr_eq(arg, &udp);
	ck_assert_uint_eq(conn, CONN);
	n_arrived++;
}

static void
setup(void)
{
	cal_init(&cal);
	udp = (struct udp_peer){0};
	udp_peer_init(&udp, &cal);
	udp.arrived = arrived;
	udp.arg = &udp;
	n_arrived = 0;
}

static void
teardown(void)
{
	udp_peer_fini(&udp);
	ck_assert_ptr_null(udp.pending);
	cal_fini(&cal);
}

/* A packet: off and payload in bytes of data; all but the first have a header
 * less, so that it begins 8 further on in IP's payload. */
static struct frame
packet(uint16_t id, uint32_t place, uint32_t off, uint32_t bytes, bool more)
{
	struct frame frame = {.conn = CONN, .payload_bytes = bytes,
	    .content = content_name(CONN, place + off)};

	frame.th.ip_p = IP_UDP;
	frame.th.seq = place;
	frame.th.ip_id = id;
	frame.th.ip_off = (uint16_t)(off == 0 ? 0 : (off + 8) / 8);
	if (more)
		frame.th.ip_off |= IP_MF;
	return frame;
}

static void
comes(uint16_t id, uint32_t place, uint32_t off, uint32_t bytes, bool more)
{
	struct frame frame = packet(id, place, off, bytes, more);

	udp_peer_receive(&udp, &frame);
}

/* 4096 bytes: 1472, 1480 and 1144 of data */
static void
part(uint16_t id, int i)
{
	static const uint32_t off[] = {0, 1472, 2952, 4096};

	comes(id, PLACE, off[i], off[i + 1] - off[i], i < 2);
}

static void
assert_taken(int64_t n, int64_t n_incomplete)
{
	ck_assert_int_eq(udp.n_datagrams, n);
	ck_assert_int_eq(n_arrived, n);
	ck_assert_int_eq(udp_peer_incomplete(&udp), n_incomplete);
	ck_assert_int_eq(udp.bytes_wrong, 0);
}

START_TEST(whole)
{
	comes(1, PLACE, 0, 1472, false);
	assert_taken(1, 0);
	ck_assert_int_eq(udp.bytes_received, 1472);
	/* UDP does not know that it had this one */
	comes(1, PLACE, 0, 1472, false);
	assert_taken(2, 0);
	ck_assert_ptr_null(udp.pending);
}
END_TEST

/* Each order of three fragments: complete with the last to come. */
START_TEST(any_order)
{
	static const int order[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
	    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (uint16_t i = 0; i < 6; i++) {
		part(i, order[i][0]);
		part(i, order[i][1]);
		assert_taken(i, 1);
		part(i, order[i][2]);
		assert_taken(i + 1, 0);
	}
	ck_assert_int_eq(udp.bytes_received, 6 * 4096);
	ck_assert_int_eq(udp.n_fragments, 18);
}
END_TEST

START_TEST(twice)
{
	part(1, 0);
	part(1, 0);
	part(1, 2);
	part(1, 2);
	assert_taken(0, 1);
	part(1, 1);
	assert_taken(1, 0);
	ck_assert_int_eq(udp.bytes_received, 4096);
	/* late, it begins another one that never ends */
	part(1, 1);
	assert_taken(1, 1);
}
END_TEST

/* Two datagrams at once, and one without its last fragment. */
START_TEST(interleaved)
{
	part(1, 0);
	part(2, 0);
	part(1, 1);
	part(2, 1);
	part(1, 2);
	assert_taken(1, 1);
}
END_TEST

/* The id comes round before its datagram is there: the old part is no use. */
START_TEST(id_comes_round)
{
	part(1, 0);
	comes(1, PLACE + 4096, 1472, 1000, false);
	assert_taken(0, 2);
	comes(1, PLACE + 4096, 0, 1472, true);
	assert_taken(1, 1);
	ck_assert_int_eq(udp.bytes_received, 2472);
	ck_assert_int_eq(udp.n_given_up, 1);
}
END_TEST

/* Or it comes from another socket, at the very place. */
START_TEST(id_of_another_socket)
{
	struct frame frame = packet(1, PLACE, 1472, 1000, false);

	part(1, 0);
	frame.conn = CONN + 1;
	frame.content = content_name(CONN + 1, PLACE + 1472);
	udp_peer_receive(&udp, &frame);
	assert_taken(0, 2);
	ck_assert_int_eq(udp.n_given_up, 1);
}
END_TEST

/* Nobody may want to hear of it. */
START_TEST(nobody_is_told)
{
	udp.arrived = NULL;
	comes(1, PLACE, 0, 100, false);
	ck_assert_int_eq(udp.n_datagrams, 1);
	ck_assert_int_eq(n_arrived, 0);
}
END_TEST

/* 30 s after its first fragment it is there yet, a picosecond later not. */
START_TEST(too_old)
{
	part(1, 0);
	part(1, 1);
	cal.now = 30 * PS_PER_S;
	part(1, 2);
	assert_taken(1, 0);
	part(2, 0);
	part(2, 1);
	cal.now += 30 * PS_PER_S + 1;
	part(2, 2);
	assert_taken(1, 2);
	ck_assert_int_eq(udp.n_given_up, 1);
}
END_TEST

/* Bytes of another socket, another place, or of none. */
START_TEST(wrong_content)
{
	const uint64_t wrong[] = {content_name(CONN + 1, PLACE),
	    content_name(CONN, PLACE + 1), CONTENT_MIXED};

	for (int i = 0; i < 3; i++) {
		struct frame frame = packet(1, PLACE, 0, 100, false);

		frame.content = wrong[i];
		udp_peer_receive(&udp, &frame);
		ck_assert_int_eq(udp.bytes_wrong, 100 * (i + 1));
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("udp_peer");
	TCase *tc = tcase_create("udp_peer");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, whole);
	tcase_add_test(tc, any_order);
	tcase_add_test(tc, twice);
	tcase_add_test(tc, interleaved);
	tcase_add_test(tc, id_comes_round);
	tcase_add_test(tc, id_of_another_socket);
	tcase_add_test(tc, nobody_is_told);
	tcase_add_test(tc, too_old);
	tcase_add_test(tc, wrong_content);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
