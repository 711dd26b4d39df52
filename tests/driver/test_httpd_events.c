/*
 * One process of httpd for many connections, on a whole board, by the second
 * engine: slow clients, losses, callers for whom there is no descriptor.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/poll.h"
#include "sim/process/process.h"
#include "tests/support/sim/server.h"

enum { BYTES = 30000, HEADER = 290 };

static struct world world;
static struct file_config file = {1, BYTES, true};
static const struct process_config server = {.name = "httpd",
    .program = PROGRAM_HTTPD, .method = METHOD_MMAP, .events = EVENTS_POLL,
    .port = SERVER_PORT, .backlog = 1000, .response_header = -1,
    .read_size = 4096, .so_sndbuf = 16384, .so_sndlowat = 8192};

static struct world_config
world_of(uint32_t n_clients)
{
	struct world_config config = server_world(n_clients);

	config.files = &file;
	config.n_files = 1;
	config.host.open_max = config.host.maxfiles = 1000;
	return config;
}

static int64_t
body_and_header(int64_t n_requests)
{
	return n_requests * (BYTES + HEADER);
}

/*
 * 200 clients at 1 Mbit/s, 0.24 s for a response, ask twice and call again; all
 * at once they are in one process.
 */
START_TEST(slow_clients)
{
	struct world_config config = world_of(200);
	struct process_config client = client_config(BYTES, 2);
	const struct client_stats *stats = &world.clients.stats;

	config.net.star.bits_per_s = 1000000;
	client.start_spread = 100 * PS_PER_MS;
	server_run(&world, &config, &server, 1, &client);
	ck_assert_int_eq(stats->n_failed, 0);
	ck_assert_int_gt(stats->n_connected, 400);
	ck_assert_int_ge(stats->n_requests, 2 * (stats->n_connected - 200));
	ck_assert_int_ge(world.host.bytes_acked,
	    body_and_header(stats->n_requests));
	ck_assert_int_eq(world.host.n_emfile, 0);
	/* the file was opened and mapped once */
	ck_assert_int_eq(world.host.ledger.n_ops[OP_OPEN], 1);
	ck_assert_int_eq(world.host.ledger.n_ops[OP_MMAP], 1);
	world_fini(&world);
}
END_TEST

/*
 * Eight descriptors: the listening one and seven connections, less the one that
 * the file needs for a moment.  The others wait in the backlog; nobody fails.
 */
START_TEST(few_descriptors)
{
	struct world_config config = world_of(20);
	struct process_config client = client_config(BYTES, 1);

	config.host.open_max = 8;
	/* the first one comes alone, and has the file mapped */
	client.start_spread = 2 * PS_PER_S;
	client.seed = 3;
	config.net.star.bits_per_s = 1000000;
	server_run(&world, &config, &server, 1, &client);
	ck_assert_int_eq(world.clients.stats.n_failed, 0);
	ck_assert_int_gt(world.clients.stats.n_requests, 100);
	ck_assert_int_gt(world.host.n_emfile, 0);
	world_fini(&world);
}
END_TEST

/* Segments get lost, both ways; several processes share the callers. */
START_TEST(losses)
{
	struct world_config config = world_of(20);
	struct process_config client = client_config(BYTES, 3);

	client.piece = 7000;
	config.duration = 50 * PS_PER_S;
	config.drain = 3000 * PS_PER_S;
	config.to_peer_path = config.to_board_path = (struct path_config){
	    .loss = {RANDOM_CERTAIN / 20, PATH_BURST_NONE},
	    .seed = (uint64_t)_i};
	config.host.sosend.pendfree = _i % 2 == 0 ? SO_PENDFREE_LAZY :
	    SO_PENDFREE_THREAD;
	server_run(&world, &config, &server, 1 + (size_t)_i, &client);
	ck_assert_int_gt(world.clients.stats.n_requests, 100);
	world_fini(&world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("httpd_events");
	TCase *tc = tcase_create("httpd_events");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, slow_clients);
	tcase_add_test(tc, few_descriptors);
	tcase_add_loop_test(tc, losses, 0, 4);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
