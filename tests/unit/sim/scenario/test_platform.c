/*
 * Platform files before SimGrid sees them: each mistake at its line.
 */
#include <check.h>
#include <string.h>

#include "sim/scenario/platform.h"

#define FOLDER	TEST_SOURCE_DIR "/tests/platforms/"

/* => the lines, one behind the other; g_free it */
static char *
check(const char *path, const char *a, const char *b)
{
	const char *const hosts[] = { a, b, NULL };
	const struct scn_spot at = { { "x.scn", 7 }, "network", "platform" };
	struct scn_mistakes *m = scn_mistakes_new();
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);
	char *all;

	scn_mistakes_file(m, "x.scn");
	scn_platform_check(path, hosts, &at, m);
	scn_mistakes_take(m, errors);
	scn_mistakes_free(m);
	g_ptr_array_add(errors, NULL);
	all = g_strjoinv("\n", (char **)errors->pdata);
	g_ptr_array_unref(errors);
	return all;
}

static void
assert_told(const char *all, const char *what)
{
	ck_assert_msg(strstr(all, what) != NULL, "not told \"%s\":\n%s", what,
	    all);
}

START_TEST(good)
{
	g_autofree char *all = check(FOLDER "small.xml", "server", "far");

	ck_assert_str_eq(all, "");
}
END_TEST

START_TEST(missing_host)
{
	g_autofree char *all = check(FOLDER "small.xml", "servr", "far");

	assert_told(all, "x.scn:7: error: [network] platform: ");
	assert_told(all, "has no host \"servr\"; did you mean \"server\"?; "
	    "there are: server, near, far");
}
END_TEST

START_TEST(changes_with_time)
{
	g_autofree char *all = check(FOLDER "profile.xml", "server", NULL);

	assert_told(all, "profile.xml:5: error: state_file of a host");
	assert_told(all, "bandwidth_file of a link");
	assert_told(all, ":9: error: trace: what changes");
	assert_told(all, ":10: error: trace_connect: what changes");
}
END_TEST

START_TEST(malformed)
{
	g_autofree char *all = check(FOLDER "malformed.xml", "server", NULL);

	assert_told(all, "malformed.xml:6: error: no well-formed XML: ");
}
END_TEST

START_TEST(no_file)
{
	g_autofree char *all = check(FOLDER "none.xml", "server", NULL);

	assert_told(all, "x.scn:7: error: ");
	assert_told(all, "cannot be read");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("platform");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, good);
	tcase_add_test(tc, missing_host);
	tcase_add_test(tc, changes_with_time);
	tcase_add_test(tc, malformed);
	tcase_add_test(tc, no_file);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
