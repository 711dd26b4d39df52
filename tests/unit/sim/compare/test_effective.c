/*
 * Values out of effective scenarios, in the units of a store's columns.
 */
#include <check.h>

#include "sim/compare/side.h"
#include "tests/support/sim/scenario_fixture.h"

static void
assert_value(const char *effective, const char *key, const char *wanted)
{
	g_autofree char *value = cmp_effective_value(effective, key);

	ck_assert_msg(g_str_equal(value, wanted), "%s: %s, not %s", key,
	    value, wanted);
}

START_TEST(test_values)
{
	struct scn_fixture fix = fix_load("[scenario]\nduration = 2 s\n"
	    "[kernel]\ntcp_sendspace = 32 KiB\nhz = 200 Hz\n"
	    "[peer]\nkind = host\n"
	    "[peer-kernel]\nhz = 50 Hz\n"
	    "[path]\nloss = 0.5 %\n"
	    "[file f]\nsize = 2 MiB\n"
	    "[process a]\nwrite_size = 1 KiB\n"
	    "[process b-c]\nwrite_size = 3000 B\ntotal = 1 MiB\n"
	    "[process r]\nprogram = ttcp-r\nhost = peer\n", NULL);
	g_autofree char *mistakes = fix_all(&fix);
	GString *dump;

	ck_assert_msg(fix.scn != NULL, "%s", mistakes);
	dump = scn_dump(scn_point(fix.scn, 0));
	assert_value(dump->str, "kernel.tcp_sendspace", "32768");
	assert_value(dump->str, "kernel.hz", "200");
	assert_value(dump->str, "peer-kernel.hz", "50");
	assert_value(dump->str, "path.loss", "0.5");
	assert_value(dump->str, "kernel.sosend_loan", "no");
	assert_value(dump->str, "process.a.write_size", "1024");
	assert_value(dump->str, "process.b-c.write_size", "3000");
	assert_value(dump->str, "process.a.total", "unlimited");
	assert_value(dump->str, "process.b-c.total", "1048576");
	assert_value(dump->str, "file.f.size", "2097152");
	assert_value(dump->str, "file.f.cached", "no");
	assert_value(dump->str, "process.a.window", "none");
	assert_value(dump->str, "scenario.seed", "1");
	assert_value(dump->str, "peer.kind", "host");
	g_string_free(dump, TRUE);
	fix_fini(&fix);
}
END_TEST

START_TEST(test_nothing_there)
{
	assert_value("", "kernel.hz", "none");
	assert_value("[kernel]\nhz = 100 Hz\n", "board.hz", "none");
	assert_value("[kernel]\nhz = 100 Hz\n", "kernel.mbufs", "none");
	assert_value("[kernel]\n\n[board]\nhz = 1 Hz\n", "kernel.hz", "none");
	assert_value("[kernel]\nhz = 100 Hz\n", "process.align", "none");
	assert_value("[kernel]\nhz = 100 Hz\n", "nonsense", "none");
	assert_value("[kernel]\nhz.origin = 1\nhz = 9 Hz\n", "kernel.hz", "9");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("effective");
	TCase *tc = tcase_create("core");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, test_values);
	tcase_add_test(tc, test_nothing_there);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
