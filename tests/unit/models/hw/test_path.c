/*
 * The path: when frames arrive, in which order, and how often.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/audit.h"
#include "tests/support/path_rig.h"

START_TEST(test_clean)
{
	struct path_config c = path_rig.config;

	c.reorder_delay = 7;
	ck_assert(path_is_clean(&c));
	c = path_rig.config;
	c.drops.n = 1;
	ck_assert(!path_is_clean(&c));
	c = path_rig.config;
	c.loss.p = 1;
	ck_assert(!path_is_clean(&c));
	c = path_rig.config;
	c.reorder = 1;
	ck_assert(!path_is_clean(&c));
	c = path_rig.config;
	c.duplicate = 1;
	ck_assert(!path_is_clean(&c));
	c = path_rig.config;
	c.bits_per_s = HOP_BPS;
	ck_assert(!path_is_clean(&c));
	c = path_rig.config;
	c.delay = 1;
	ck_assert(!path_is_clean(&c));
}
END_TEST

/* What nothing delays arrives at once: no event but the feeds themselves. */
START_TEST(test_at_once)
{
	path_rig.config.loss.p = RANDOM_CERTAIN / 2;
	path_rig_start();
	for (int i = 0; i < 100; i++)
		feed(i * US);
	path_rig_run();
	ck_assert_uint_eq(path_rig.cal.n_fired, 100);
	ck_assert_int_eq(path_rig.path.stats.n_lost, 100 - path_rig.n_arrived);
	ck_assert_int_gt(path_rig.n_arrived, 0);
	ck_assert_int_lt(path_rig.n_arrived, 100);
	for (int i = 0; i < path_rig.n_arrived; i++)
		assert_arrived(i, path_rig.arrived[i],
		    path_rig.arrived[i] * US);
}
END_TEST

START_TEST(test_delay)
{
	path_rig.config.delay = 30 * US;
	path_rig_start();
	for (int i = 0; i < 100; i++)
		feed(i * US);
	path_rig_run();
	ck_assert_int_eq(path_rig.n_arrived, 100);
	for (int i = 0; i < 100; i++)
		assert_arrived(i, i, (i + 30) * US);
	/* 30 were under way at once, and two of one date */
	ck_assert_uint_eq(path_rig.path.straight.size, 32);
}
END_TEST

/*
 * Frame 1 is held back by 10 us: 2, 3 and 4 overtake it; 4 comes at the date at
 * which 1 arrives, but 1 has been on the path for longer.
 */
START_TEST(test_reorder)
{
	path_rig.config.reorder = 1;
	path_rig.config.reorder_delay = 10 * US;
	path_rig_start();
	feed_held(0, false);
	feed_held(1 * US, true);
	feed_held(2 * US, false);
	feed_held(3 * US, false);
	feed_held(11 * US, false);
	feed_held(12 * US, false);
	path_rig_run();
	ck_assert_int_eq(path_rig.path.stats.n_reordered, 1);
	ck_assert_int_eq(path_rig.n_arrived, 6);
	assert_arrived(0, 0, 0);
	assert_arrived(1, 2, 2 * US);
	assert_arrived(2, 3, 3 * US);
	assert_arrived(3, 1, 11 * US);
	assert_arrived(4, 4, 11 * US);
	assert_arrived(5, 5, 12 * US);
}
END_TEST

/*
 * The same behind a delay of 30 us, when no frame arrives at once: 1 was under
 * way before 4 was.  Frame 5 is held back again, and has nobody to overtake it.
 */
START_TEST(test_reorder_behind_a_delay)
{
	path_rig.config.reorder = 1;
	path_rig.config.reorder_delay = 10 * US;
	path_rig.config.delay = 30 * US;
	path_rig_start();
	feed_held(0, false);
	feed_held(1 * US, true);
	feed_held(2 * US, false);
	feed_held(10 * US, false);
	feed_held(11 * US, false);
	feed_held(12 * US, true);
	path_rig_run();
	ck_assert_int_eq(path_rig.path.stats.n_reordered, 2);
	assert_arrived(0, 0, 30 * US);
	assert_arrived(1, 2, 32 * US);
	assert_arrived(2, 3, 40 * US);
	assert_arrived(3, 1, 41 * US);
	assert_arrived(4, 4, 41 * US);
	assert_arrived(5, 5, 52 * US);
}
END_TEST

/*
 * 4000 frames, one a us, half of them held back by 5.5 us: each arrives at its
 * date or that much later, and all in the order of dates.  Four standard errors
 * of their number are 4 sqrt(4000 / 4) = 126.
 */
START_TEST(test_reorder_by_chance)
{
	const sim_time late = 5 * US + US / 2;
	int64_t n_late = 0;

	path_rig.config.reorder = RANDOM_CERTAIN / 2;
	path_rig.config.reorder_delay = late;
	path_rig_start();
	for (int i = 0; i < PATH_RIG_MANY; i++)
		feed(i * US);
	path_rig_run();
	ck_assert_int_eq(path_rig.n_arrived, PATH_RIG_MANY);
	for (int i = 0; i < PATH_RIG_MANY; i++) {
		sim_time by = path_rig.arrived_at[i] - path_rig.arrived[i] * US;

		ck_assert(by == 0 || by == late);
		ck_assert(i == 0 || path_rig.arrived_at[i] >=
		    path_rig.arrived_at[i - 1]);
		n_late += by == late;
	}
	ck_assert_int_eq(n_late, path_rig.path.stats.n_reordered);
	ck_assert_int_gt(n_late, PATH_RIG_MANY / 2 - 126);
	ck_assert_int_lt(n_late, PATH_RIG_MANY / 2 + 126);
}
END_TEST

/* Each frame twice, the copy right behind: at once, behind a hop, held back. */
START_TEST(test_duplicate)
{
	path_rig.config.duplicate = RANDOM_CERTAIN;
	path_rig.config.bits_per_s = _i == 1 ? HOP_BPS : 0;
	path_rig.config.reorder = _i == 2 ? RANDOM_CERTAIN : 0;
	path_rig.config.reorder_delay = 9 * US;
	path_rig_start();
	feed(0);
	feed(0);
	feed(2 * HOP_PERIOD);
	path_rig_run();
	ck_assert_int_eq(path_rig.path.stats.n_duplicated, 3);
	ck_assert_int_eq(path_rig.n_arrived, 6);
	for (int i = 0; i < 6; i++) {
		static const sim_time at[3][3] = {
		    {0, 0, 2 * HOP_PERIOD},
		    {HOP_FRAME, HOP_PERIOD + HOP_FRAME,
		    2 * HOP_PERIOD + HOP_FRAME},
		    {9 * US, 9 * US, 2 * HOP_PERIOD + 9 * US}};

		assert_arrived(i, i / 2, at[_i][i / 2]);
	}
}
END_TEST

/* Copies of 4000 frames with chance 10 %: 400 +- 4 x 19. */
START_TEST(test_duplicate_by_chance)
{
	path_rig.config.duplicate = RANDOM_CERTAIN / 10;
	path_rig_start();
	for (int i = 0; i < PATH_RIG_MANY; i++)
		feed(i * US);
	path_rig_run();
	ck_assert_int_eq(path_rig.n_arrived,
	    PATH_RIG_MANY + path_rig.path.stats.n_duplicated);
	ck_assert_int_gt(path_rig.path.stats.n_duplicated, 400 - 76);
	ck_assert_int_lt(path_rig.path.stats.n_duplicated, 400 + 76);
	/* a copy, or the next one */
	for (int i = 1; i < path_rig.n_arrived; i++)
		ck_assert(path_rig.arrived[i] == path_rig.arrived[i - 1] ||
		    path_rig.arrived[i] == path_rig.arrived[i - 1] + 1);
}
END_TEST

/* pass: which of 1000 frames get through */
static void
pass(const struct path_config *config, enum path_direction direction,
    bool passes[1000])
{
	path_rig_teardown();
	path_rig_setup();
	path_rig.config = *config;
	path_rig.direction = direction;
	path_rig_start();
	for (int i = 0; i < 1000; i++)
		feed(i * US);
	path_rig_run();
	memset(passes, 0, 1000 * sizeof *passes);
	for (int i = 0; i < path_rig.n_arrived; i++)
		passes[path_rig.arrived[i]] = true;
}

/* The same frames are lost whatever else is on; others in each direction. */
START_TEST(test_streams)
{
	static bool plain[1000], other[1000];
	struct path_config config = path_rig.config;

	config.loss.p = RANDOM_CERTAIN / 10;
	pass(&config, PATH_TO_PEER, plain);
	pass(&config, PATH_TO_BOARD, other);
	ck_assert_mem_ne(plain, other, sizeof plain);
	config.duplicate = config.reorder = RANDOM_CERTAIN / 2;
	config.reorder_delay = US;
	pass(&config, PATH_TO_PEER, other);
	ck_assert_mem_eq(plain, other, sizeof plain);
	config.seed = 2;
	pass(&config, PATH_TO_PEER, other);
	ck_assert_mem_ne(plain, other, sizeof plain);
}
END_TEST

/* Memory is the peak, whatever the length: what is under way, not what was. */
START_TEST(test_memory_is_flat)
{
	uint32_t straight, held;

	path_rig.config.reorder = RANDOM_CERTAIN / 2;
	path_rig.config.reorder_delay = 40 * US;
	path_rig.config.delay = 40 * US;
	path_rig_start();
	for (int i = 0; i < PATH_RIG_MANY; i++)
		feed(i * US);
	cal_run(&path_rig.cal, PATH_RIG_MANY / 4 * US);
	straight = path_rig.path.straight.size;
	held = path_rig.path.held.size;
	path_rig_run();
	/* at most 41 and 81 at once */
	ck_assert_uint_le(straight, 64);
	ck_assert_uint_le(held, 128);
	ck_assert_uint_eq(path_rig.path.straight.size, straight);
	ck_assert_uint_eq(path_rig.path.held.size, held);
}
END_TEST

START_TEST(test_fini_with_frames_under_way)
{
	path_rig.config.delay = PS_PER_S;
	path_rig.config.reorder = RANDOM_CERTAIN / 2;
	path_rig.config.reorder_delay = PS_PER_S;
	path_rig.config.bits_per_s = HOP_BPS;
	path_rig_start();
	for (int i = 0; i < 50; i++)
		feed(i);
	cal_run(&path_rig.cal, US);
	ck_assert_int_eq(path_under_way(&path_rig.path), 50);
}
END_TEST

/* A path that is not used: nothing to free, and its books balance. */
START_TEST(test_unused)
{
	struct path path = {0};
	struct audit audit = {0};

	path_audit(&path, &audit);
	ck_assert_uint_eq(audit.n, 0);
	ck_assert_uint_eq(path_unmatched_drops(&path), 0);
	path_fini(&path);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hw/path");
	TCase *tc = tcase_create("path");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, path_rig_setup, path_rig_teardown);
	tcase_add_test(tc, test_clean);
	tcase_add_test(tc, test_at_once);
	tcase_add_test(tc, test_delay);
	tcase_add_test(tc, test_reorder);
	tcase_add_test(tc, test_reorder_behind_a_delay);
	tcase_add_test(tc, test_reorder_by_chance);
	tcase_add_loop_test(tc, test_duplicate, 0, 3);
	tcase_add_test(tc, test_duplicate_by_chance);
	tcase_add_test(tc, test_streams);
	tcase_add_test(tc, test_memory_is_flat);
	tcase_add_test(tc, test_fini_with_frames_under_way);
	tcase_add_test(tc, test_unused);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
