/*
 * Clients and a server, by the second engine.
 */
#include <check.h>
#include <stdint.h>

#include "tests/support/sim/server.h"

static struct world world;

/* each request has its response, and takes what the wires need */
START_TEST(one_client)
{
	struct world_config config = server_world(1);
	struct process_config server = server_config(SERVER_KEEPS, 65536);
	struct process_config client = client_config(65536, INT64_MAX);
	const struct client_stats *stats = &world.clients.stats;

	server_run(&world, &config, &server, 1, &client);
	ck_assert_int_gt(stats->n_requests, 500);
	ck_assert_int_eq(stats->n_failed, 0);
	ck_assert_int_eq(stats->n_connected, 1);
	ck_assert_int_eq(world.host.n_accepted, 1);
	world_fini(&world);
}
END_TEST

/* a connection for each request; who closes first may be either */
START_TEST(many_connections)
{
	static const char *const names[] = {SERVER_KEEPS, SERVER_CLOSES,
	    SERVER_MUTE};
	struct world_config config = server_world(20);
	struct process_config server = server_config(names[_i], 8192);
	struct process_config client = client_config(20000, 1);
	const struct client_stats *stats = &world.clients.stats;

	server.tcp_nodelay = true;
	server_run(&world, &config, &server, 5, &client);
	ck_assert_int_gt(stats->n_requests, 1000);
	ck_assert_int_eq(stats->n_failed, 0);
	ck_assert_int_ge(stats->n_connected, stats->n_requests);
	world_fini(&world);
}
END_TEST

/*
 * The end of a response, 1020 bytes, waits for the acknowledgement of what is
 * before it (Nagle), and that for the client's tick of delayed ACKs, where the
 * server does not close.  The next client's ticks lie elsewhere in their period
 * of 200 ms, so that a response waits for half of it on average: 5 in half a
 * second for each of 5 servers, 250 in 5 s, less what else it takes, of the
 * order of 1 ms of 100.  The sum of 50 waits of which each may be off by 58 ms
 * is known to 8 %.
 */
START_TEST(nagle_and_delayed_acks)
{
	struct world_config config = server_world(20);
	struct process_config server = server_config(SERVER_KEEPS, 8192);
	struct process_config client = client_config(20000, 1);

	server_run(&world, &config, &server, 5, &client);
	ck_assert_int_le(world.clients.stats.n_requests, 5 * 54);
	ck_assert_int_ge(world.clients.stats.n_requests, 5 * 45);
	world_fini(&world);
}
END_TEST

/*
 * More connections than a number of 16 bits can tell apart.  The clients close
 * first, so that the board's sockets go at the next slow tick: it never has
 * many more than the connections of half a second, about 13,000.
 */
START_TEST(many_numbers)
{
	struct world_config config = server_world(200);
	struct process_config server = server_config(SERVER_KEEPS, 1000);
	struct process_config client = client_config(100, 1);
	const struct client_stats *stats = &world.clients.stats;

	config.duration = 4 * PS_PER_S;
	client.request_size = 40;
	server_run(&world, &config, &server, 40, &client);
	ck_assert_int_gt(stats->n_connected, UINT16_MAX + 1);
	ck_assert_int_gt(world.host.guests.sum.n, UINT16_MAX);
	ck_assert_int_le(world.host.guests.size, 32768);
	ck_assert_int_eq(stats->n_failed, 0);
	world_fini(&world);
}
END_TEST

/* what is lost is sent again, both ways, at any time of a connection's life */
START_TEST(losses)
{
	struct world_config config = server_world(20);
	struct process_config server = server_config(_i % 2 == 0 ?
	    SERVER_KEEPS : SERVER_MUTE, 8192);
	struct process_config client = client_config(5000, 2);

	if (_i % 2 == 1)
		client.requests = 1;
	config.duration = 100 * PS_PER_S;
	config.to_peer_path = config.to_board_path = (struct path_config){
	    .loss = {RANDOM_CERTAIN / 10, PATH_BURST_NONE},
	    .seed = (uint64_t)_i};
	config.to_board_path.reorder = RANDOM_CERTAIN / 20;
	config.to_board_path.reorder_delay = PS_PER_MS;
	config.drain = 3000 * PS_PER_S;
	server_run(&world, &config, &server, 20, &client);
	ck_assert_int_gt(world.clients.stats.n_requests, 100);
	world_fini(&world);
}
END_TEST

/*
 * Half of all responses are abandoned, early or late, over lines that lose,
 * delay and overtake, to readers at once and slow ones: resets meet the server
 * in any state.  Nothing but an abandoned response fails, and books balance.
 */
START_TEST(abandoned)
{
	static const int64_t after[] = {1, 4000, 30000, 60000};
	struct world_config config = server_world(20);
	struct process_config server = server_config(_i % 2 == 0 ?
	    SERVER_KEEPS : SERVER_CLOSES, 8192);
	struct process_config client = client_config(65536, 2);
	const struct client_stats *stats = &world.clients.stats;

	client.abandon = RANDOM_CERTAIN / 2;
	client.abandon_after = after[_i / 2 % 4];
	if (_i >= 8) {
		config.peer.read_rate = 1000000;
		config.to_peer_path = config.to_board_path =
		    (struct path_config){.loss = {RANDOM_CERTAIN / 50,
		    PATH_BURST_NONE}, .seed = (uint64_t)_i,
		    .reorder = RANDOM_CERTAIN / 20,
		    .reorder_delay = PS_PER_MS};
		config.drain = 3000 * PS_PER_S;
		config.duration = 60 * PS_PER_S;
	}
	server_run(&world, &config, &server, 20, &client);
	ck_assert_int_gt(stats->n_abandoned, 50);
	ck_assert_int_gt(stats->n_requests, 50);
	ck_assert_int_le(world.host.n_epipe,
	    stats->n_abandoned + stats->n_failed);
	world_fini(&world);
}
END_TEST

/* what SimGrid makes of the same: tests/engine */
START_TEST(as_by_simgrid)
{
	server_compare(&world);
	world_fini(&world);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("clients");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, one_client);
	tcase_add_loop_test(tc, many_connections, 0, 3);
	tcase_add_test(tc, nagle_and_delayed_acks);
	tcase_add_test(tc, many_numbers);
	tcase_add_loop_test(tc, losses, 0, 8);
	tcase_add_loop_test(tc, abandoned, 0, 16);
	tcase_add_test(tc, as_by_simgrid);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
