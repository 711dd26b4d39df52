/*
 * A world with a path: losses are repaired, a hop sets the pace, and a
 * direction in which nothing happens has no path at all.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/transfer.h"

static struct crank crank;

static const struct path_drop listed[] = {
    {PATH_DROP_DATA, 20, 20, 0}, {PATH_DROP_DATA, 20, 20, 1},
    {PATH_DROP_SYN, 1, 1, 0}, {PATH_DROP_FIN, 1, 1, 0},
    {PATH_DROP_ACK, 7, 7, 0}};

START_TEST(no_path_where_nothing_happens)
{
	struct world_config config = machine_config();
	const struct world *world = &crank.world;

	config.to_board_path.delay = _i;
	crank_init(&crank, &config, 0);
	ck_assert(world->to_peer.deliver == peer_receive);
	ck_assert_ptr_eq(world->to_peer.arg, &world->peer);
	ck_assert(world->to_board.deliver ==
	    (_i == 0 ? nic_receive : path_receive));
	ck_assert_ptr_eq(world->to_board.arg, _i == 0 ?
	    (const void *)&world->host.nic :
	    (const void *)&world->to_board_path);
	crank_fini(&crank);
}
END_TEST

/* 100 segments through whatever the config says, and an audit at the end. */
static void
transfer(const struct world_config *config)
{
	enum { BYTES = 146000 };
	uint64_t addr;
	int fd;

	crank_init(&crank, config, 1);
	fd = crank_connect(&crank, 0, 16384);
	addr = crank_buffer(&crank, 0, BYTES);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, BYTES), BYTES);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT});
	ck_assert_int_eq(crank_until(&crank, SIM_TIME_NEVER), WORLD_OVER);
	ck_assert_int_eq(crank.world.peer.conns[1]->bytes_received, BYTES);
}

/* Segment 20 twice, the first SYN and the first FIN: all have to come again. */
START_TEST(listed_losses_are_repaired)
{
	struct world_config config = machine_config();
	struct path_config *path = &config.to_peer_path;

	config.duration = config.drain = 60 * PS_PER_S;
	for (path->drops.n = 0; path->drops.n < 4; path->drops.n++)
		path->drops.list[path->drops.n] = listed[path->drops.n];
	transfer(&config);
	ck_assert_int_eq(crank.world.to_peer_path.stats.n_listed, 4);
	ck_assert_uint_eq(path_unmatched_drops(&crank.world.to_peer_path), 0);
	ck_assert_int_ge(crank.world.host.sockets->tcpcb.stats.n_retransmits,
	    2);
	crank_fini(&crank);
}
END_TEST

/* The seventh ACK of the peer goes; the eighth says as much. */
START_TEST(a_lost_ack_does_no_harm)
{
	struct world_config config = machine_config();

	config.to_board_path.drops =
	    (struct path_drops_config){{listed[4]}, 1};
	transfer(&config);
	ck_assert_int_eq(crank.world.to_board_path.stats.n_listed, 1);
	ck_assert_int_eq(crank.world.host.sockets->tcpcb.stats.n_retransmits,
	    0);
	crank_fini(&crank);
}
END_TEST

/* Both directions lose, reorder and copy: it takes time, and all arrives. */
START_TEST(a_bad_way)
{
	struct world_config config = machine_config();
	struct path_config path = {
	    .loss = {RANDOM_CERTAIN / 50, PATH_BURST_NONE},
	    .reorder = RANDOM_CERTAIN / 20, .reorder_delay = PS_PER_MS,
	    .duplicate = RANDOM_CERTAIN / 20, .seed = (uint64_t)_i};

	config.duration = config.drain = 1000 * PS_PER_S;
	config.to_peer_path = config.to_board_path = path;
	transfer(&config);
	ck_assert_int_gt(crank.world.to_peer_path.stats.n_lost +
	    crank.world.to_board_path.stats.n_lost, 0);
	crank_fini(&crank);
}
END_TEST

/*
 * A hop of 10 Mbit/s behind a wire of 100: 1460 bytes in 1538 byte times of 800
 * ns: 1,250,000 x 1460 / 1538.  A window of 16 KB fits the queue of 100.
 */
START_TEST(a_hop_sets_the_pace)
{
	struct world_config config = transfer_free_config();

	config.to_peer_path.bits_per_s = 10000000;
	config.to_peer_path.queue_limit = 100;
	config.warmup = PS_PER_S;
	crank_init(&crank, &config, 1);
	transfer_until_end(&crank, 16384, 65536);
	crank_fini(&crank);
	transfer_assert_rate(&crank.world, 1250000 * INT64_C(1460) / 1538);
	ck_assert_int_eq(crank.world.to_peer_path.stats.n_queue_drops, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("world: the path");
	TCase *tc = tcase_create("path");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, no_path_where_nothing_happens, 0, 2);
	tcase_add_test(tc, listed_losses_are_repaired);
	tcase_add_test(tc, a_lost_ack_does_no_harm);
	tcase_add_loop_test(tc, a_bad_way, 0, 5);
	tcase_add_test(tc, a_hop_sets_the_pace);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
