/*
 * From keys to configurations: servers, clients and their files.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/run/build.h"
#include "tests/support/sim/scenario_fixture.h"

static struct scn_fixture fix;

static void
load(const char *text)
{
	g_autofree char *all = NULL;

	fix = fix_load(text, NULL);
	all = fix_all(&fix);
	ck_assert_msg(fix.scn != NULL, "%s", all);
}

static void
teardown(void)
{
	fix_fini(&fix);
}

/* Files are numbered as they stand in the scenario; lists keep their order. */
START_TEST(files_and_clients)
{
	g_autofree struct process_config *p = NULL;
	size_t n;

	load("[scenario]\nseed = 7\n[file a]\nsize = 11 B\n"
	    "[file b]\nsize = 13 B\n"
	    "[process s]\nprogram = ftpd\ncount = 2\nmethod = mmap\n"
	    "window = 12 KiB\nbacklog = 17\n"
	    "[process h]\nprogram = httpd\nresponse_header = 19 B\nport = 2\n"
	    "method = mmap\nevents = poll\n"
	    "[process i]\nprogram = client\nhost = clients\n"
	    "files = a\n"
	    "[process c]\nprogram = client\nhost = clients\nport = 2\n"
	    "files = b 70 %, a 30 %\nrequest_size = 23 B\npiece = 29 B\n"
	    "think = 31 us\nthink_spread = 5 %\n"
	    "[process f]\nprogram = filecopy\nfiles = b\npasses = 37\n");
	p = build_processes(scn_point(fix.scn, 0), &n);
	ck_assert_uint_eq(n, 6);
	ck_assert_int_eq(p[1].program, PROGRAM_FTPD);
	ck_assert_int_eq(p[1].method, METHOD_MMAP);
	ck_assert_int_eq(p[1].window, 12288);
	ck_assert_int_eq(p[1].backlog, 17);
	ck_assert_int_eq(p[1].response_header, -1);
	ck_assert_ptr_null(p[1].files);
	ck_assert(!p[1].is_client && p[1].trace == NULL);
	ck_assert_uint_eq(p[1].member, 1);
	ck_assert_uint_eq(p[1].number, 1);
	ck_assert_int_eq(p[2].response_header, 19);
	ck_assert_int_eq(p[1].events, EVENTS_NO);
	ck_assert_int_eq(p[2].events, EVENTS_POLL);
	ck_assert_int_eq(p[2].backlog, 128);
	ck_assert(p[4].is_client && !p[4].is_far);
	ck_assert_uint_eq(p[4].n_files, 2);
	ck_assert_uint_eq(p[4].files[0].file, 2);
	ck_assert_int_eq(p[4].files[0].bytes, 13);
	ck_assert_int_eq(p[4].files[0].percent, 70);
	ck_assert_uint_eq(p[4].files[1].file, 1);
	ck_assert_int_eq(p[4].files[1].percent, 30);
	ck_assert_int_eq(p[4].request_size, 23);
	ck_assert_int_eq(p[4].piece, 29);
	ck_assert_int_eq(p[4].requests, 1);
	ck_assert_int_eq(p[4].think, 31 * PS_PER_US);
	/* 5 % of that */
	ck_assert_int_eq(p[4].think_spread, 1550 * PS_PER_NS);
	ck_assert_uint_eq(p[4].seed, 7);
	ck_assert_uint_eq(p[3].n_files, 1);
	ck_assert_int_eq(p[3].piece, 0);
	ck_assert_int_eq(p[5].files[0].percent, 0);
	ck_assert_int_eq(p[5].passes, 37);
	/* beyond those two, and no other process's */
	ck_assert_uint_eq(p[5].out_file, 8);
}
END_TEST

/* One recorded process, and the client that it had. */
START_TEST(replay_of_a_trace)
{
	static const char trace[] = TEST_SOURCE_DIR
	    "/scenarios/traces/nginx-nosendfile-1m.strace";
	g_autofree struct process_config *p = NULL;
	size_t n;

	load("[process t]\n[process r]\nprogram = replay\ntrace = "
	    TEST_SOURCE_DIR "/scenarios/traces/nginx-nosendfile-1m.strace\n"
	    "replay_as = mmap\nreplay_think = keep\nport = 81\n");
	p = build_processes(scn_point(fix.scn, 0), &n);
	ck_assert_uint_eq(n, 3);
	for (size_t i = 1; i < n; i++) {
		ck_assert_int_eq(p[i].program, PROGRAM_REPLAY);
		ck_assert_str_eq(p[i].trace, trace);
		ck_assert_int_eq(p[i].replay_as, REPLAY_AS_MMAP);
		ck_assert(p[i].replay_keeps_think);
		ck_assert_ptr_nonnull(p[i].story);
		ck_assert_uint_eq(p[i].story_index, 0);
		ck_assert_uint_eq(p[i].number, i);
		ck_assert_uint_eq(p[i].member, i - 1);
		ck_assert_uint_eq(p[i].port, 81);
	}
	ck_assert_str_eq(p[1].name, "r");
	ck_assert(!p[1].is_client);
	ck_assert_str_eq(p[2].name, "r-clients");
	ck_assert(p[2].is_client);
}
END_TEST

/* Numbered from 1 on, in the order of the scenario. */
START_TEST(numbers_of_files)
{
	g_autofree struct file_config *files = NULL;
	size_t n;

	load("[file b]\nsize = 13 B\n[file a]\nsize = 11 B\ncached = yes\n"
	    "[process f]\nprogram = filecopy\nfiles = a, b\n");
	files = build_files(scn_point(fix.scn, 0), &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(files[0].file, 1);
	ck_assert_int_eq(files[0].bytes, 13);
	ck_assert(!files[0].is_cached);
	ck_assert_uint_eq(files[1].file, 2);
	ck_assert_int_eq(files[1].bytes, 11);
	ck_assert(files[1].is_cached);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("build_programs");
	TCase *tc = tcase_create("build_programs");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, files_and_clients);
	tcase_add_test(tc, replay_of_a_trace);
	tcase_add_test(tc, numbers_of_files);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
