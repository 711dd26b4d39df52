/*
 * A recorded run: its row is that of a run nobody looks at, byte for byte, and
 * its notes agree with the row.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/scenario/load.h"

static const struct rec_request everything = { .events = ~0U,
	.to = SIM_TIME_NEVER, .most = REC_MOST_NOTES };

static struct res_row plain, recorded;
static struct recording recording;

static struct scenario *
load(const char *name)
{
	const char *const overrides[] = { "scenario.duration=2 s",
		"scenario.warmup=100 ms", NULL };
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = g_strdup_printf(
	    TEST_SOURCE_DIR "/scenarios/%s.scn", name);
	struct scenario *scn = scn_load(path, overrides, errors);

	ck_assert_msg(scn != NULL, "%s", errors->len == 0 ? path :
	    (const char *)g_ptr_array_index(errors, 0));
	g_ptr_array_unref(errors);
	return scn;
}

static void
run_both(const struct scn_point *pt, const struct rec_request *request)
{
	GError *error = NULL;

	ck_assert(run_point(pt, RUN_AS_IT_IS, &plain, NULL, &error));
	ck_assert_msg(run_record(pt, request, &recorded, &recording, NULL,
	    &error), "%s", error == NULL ? "" : error->message);
	ck_assert_msg(memcmp(&plain, &recorded, sizeof plain) == 0,
	    "%s is another one when it is recorded", scn_point_name(pt));
	ck_assert_int_eq(plain.outcome, RES_DONE);
}

static int64_t
count(enum watch_event event)
{
	int64_t n = 0;

	for (size_t i = 0; i < recording.n_notes; i++)
		n += recording.notes[i].event == event;
	return n;
}

/* Losses, loans, datagrams, and a board that receives from a host. */
static const char *const scenarios[] = {
	"thorpe-2002", "loss-rate", "full-hosts", "udp", "nic-kinds"
};

START_TEST(rows_are_the_same)
{
	struct scenario *scn = load(scenarios[_i]);

	for (size_t i = 0; i < scn_n_points(scn); i++) {
		run_both(scn_point(scn, i), &everything);
		/* datagrams are not noted; all else that the NIC sent is */
		if (plain.value[RES_DATAGRAMS_SENT] == 0)
			ck_assert_int_eq(count(WATCH_OUT),
			    plain.detail[RES_D_TX_FRAMES]);
		rec_close(&recording);
	}
	scn_free(scn);
}
END_TEST

/* Dates in order, segments and loans as the row counts them. */
START_TEST(notes_agree_with_the_row)
{
	struct scenario *scn = load("thorpe-2002");
	int64_t peak = 0, n_data = 0;

	run_both(scn_point(scn, scn_n_points(scn) - 1), &everything);
	for (size_t i = 0; i < recording.n_notes; i++) {
		const struct rec_note *note = &recording.notes[i];

		ck_assert(i == 0 || note->at >= note[-1].at);
		n_data += note->event == WATCH_OUT && note->payload_bytes > 0;
		if (note->event == WATCH_LENT)
			peak = MAX(peak, note->level);
	}
	ck_assert_int_eq(n_data, plain.value[RES_SEGMENTS]);
	ck_assert_int_eq(peak, plain.ratio[RES_LOANED_PEAK_KB].num);
	ck_assert_int_eq(recording.head.n_connections, 1);
	ck_assert_int_eq(recording.head.ended_at,
	    plain.detail[RES_D_ELAPSED]);
	rec_close(&recording);
	scn_free(scn);
}
END_TEST

/* A part of the run has the notes that all of it has of that time. */
START_TEST(a_part_is_a_part)
{
	struct rec_request part = everything;
	struct scenario *scn = load("thorpe-2002");
	int64_t n_wanted = 0, n_found = 0;

	part.from = 500 * PS_PER_MS;
	part.to = 510 * PS_PER_MS;
	run_both(scn_point(scn, 0), &everything);
	for (size_t i = 0; i < recording.n_notes; i++)
		n_wanted += recording.notes[i].at >= part.from &&
		    recording.notes[i].at <= part.to;
	rec_close(&recording);
	run_both(scn_point(scn, 0), &part);
	for (size_t i = 0; i < recording.n_notes; i++)
		n_found += recording.notes[i].at >= part.from;
	ck_assert_int_gt(n_wanted, 50);
	ck_assert_int_eq(n_found, n_wanted);
	ck_assert_uint_le(recording.n_notes - (size_t)n_found, 8);
	rec_close(&recording);
	scn_free(scn);
}
END_TEST

static Suite *
record_suite(void)
{
	Suite *suite = suite_create("record");
	TCase *tc = tcase_create("record");

	tcase_set_timeout(tc, 200);
	tcase_add_loop_test(tc, rows_are_the_same, 0,
	    (int)G_N_ELEMENTS(scenarios));
	tcase_add_test(tc, notes_agree_with_the_row);
	tcase_add_test(tc, a_part_is_a_part);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(record_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
