/*
 * Numbers of clients' connections, and how connections go.
 */
#include <check.h>
#include <signal.h>

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
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
