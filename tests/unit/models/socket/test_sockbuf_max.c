/*
 * Socket buffers under another sb_max.  1048576 * 2048 / 2304 = 932067.6.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/socket/sockbuf.h"

static struct sockbuf sb;

START_TEST(most)
{
	sb_reserve_max(&sb, 932067, 2048, 1048576);
	ck_assert_int_eq(sb.sb_hiwat, 932067);
	ck_assert_int_eq(sb.sb_mbmax, 1048576);
	ck_assert_int_eq(sb.sb_lowat, 2048);
}
END_TEST

START_TEST(death_more)
{
	sb_reserve_max(&sb, 932068, 2048, 1048576);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sockbuf_max");
	TCase *tc = tcase_create("sockbuf_max");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tc, most);
	tcase_add_test_raise_signal(tc, death_more, SIGABRT);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
