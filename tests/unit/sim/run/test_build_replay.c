/*
 * Replays of a scenario: what they replay, their processes, their files.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/run/build.h"
#include "sim/run/build_replay.h"
#include "tests/support/sim/scenario_fixture.h"

#define TRACES	TEST_SOURCE_DIR "/scenarios/traces/"
#define NGINX	"program = replay\ntrace = " TRACES			\
		"nginx-nosendfile-1m.strace\n"
#define IPERF	"program = replay\ntrace = " TRACES			\
		"iperf3-client-bulk-16m.strace\n"

static struct scn_fixture fix;

static const struct scn_point *
load(const char *text)
{
	g_autofree char *all = NULL;

	fix = fix_load(text, NULL);
	all = fix_all(&fix);
	ck_assert_msg(fix.scn != NULL, "%s", all);
	return scn_point(fix.scn, 0);
}

static void
teardown(void)
{
	fix_fini(&fix);
}

/* Read once; other programs replay nothing. */
START_TEST(who_replays)
{
	const struct scn_point *pt = load("[process t]\n"
	    "[process a]\n" NGINX "[process b]\nport = 7000\n" NGINX);

	ck_assert_ptr_null(replay_of(pt, 0));
	ck_assert_ptr_nonnull(replay_of(pt, 1));
	ck_assert_ptr_eq(replay_of(pt, 1), replay_of(pt, 2));
}
END_TEST

/* Numbers and members go on from the base's. */
START_TEST(processes_and_clients)
{
	const struct scn_point *pt = load("[process a]\n" NGINX);
	struct process_config base = {.name = "a", .number = 5, .port = 80};
	struct process_config configs[2];

	ck_assert_uint_eq(story_n_configs(replay_of(pt, 0)), 2);
	replay_build(replay_of(pt, 0), &base, 9, configs);
	ck_assert_uint_eq(configs[0].number, 5);
	ck_assert_uint_eq(configs[0].member, 0);
	ck_assert_uint_eq(configs[0].story_first_file, 9);
	ck_assert(!configs[0].is_client);
	ck_assert_uint_eq(configs[1].number, 6);
	ck_assert_uint_eq(configs[1].member, 1);
	ck_assert_str_eq(configs[1].name, "a-clients");
	ck_assert(configs[1].is_client);
	ck_assert_ptr_eq(configs[1].story, replay_of(pt, 0));
}
END_TEST

/*
 * One after the other, beyond those of the scenario and the copies that its
 * processes could make: one file, and three processes; sizes as recorded.
 */
START_TEST(files_follow_each_other)
{
	g_autofree struct process_config *p = NULL;
	g_autofree struct file_config *files = NULL;
	const struct scn_point *pt = load("[file f]\nsize = 7 B\n"
	    "[process a]\n" NGINX "[process b]\nport = 7000\n" IPERF
	    "replay_cache = cold\n");
	size_t n;

	files = build_files(pt, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(files[0].file, 1);
	ck_assert_uint_eq(files[1].file, 5);
	ck_assert_int_eq(files[1].bytes, 1048576);
	ck_assert_uint_eq(files[2].file, 6);
	ck_assert_int_eq(files[2].bytes, 131072);
	/* warm, if nothing else is said: the second request, not the first */
	ck_assert(files[1].is_cached && !files[2].is_cached);
	p = build_processes(pt, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(p[0].story_first_file, 5);
	ck_assert_uint_eq(p[2].story_first_file, 6);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("build_replay");
	TCase *tc = tcase_create("build_replay");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, who_replays);
	tcase_add_test(tc, processes_and_clients);
	tcase_add_test(tc, files_follow_each_other);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
