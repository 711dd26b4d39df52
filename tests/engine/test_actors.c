/*
 * Limits of the system on processes: what is permitted, and what is told.
 */
#include <check.h>
#include <string.h>

#include "sim/engine/actors.h"
#include "sim/engine/engine.h"

#define PLENTY	INT64_MAX

/* each limit on its own, one below and at what it permits */
START_TEST(each_limit)
{
	/* maps: 1000 are spare, 2 for each of 500; memory: 24 KiB each;
	 * address space: 64 KiB of stack and 16 KiB besides */
	static const struct {
		struct actor_limits limits;
		const char *what;
	} cases[] = {
	    {{2100, 100, PLENTY, PLENTY, PLENTY, PLENTY},
	    "501 processes are too many: this system permits 500 "
	    "(vm.max_map_count: 2100, 2 for each)"},
	    {{1000000, 0, 500 * 80 * 1024, PLENTY, PLENTY, PLENTY},
	    "501 processes are too many: this system permits 500 "
	    "(ulimit -v: 40000 KiB left)"},
	    {{1000000, 0, PLENTY, 500 * 24 * 1024, PLENTY, PLENTY},
	    "501 processes are too many: this system permits 500 "
	    "(free memory: 12000 KiB)"},
	    {{1000000, 0, PLENTY, PLENTY, 500, PLENTY},
	    "501 processes are too many: this system permits 500 "
	    "(ulimit -u: 500 threads)"},
	    {{1000000, 0, PLENTY, PLENTY, PLENTY, 500},
	    "501 processes are too many: this system permits 500 "
	    "(kernel.threads-max: 500)"}};
	char reason[256] = "";

	ck_assert(actor_limits_permit(&cases[_i].limits, 500, reason,
	    sizeof reason));
	ck_assert_str_eq(reason, "");
	ck_assert(!actor_limits_permit(&cases[_i].limits, 501, reason,
	    sizeof reason));
	ck_assert_str_eq(reason, cases[_i].what);
}
END_TEST

/* less than nothing is left: nothing is permitted, and nobody is surprised */
START_TEST(nothing_left)
{
	static const struct actor_limits none = {500, 100, PLENTY, PLENTY,
	    PLENTY, PLENTY};
	char reason[256];

	ck_assert(!actor_limits_permit(&none, 1, reason, sizeof reason));
	ck_assert_ptr_nonnull(strstr(reason, "permits 0"));
}
END_TEST

/* a few are permitted everywhere; more than any system has are not */
START_TEST(this_system)
{
	struct actor_limits limits;
	char reason[256];

	actor_limits_read(&limits);
	ck_assert_int_gt(limits.max_map_count, 1000);
	ck_assert_int_gt(limits.maps_in_use, 5);
	ck_assert_int_gt(limits.memory, 0);
	ck_assert(actor_limits_permit(&limits, 10, reason, sizeof reason));
	ck_assert(!actor_limits_permit(&limits, 2000000000, reason,
	    sizeof reason));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("actors");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(tc, each_limit, 0, 5);
	tcase_add_test(tc, nothing_left);
	tcase_add_test(tc, this_system);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
