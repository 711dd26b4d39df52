/*
 * Contents of files: a part of what a scenario is.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/scenario/contents.h"
#include "sim/scenario/sweep.h"
#include "tests/support/sim/scenario_fixture.h"

/* FIPS 180-2, appendix B.1 */
#define SHA256_ABC							\
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static char *dir, *path;

static void
setup(void)
{
	dir = g_dir_make_tmp("contents-XXXXXX", NULL);
	path = g_build_filename(dir, "file", NULL);
}

static void
teardown(void)
{
	g_remove(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

static void
write_file(const char *text)
{
	ck_assert(g_file_set_contents(path, text, -1, NULL));
}

START_TEST(sha256)
{
	g_autofree char *hash = NULL;

	write_file("abc");
	hash = scn_contents(path);
	ck_assert_str_eq(hash, SHA256_ABC);
}
END_TEST

/* a pipe would wait for ever, or be read empty */
START_TEST(no_file)
{
	ck_assert_ptr_null(scn_contents(path));
	ck_assert_ptr_null(scn_contents(dir));
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_ptr_null(scn_contents(path));
}
END_TEST

/* plan_of: what a sweep is known by; g_free it */
static char *
plan_of(const char *format)
{
	g_autofree char *text = g_strdup_printf(format, path);
	struct scn_fixture fix = fix_load(text, NULL);
	g_autofree char *all = fix_all(&fix);
	char *plan;

	ck_assert_msg(fix.scn != NULL, "%s", all);
	plan = g_string_free(scn_sweep_plan(fix.scn), FALSE);
	fix_fini(&fix);
	return plan;
}

static void
assert_identity(const char *format, const char *before, const char *after)
{
	g_autofree char *first = NULL, *again = NULL, *changed = NULL;

	write_file(before);
	first = plan_of(format);
	again = plan_of(format);
	write_file(after);
	changed = plan_of(format);
	/* too long to be shown */
	ck_assert(g_str_equal(first, again));
	ck_assert(!g_str_equal(first, changed));
}

START_TEST(trace)
{
	g_autofree char *before = NULL, *after = NULL;

	ck_assert(g_file_get_contents(TEST_SOURCE_DIR
	    "/scenarios/traces/iperf3-client-bulk-16m.strace", &before, NULL,
	    NULL));
	after = g_strconcat(before,
	    "1804  1795376599.0 close(3) = 0 <0.0>\n", NULL);
	assert_identity("[process p]\nprogram = replay\ntrace = %s\n",
	    before, after);
}
END_TEST

START_TEST(platform)
{
	g_autofree char *before = NULL, *after = NULL;

	ck_assert(g_file_get_contents(TEST_SOURCE_DIR
	    "/tests/platforms/small.xml", &before, NULL, NULL));
	after = g_strconcat(before, "<!-- and no more -->\n", NULL);
	assert_identity("[network]\nboard = server\nplatform = %s\n"
	    "[file a]\nsize = 1 B\n[process s]\nprogram = httpd\n"
	    "[process c]\nprogram = client\nhost = clients\nfiles = a\n"
	    "at = far\n", before, after);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("contents");
	TCase *tc = tcase_create("contents");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, sha256);
	tcase_add_test(tc, no_file);
	tcase_add_test(tc, trace);
	tcase_add_test(tc, platform);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
