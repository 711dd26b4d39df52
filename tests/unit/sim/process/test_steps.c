/*
 * Programs in steps: who goes when, and with what.
 */
#include <check.h>

#include "sim/process/steps.h"
#include "tests/support/sim/fake_kernel.h"

static const struct file_share file[] = {{7, 100, 0}};

static struct process_config
client(void)
{
	return (struct process_config){.name = "c", .program = PROGRAM_CLIENT,
	    .is_client = true, .port = 80, .files = file, .n_files = 1,
	    .request_size = 300, .requests = 1, .connections = 1, .seed = 1};
}

START_TEST(who_has_a_stack)
{
	struct process_config configs[3] = {client(), client(), client()};

	ck_assert(steps_has(&configs[0]));
	configs[1].program = PROGRAM_HTTPD;
	ck_assert(!steps_has(&configs[1]));
	/* the last of all programs */
	configs[1].program = PROGRAM_REPLAY;
	ck_assert(!steps_has(&configs[1]));
	configs[2].own_main = process_main;
	ck_assert(!steps_has(&configs[2]));
	ck_assert_uint_eq(steps_count_stacks(configs, 3), 2);
}
END_TEST

/* one call at each step, and the last step has no other */
START_TEST(one_call_a_step)
{
	static const enum sys_nr expected[] = {SYS_SLEEP, SYS_CONNECT,
	    SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE, SYS_EXIT};
	struct process_config config = client();
	struct steps steps = {0};
	struct process ps = {.proc = &proc, .config = &config,
	    .steps = &steps};

	config.start = 3 * PS_PER_S;
	ANSWER(300, 390);
	for (size_t i = 0; i < 6; i++) {
		steps_wake(&ps);
		ck_assert_ptr_eq(steps.head, &ps);
		steps_run(&steps);
		ck_assert_ptr_null(steps.head);
		ck_assert_uint_eq(kernel.n, i + 1);
		ck_assert_int_eq(kernel.calls[i].nr, expected[i]);
	}
	ck_assert_int_eq(kernel.calls[0].len, 3 * PS_PER_S);
	ck_assert_ptr_null(ps.program);
}
END_TEST

/* first woken, first gone; who was woken meanwhile goes as well */
START_TEST(in_order)
{
	struct process_config config = client();
	struct steps steps = {0};
	struct process ps[3];

	for (int i = 0; i < 3; i++) {
		ps[i] = (struct process){.proc = &proc, .config = &config,
		    .steps = &steps};
		steps_wake(&ps[i]);
	}
	ck_assert_ptr_eq(steps.head, &ps[0]);
	ck_assert_ptr_eq(ps[0].next_ready, &ps[1]);
	ck_assert_ptr_eq(ps[1].next_ready, &ps[2]);
	steps_run(&steps);
	ck_assert_uint_eq(kernel.n, 3);
	ck_assert_ptr_null(steps.head);
	/* the fake's one process: a client that was refused ends */
	for (int i = 0; i < 3; i++) {
		proc.result = SYS_EINVAL;
		steps_wake(&ps[i]);
		steps_run(&steps);
		ck_assert_int_eq(kernel.calls[kernel.n - 1].nr, SYS_EXIT);
		ck_assert_int_eq(fake_exit_status(), SYS_EINVAL);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("steps");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, who_has_a_stack);
	tcase_add_test(tc, one_call_a_step);
	tcase_add_test(tc, in_order);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
