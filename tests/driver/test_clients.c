/*
 * Clients and a server, by the second engine.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/engine/engine.h"
#include "tests/support/machine.h"
#include "tests/support/sim/server.h"

static struct world world;

static void
assert_audit(void)
{
	struct audit audit = {0};

	world_audit(&world, &audit);
	for (uint32_t i = 0; i < audit.n && i < AUDIT_MAX_LINES; i++)
		ck_abort_msg("%s: expected %lld, found %lld",
		    audit.lines[i].what, (long long)audit.lines[i].expected,
		    (long long)audit.lines[i].actual);
}

/* n_servers processes of one server, and all clients of a world */
static void
run(const struct world_config *config, const struct process_config *server,
    size_t n_servers, const struct process_config *client)
{
	size_t n = n_servers + config->net.n_clients;
	struct process_config *processes = calloc(n, sizeof *processes);

	for (size_t i = 0; i < n; i++) {
		processes[i] = i < n_servers ? *server : *client;
		processes[i].stream = i;
	}
	world_init(&world, config);
	eng_run(&world, processes, n);
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	assert_audit();
	machine_assert_empty(&world.host);
	free(processes);
}

/* each request has its response, and takes what the wires need */
START_TEST(one_client)
{
	struct world_config config = server_world(1);
	struct process_config server = server_config(SERVER_KEEPS, 65536);
	struct process_config client = client_config(65536, INT64_MAX);
	const struct client_stats *stats = &world.clients.stats;

	run(&config, &server, 1, &client);
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
	run(&config, &server, 5, &client);
	ck_assert_int_gt(stats->n_requests, 1000);
	ck_assert_int_eq(stats->n_failed, 0);
	ck_assert_int_ge(stats->n_connected, stats->n_requests);
	world_fini(&world);
}
END_TEST

/*
 * The end of a response, 1020 bytes, waits for the acknowledgement of what is
 * before it (Nagle), and that for the tick of delayed ACKs: one response for a
 * server and tick of 200 ms, 25 in 5 s, where the server does not close.
 */
START_TEST(nagle_and_delayed_acks)
{
	struct world_config config = server_world(20);
	struct process_config server = server_config(SERVER_KEEPS, 8192);
	struct process_config client = client_config(20000, 1);

	run(&config, &server, 5, &client);
	ck_assert_int_le(world.clients.stats.n_requests, 5 * 25);
	ck_assert_int_ge(world.clients.stats.n_requests, 5 * 24);
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
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
