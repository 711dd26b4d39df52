/*
 * Guests: sockets of clients' connections, found and freed.
 */
#include <check.h>

#include "models/inet/client.h"
#include "models/inet/tcp.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;

static struct host *
host(void)
{
	return &crank.world.host;
}

static void
begin(void)
{
	struct world_config config = machine_config();

	config.net = (struct net_config){.n_clients = 1,
	    .star = {100000000, 0, NET_SPLITDUPLEX}};
	crank_init(&crank, &config, 1);
	/* sockets go at slow ticks, of which there has been one */
	host()->clock.n_slow_ticks = 1;
}

static struct socket *
guest(uint32_t number)
{
	const struct so_options options = {.sndbuf = 16384, .sndlowat = 2048,
	    .rcvbuf = 16384};
	struct socket *so = so_new(host(), &options, number);

	so->has_descriptor = false;
	return so;
}

/* many, by their numbers, whichever of them have gone */
START_TEST(found)
{
	struct guests *guests = &host()->guests;

	begin();
	ck_assert_ptr_null(host_find_socket(host(), CLIENT_NUMBERS));
	for (uint32_t i = 0; i < 1000; i++)
		guest(CLIENT_NUMBERS + 3 * i);
	for (uint32_t i = 0; i < 3000; i++) {
		struct socket *so = host_find_socket(host(),
		    CLIENT_NUMBERS + i);

		ck_assert(i % 3 == 0 ? so->so_id == CLIENT_NUMBERS + i :
		    so == NULL);
	}
	ck_assert_uint_eq(guests->n, 1000);
	crank_abandon(&crank);
}
END_TEST

/* A client's connection number, that the board may ask its owner for. */
static void
give_number(void)
{
	struct proc *p = world_add_client(&crank.world, "c",
	    (struct proc_program){NULL, NULL});
	const struct sys_call call = {.nr = SYS_CONNECT, .port = 80};

	ck_assert(client_enter(p->client, &call));
}

/* => is it gone, one slow tick later? */
static bool
is_reaped(struct socket *so)
{
	int64_t n = host()->guests.sum.n;

	(void)so;
	guests_reap(host());
	return host()->guests.sum.n > n;
}

/* one reason to wait at a time, and what has been counted is kept */
START_TEST(freed)
{
	struct socket *so;

	begin();
	give_number();
	so = guest(CLIENT_NUMBERS + 1);
	so->stats.bytes_acked = so->stats.bytes_written = 77;
	so->tcpcb.stats.n_segments = 3;
	guests_let_go(so);
	ck_assert(!is_reaped(so));	/* the protocol has it */
	so->is_closing = true;
	so_detach(so);
	ck_assert(!is_reaped(so));	/* close(2) is at it */
	so->is_closing = false;
	host()->if_snd.n_in = 1;
	guests_let_go(so);
	guests_let_go(so);
	ck_assert(!is_reaped(so));	/* a packet had been queued */
	host()->drv.n_tx_gone = 1;
	host()->softnet.is_running = true;
	ck_assert(!is_reaped(so));	/* a soft interrupt had begun */
	host()->softnet.n_jobs++;
	so->tcpcb.t_in_due_list = true;
	ck_assert(!is_reaped(so));	/* a timer is to be served */
	so->tcpcb.t_in_due_list = false;
	ck_assert(is_reaped(so));
	host()->softnet.is_running = false;
	ck_assert_ptr_null(host_find_socket(host(), CLIENT_NUMBERS + 1));
	ck_assert_ptr_null(host()->sockets);
	ck_assert_int_eq(host()->guests.sum.n, 1);
	ck_assert_int_eq(host()->guests.sum.so.bytes_acked, 77);
	ck_assert_int_eq(host()->guests.sum.tcp.n_segments, 3);
	ck_assert_int_eq(host()->guests.sum.least_acked, 77);
	ck_assert_int_eq(host()->guests.sum.most_acked, 77);
	crank_abandon(&crank);
}
END_TEST

/* a loan of it is somewhere yet */
START_TEST(lent)
{
	struct socket *so;
	struct mbuf *m;

	begin();
	give_number();
	so = guest(CLIENT_NUMBERS + 1);
	m = m_get(&host()->mbufs);
	m_loanget(&host()->mbufs, m)->so = so;
	so_detach(so);
	ck_assert(!is_reaped(so));
	m_loan_put(&host()->mbufs, m);
	host()->clock.n_slow_ticks++;
	ck_assert(is_reaped(so));
	crank_abandon(&crank);
}
END_TEST

/* those of the host's own numbers stay */
START_TEST(own)
{
	struct socket *so;

	begin();
	so = crank_socket(host(), 16384);
	so->has_descriptor = false;
	so_detach(so);
	ck_assert(!is_reaped(so));
	ck_assert_ptr_eq(host_find_socket(host(), 1), so);
	crank_abandon(&crank);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("guests");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, found);
	tcase_add_test(tc, freed);
	tcase_add_test(tc, lent);
	tcase_add_test(tc, own);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
