/*
 * Loss by chance: how much, and in bursts of which length.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/hw/path_loss.h"

enum { FRAMES = 1000000 };

#define PERCENT	(RANDOM_CERTAIN / 100)

struct seen {
	int64_t n_lost;
	int64_t n_bursts;	/* of one frame or more */
	int64_t n_single;	/* of one */
};

static struct seen
watch(const struct path_loss_config *config, uint64_t seed)
{
	struct path_loss loss;
	struct seen seen = {0};
	int64_t length = 0;

	path_loss_init(&loss, config, seed, 0);
	for (int i = 0; i < FRAMES; i++) {
		bool is_lost = path_loss_next(&loss);

		seen.n_lost += is_lost;
		seen.n_bursts += is_lost && length == 0;
		seen.n_single += !is_lost && length == 1;
		length = is_lost ? length + 1 : 0;
	}
	return seen;
}

static void
assert_near(int64_t actual, int64_t mean, int64_t bound)
{
	ck_assert_msg(actual >= mean - bound && actual <= mean + bound,
	    "%lld, expected %lld +- %lld", (long long)actual,
	    (long long)mean, (long long)bound);
}

/*
 * 10^6 frames, each lost with chance p: standard error 1000 sqrt(p (1 - p)).
 * A burst begins where a lost frame follows a good one: p (1 - p) of all; they
 * are counted with less error than that.
 */
START_TEST(test_independent)
{
	static const struct {
		int64_t percent, error;
	} cases[] = {{1, 100}, {10, 300}, {50, 500}};
	int64_t p = cases[_i].percent;
	struct path_loss_config config = {p * PERCENT, PATH_BURST_NONE};
	struct seen seen = watch(&config, (uint64_t)_i);

	assert_near(seen.n_lost, p * FRAMES / 100, 4 * cases[_i].error);
	assert_near(seen.n_bursts, p * (100 - p) * (FRAMES / 10000),
	    4 * cases[_i].error);
}
END_TEST

/*
 * Bursts of mean length L, loss p: p 10^6 frames in p 10^6 / L bursts.
 *
 * A state whose correlation from frame to frame is r = 1 - a - b makes the
 * variance of the loss (1 + r) / (1 - r) times that of independent frames.
 *
 *	p	L	b	a	r	error of the loss
 *	1 %	4	0.25	0.00253	0.7475	99.5 x 2.63 = 262
 *	10 %	20	0.05	0.00556	0.9444	300 x 5.92 = 1775
 *	50 %	2.5	0.4	0.4	0.2	500 x 1.22 = 612
 *
 * The number of bursts, given the loss, is that of the ends: each lost frame is
 * a last one with chance b: error sqrt(n b (1 - b)) and that of the loss x b.
 *	10,000 frames, 0.25: 43 and 65: 79
 *	100,000 frames, 0.05: 69 and 89: 112
 *	500,000 frames, 0.4: 346 and 245: 424
 * A burst of one is one that ends at once: b of all bursts.
 *	2500 x 0.25: 625; 5000 x 0.05: 250; 200,000 x 0.4: 80,000; error at most
 *	sqrt(n b (1 - b)) and b x that of the bursts: 29, 16, 277
 */
START_TEST(test_bursts)
{
	static const struct {
		struct path_loss_config config;
		int64_t lost, lost_error;
		int64_t bursts, bursts_error;
		int64_t single, single_error;
	} cases[] = {
	    {{PERCENT, 4000}, 10000, 262, 2500, 79, 625, 29},
	    {{10 * PERCENT, 20000}, 100000, 1775, 5000, 112, 250, 16},
	    {{50 * PERCENT, 2500}, 500000, 612, 200000, 424, 80000, 277}};
	struct seen seen = watch(&cases[_i].config, 3);

	assert_near(seen.n_lost, cases[_i].lost, 4 * cases[_i].lost_error);
	assert_near(seen.n_bursts, cases[_i].bursts,
	    4 * cases[_i].bursts_error);
	assert_near(seen.n_single, cases[_i].single,
	    4 * cases[_i].single_error);
}
END_TEST

/*
 * The shortest bursts that may be asked for are those of chance alone: with a
 * loss of one half, 2 frames.  A pair of frames then is lost with chance 1/4.
 */
START_TEST(test_shortest_bursts_are_independent)
{
	struct path_loss_config config = {50 * PERCENT, 2000};
	struct path_loss loss;
	int64_t n_pairs = 0;

	path_loss_init(&loss, &config, 1, 0);
	for (int i = 0; i < FRAMES; i++) {
		bool first = path_loss_next(&loss);

		n_pairs += path_loss_next(&loss) && first;
	}
	/* 1000 sqrt(1/4 x 3/4) = 433 */
	assert_near(n_pairs, FRAMES / 4, 4 * 433);
}
END_TEST

/* The first frame of many paths: lost with chance p, as any other. */
START_TEST(test_first_frame)
{
	struct path_loss_config config = {20 * PERCENT, 50000};
	int64_t n = 0;

	for (uint64_t seed = 0; seed < 10000; seed++) {
		struct path_loss loss;

		path_loss_init(&loss, &config, seed, 0);
		n += path_loss_next(&loss);
	}
	/* 100 sqrt(0.2 x 0.8) = 40 */
	assert_near(n, 2000, 4 * 40);
}
END_TEST

START_TEST(test_possible)
{
	static const struct {
		struct path_loss_config config;
		bool is_possible;
	} cases[] = {
	    {{0, 1000}, true}, {{0, 1001}, true},
	    /* of 10 %: 1 / 0.9 = 1.111... */
	    {{10 * PERCENT, 1111}, false}, {{10 * PERCENT, 1112}, true},
	    {{50 * PERCENT, 1999}, false}, {{50 * PERCENT, 2000}, true},
	    /* of 99.9 %: 1000, the longest */
	    {{RANDOM_CERTAIN / 1000 * 999, 999999}, false},
	    {{RANDOM_CERTAIN / 1000 * 999, 1000000}, true},
	    /* all is lost: one burst without an end */
	    {{RANDOM_CERTAIN, 1000}, true},
	    {{RANDOM_CERTAIN, 1000000}, false}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(path_loss_is_possible(&cases[i].config) ==
		    cases[i].is_possible, "case %d", (int)i);
}
END_TEST

START_TEST(test_all_and_nothing)
{
	struct path_loss_config all = {RANDOM_CERTAIN, PATH_BURST_NONE};
	struct path_loss_config nothing = {0, 5000};

	ck_assert_int_eq(watch(&all, 1).n_lost, FRAMES);
	ck_assert_int_eq(watch(&nothing, 1).n_lost, 0);
}
END_TEST

START_TEST(test_death_of_impossible_bursts)
{
	struct path_loss_config config = {50 * PERCENT, 1500};
	struct path_loss loss;

	path_loss_init(&loss, &config, 1, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hw/path_loss");
	TCase *tc = tcase_create("loss");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, test_independent, 0, 3);
	tcase_add_loop_test(tc, test_bursts, 0, 3);
	tcase_add_test(tc, test_shortest_bursts_are_independent);
	tcase_add_test(tc, test_first_frame);
	tcase_add_test(tc, test_possible);
	tcase_add_test(tc, test_all_and_nothing);
	tcase_add_test_raise_signal(tc, test_death_of_impossible_bursts,
	    SIGABRT);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
