/*
 * The client's program against a kernel that writes down its calls.
 */
#include <check.h>
#include <string.h>

#include "tests/support/sim/fake_kernel.h"

static const struct file_share files[] = {{3, 2500, 1}, {4, 100, 0}};

static struct process_config
config(void)
{
	return (struct process_config){.name = "c",
	    .program = PROGRAM_CLIENT, .port = 80, .connections = 1,
	    .files = files, .n_files = 2, .request_size = 300,
	    .requests = 2};
}

/* one connection, two files, each as a whole */
START_TEST(whole_files)
{
	static const int64_t answers[] = {300, 2500, 300, 2500};
	struct process_config c = config();

	fake_answer(answers, 4);
	fake_run(&c);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_REQUEST,
	    SYS_RESPONSE, SYS_CLOSE);
	ck_assert_uint_eq(kernel.calls[0].port, 80);
	ck_assert_int_eq(kernel.calls[1].len, 300);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* in pieces of 1000: 1000, 1000, 500 */
START_TEST(pieces)
{
	static const int64_t answers[] = {300, 1000, 300, 1000, 300, 500};
	struct process_config c = config();

	c.piece = 1000;
	c.requests = 1;
	fake_answer(answers, 6);
	fake_run(&c);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_REQUEST,
	    SYS_RESPONSE, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE);
}
END_TEST

/* before each file, as long as the mean if nothing is spread */
START_TEST(thinks)
{
	static const int64_t answers[] = {300, 2500, 300, 2500};
	struct process_config c = config();

	c.think = PS_PER_S;
	fake_answer(answers, 4);
	fake_run(&c);
	ASSERT_CALLS(SYS_CONNECT, SYS_SLEEP, SYS_REQUEST, SYS_RESPONSE,
	    SYS_SLEEP, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[1].len, PS_PER_S);
	ck_assert_int_eq(kernel.calls[4].len, 2 * PS_PER_S);
}
END_TEST

/* within the spread, and not always the same */
START_TEST(spread)
{
	struct process_config c = config();
	sim_time first[20];
	bool differs = false;

	c.think = PS_PER_S;
	c.think_spread = PS_PER_S / 2;
	for (uint64_t i = 0; i < 20; i++) {
		fake_setup();
		c.number = i;
		fake_run(&c);
		first[i] = kernel.calls[1].len;
		ck_assert_int_ge(first[i], PS_PER_S / 2);
		ck_assert_int_le(first[i], 3 * PS_PER_S / 2);
		differs |= first[i] != first[0];
	}
	ck_assert(differs);
}
END_TEST

/* who is refused tries again a second later, as often as it may */
START_TEST(refused)
{
	struct process_config c = config();

	c.connections = 2;
	kernel.connect = SYS_ECONNREFUSED;
	fake_run(&c);
	ASSERT_CALLS(SYS_CONNECT, SYS_SLEEP, SYS_CONNECT, SYS_SLEEP);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* what no trying helps against ends the program */
START_TEST(hopeless)
{
	static const int64_t answers[] = {SYS_EMSGSIZE};
	struct process_config c = config();

	fake_answer(answers, 1);
	fake_run(&c);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), SYS_EMSGSIZE);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("client");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, whole_files);
	tcase_add_test(tc, pieces);
	tcase_add_test(tc, thinks);
	tcase_add_test(tc, spread);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, hopeless);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
