/*
 * The calls of clients, and what they wait for.
 */
#include <check.h>

#include "models/inet/tcp.h"
#include "tests/support/client_rig.h"

#define CONN	CLIENT_NUMBERS
#define BOARD	(CLIENT_RIG_ISS + 1)
#define OWN	(CLIENT_ISS + 1)

START_TEST(wrong_calls)
{
	int fd = client_rig_open();

	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd + 1, 300), SYS_EBADF);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd + 1, 0), SYS_EBADF);
	ck_assert_int_eq(client_rig_call(SYS_CLOSE, fd + 1, 0), SYS_EBADF);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, 0), SYS_EINVAL);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, 1461),
	    SYS_EMSGSIZE);
	ck_assert_int_eq(client_rig_call(SYS_WRITE, fd, 1), SYS_EINVAL);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, 1460), 1460);
}
END_TEST

/* the words are where the board will read the request */
START_TEST(words)
{
	int fd = client_rig_open();
	const struct message *m;

	ck_assert_ptr_null(clients_request(&client_rig.all, CONN, 0));
	client_rig_call(SYS_REQUEST, fd, 300);
	m = clients_request(&client_rig.all, CONN, 0);
	ck_assert_int_eq(m->bytes, 300);
	ck_assert_uint_eq(m->words.file, 7);
	ck_assert_int_eq(m->words.offset, 100);
	ck_assert_ptr_null(clients_request(&client_rig.all, CONN, 300));
}
END_TEST

/* a second request waits for the first one's ACK */
START_TEST(one_at_a_time)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, 200),
	    CLIENT_RIG_WAITS);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 0);
	ck_assert_int_eq(client_rig_result(), 200);
	ck_assert_uint_eq(client_rig_last(TH_ACK | TH_PUSH)->th.seq,
	    OWN + 300);
}
END_TEST

/* whole when all is there that was said, in whatever order */
START_TEST(said)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 0),
	    CLIENT_RIG_WAITS);
	client_rig_run_to(10 * PS_PER_MS);
	client_rig_board(CONN, TH_ACK, BOARD + 1000, OWN + 300, 1500);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_run_to(20 * PS_PER_MS);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	ck_assert_int_eq(client_rig_result(), 2500);
	ck_assert_int_eq(client_rig.all.stats.n_requests, 1);
	ck_assert_int_eq(client_rig.all.stats.response_us, 20000);
	ck_assert_int_eq(client_rig.all.stats.response_max_ps,
	    20 * PS_PER_MS);
	/* the next one is there before it is waited for */
	clients_say(&client_rig.all, CONN, 2500, 100);
	client_rig_board(CONN, TH_ACK, BOARD + 2500, OWN + 300, 100);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 0), 100);
}
END_TEST

/* nothing said: whole when the board closes; nothing sent: it failed */
START_TEST(unsaid)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_call(SYS_RESPONSE, fd, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD + 1000, OWN + 300, 0);
	ck_assert_int_eq(client_rig_result(), 1000);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 0),
	    SYS_ECONNABORTED);
	ck_assert_int_eq(client_rig.all.stats.n_failed, 1);
}
END_TEST

START_TEST(cut_short)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	client_rig_call(SYS_RESPONSE, fd, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD + 1000, OWN + 300, 0);
	ck_assert_int_eq(client_rig_result(), SYS_ECONNABORTED);
}
END_TEST

/* 300 s after the last look at which something had come */
START_TEST(patience)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	client_rig_call(SYS_RESPONSE, fd, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 0);
	client_rig_run_to(299 * PS_PER_S);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_run_to(599 * PS_PER_S);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_run_to(600 * PS_PER_S);
	ck_assert_int_eq(client_rig_result(), SYS_ETIMEDOUT);
	client_rig_call(SYS_CLOSE, fd, 0);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/* who reads 1000 B/s has 2500 bytes after 2.5 s */
START_TEST(slow_reader)
{
	int fd;

	client_rig.all.peer.config.read_rate = 1000;
	client_rig.all.peer.reads_at_once = false;
	fd = client_rig_open();
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	client_rig_call(SYS_RESPONSE, fd, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_board(CONN, TH_ACK, BOARD + 1000, OWN + 300, 1500);
	client_rig_run_to(2499 * PS_PER_MS);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_run_to(2500 * PS_PER_MS);
	ck_assert_int_eq(client_rig_result(), 2500);
}
END_TEST

/* 1000 and 1000 of 2500, and its user has had enough of 1500 */
START_TEST(had_enough)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 1500),
	    CLIENT_RIG_WAITS);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_board(CONN, TH_ACK, BOARD + 1000, OWN + 300, 1000);
	ck_assert_int_eq(client_rig_result(), SYS_EINTR);
	ck_assert_int_eq(client_rig.all.stats.n_abandoned, 1);
	ck_assert_int_eq(client_rig.all.stats.n_failed, 0);
	ck_assert_int_eq(client_rig.all.stats.n_requests, 0);
}
END_TEST

/*
 * What is whole with the segment that would be enough is whole; so is what is
 * shorter; and what fails before, fails.
 */
START_TEST(had_not_enough)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	client_rig_call(SYS_RESPONSE, fd, 2400);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_board(CONN, TH_ACK, BOARD + 1000, OWN + 300, 1500);
	ck_assert_int_eq(client_rig_result(), 2500);
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 2500, 100);
	client_rig_call(SYS_RESPONSE, fd, 101);
	client_rig_board(CONN, TH_ACK, BOARD + 2500, OWN + 600, 100);
	ck_assert_int_eq(client_rig_result(), 100);
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 2600, 100);
	client_rig_call(SYS_RESPONSE, fd, 20);
	client_rig_board(CONN, TH_ACK, BOARD + 2600, OWN + 900, 10);
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD + 2610, OWN + 900, 0);
	ck_assert_int_eq(client_rig_result(), SYS_ECONNABORTED);
	ck_assert_int_eq(client_rig.all.stats.n_abandoned, 0);
	ck_assert_int_eq(client_rig.all.stats.n_failed, 1);
}
END_TEST

/* 1000 B/s: of 2500 bytes that are all there it has had 1500 after 1.5 s */
START_TEST(slow_reader_had_enough)
{
	int fd;

	client_rig.all.peer.config.read_rate = 1000;
	client_rig.all.peer.reads_at_once = false;
	fd = client_rig_open();
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	client_rig_call(SYS_RESPONSE, fd, 1500);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_board(CONN, TH_ACK, BOARD + 1000, OWN + 300, 1500);
	client_rig_run_to(1499 * PS_PER_MS);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_run_to(1500 * PS_PER_MS);
	ck_assert_int_eq(client_rig_result(), SYS_EINTR);
}
END_TEST

/* whatever a program waits for, it returns; then it may close, and exit */
START_TEST(stopped)
{
	int fd = _i < 2 ? client_rig_open() : 0;

	if (_i == 0)
		client_rig_call(SYS_RESPONSE, fd, 0);
	else if (_i == 1)
		client_rig_call(SYS_SLEEP, 0, 1000 * PS_PER_S);
	else
		client_rig_call(SYS_CONNECT, 0, 0);
	clients_stop(&client_rig.all);
	client_rig_run_to(PS_PER_S);
	ck_assert_int_eq(client_rig_result(), SYS_ENDED);
	ck_assert_int_eq(client_rig_call(SYS_CONNECT, 0, 0), SYS_ENDED);
	ck_assert_int_eq(client_rig_call(SYS_EXIT, 0, 0), CLIENT_RIG_WAITS);
	ck_assert_uint_eq(client_rig.all.n_alive, 0);
	ck_assert_uint_eq(client_rig.all.n_in_program, 0);
	ck_assert_uint_eq(client_rig.all.n_conns, _i < 2 ? 1 : 0);
}
END_TEST

/* at a date, or at once if that has passed */
START_TEST(sleeps)
{
	ck_assert_int_eq(client_rig_call(SYS_SLEEP, 0, PS_PER_S),
	    CLIENT_RIG_WAITS);
	client_rig_run_to(PS_PER_S - 1);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_run_to(PS_PER_S);
	ck_assert_int_eq(client_rig_result(), 0);
	ck_assert_int_eq(client_rig_call(SYS_SLEEP, 0, PS_PER_S), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("client");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, client_rig_init, client_rig_fini);
	tcase_add_test(tc, wrong_calls);
	tcase_add_test(tc, words);
	tcase_add_test(tc, one_at_a_time);
	tcase_add_test(tc, said);
	tcase_add_test(tc, unsaid);
	tcase_add_test(tc, cut_short);
	tcase_add_test(tc, patience);
	tcase_add_test(tc, slow_reader);
	tcase_add_test(tc, had_enough);
	tcase_add_test(tc, had_not_enough);
	tcase_add_test(tc, slow_reader_had_enough);
	tcase_add_test(tc, sleeps);
	tcase_add_loop_test(tc, stopped, 0, 3);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
