/*
 * Clients put into a world: frames go by the number of their connection, and on
 * their lines as they leave the board, unless something may happen to them at
 * the end of its wire.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "models/world_clients.h"
#include "tests/support/machine.h"

#define LINE_DELAY	(1 * PS_PER_MS)

static struct world world;
static struct proc *visitor;
static bool is_awake;

static void
wake(void *arg)
{
	(void)arg;
	is_awake = true;
}

/* => delay: of the way to the clients, behind the wire; 0: it is clean */
static void
begin(sim_time delay, enum net_policy policy)
{
	struct world_config config = machine_config();

	config.net = (struct net_config){.n_clients = 1,
	    .star = {100000000, LINE_DELAY, policy}};
	config.to_peer_path.delay = delay;
	world_init(&world, &config);
	visitor = world_add_client(&world, "visitor",
	    (struct proc_program){wake, NULL});
	is_awake = false;
}

static void
end(void)
{
	ck_assert_int_eq(net_under_way(&world.net), 0);
	world_fini(&world);
}

/* Nobody listens: the board answers with a reset. => when that comes */
static sim_time
refused(void)
{
	const struct sys_call call = {.nr = SYS_CONNECT, .port = 80};

	ck_assert(sys_enter(visitor, &call));
	ck_assert_int_eq(world_advance(&world, PS_PER_S), WORLD_WAKE);
	ck_assert(is_awake);
	ck_assert_int_eq(visitor->result, SYS_ECONNREFUSED);
	ck_assert_int_eq(world.net.stats.n_in, 2);
	ck_assert_int_eq(world.net.stats.n_out, 2);
	return world.cal.now;
}

/* The wire holds nothing for the client; a path gets all frames at its end. */
START_TEST(early_or_not)
{
	const sim_time delay = 5 * PS_PER_MS;
	sim_time at;

	begin(0, NET_SPLITDUPLEX);
	ck_assert(world.to_peer.take_early != NULL);
	at = refused();
	ck_assert_int_eq(world.to_peer.link.n_frames, 1);
	ck_assert_uint_eq(world.to_peer.head, 0);
	end();
	begin(delay, NET_SPLITDUPLEX);
	ck_assert(world.to_peer.take_early == NULL);
	ck_assert_int_eq(refused(), at + delay);
	ck_assert_uint_eq(world.to_peer.head, 1);
	ck_assert_int_eq(world.to_peer_path.stats.n_out, 1);
	end();
	/* a line for both directions: who comes first is seen there */
	begin(0, NET_SHARED);
	ck_assert_int_eq(refused(), at);
	ck_assert_uint_eq(world.to_peer.head, 1);
	end();
}
END_TEST

/* The board's own calls go past the clients. */
START_TEST(past_clients)
{
	struct frame syn = {.conn = 1, .ip_bytes = 44,
	    .th = {.seq = 100, .flags = TH_SYN}};

	begin(0, NET_SPLITDUPLEX);
	wire_send(&world.to_peer, 0, &syn);
	ck_assert_uint_eq(world.to_peer.n, 1);
	ck_assert_ptr_null(peer_find(&world.peer, 1));
	/* 72 bytes at 80 ns; what the board says to the answer comes later */
	cal_run(&world.cal, 72 * 80 * PS_PER_NS);
	ck_assert_int_eq(peer_find(&world.peer, 1)->state, PEER_ESTABLISHED);
	ck_assert_int_eq(world.net.stats.n_in, 0);
	end();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("world_clients");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, early_or_not);
	tcase_add_test(tc, past_clients);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
