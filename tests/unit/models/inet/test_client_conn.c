/*
 * Numbers of clients' connections, and how connections go.
 */
#include <check.h>
#include <signal.h>

#include "models/inet/client_conn.h"
#include "models/inet/tcp.h"
#include "tests/support/client_rig.h"

#define BOARD	(CLIENT_RIG_ISS + 1)
#define OWN	(CLIENT_ISS + 1)

static void
nothing(void *arg)
{
	(void)arg;
}

/* refused at once. => its number */
static uint32_t
try_once(struct client *client)
{
	const struct sys_call call = {.nr = SYS_CONNECT, .port = 80};
	uint32_t conn;

	ck_assert(client_enter(client, &call));
	conn = client_rig.sent[client_rig.n_sent - 1].frame.conn;
	client_rig.n_sent = 0;
	client_rig_board(conn, TH_RST | TH_ACK, 0, OWN, 0);
	ck_assert_int_eq(client->proc.result, SYS_ECONNREFUSED);
	return conn;
}

/* by sixteens, each once; each tells its client */
START_TEST(numbers)
{
	struct client *other = clients_add(&client_rig.all, "other",
	    (struct proc_program){nothing, NULL});

	for (uint32_t i = 0; i < 40; i++) {
		uint32_t a = try_once(client_rig.client);
		uint32_t b = try_once(other);

		ck_assert_uint_eq(a, CLIENT_NUMBERS + i / 16 * 32 + i % 16);
		ck_assert_uint_eq(b, a + 16);
		ck_assert_uint_eq(clients_owner(&client_rig.all, a), 0);
		ck_assert_uint_eq(clients_owner(&client_rig.all, b), 1);
		ck_assert_ptr_null(clients_find(&client_rig.all, a));
	}
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

static void
count(const struct client_conn *cc, void *arg)
{
	(void)cc;
	++*(int *)arg;
}

/* two of one client: whichever goes, the other stays */
START_TEST(two_at_once)
{
	const struct clients *all = &client_rig.all;
	const uint32_t gone = (uint32_t)(CLIENT_NUMBERS + _i);
	const uint32_t stays = (uint32_t)(CLIENT_NUMBERS + 1 - _i);
	int n = 0, fds[2] = {client_rig_open(), client_rig_open()};

	clients_each(all, count, &n);
	ck_assert_int_eq(n, 2);
	client_rig_board(gone, TH_RST, BOARD, 0, 0);
	client_rig_call(SYS_CLOSE, fds[_i], 0);
	ck_assert_ptr_null(clients_find(all, gone));
	ck_assert_ptr_nonnull(clients_find(all, stays));
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fds[1 - _i], 9), 9);
}
END_TEST

/* 16 have had their numbers, and a room that nobody needs any more is gone */
START_TEST(none_of_sixteen)
{
	int n = 0;

	for (int i = 0; i < 17; i++)
		try_once(client_rig.client);
	clients_each(&client_rig.all, count, &n);
	ck_assert_int_eq(n, 0);
}
END_TEST

/* as if all had been given to others */
START_TEST(no_number_left)
{
	client_rig.all.n_chunks =
	    (CLIENT_LAST_NUMBER + 1 - CLIENT_NUMBERS) / 16;
	ck_assert_int_eq(client_rig_call(SYS_CONNECT, 0, 0),
	    SYS_EADDRNOTAVAIL);
	client_rig.all.n_chunks = 0;
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/* each waits 60 s of its own for what is late */
START_TEST(late_one_by_one)
{
	int fds[2] = {client_rig_open(), client_rig_open()};

	for (int i = 0; i < 2; i++) {
		client_rig_run_to(10 * i * PS_PER_S);
		client_rig_call(SYS_CLOSE, fds[i], 0);
		client_rig_board((uint32_t)(CLIENT_NUMBERS + i),
		    TH_FIN | TH_ACK, BOARD, OWN + 1, 0);
	}
	for (int i = 0; i < 2; i++) {
		client_rig_run_to((60 + 10 * i) * PS_PER_S - 1);
		ck_assert_int_eq(client_rig.all.n_conns, 2 - i);
		client_rig_run_to((60 + 10 * i) * PS_PER_S);
		ck_assert_int_eq(client_rig.all.n_conns, 1 - i);
	}
}
END_TEST

/* it is over once, and its program still has a descriptor */
START_TEST(over_twice)
{
	struct client_conn *cc;

	client_rig_open();
	cc = clients_find(&client_rig.all, CLIENT_NUMBERS);
	for (int i = 0; i < 2; i++)
		client_conn_over(cc);
	ck_assert_int_eq(cc->state, CLIENT_OVER);
	ck_assert_uint_eq(client_rig.all.n_conns, 1);
}
END_TEST

/* data of a board that knows of no socket: both are told, the first by name */
START_TEST(unbalanced)
{
	int fds[2] = {client_rig_open(), client_rig_open()};

	for (int i = 0; i < 2; i++) {
		client_rig_board((uint32_t)(CLIENT_NUMBERS + i), TH_ACK,
		    BOARD, OWN, 1000);
		client_rig_board((uint32_t)(CLIENT_NUMBERS + i), TH_RST,
		    BOARD + 1000, 0, 0);
		client_rig_call(SYS_CLOSE, fds[i], 0);
	}
	ck_assert_int_eq(client_rig.all.stats.n_unbalanced, 2);
	ck_assert_uint_eq(client_rig.all.stats.first_unbalanced,
	    CLIENT_NUMBERS);
}
END_TEST

START_TEST(not_given)
{
	clients_owner(&client_rig.all, CLIENT_NUMBERS);
}
END_TEST

/* the books of both ends, one entry wrong at a time */
START_TEST(books)
{
	struct so_stats board = {.bytes_acked = 1000, .bytes_received = 300};
	struct client_conn *cc;
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_board(CLIENT_NUMBERS, TH_ACK, BOARD, OWN + 300, 1000);
	cc = clients_find(&client_rig.all, CLIENT_NUMBERS);
	ck_assert(client_conn_is_balanced(cc, &board));
	ck_assert(!client_conn_is_balanced(cc, NULL));
	board.bytes_acked = 999;
	ck_assert(!client_conn_is_balanced(cc, &board));
	board.bytes_dropped = 1;
	ck_assert(client_conn_is_balanced(cc, &board));
	board.bytes_acked = 1001;
	ck_assert(!client_conn_is_balanced(cc, &board));
	board.bytes_acked = 1000;
	board.bytes_received = 299;
	ck_assert(!client_conn_is_balanced(cc, &board));
	board.bytes_received = 301;
	ck_assert(!client_conn_is_balanced(cc, &board));
	board.bytes_received = 300;
	/* once the FIN is acknowledged, so is all that the board has */
	client_rig_call(SYS_REQUEST, fd, 300);
	board.bytes_received = 400;
	ck_assert(client_conn_is_balanced(cc, &board));
	cc->fin_is_acked = true;
	ck_assert(!client_conn_is_balanced(cc, &board));
	board.bytes_received = 300;
	ck_assert(client_conn_is_balanced(cc, &board));
	cc->c.bytes_wrong = 1;
	ck_assert(!client_conn_is_balanced(cc, &board));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("client_conn");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, client_rig_init, client_rig_fini);
	tcase_add_test(tc, numbers);
	tcase_add_test_raise_signal(tc, not_given, SIGABRT);
	tcase_add_test(tc, books);
	tcase_add_loop_test(tc, two_at_once, 0, 2);
	tcase_add_test(tc, none_of_sixteen);
	tcase_add_test(tc, no_number_left);
	tcase_add_test(tc, late_one_by_one);
	tcase_add_test(tc, over_twice);
	tcase_add_test(tc, unbalanced);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
