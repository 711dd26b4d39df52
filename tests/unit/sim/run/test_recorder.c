/*
 * Recorder and recording: what is told comes out again; what does not fit, and
 * what breaks, is said.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/recorder.h"

static struct recorder rec;
static struct recording recording;
static struct rec_request request;
static sim_time now;
static int fd;

static void
setup(void)
{
	request = (struct rec_request){.events = ~0U, .to = SIM_TIME_NEVER,
	    .most = REC_MOST_NOTES};
	now = 0;
	fd = rec_make_file(NULL);
	ck_assert_int_ge(fd, 0);
}

static void
teardown(void)
{
	rec_close(&recording);
	close(fd);
}

static void
start(void)
{
	recorder_init(&rec, &request, fd, &now);
}

static void
finish(void)
{
	GError *error = NULL;

	recorder_finish(&rec);
	ck_assert_msg(rec_open(&recording, fd, &request, &error), "%s",
	    error == NULL ? "" : error->message);
}

static void
tell(sim_time at, const struct watch_note *note)
{
	now = at;
	rec.watch.note(rec.watch.arg, note);
}

static void
tell_packet(sim_time at, enum watch_event event, uint32_t conn, uint32_t seq,
    uint32_t bytes, uint8_t flags)
{
	struct tcp_header th = {.seq = seq, .ack = 77, .win = 1000,
	    .wscale = 3, .flags = flags};

	tell(at, &(struct watch_note){.event = event, .conn = conn,
	    .th = &th, .payload_bytes = bytes});
}

static void
tell_level(sim_time at, enum watch_event event, uint32_t conn, int64_t level)
{
	tell(at, &(struct watch_note){.event = event, .conn = conn,
	    .level = level, .limit = 16384});
}

static void
assert_places(const int64_t *places, size_t n)
{
	ck_assert_uint_eq(recording.n_notes, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(recording.notes[i].place, places[i]);
}

START_TEST(notes_are_kept_as_they_are)
{
	const struct rec_note *n;

	start();
	tell_packet(10, WATCH_OUT, 9, 1234, 1448, TH_ACK | TH_PUSH);
	tell_level(20, WATCH_SNDBUF, 9, 4096);
	tell_level(30, WATCH_LENT, 0, 8192);
	now = 99;
	finish();
	ck_assert_uint_eq(recording.n_notes, 3);
	n = recording.notes;
	ck_assert_int_eq(n[0].at, 10);
	ck_assert_uint_eq(n[0].event, WATCH_OUT);
	ck_assert_uint_eq(n[0].connection, 1);
	ck_assert_uint_eq(n[0].win, 1000);
	ck_assert_uint_eq(n[0].wscale, 3);
	ck_assert_uint_eq(n[0].flags, TH_ACK | TH_PUSH);
	ck_assert_uint_eq(n[0].payload_bytes, 1448);
	ck_assert_int_eq(n[1].level, 4096);
	ck_assert_int_eq(n[1].limit, 16384);
	ck_assert_uint_eq(n[1].connection, 1);
	ck_assert_int_eq(n[2].level, 8192);
	ck_assert_uint_eq(n[2].connection, 0);
	ck_assert_int_eq(recording.head.ended_at, 99);
	ck_assert_int_eq(recording.head.n_missed, 0);
}
END_TEST

/* More than two buffers full. */
START_TEST(many_notes)
{
	enum { N = 2 * REC_BUFFER_NOTES + 7 };

	start();
	for (int i = 0; i < N; i++)
		tell_level(i, WATCH_LENT, 0, i + 1);
	finish();
	ck_assert_uint_eq(recording.n_notes, N);
	for (int i = 0; i < N; i++)
		ck_assert_int_eq(recording.notes[i].level, i + 1);
}
END_TEST

/* By their first appearance, whatever their numbers, recorded or not. */
START_TEST(connections_are_counted)
{
	request.events = 1U << WATCH_OUT;
	start();
	tell_level(1, WATCH_SNDBUF, 500, 1);
	tell_packet(2, WATCH_OUT, 3, 0, 0, TH_SYN);
	tell_packet(3, WATCH_OUT, 500, 0, 0, TH_SYN);
	finish();
	ck_assert_int_eq(recording.head.n_connections, 2);
	ck_assert_uint_eq(recording.n_notes, 2);
	ck_assert_uint_eq(recording.notes[0].connection, 2);
	ck_assert_uint_eq(recording.notes[1].connection, 1);
}
END_TEST

START_TEST(datagrams_are_none_of_a_connection)
{
	struct tcp_header th = {.ip_p = IP_UDP};

	start();
	tell(1, &(struct watch_note){.event = WATCH_OUT, .conn = 1,
	    .th = &th});
	finish();
	ck_assert_int_eq(recording.head.n_connections, 0);
	ck_assert_uint_eq(recording.n_notes, 0);
}
END_TEST

/*
 * From 100 to 200, both included.  Of the time before: the SYN, the segment
 * that ended furthest, which is not the last, and the last; that of a reset
 * which no connection has sent does not count.
 */
START_TEST(the_time_before)
{
	static const int64_t places[] = {-1, 3000, 2000, 4000, 5000};

	request.from = 100;
	request.to = 200;
	start();
	tell_packet(1, WATCH_OUT, 1, 0xffffffff, 0, TH_SYN);
	tell_packet(2, WATCH_OUT, 1, 1000, 1000, TH_ACK);
	tell_packet(3, WATCH_OUT, 1, 3000, 1000, TH_ACK);
	tell_packet(99, WATCH_OUT, 1, 2000, 1000, TH_ACK);
	tell_packet(99, WATCH_OUT, 1, 99999, 0, TH_RST);
	tell_packet(100, WATCH_OUT, 1, 4000, 1000, TH_ACK);
	tell_packet(200, WATCH_OUT, 1, 5000, 1000, TH_ACK);
	tell_packet(201, WATCH_OUT, 1, 6000, 1000, TH_ACK);
	finish();
	assert_places(places, 5);
	ck_assert_int_eq(recording.notes[0].at, 1);
	ck_assert_int_eq(recording.notes[2].at, 99);
}
END_TEST

/*
 * 3 GiB in steps of 1 GiB, all before what is recorded: numbers wrap, places do
 * not.  What comes late is before; what is acknowledged is of the other stream.
 */
START_TEST(places_do_not_wrap)
{
	const int64_t gib = 1 << 30;
	const int64_t places[] = {-1, 3 * gib, 3 * gib, 3 * gib - 100,
	    3 * gib + 100, 0};
	const uint32_t iss = 0xfffffff0, step = 1U << 30;

	request.from = 100;
	start();
	tell_packet(1, WATCH_OUT, 1, iss, 0, TH_SYN);
	for (uint32_t i = 0; i <= 3; i++)
		tell_packet(2, WATCH_OUT, 1, iss + 1 + i * step, 100, TH_PUSH);
	tell_packet(100, WATCH_OUT, 1, iss + 1 + 3 * step - 100, 100, 0);
	tell_packet(101, WATCH_OUT, 1, iss + 1 + 3 * step + 100, 100, 0);
	tell(102, &(struct watch_note){.event = WATCH_IN, .conn = 1,
	    .th = &(struct tcp_header){.seq = 5, .flags = TH_ACK,
	    .ack = iss + 1 + 3 * step + 200}});
	finish();
	assert_places(places, 6);
	ck_assert_int_eq(recording.notes[5].acked, 3 * gib + 200);
}
END_TEST

/* Nothing happens within it: the levels are what they were. */
START_TEST(levels_of_the_time_before)
{
	request.from = 100;
	start();
	tell_level(1, WATCH_LENT, 0, 5);
	tell_level(2, WATCH_LENT, 0, 6);
	tell_level(3, WATCH_SNDBUF, 1, 7);
	finish();
	ck_assert_uint_eq(recording.n_notes, 2);
	ck_assert_int_eq(recording.notes[0].level, 6);
	ck_assert_int_eq(recording.notes[1].level, 7);
}
END_TEST

START_TEST(a_full_recording_says_since_when)
{
	request.most = 3;
	start();
	for (int i = 1; i <= 5; i++)
		tell_level(i * 10, WATCH_LENT, 0, i);
	finish();
	ck_assert_uint_eq(recording.n_notes, 3);
	ck_assert_int_eq(recording.notes[2].level, 3);
	ck_assert_int_eq(recording.head.n_missed, 2);
	ck_assert_int_eq(recording.head.full_at, 40);
}
END_TEST

static void
assert_refused(const char *why)
{
	GError *error = NULL;

	ck_assert(!rec_open(&recording, fd, &request, &error));
	ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_FAILED));
	ck_assert_msg(strstr(error->message, why) != NULL, "%s",
	    error->message);
	g_error_free(error);
}

/* A child that dies leaves what has no head, or too few notes. */
START_TEST(a_recording_that_breaks_off)
{
	start();
	for (int i = 0; i < REC_BUFFER_NOTES; i++)
		tell_level(i, WATCH_LENT, 0, i);
	assert_refused("breaks off");
	recorder_finish(&rec);
	ck_assert_int_eq(ftruncate(fd, 1000), 0);
	assert_refused("breaks off");
	ck_assert_int_eq(ftruncate(fd, 4), 0);
	assert_refused("breaks off");
}
END_TEST

/* A disk without room: notes are refused, the head has its place already. */
START_TEST(a_full_disk)
{
	int full = open("/dev/full", O_WRONLY);

	start();
	rec.fd = full;
	for (int i = 0; i < REC_BUFFER_NOTES; i++)
		tell_level(i, WATCH_LENT, 0, i);
	ck_assert_int_eq(rec.head.error, ENOSPC);
	rec.fd = fd;
	recorder_finish(&rec);
	assert_refused(g_strerror(ENOSPC));
	close(full);
}
END_TEST

static Suite *
recorder_suite(void)
{
	Suite *suite = suite_create("run/recorder");
	TCase *tc = tcase_create("recorder");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, notes_are_kept_as_they_are);
	tcase_add_test(tc, many_notes);
	tcase_add_test(tc, connections_are_counted);
	tcase_add_test(tc, datagrams_are_none_of_a_connection);
	tcase_add_test(tc, the_time_before);
	tcase_add_test(tc, places_do_not_wrap);
	tcase_add_test(tc, levels_of_the_time_before);
	tcase_add_test(tc, a_full_recording_says_since_when);
	tcase_add_test(tc, a_recording_that_breaks_off);
	tcase_add_test(tc, a_full_disk);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(recorder_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
