/*
 * Clients: what they ask for, when, and what they do when nobody answers.
 */
#include <check.h>
#include <stdlib.h>

#include "models/base/random.h"
#include "tests/support/sim/fake_kernel.h"

static struct process_config
client(const struct file_share *files, size_t n_files)
{
	return (struct process_config){.name = "c", .program = PROGRAM_CLIENT,
	    .is_client = true, .port = 80, .files = files, .n_files = n_files,
	    .request_size = 300, .requests = 1, .connections = 1, .seed = 1};
}

static const struct file_share one[] = {{7, 10000, 0}};
static const struct file_share two[] = {{7, 10000, 0}, {8, 500, 0}};

START_TEST(asks_for_a_file)
{
	struct process_config config = client(one, 1);

	ANSWER(300, 10290);
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE);
	ck_assert_uint_eq(kernel.calls[0].port, 80);
	ck_assert_int_eq(kernel.calls[1].len, 300);
	ck_assert_uint_eq(kernel.asked[0].file, 7);
	ck_assert_int_eq(kernel.asked[0].offset, 0);
	ck_assert_int_eq(kernel.asked[0].len, 10000);
	ck_assert(kernel.asked[0].is_last);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* three on a connection, two connections; it thinks between any two */
START_TEST(thinks_between_requests)
{
	struct process_config config = client(one, 1);

	config.requests = 3;
	config.connections = 2;
	config.think = 3 * PS_PER_S;
	ANSWER(300, 1, 300, 1, 300, 1, 300, 1, 300, 1, 300, 1);
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_SLEEP,
	    SYS_REQUEST, SYS_RESPONSE, SYS_SLEEP, SYS_REQUEST, SYS_RESPONSE,
	    SYS_CLOSE, SYS_SLEEP, SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE,
	    SYS_SLEEP, SYS_REQUEST, SYS_RESPONSE, SYS_SLEEP, SYS_REQUEST,
	    SYS_RESPONSE, SYS_CLOSE);
	ck_assert(!kernel.asked[0].is_last && !kernel.asked[1].is_last &&
	    kernel.asked[2].is_last && kernel.asked[5].is_last);
	ck_assert_int_eq(kernel.at[4], 3 * PS_PER_S);
	ck_assert_int_eq(kernel.at[11], 9 * PS_PER_S);
	ck_assert_int_eq(cal.now, 15 * PS_PER_S);
}
END_TEST

/* in turn, and each member of a group begins with another */
START_TEST(files_in_turn)
{
	struct process_config config = client(two, 2);

	config.requests = 3;
	config.number = 5;
	ANSWER(300, 1, 300, 1, 300, 1);
	fake_run(&config);
	ck_assert_uint_eq(kernel.asked[0].file, 8);
	ck_assert_int_eq(kernel.asked[0].len, 500);
	ck_assert_uint_eq(kernel.asked[1].file, 7);
	ck_assert_uint_eq(kernel.asked[2].file, 8);
}
END_TEST

/* 10000 bytes by 4096, then the next file; only then it has nothing to ask */
START_TEST(pieces_of_files)
{
	struct process_config config = client(two, 2);
	static const struct sys_words expected[] = {
	    {.file = 7, .offset = 0, .len = 4096},
	    {.file = 7, .offset = 4096, .len = 4096},
	    {.file = 7, .offset = 8192, .len = 1808},
	    {.file = 8, .offset = 0, .len = 500},
	    {.file = 7, .offset = 0, .len = 4096}};

	config.requests = 3;
	config.piece = 4096;
	ANSWER(300, 1, 300, 1, 300, 1, 300, 1, 300, 1);
	fake_run(&config);
	for (size_t i = 0; i < 5; i++) {
		ck_assert_uint_eq(kernel.asked[i].file, expected[i].file);
		ck_assert_int_eq(kernel.asked[i].offset, expected[i].offset);
		ck_assert_int_eq(kernel.asked[i].len, expected[i].len);
		ck_assert(!kernel.asked[i].is_last);
	}
}
END_TEST

/* n_of_first: how many of so many clients begin with the first file */
static int
n_of_first(const struct file_share *files, size_t n_files, int n)
{
	int n_first = 0;

	for (int i = 0; i < n; i++) {
		struct process_config config = client(files, n_files);

		config.number = (uint32_t)i;
		fake_setup();
		ANSWER(300, 1);
		fake_run(&config);
		n_first += kernel.asked[0].file == files[0].file;
	}
	return n_first;
}

/* of 2000 draws at 30 % 600 are expected, and one deviation is 20.5 */
START_TEST(files_by_chance)
{
	static const struct file_share shares[] = {{7, 1, 30}, {8, 1, 69},
	    {9, 1, 1}};
	static const struct file_share sure[] = {{7, 1, 100}};
	int n = n_of_first(shares, 3, 2000);

	ck_assert_int_gt(n, 600 - 4 * 21);
	ck_assert_int_lt(n, 600 + 4 * 21);
	ck_assert_int_eq(n_of_first(sure, 1, 50), 50);
}
END_TEST

/*
 * A spread of 2 s: 6 to 10 s, and up to 3 s before the first call.  Of 500
 * the mean is 8 s, its deviation 4 s / sqrt(12 x 500) = 52 ms; and they do come
 * close to either end.
 */
START_TEST(times_are_spread)
{
	sim_time sum = 0, least = INT64_MAX, most = 0;

	for (uint32_t i = 0; i < 500; i++) {
		struct process_config config = client(one, 1);
		sim_time time;

		config.number = i;
		config.requests = 2;
		config.think = 8 * PS_PER_S;
		config.think_spread = 2 * PS_PER_S;
		config.start_spread = 3 * PS_PER_S;
		fake_setup();
		ANSWER(300, 1, 300, 1);
		fake_run(&config);
		ck_assert_int_eq(kernel.calls[1].nr, SYS_CONNECT);
		ck_assert_int_le(kernel.at[1], 3 * PS_PER_S);
		time = cal.now - kernel.at[1];
		sum += time;
		least = time < least ? time : least;
		most = time > most ? time : most;
	}
	ck_assert_int_ge(least, 6 * PS_PER_S);
	ck_assert_int_lt(least, 6 * PS_PER_S + 100 * PS_PER_MS);
	ck_assert_int_le(most, 10 * PS_PER_S);
	ck_assert_int_gt(most, 10 * PS_PER_S - 100 * PS_PER_MS);
	ck_assert_int_gt(sum / 500, 8 * PS_PER_S - 4 * 52 * PS_PER_MS);
	ck_assert_int_lt(sum / 500, 8 * PS_PER_S + 4 * 52 * PS_PER_MS);
}
END_TEST

/* a second later it tries again; a call that was refused counts as one */
START_TEST(is_refused_and_calls_again)
{
	struct process_config config = client(one, 1);

	config.connections = 2;
	kernel.connect = SYS_ECONNREFUSED;
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_SLEEP, SYS_CONNECT);
	ck_assert_int_eq(kernel.at[2], PS_PER_S);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

START_TEST(loses_its_connection)
{
	struct process_config config = client(one, 1);

	config.requests = 3;
	config.connections = 2;
	ANSWER(300, SYS_ECONNRESET, SYS_EPIPE);
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE,
	    SYS_SLEEP, SYS_CONNECT, SYS_REQUEST, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* it has had enough, closes, thinks as ever, and makes the next connection */
START_TEST(abandons)
{
	struct process_config config = client(one, 1);

	config.requests = 3;
	config.connections = 2;
	config.abandon = RANDOM_CERTAIN;
	config.abandon_after = 5000;
	config.think = 3 * PS_PER_S;
	ANSWER(300, SYS_EINTR, 300, SYS_EINTR);
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE,
	    SYS_SLEEP, SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[2].len, 5000);
	ck_assert_int_eq(kernel.at[5], 3 * PS_PER_S);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* of 2000 at 30 % 600 are expected, and one deviation is 20.5 */
START_TEST(abandons_by_chance)
{
	int n = 0;

	for (uint32_t i = 0; i < 2000; i++) {
		struct process_config config = client(one, 1);

		config.number = i;
		config.abandon = RANDOM_CERTAIN / 10 * 3;
		config.abandon_after = 5000;
		fake_setup();
		ANSWER(300, 1);
		fake_run(&config);
		ck_assert(kernel.calls[2].len == 5000 ||
		    kernel.calls[2].len == 0);
		n += kernel.calls[2].len == 5000;
	}
	ck_assert_int_gt(n, 600 - 4 * 21);
	ck_assert_int_lt(n, 600 + 4 * 21);
}
END_TEST

START_TEST(ends_with_the_run)
{
	struct process_config config = client(one, 1);

	config.connections = INT64_MAX;
	ANSWER(300, 1, 300, SYS_ENDED);
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE,
	    SYS_CONNECT, SYS_REQUEST, SYS_RESPONSE, SYS_CLOSE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("client");
	TCase *tc = tcase_create("client");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, asks_for_a_file);
	tcase_add_test(tc, thinks_between_requests);
	tcase_add_test(tc, files_in_turn);
	tcase_add_test(tc, pieces_of_files);
	tcase_add_test(tc, files_by_chance);
	tcase_add_test(tc, times_are_spread);
	tcase_add_test(tc, is_refused_and_calls_again);
	tcase_add_test(tc, loses_its_connection);
	tcase_add_test(tc, abandons);
	tcase_add_test(tc, abandons_by_chance);
	tcase_add_test(tc, ends_with_the_run);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
