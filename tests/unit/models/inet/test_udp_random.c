/*
 * Thousands of random worlds of datagrams: what is read was sent, and each that
 * is not has a reason.
 *
 *	LOANSIM_UDP_SEED=n	the world of that seed alone
 *	LOANSIM_UDP_WORLDS=n	so many instead of 10000
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/udp_storm.h"

enum { WORLDS = 10000 };

static const char *program;
static struct udp_storm_seen seen;

static void
tell_all(void)
{
#define X(sym, words) printf("%12" PRId64 "  %s\n", seen.sym, words);
	UDP_STORM_SEEN(X)
#undef X
}

START_TEST(any_world)
{
	const char *seed = getenv("LOANSIM_UDP_SEED");
	const char *worlds = getenv("LOANSIM_UDP_WORLDS");
	uint64_t n = worlds != NULL ? strtoull(worlds, NULL, 10) : WORLDS;

	if (seed != NULL) {
		udp_storm_run(strtoull(seed, NULL, 10), program, &seen);
		tell_all();
		return;
	}
	for (uint64_t i = 0; i < n; i++)
		udp_storm_run(i, program, &seen);
	tell_all();
#define X(sym, words) ck_assert_msg(seen.sym > 0, "none: " words);
	UDP_STORM_SEEN(X)
#undef X
	/* the storm is no hurricane: most of what comes whole is read */
	ck_assert_int_gt(2 * seen.read, seen.whole);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("udp_random");
	TCase *tc = tcase_create("udp_random");
	SRunner *runner;
	int failed;

	program = argc > 0 ? argv[0] : "udp_random";
	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 280);
	tcase_add_test(tc, any_world);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
