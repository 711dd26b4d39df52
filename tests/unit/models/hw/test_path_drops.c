/*
 * Loss by list: how frames are numbered, and which of them go.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/hw/path_drops.h"
#include "models/inet/tcp.h"

enum { MSS = 1460 };

static struct path_drops drops;

static void
list(const struct path_drop *entries, uint32_t n)
{
	struct path_drops_config config = {.n = n};

	for (uint32_t i = 0; i < n; i++)
		config.list[i] = entries[i];
	path_drops_init(&drops, &config);
}

static void
teardown(void)
{
	path_drops_fini(&drops);
}

static bool
frame(uint32_t conn, uint8_t flags, uint32_t seq, uint32_t payload)
{
	struct frame f = {.conn = conn, .payload_bytes = payload,
	    .th = {.seq = seq, .flags = flags}};

	return path_drops_next(&drops, &f);
}

static bool
data(uint32_t conn, uint32_t seq, uint32_t payload)
{
	return frame(conn, TH_ACK, seq, payload);
}

/* Segment i, from 1, of a connection that starts at a sequence number. */
static bool
segment(uint32_t start, uint32_t i)
{
	return data(1, start + (i - 1) * MSS, MSS);
}

static bool
ack(uint32_t conn)
{
	return frame(conn, TH_ACK, 77, 0);
}

START_TEST(test_empty_list)
{
	list(NULL, 0);
	ck_assert(!frame(1, TH_SYN, 0, 0));
	ck_assert(!data(1, 1, MSS));
	ck_assert(!ack(1));
	ck_assert_uint_eq(path_drops_unmatched(&drops), 0);
}
END_TEST

/*
 * data 20, 20+1: the original and its first repetition, not its second: with
 * numbers in sequence, across the end of them before segment 20 and in it, and
 * with segment 20 the one that begins at 0.
 */
START_TEST(test_original_and_first_repetition)
{
	static const uint32_t starts[] = {1, UINT32_MAX, 0u - 20u * MSS + 7u,
	    0u - 19u * MSS};
	static const struct path_drop entries[] = {
	    {PATH_DROP_DATA, 20, 20, 0}, {PATH_DROP_DATA, 20, 20, 1}};
	uint32_t start = starts[_i];

	list(entries, 2);
	for (uint32_t i = 1; i <= 30; i++)
		ck_assert_int_eq(segment(start, i), i == 20);
	ck_assert(!segment(start, 19));
	ck_assert(!segment(start, 21));
	ck_assert_uint_eq(path_drops_unmatched(&drops), 1);
	ck_assert(segment(start, 20));
	ck_assert_uint_eq(path_drops_unmatched(&drops), 0);
	ck_assert(!segment(start, 20));
	/* what repeats has no number: the next new one is 31 */
	ck_assert(!segment(start, 31));
	ck_assert_uint_eq(drops.n_frames[PATH_DROP_DATA], 31);
	ck_assert_int_eq(drops.n_dropped[0], 1);
	ck_assert_int_eq(drops.n_dropped[1], 1);
}
END_TEST

/* Only the second repetition: the original and the first one pass. */
START_TEST(test_second_repetition_alone)
{
	static const struct path_drop entry = {PATH_DROP_DATA, 2, 2, 2};

	list(&entry, 1);
	for (uint32_t i = 1; i <= 3; i++)
		ck_assert(!segment(1, i));
	ck_assert(!segment(1, 2));
	ck_assert_uint_eq(drops.n_watches, 1);
	ck_assert(segment(1, 2));
	/* all that was listed is done: nothing is remembered */
	ck_assert_uint_eq(drops.n_watches, 0);
	ck_assert(!segment(1, 2));
}
END_TEST

START_TEST(test_range)
{
	static const struct path_drop entry = {PATH_DROP_DATA, 3, 5, 0};

	list(&entry, 1);
	for (uint32_t i = 1; i <= 8; i++)
		ck_assert_int_eq(segment(1, i), i >= 3 && i <= 5);
	ck_assert_int_eq(drops.n_dropped[0], 3);
	/* their repetitions are not listed */
	for (uint32_t i = 3; i <= 5; i++)
		ck_assert(!segment(1, i));
}
END_TEST

/* The first repetitions of 3-5, whichever order they come in. */
START_TEST(test_range_of_repetitions)
{
	static const struct path_drop entry = {PATH_DROP_DATA, 3, 5, 1};

	list(&entry, 1);
	for (uint32_t i = 1; i <= 8; i++)
		ck_assert(!segment(1, i));
	ck_assert_uint_eq(drops.n_watches, 3);
	ck_assert(segment(1, 4));
	ck_assert(!segment(1, 4));
	ck_assert(segment(1, 3));
	ck_assert(!segment(1, 6));
	ck_assert(segment(1, 5));
	ck_assert(!segment(1, 3));
	ck_assert_uint_eq(drops.n_watches, 0);
}
END_TEST

/*
 * A repetition need not have the original's borders: what counts is its first
 * byte.  Segment 2 is bytes 1461 .. 2920.
 */
START_TEST(test_repetition_with_other_borders)
{
	static const struct path_drop entry = {PATH_DROP_DATA, 2, 2, 1};
	static const struct {
		uint32_t seq, payload;
		bool is_lost;
	} cases[] = {
	    {1, 1460, false},		/* ends before it */
	    {1, 1461, true},		/* its last byte is that one */
	    {1461, 1, true},
	    {1462, 1459, false},	/* begins after it */
	    {1, 4000, true}};

	list(&entry, 1);
	for (uint32_t i = 1; i <= 3; i++)
		segment(1, i);
	ck_assert_int_eq(data(1, cases[_i].seq, cases[_i].payload),
	    cases[_i].is_lost);
}
END_TEST

/*
 * A frame that begins in what has been seen and ends beyond it repeats; what
 * follows it is new.
 */
START_TEST(test_repetition_that_reaches_beyond)
{
	static const struct path_drop entry = {PATH_DROP_DATA, 2, 2, 0};

	list(&entry, 1);
	ck_assert(!data(1, 1000, 100));
	ck_assert(!data(1, 1050, 100));
	/* 1100 .. 1149 have been seen, in a frame without a number */
	ck_assert(!data(1, 1100, 50));
	ck_assert(data(1, 1150, 1));
}
END_TEST

/* A hole that was never seen: a late frame has no number and repeats none. */
START_TEST(test_hole)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_DATA, 1, 3, 1}, {PATH_DROP_DATA, 4, 4, 0}};

	list(entries, 2);
	ck_assert(!segment(1, 1));
	ck_assert(!segment(1, 3));	/* number 2 */
	ck_assert(!segment(1, 2));	/* late */
	ck_assert(!segment(1, 4));	/* number 3 */
	ck_assert(segment(1, 5));	/* number 4 */
	ck_assert(segment(1, 3));	/* 2+1 */
}
END_TEST

/* Numbers count over all connections; bytes are those of one. */
START_TEST(test_connections)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_DATA, 3, 3, 0}, {PATH_DROP_DATA, 3, 3, 1}};

	list(entries, 2);
	ck_assert(!data(1, 500, 100));
	ck_assert(!data(900, 500, 100));
	ck_assert(data(2, 500, 100));
	/* the same bytes of other connections */
	ck_assert(!data(1, 500, 100));
	ck_assert(!data(900, 500, 100));
	ck_assert(data(2, 500, 100));
	ck_assert(!data(2, 500, 100));
}
END_TEST

/*
 * Once data 3 has gone by, and where no data is listed at all, nothing is kept
 * of connections that begin; those that are known still repeat.
 */
START_TEST(test_memory)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_DATA, 1, 1, 1}, {PATH_DROP_DATA, 3, 3, 0},
	    {PATH_DROP_ACK, 2, 2, 0}};

	list(entries, 3);
	ck_assert(!data(5, 1, MSS));
	ck_assert(!data(6, 1, MSS));
	ck_assert(data(7, 1, MSS));
	ck_assert_uint_eq(drops.n_seen, 8);
	for (uint32_t conn = 8; conn < 1000; conn++)
		ck_assert(!data(conn, 1, MSS));
	ck_assert_uint_eq(drops.n_seen, 8);
	ck_assert(!data(2, 1, MSS));
	ck_assert(!data(6, 1, MSS));
	ck_assert(data(5, 1, MSS));
	ck_assert(!data(5, 1, MSS));
	ck_assert(!ack(2000));
	ck_assert(ack(2000));
	ck_assert_uint_eq(path_drops_unmatched(&drops), 0);
	teardown();
	list(&entries[2], 1);
	ck_assert(!data(1000, 1, MSS));
	ck_assert_uint_eq(drops.n_seen, 0);
}
END_TEST

/* No payload, no SYN, no FIN, no RST: an ACK. */
START_TEST(test_acks)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_ACK, 2, 2, 0}, {PATH_DROP_ACK, 4, 1000000000, 0}};

	list(entries, 2);
	ck_assert(!frame(1, TH_SYN | TH_ACK, 0, 0));
	ck_assert(!ack(1));
	ck_assert(!data(1, 1, 100));
	ck_assert(!frame(1, TH_FIN | TH_ACK, 101, 0));
	ck_assert(!frame(1, TH_RST | TH_ACK, 101, 0));
	ck_assert(ack(2));
	ck_assert(!ack(1));
	ck_assert(ack(1));
	ck_assert(ack(1));
	ck_assert_int_eq(drops.n_dropped[1], 2);
}
END_TEST

START_TEST(test_syn_and_fin)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_SYN, 2, 2, 0}, {PATH_DROP_FIN, 1, 1, 0},
	    {PATH_DROP_DATA, 2, 2, 0}};

	list(entries, 3);
	ck_assert(!frame(1, TH_SYN, 99, 0));
	ck_assert(frame(1, TH_SYN, 99, 0));	/* repeated: counts */
	ck_assert(!frame(1, TH_SYN, 99, 0));
	ck_assert(!data(1, 100, 10));
	/* data 2 and fin 1 in one frame: both entries have lost it */
	ck_assert(frame(1, TH_FIN | TH_ACK, 110, 10));
	ck_assert_int_eq(drops.n_dropped[1], 1);
	ck_assert_int_eq(drops.n_dropped[2], 1);
	ck_assert(!frame(1, TH_FIN | TH_ACK, 110, 10));
	ck_assert_uint_eq(path_drops_unmatched(&drops), 0);
}
END_TEST

/*
 * Packets of datagrams: the fragments of one have its place in their headers,
 * and their own in it.  None is a repetition.
 */
START_TEST(test_fragments)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_DATA, 2, 3, 0}, {PATH_DROP_DATA, 5, 5, 0}};

	list(entries, 2);
	for (uint16_t i = 0; i < 6; i++) {
		/* two datagrams of 1472, 1480 and 100 bytes */
		struct frame f = {.conn = 1,
		    .payload_bytes = i % 3 == 0 ? 1472 : i % 3 == 1 ? 1480 :
		    100, .th = {.ip_p = IP_UDP, .seq = i / 3 * 3052U,
		    .ip_off = (uint16_t)(i % 3 * 185)}};

		ck_assert_int_eq(path_drops_next(&drops, &f),
		    i == 1 || i == 2 || i == 4);
	}
	ck_assert_uint_eq(path_drops_unmatched(&drops), 0);
}
END_TEST

START_TEST(test_unmatched)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_DATA, 1, 1, 0}, {PATH_DROP_DATA, 2, 2, 0},
	    {PATH_DROP_DATA, 1, 1, 1}, {PATH_DROP_ACK, 1, 5, 0}};

	list(entries, 4);
	ck_assert_uint_eq(path_drops_unmatched(&drops), 4);
	segment(1, 1);
	ck_assert_uint_eq(path_drops_unmatched(&drops), 3);
	ack(1);
	ck_assert_uint_eq(path_drops_unmatched(&drops), 2);
}
END_TEST

/* As many segments as may be remembered, all at once. */
START_TEST(test_many_repetitions)
{
	static const struct path_drop entries[] = {
	    {PATH_DROP_DATA, 1, PATH_MAX_REPEAT_RANGE, 1},
	    {PATH_DROP_DATA, 1001, 1000 + PATH_MAX_REPEAT_RANGE, 2}};

	list(entries, 2);
	for (uint32_t i = 1; i <= 2500; i++)
		ck_assert(!segment(1, i));
	ck_assert_uint_eq(drops.n_watches, 2 * PATH_MAX_REPEAT_RANGE);
	for (uint32_t i = 1; i <= 2500; i++)
		ck_assert_int_eq(segment(1, i), i <= 1000);
	for (uint32_t i = 1; i <= 2500; i++)
		ck_assert_int_eq(segment(1, i), i > 1000 && i <= 2000);
	ck_assert_uint_eq(drops.n_watches, 0);
}
END_TEST

START_TEST(test_death_of_a_bad_list)
{
	static const struct path_drop bad[] = {
	    {PATH_DROP_DATA, 0, 1, 0}, {PATH_DROP_DATA, 2, 1, 0},
	    {PATH_DROP_DATA, 1, PATH_MAX_DROP_NUMBER + 1, 0},
	    {PATH_DROP_ACK, 1, 1, 1}, {PATH_DROP_DATA, 1, 1001, 1}};

	list(&bad[_i], 1);
}
END_TEST

START_TEST(test_death_of_a_long_list)
{
	struct path_drops_config config = {.n = PATH_MAX_DROPS + 1};

	path_drops_init(&drops, &config);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hw/path_drops");
	TCase *tc = tcase_create("drops");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, test_empty_list);
	tcase_add_loop_test(tc, test_original_and_first_repetition, 0, 4);
	tcase_add_test(tc, test_second_repetition_alone);
	tcase_add_test(tc, test_range);
	tcase_add_test(tc, test_range_of_repetitions);
	tcase_add_loop_test(tc, test_repetition_with_other_borders, 0, 5);
	tcase_add_test(tc, test_repetition_that_reaches_beyond);
	tcase_add_test(tc, test_hole);
	tcase_add_test(tc, test_connections);
	tcase_add_test(tc, test_memory);
	tcase_add_test(tc, test_acks);
	tcase_add_test(tc, test_syn_and_fin);
	tcase_add_test(tc, test_fragments);
	tcase_add_test(tc, test_unmatched);
	tcase_add_test(tc, test_many_repetitions);
	tcase_add_loop_test_raise_signal(tc, test_death_of_a_bad_list,
	    SIGABRT, 0, 5);
	tcase_add_test_raise_signal(tc, test_death_of_a_long_list, SIGABRT);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
