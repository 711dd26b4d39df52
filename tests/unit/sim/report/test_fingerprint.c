/*
 * Fingerprints: each thing that a row holds moves exactly the hash of its
 * group, and the fingerprints above it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/fingerprint.h"
#include "tests/support/sim/report_fixture.h"

static struct res_row row;
static char before[REP_N_GROUPS][REP_HASH_BYTES];

static void
setup(void)
{
	memset(&row, 0, sizeof row);
	strcpy(row.variant, "v");
	for (int group = 0; group < REP_N_GROUPS; group++)
		rep_group_hash(before[group], &row, (enum rep_group)group);
}

/* assert_moved: one group has another hash than before, the others not */
static void
assert_moved(enum rep_group moved)
{
	char hash[REP_HASH_BYTES];

	for (int group = 0; group < REP_N_GROUPS; group++) {
		rep_group_hash(hash, &row, (enum rep_group)group);
		ck_assert_uint_eq(strlen(hash), REP_HASH_BYTES - 1);
		ck_assert_msg((strcmp(hash, before[group]) != 0) ==
		    (group == (int)moved), "%s", rep_group_names[group]);
	}
}

/* The two times in whole microseconds are there in picoseconds. */
START_TEST(columns_belong_to_groups)
{
	for (int c = 0; c < RES_MEASURED_S; c++) {
		if (c == RES_DISK_SHARE)
			continue;
		row.value[c]++;
		assert_moved(c <= RES_FAR_CPU_SHARE ? REP_RESULTS :
		    c <= RES_SOFT_FAULTS ? REP_LOANS : REP_SEGMENTS);
		row.value[c]--;
	}
	row.outcome = RES_DEADLOCK;
	assert_moved(REP_RESULTS);
}
END_TEST

START_TEST(details_belong_to_groups)
{
	for (int d = 0; d < RES_N_DETAILS; d++) {
		row.detail[d]++;
		assert_moved(d <= RES_D_MEASURED_WIRE ? REP_TIMES :
		    d <= RES_D_SWITCHES ? REP_SEGMENTS : REP_LOANS);
		row.detail[d]--;
	}
}
END_TEST

START_TEST(causes_are_costs)
{
	struct res_cause *c = &row.cause[CAUSE_COPYIN];
	int64_t *fields[] = { &c->compute_ps, &c->loaded_bytes,
	    &c->stored_bytes, &c->read_bytes, &c->write_bytes };

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		(*fields[i])++;
		assert_moved(REP_COSTS);
		(*fields[i])--;
	}
}
END_TEST

/* The reason is text for people, and the memory's time follows from bytes. */
START_TEST(some_things_are_left_out)
{
	char hash[REP_HASH_BYTES], other[REP_HASH_BYTES];

	rep_row_fingerprint(hash, &row);
	strcpy(row.reason, "because");
	row.cause[CAUSE_COPYIN].memory_ps = 3;
	rep_row_fingerprint(other, &row);
	ck_assert_str_eq(hash, other);
}
END_TEST

START_TEST(fingerprints_sum_up)
{
	struct res_row rows[FIXTURE_ROWS];
	struct rep_set set;
	char whole[REP_HASH_BYTES], hash[REP_HASH_BYTES];

	fixture_rows(rows);
	set = fixture_set(rows);
	rep_set_fingerprint(whole, &set);
	rows[2].value[RES_ACKS]++;
	rep_set_fingerprint(hash, &set);
	ck_assert_str_ne(whole, hash);
	rows[2].value[RES_ACKS]--;
	rep_set_fingerprint(hash, &set);
	ck_assert_str_eq(whole, hash);
	strcpy(rows[3].variant, "another");
	rep_set_fingerprint(hash, &set);
	ck_assert_str_ne(whole, hash);
	/* text and program beside the rows change nothing */
	fixture_rows(rows);
	set.version = "9.9";
	set.title = "Another";
	rep_set_fingerprint(hash, &set);
	ck_assert_str_eq(whole, hash);
}
END_TEST

/*
 * The hash is that of the lines as they stand: the first 16 digits that
 * sha256sum prints for them.
 */
START_TEST(the_format_is_a_key_file)
{
	struct rep_set set = { .scenario = "s", .seed = 7, .n_rows = 1,
	    .rows = &row };
	GString *out = g_string_new(NULL), *lines = g_string_new(NULL);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *sum = NULL, *hash = NULL, *seed = NULL, *acks = NULL;

	row.value[RES_ACKS] = 1234;
	rep_fingerprint(out, &set);
	ck_assert(g_key_file_load_from_data(file, out->str, out->len, 0, NULL));
	seed = g_key_file_get_value(file, "fingerprint", "seed", NULL);
	ck_assert_pstr_eq(seed, "7");
	acks = g_key_file_get_value(file, "variant v segments", "acks", NULL);
	ck_assert_pstr_eq(acks, "1234");
	rep_group_values(lines, &row, REP_SEGMENTS);
	sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, lines->str, -1);
	sum[16] = '\0';
	hash = g_key_file_get_value(file, "variant v", "segments", NULL);
	ck_assert_pstr_eq(hash, sum);
	g_string_free(lines, TRUE);
	g_string_free(out, TRUE);
}
END_TEST

/* A crashed run has an outcome and no numbers. */
START_TEST(crashed_runs_have_no_numbers)
{
	GString *out = g_string_new(NULL);

	row.outcome = RES_CRASHED;
	for (int group = 0; group < REP_N_GROUPS; group++)
		rep_group_values(out, &row, (enum rep_group)group);
	ck_assert_str_eq(out->str, "outcome = crashed\n");
	g_string_free(out, TRUE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("fingerprint");
	TCase *tc = tcase_create("fingerprint");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, columns_belong_to_groups);
	tcase_add_test(tc, details_belong_to_groups);
	tcase_add_test(tc, causes_are_costs);
	tcase_add_test(tc, some_things_are_left_out);
	tcase_add_test(tc, fingerprints_sum_up);
	tcase_add_test(tc, the_format_is_a_key_file);
	tcase_add_test(tc, crashed_runs_have_no_numbers);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
