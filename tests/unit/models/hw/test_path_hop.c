/*
 * The narrowest hop of a path: when frames are through it, which of them find
 * no room to wait for it, and what all of the path does together.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/path_rig.h"

/*
 * The hop takes a frame when all of it is there, sends it, and leaves a gap:
 * frame 0 from 0 on, frame 1, which waits, a period later, frame 2 at once when
 * it comes after the second gap.  Its delay is added.
 */
START_TEST(test_hop)
{
	path_rig.config.bits_per_s = HOP_BPS;
	path_rig.config.delay = 5 * US;
	path_rig_start();
	feed(0);
	feed(3 * US);
	feed(2 * HOP_PERIOD + 7);
	/* an ACK is padded: 64 bytes and 8 before them */
	feed_bytes(4 * HOP_PERIOD, 40);
	path_rig_run();
	assert_arrived(0, 0, HOP_FRAME + 5 * US);
	assert_arrived(1, 1, HOP_PERIOD + HOP_FRAME + 5 * US);
	assert_arrived(2, 2, 2 * HOP_PERIOD + 7 + HOP_FRAME + 5 * US);
	assert_arrived(3, 3, 4 * HOP_PERIOD + 72 * 8 * US + 5 * US);
}
END_TEST

/*
 * Room for two to wait.  Frame 0 is sent from 0 on; 1 and 2 wait, 3 finds no
 * room.  Frame 1 starts after one period: 4 comes a picosecond before and is
 * dropped, 5 comes at that very date and waits behind 2, 6 finds no room.
 */
START_TEST(test_queue_limit)
{
	path_rig.config.bits_per_s = HOP_BPS;
	path_rig.config.queue_limit = 2;
	path_rig_start();
	feed(0);
	feed(1000 * US);
	feed(2000 * US);
	feed(3000 * US);
	feed(HOP_PERIOD - 1);
	feed(HOP_PERIOD);
	feed(HOP_PERIOD);
	path_rig_run();
	ck_assert_int_eq(path_rig.path.stats.n_queue_drops, 3);
	ck_assert_int_eq(path_rig.n_arrived, 4);
	assert_arrived(0, 0, HOP_FRAME);
	assert_arrived(1, 1, HOP_PERIOD + HOP_FRAME);
	assert_arrived(2, 2, 2 * HOP_PERIOD + HOP_FRAME);
	assert_arrived(3, 5, 3 * HOP_PERIOD + HOP_FRAME);
}
END_TEST

/*
 * A frame that comes in the gap waits for its end, and nobody is being sent: of
 * two, with room for one, the second goes.
 */
START_TEST(test_queue_in_the_gap)
{
	path_rig.config.bits_per_s = HOP_BPS;
	path_rig.config.queue_limit = 1;
	path_rig_start();
	feed(0);
	feed(HOP_FRAME + US);
	feed(HOP_FRAME + 2 * US);
	path_rig_run();
	ck_assert_int_eq(path_rig.path.stats.n_queue_drops, 1);
	assert_arrived(1, 1, HOP_PERIOD + HOP_FRAME);
}
END_TEST

/*
 * Frames come twice as fast as the hop sends them, and 20 may wait.  From frame
 * 0 on the hop is never idle: of those let in, number i starts after i periods.
 * The last of 2000 comes after 999.5 periods, when number 999 is being sent and
 * 20 wait behind it: 1020 arrive.
 */
START_TEST(test_full_queue)
{
	enum { FRAMES = 2000, ROOM = 20 };

	path_rig.config.bits_per_s = HOP_BPS;
	path_rig.config.queue_limit = ROOM;
	path_rig_start();
	for (int i = 0; i < FRAMES; i++)
		feed(i * (HOP_PERIOD / 2));
	path_rig_run();
	ck_assert_int_eq(path_rig.n_arrived, 1000 + ROOM);
	ck_assert_int_eq(path_rig.path.stats.n_queue_drops,
	    FRAMES - path_rig.n_arrived);
	for (int i = 0; i < path_rig.n_arrived; i++)
		ck_assert_int_eq(path_rig.arrived_at[i],
		    i * HOP_PERIOD + HOP_FRAME);
	/* 20 that wait and one that is sent, whatever the length */
	ck_assert_uint_le(path_rig.path.queue.size, 32);
	ck_assert_uint_le(path_rig.path.straight.size, 32);
}
END_TEST

/*
 * What the list loses takes no place in the queue: with room for one, frame 2
 * waits behind 0, since 1 never came.
 */
START_TEST(test_list_before_queue)
{
	path_rig.config.drops = (struct path_drops_config){
	    {{PATH_DROP_DATA, 2, 2, 0}, {PATH_DROP_SYN, 1, 1, 0}}, 2};
	path_rig.config.bits_per_s = HOP_BPS;
	path_rig.config.queue_limit = 1;
	path_rig_start();
	feed(0);
	feed(US);
	feed(2 * US);
	path_rig_run();
	ck_assert_int_eq(path_rig.path.stats.n_listed, 1);
	ck_assert_int_eq(path_rig.path.stats.n_queue_drops, 0);
	ck_assert_uint_eq(path_unmatched_drops(&path_rig.path), 1);
	assert_arrived(0, 0, HOP_FRAME);
	assert_arrived(1, 2, HOP_PERIOD + HOP_FRAME);
}
END_TEST

/* All of it at once, the books looked at after every event. */
START_TEST(test_everything)
{
	path_rig.config.drops = (struct path_drops_config){
	    {{PATH_DROP_DATA, 100, 199, 0}}, 1};
	path_rig.config.loss =
	    (struct path_loss_config){RANDOM_CERTAIN / 20, 3000};
	path_rig.config.reorder = RANDOM_CERTAIN / 5;
	path_rig.config.reorder_delay = 7 * HOP_PERIOD / 2;
	path_rig.config.duplicate = RANDOM_CERTAIN / 10;
	path_rig.config.bits_per_s = HOP_BPS;
	path_rig.config.queue_limit = 5;
	path_rig.config.delay = 100 * HOP_PERIOD;
	path_rig_start();
	/* in clumps of ten that the hop just cannot take */
	for (int i = 0; i < PATH_RIG_MANY; i++)
		feed(i / 10 * 9 * HOP_PERIOD);
	path_rig_run();
	ck_assert_int_eq(path_rig.path.stats.n_listed, 100);
	ck_assert_int_gt(path_rig.path.stats.n_lost, 0);
	ck_assert_int_gt(path_rig.path.stats.n_queue_drops, 0);
	ck_assert_int_gt(path_rig.path.stats.n_reordered, 0);
	ck_assert_int_gt(path_rig.path.stats.n_duplicated, 0);
	for (int i = 1; i < path_rig.n_arrived; i++)
		ck_assert_int_ge(path_rig.arrived_at[i],
		    path_rig.arrived_at[i - 1]);
}
END_TEST

START_TEST(test_death_of_a_hop_without_queue)
{
	path_rig.config.bits_per_s = HOP_BPS;
	path_rig.config.queue_limit = 0;
	path_rig_start();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hw/path: the hop");
	TCase *tc = tcase_create("hop");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, path_rig_setup, path_rig_teardown);
	tcase_add_test(tc, test_hop);
	tcase_add_test(tc, test_queue_limit);
	tcase_add_test(tc, test_queue_in_the_gap);
	tcase_add_test(tc, test_full_queue);
	tcase_add_test(tc, test_list_before_queue);
	tcase_add_test(tc, test_everything);
	tcase_add_test_raise_signal(tc, test_death_of_a_hop_without_queue,
	    SIGABRT);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
