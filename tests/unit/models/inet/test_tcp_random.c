/*
 * Ten million random segments, and nothing that TCP promises broken.
 *
 *	LOANSIM_TCP_SEED=n	the world of that seed alone
 *	LOANSIM_TCP_SEGMENTS=n	so many frames instead of 10,000,000
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/tcp_storm.h"

#define SEGMENTS	INT64_C(10000000)

static const char *program;
static struct tcp_storm_seen seen;

static void
tell(const char *words, int64_t n)
{
	printf("%12" PRId64 "  %s\n", n, words);
}

static void
tell_all(void)
{
#define X(sym, words) tell(words, seen.sym);
	TCP_STORM_SEEN(X)
#undef X
	tell("connections left half open", seen.half_open);
	tell("system calls", seen.talk.calls);
	tell("writes", seen.talk.writes);
	tell("writes taken whole", seen.talk.whole_writes);
	tell("buffers not all there", seen.talk.faults);
	tell("connections used", seen.talk.sessions);
	tell("connections refused", seen.talk.refused);
	tell("connections broken", seen.talk.broken);
	tell("streams received to their FIN", seen.talk.read_to_end);
	tell("simultaneous opens", seen.talk.crossed);
}

START_TEST(any_world)
{
	const char *seed = getenv("LOANSIM_TCP_SEED");
	const char *segments = getenv("LOANSIM_TCP_SEGMENTS");
	int64_t n = segments != NULL ? strtoll(segments, NULL, 10) : SEGMENTS;
	uint64_t worlds = 0;

	if (seed != NULL) {
		tcp_storm_run(strtoull(seed, NULL, 10), program, &seen);
		tell_all();
		return;
	}
	while (seen.frames < n)
		tcp_storm_run(worlds++, program, &seen);
	tell("worlds", (int64_t)worlds);
	tell_all();
#define X(sym, words) ck_assert_msg(seen.sym > 0, "none: " words);
	TCP_STORM_SEEN(X)
#undef X
	ck_assert_int_gt(seen.talk.faults, 0);
	ck_assert_int_gt(seen.talk.crossed, 0);
	ck_assert_int_gt(seen.talk.refused, 0);
	ck_assert_int_gt(seen.talk.broken, 0);
	/* the storm is no hurricane: most of what is begun comes to its end */
	ck_assert_int_gt(2 * seen.talk.whole_writes, seen.talk.writes);
	ck_assert_int_gt(2 * seen.talk.read_to_end, seen.talk.sessions);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("tcp_random");
	TCase *tc = tcase_create("tcp_random");
	SRunner *runner;
	int failed;

	program = argc > 0 ? argv[0] : "tcp_random";
	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 280);
	tcase_add_test(tc, any_world);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
