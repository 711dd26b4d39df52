/*
 * Figures of a recording: what is sent, sent again and acknowledged; what is
 * lent and buffered.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/inet/tcp.h"
#include "sim/report/figure.h"
#include "sim/report/output.h"
#include "tests/support/sim/report_fixture.h"

enum { MOST = 32 };

static struct res_row rows[FIXTURE_ROWS];
static struct rec_note notes[MOST];
static struct recording recording;
static struct rep_data data;
static GString *out;

static void
setup(void)
{
	fixture_rows(rows);
	memset(&recording, 0, sizeof recording);
	recording.notes = notes;
	recording.request.to = SIM_TIME_NEVER;
	recording.head.ended_at = 1000;
	recording.head.n_connections = 2;
	data = (struct rep_data){ .title = "t", .n_rows = 1, .rows = rows,
		.recording = &recording, .connection = 1 };
	out = g_string_new(NULL);
}

static void
teardown(void)
{
	g_string_free(out, TRUE);
}

static void
add(struct rec_note note)
{
	ck_assert_uint_lt(recording.n_notes, MOST);
	notes[recording.n_notes++] = note;
}

static void
add_data(sim_time at, int64_t place, uint32_t bytes)
{
	add((struct rec_note){ .at = at, .event = WATCH_OUT, .connection = 1,
		.place = place, .payload_bytes = bytes, .flags = TH_ACK });
}

static void
add_ack(sim_time at, int64_t place, uint16_t win)
{
	add((struct rec_note){ .at = at, .event = WATCH_IN, .connection = 1,
		.acked = place, .win = win, .flags = TH_ACK });
}

/* Windows are shifted by 1 and 3, if both SYNs say so. */
static void
add_syns(uint8_t far_wscale)
{
	add((struct rec_note){ .at = 1, .event = WATCH_OUT, .connection = 1,
		.place = -1, .wscale = 2, .flags = TH_SYN });
	add((struct rec_note){ .at = 2, .event = WATCH_IN, .connection = 1,
		.place = -1, .acked = 0, .win = 5000, .wscale = far_wscale,
		.flags = TH_SYN | TH_ACK });
}

static void
add_level(sim_time at, enum watch_event event, uint16_t connection,
    int64_t level)
{
	add((struct rec_note){ .at = at, .event = (uint8_t)event,
		.connection = connection, .level = level, .limit = 16384 });
}

static void
write_figure(const struct rep_figure *figure)
{
	GError *error = NULL;

	ck_assert_msg(figure->write(out, &data, REP_PNG, &error), "%s",
	    error == NULL ? "" : error->message);
}

static void
assert_refused(const struct rep_figure *figure, const char *why)
{
	GError *error = NULL;

	ck_assert(!figure->write(out, &data, REP_PNG, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_FIGURE));
	ck_assert_msg(strstr(error->message, why) != NULL, "%s",
	    error->message);
	g_error_free(error);
}

static void
assert_has(const char *text)
{
	ck_assert_msg(strstr(out->str, text) != NULL, "no \"%s\" in %s", text,
	    out->str);
}

/* 100 bytes three times; the second again. */
START_TEST(segments_and_acknowledgements)
{
	add_syns(4);
	add_data(10, 0, 100);
	add_data(20, 100, 100);
	add_data(30, 200, 100);
	add_ack(40, 100, 500);
	add_ack(50, 100, 500);
	add_data(60, 100, 100);
	add_ack(70, 300, 600);
	write_figure(&rep_figure_sequence);
	assert_has("$sent << EOD\n10 0 100\n20 100 200\n30 200 300\nEOD\n");
	assert_has("$again << EOD\n60 100 200\nEOD\n");
	assert_has("$dups << EOD\n50 100 100\nEOD\n");
	/* the second one says nothing new, and is a step all the same */
	assert_has("$acks << EOD\n2 0\n40 100\n50 100\n70 300\n70 300\nEOD\n");
	assert_has("$edge << EOD\n2 5000\n40 4100\n50 4100\n"
	    "70 5100\n70 5100\nEOD\n");
	assert_has("time_from = 1.0\ntime_to = 70.0\n");
	assert_has("connection 1 of 2: what the board sends'");
}
END_TEST

/* One SYN without the option: no window is shifted. */
START_TEST(no_scale_without_agreement)
{
	add_syns(0);
	add_data(10, 0, 100);
	add_ack(40, 100, 500);
	write_figure(&rep_figure_sequence);
	assert_has("$edge << EOD\n2 5000\n40 600\n40 600\nEOD\n");
}
END_TEST

/* Half of it is new: it has been sent before all the same. */
START_TEST(partly_sent_again)
{
	add_syns(4);
	add_data(10, 0, 100);
	add_data(20, 50, 100);
	add_data(30, 150, 100);
	write_figure(&rep_figure_sequence);
	assert_has("$sent << EOD\n10 0 100\n30 150 250\nEOD\n");
	assert_has("$again << EOD\n20 50 150\nEOD\n");
}
END_TEST

/* From 100 on: what was before says what is new, and where the lines begin. */
START_TEST(a_part_of_the_run)
{
	recording.request.from = 100;
	recording.request.to = 200;
	add_syns(4);
	add_data(90, 500, 100);
	add_ack(95, 400, 500);
	add_data(110, 500, 100);
	add_data(120, 600, 100);
	write_figure(&rep_figure_sequence);
	assert_has("$sent << EOD\n120 600 700\nEOD\n");
	assert_has("$again << EOD\n110 500 600\nEOD\n");
	assert_has("$acks << EOD\n100 400\n200 400\nEOD\n");
	assert_has("time_from = 100.0\ntime_to = 200.0\n");
}
END_TEST

/* The far end sends more than the board: seen from the other side. */
START_TEST(what_the_board_receives)
{
	add_syns(4);
	add((struct rec_note){ .at = 10, .event = WATCH_IN, .connection = 1,
		.payload_bytes = 100, .flags = TH_ACK });
	add((struct rec_note){ .at = 20, .event = WATCH_OUT, .connection = 1,
		.acked = 100, .win = 50, .flags = TH_ACK });
	write_figure(&rep_figure_sequence);
	assert_has("what the board receives'");
	assert_has("$sent << EOD\n10 0 100\nEOD\n");
	assert_has("$edge << EOD\n20 200\n20 200\nEOD\n");
}
END_TEST

START_TEST(no_such_connection)
{
	add_syns(4);
	assert_refused(&rep_figure_sequence, "carries no data");
	add_data(10, 0, 100);
	data.connection = 3;
	assert_refused(&rep_figure_sequence, "no connection 3: before has 2");
	assert_refused(&rep_figure_lent, "no connection 3: before has 2");
	data.connection = 2;
	assert_refused(&rep_figure_sequence, "carries no data");
}
END_TEST

/* Loans are everybody's, the buffer is that of one connection. */
START_TEST(lent_and_buffered)
{
	add_level(10, WATCH_LENT, 0, 8192);
	add_level(20, WATCH_SNDBUF, 1, 4096);
	add_level(30, WATCH_SNDBUF, 2, 100);
	add_level(40, WATCH_LENT, 0, 0);
	write_figure(&rep_figure_lent);
	assert_has("$lent << EOD\n0 0\n10 8192\n40 0\n40 0\nEOD\n");
	assert_has("$buffered << EOD\n0 0\n20 4096\n40 4096\nEOD\n");
	assert_has("buffered_limit = 16384.0\n");
	assert_has("n_panels = 2\n");
	assert_has("variant before, connection 1 of 2'");
}
END_TEST

/* Datagrams have no buffer to show. */
START_TEST(lent_without_connections)
{
	recording.head.n_connections = 0;
	add_level(10, WATCH_LENT, 0, 8192);
	write_figure(&rep_figure_lent);
	assert_has("n_panels = 1\n");
	assert_has("figure_subtitle = 'variant before'\n");
}
END_TEST

/* A recording that was full at 35 ends there, not with its last note. */
START_TEST(a_full_recording_ends_early)
{
	recording.head.n_missed = 1;
	recording.head.full_at = 35;
	add_level(10, WATCH_LENT, 0, 8192);
	add_data(20, 0, 100);
	write_figure(&rep_figure_lent);
	assert_has("time_to = 35.0\n");
	assert_has("10 8192\n35 8192\nEOD\n");
}
END_TEST

static Suite *
recorded_suite(void)
{
	Suite *suite = suite_create("recorded");
	TCase *tc = tcase_create("recorded");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, segments_and_acknowledgements);
	tcase_add_test(tc, no_scale_without_agreement);
	tcase_add_test(tc, partly_sent_again);
	tcase_add_test(tc, a_part_of_the_run);
	tcase_add_test(tc, what_the_board_receives);
	tcase_add_test(tc, no_such_connection);
	tcase_add_test(tc, lent_and_buffered);
	tcase_add_test(tc, lent_without_connections);
	tcase_add_test(tc, a_full_recording_ends_early);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(recorded_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
