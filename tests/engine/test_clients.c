/*
 * Clients and a server, by SimGrid: around a star, and on platforms of files.
 * Check forks for each test: SimGrid starts once in a process.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "sim/engine/engine.h"
#include "sim/engine/platform.h"
#include "tests/support/sim/server.h"

static struct world world;

/* the same as by the second engine: tests/driver */
START_TEST(as_by_the_driver)
{
	server_compare(&world);
	world_fini(&world);
}
END_TEST

/* => whether it was taken */
static bool
load(const char *file, const char *board, const char *at,
    struct net_config *net, char reason[256])
{
	char path[512];
	const struct eng_platform platform = {path, board};
	struct process_config processes[4] = {{.is_client = false},
	    {.is_client = true, .at = at}, {.is_client = true},
	    {.is_client = true}};

	snprintf(path, sizeof path, "%s/tests/platforms/%s", TEST_SOURCE_DIR,
	    file);
	return eng_load_platform(&platform, processes, 4, net, reason, 256);
}

static void
assert_hop(const struct net_config *net, const struct net_hop *hop,
    int64_t bits_per_s, sim_time delay, enum net_policy policy)
{
	const struct net_link_config *link = &net->links[hop->link];

	ck_assert_int_eq(link->bits_per_s, bits_per_s);
	ck_assert_int_eq(link->delay, delay);
	ck_assert_int_eq(link->policy, policy);
}

/* links as the file says; clients: one at its host, the others in turn */
START_TEST(routes)
{
	struct net_config net = {0};
	char reason[256];

	ck_assert_msg(load("small.xml", "server", "near", &net, reason), "%s",
	    reason);
	ck_assert_uint_eq(net.n_clients, 3);
	ck_assert_uint_eq(net.routes[0].n_out, 2);
	assert_hop(&net, &net.routes[0].out[0], 100000000, 50 * PS_PER_US,
	    NET_SHARED);
	assert_hop(&net, &net.routes[0].out[1], 10000000, PS_PER_MS,
	    NET_SHARED);
	assert_hop(&net, &net.routes[0].back[0], 10000000, PS_PER_MS,
	    NET_SHARED);
	ck_assert_uint_ne(net.routes[0].out[1].link,
	    net.routes[0].back[0].link);
	ck_assert_uint_eq(net.routes[0].out[0].link,
	    net.routes[0].back[1].link);
	ck_assert_uint_eq(net.routes[1].n_out, 2);
	assert_hop(&net, &net.routes[1].out[1], 1000000000, 40 * PS_PER_MS,
	    NET_FATPIPE);
	/* "far" and "near" by turns */
	ck_assert_ptr_eq(net.routes[2].out, net.routes[0].out);
	ck_assert_str_eq(eng_platform_host(false, 0), "server");
	ck_assert_str_eq(eng_platform_host(true, 1), "far");
}
END_TEST

START_TEST(runs_on_a_platform)
{
	struct world_config config = server_world(3);
	struct process_config server = server_config(SERVER_KEEPS, 65536);
	struct process_config client = client_config(65536, INT64_MAX);
	char reason[256];

	ck_assert(load("small.xml", "server", NULL, &config.net, reason));
	server_run(&world, &config, &server, 3, &client);
	ck_assert_int_eq(world.clients.stats.n_failed, 0);
	ck_assert_int_gt(world.clients.stats.n_requests, 50);
	ck_assert_int_gt(world.clients.stats.response_max_ps,
	    80 * PS_PER_MS);
	world_fini(&world);
}
END_TEST

/* 20,000 clients, of which a few come to ask before the run is over */
START_TEST(very_many)
{
	struct world_config config = server_world(20000);
	struct process_config server = server_config(SERVER_CLOSES, 8192);
	struct process_config client = client_config(8192, 1);

	config.duration = PS_PER_S;
	client.start_spread = 100 * PS_PER_S;
	server_run(&world, &config, &server, 10, &client);
	ck_assert_int_gt(world.clients.stats.n_requests, 100);
	ck_assert_int_eq(world.clients.stats.n_failed, 0);
	world_fini(&world);
}
END_TEST

/* who has no stack needs no room */
START_TEST(permits)
{
	static struct process_config configs[20000];
	char reason[256];

	for (size_t i = 0; i < 20000; i++)
		configs[i] = client_config(8192, 1);
	ck_assert(eng_permits(configs, 20000, reason, sizeof reason));
	/* 2 maps for each: 65,530 are usual */
	for (size_t i = 0; i < 20000; i++)
		configs[i] = server_config(SERVER_CLOSES, 8192);
	ck_assert_msg(eng_permits(configs, 20000, reason, sizeof reason),
	    "%s", reason);
}
END_TEST

/* SimGrid 3.32 loses what it has of a route when there is none. */
static void
forgive_leaks(void)
{
#ifdef __SANITIZE_ADDRESS__
	__lsan_disable();
#endif
}

/* what is wrong is told, and by name */
START_TEST(refused)
{
	static const struct {
		const char *file, *board, *at, *what;
	} cases[] = {
	    {"small.xml", "board", NULL,
	    "no host \"board\"; there are: far, near, server"},
	    {"small.xml", "server", "nobody",
	    "no host \"nobody\"; there are: far, near, server"},
	    {"malformed.xml", "server", NULL, "SimGrid does not take it"},
	    {"no-route.xml", "server", NULL, "no route from server to near"},
	    {"missing.xml", "server", NULL, "SimGrid does not take it"}};
	struct net_config net = {0};
	char reason[256] = "";

	if (strcmp(cases[_i].file, "no-route.xml") == 0)
		forgive_leaks();
	ck_assert(!load(cases[_i].file, cases[_i].board, cases[_i].at, &net,
	    reason));
	ck_assert_msg(strstr(reason, cases[_i].what) != NULL, "%s", reason);
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
	tcase_add_test(tc, as_by_the_driver);
	tcase_add_test(tc, routes);
	tcase_add_test(tc, runs_on_a_platform);
	tcase_add_test(tc, very_many);
	tcase_add_test(tc, permits);
	tcase_add_loop_test(tc, refused, 0, 5);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
