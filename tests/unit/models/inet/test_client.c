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

static void
count(void *arg)
{
	(void)arg;
	client_rig.n_woken++;
}

/* the next one is CONN, CONN + 16, CONN + 32: they wait from 0, 1 and 2 s on */
static void
three_wait(struct client *clients[3])
{
	clients[0] = client_rig.client;
	for (int i = 0; i < 3; i++) {
		if (i > 0)
			clients[i] = clients_add(&client_rig.all, "client",
			    (struct proc_program){count, NULL});
		client_rig_run_to(i * PS_PER_S);
		client_rig.client = clients[i];
		client_rig_call(SYS_RESPONSE, client_rig_open(), 0);
	}
}

static void
reset_and_close(struct client *client)
{
	client_rig.client = client;
	client_rig_board(CONN + 16 * client->number, TH_RST, BOARD, 0, 0);
	ck_assert_int_eq(client_rig_result(), SYS_ECONNRESET);
	client_rig_call(SYS_CLOSE, 1, 0);
}

/* the first of three goes: the others give up when they would have */
START_TEST(patience_of_others)
{
	struct client *clients[3];

	three_wait(clients);
	reset_and_close(clients[0]);
	for (int i = 1; i < 3; i++) {
		client_rig_run_to((300 + i) * PS_PER_S - 1);
		ck_assert_int_eq(clients[i]->waits, CLIENT_WAITS_RESPONSE);
		client_rig_run_to((300 + i) * PS_PER_S);
		ck_assert_int_eq(clients[i]->proc.result, SYS_ETIMEDOUT);
	}
}
END_TEST

/* from the middle, from the end: then nobody is looked at any more */
START_TEST(patience_of_none)
{
	static const int orders[][3] = {{1, 2, 0}, {2, 1, 0}};
	struct client *clients[3];

	three_wait(clients);
	for (int i = 0; i < 3; i++) {
		ck_assert(cal_is_scheduled(&client_rig.all.patience));
		client_rig.n_woken = 0;
		reset_and_close(clients[orders[_i][i]]);
	}
	ck_assert(!cal_is_scheduled(&client_rig.all.patience));
}
END_TEST

/* 2500 bytes are there at once, for who reads 1000 B/s; enough: or 0 */
static void
read_slowly(int64_t enough)
{
	int fd;

	client_rig.all.peer.config.read_rate = 1000;
	client_rig.all.peer.reads_at_once = false;
	fd = client_rig_open();
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 2500);
	client_rig_call(SYS_RESPONSE, fd, enough);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_board(CONN, TH_ACK, BOARD + 1000, OWN + 300, 1500);
}

/* who reads 1000 B/s has 2500 bytes after 2.5 s */
START_TEST(slow_reader)
{
	read_slowly(0);
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
	read_slowly(1500);
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

/* nobody waits when it is reset: the next call hears why, and what came says */
START_TEST(reset_meanwhile)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_board(CONN, TH_RST, BOARD, 0, 0);
	ck_assert_int_eq(client_rig.n_woken, 0);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 0), SYS_ECONNRESET);
	ck_assert_int_eq(client_rig.all.stats.n_failed, 1);
	/* it is over: what comes then is told so, but for a reset */
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_last(TH_RST);
	client_rig_call(SYS_CLOSE, fd, 0);
	client_rig.n_sent = 0;
	client_rig_board(CONN, TH_RST, BOARD, 0, 0);
	ck_assert_int_eq(client_rig.n_sent, 0);
	ck_assert_ptr_null(clients_request(&client_rig.all, CONN, 0));
	clients_say(&client_rig.all, CONN, 0, 100);
}
END_TEST

static void
be_slow(int64_t read_rate)
{
	client_rig.all.peer.config.read_rate = read_rate;
	client_rig.all.peer.reads_at_once = false;
}

/* what is in the buffer can be read behind a reset, and by then has been */
START_TEST(reset_behind_the_end)
{
	int fd;

	be_slow(1000);
	fd = client_rig_open();
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 1000);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_board(CONN, TH_RST, BOARD + 1000, 0, 0);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 0), 1000);
}
END_TEST

/* 1500 bytes and a FIN are there; at 1000 B/s it has read them after 1.5 s */
START_TEST(slow_reader_of_the_end)
{
	int fd;

	be_slow(1000);
	fd = client_rig_open();
	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1500);
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD + 1500, OWN + 300, 0);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 0),
	    CLIENT_RIG_WAITS);
	client_rig_run_to(1499 * PS_PER_MS);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_run_to(1500 * PS_PER_MS);
	ck_assert_int_eq(client_rig_result(), 1500);
}
END_TEST

/* stopped at once, a slow reader is not woken again when it would have read */
START_TEST(slow_reader_stopped)
{
	int fd;

	be_slow(1000);
	fd = client_rig_open();
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 1000);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1000);
	client_rig_call(SYS_RESPONSE, fd, 0);
	for (int i = 0; i < 2; i++)
		clients_stop(&client_rig.all);
	client_rig_run_to(10 * PS_PER_S);
	ck_assert_int_eq(client_rig_result(), SYS_ENDED);
	ck_assert_int_eq(client_rig_call(SYS_CLOSE, fd, 0), 0);
	client_rig_last(TH_FIN | TH_ACK);
}
END_TEST

/* acknowledged in part: the second one goes on waiting */
START_TEST(acknowledged_in_part)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_call(SYS_REQUEST, fd, 200);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 100, 0);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 0);
	ck_assert_int_eq(client_rig_result(), 200);
}
END_TEST

/* a request may say nothing: it is all zeros then */
START_TEST(no_words)
{
	const struct sys_call call = {.nr = SYS_REQUEST,
	    .fd = client_rig_open(), .len = 300};

	ck_assert(!client_enter(client_rig.client, &call));
	ck_assert_uint_eq(clients_request(&client_rig.all, CONN,
	    0)->words.file, 0);
}
END_TEST

/* none, then five: each is found where it was put */
START_TEST(many)
{
	struct clients none = {0};

	clients_init(&none, &client_rig.all.peer.config, &client_rig.cal,
	    &client_rig.board);
	clients_stop(&none);
	ck_assert(!none.is_stopped);
	for (uint32_t i = 0; i < 5; i++)
		ck_assert_ptr_eq(clients_add(&none, "one",
		    client_rig.client->proc.program), none.client[i]);
	ck_assert_uint_eq(none.n_alive, 5);
	clients_fini(&none);
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
	tcase_add_test(tc, patience_of_others);
	tcase_add_loop_test(tc, patience_of_none, 0, 2);
	tcase_add_test(tc, slow_reader);
	tcase_add_test(tc, had_enough);
	tcase_add_test(tc, had_not_enough);
	tcase_add_test(tc, slow_reader_had_enough);
	tcase_add_test(tc, sleeps);
	tcase_add_loop_test(tc, stopped, 0, 3);
	tcase_add_test(tc, reset_meanwhile);
	tcase_add_test(tc, reset_behind_the_end);
	tcase_add_test(tc, slow_reader_of_the_end);
	tcase_add_test(tc, slow_reader_stopped);
	tcase_add_test(tc, acknowledged_in_part);
	tcase_add_test(tc, no_words);
	tcase_add_test(tc, many);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
