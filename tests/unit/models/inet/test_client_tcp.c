/*
 * What connections of clients send: SYNs, requests, FINs, again and again.
 */
#include <check.h>

#include "models/inet/tcp.h"
#include "tests/support/client_rig.h"

#define CONN	CLIENT_NUMBERS
#define BOARD	(CLIENT_RIG_ISS + 1)
#define OWN	(CLIENT_ISS + 1)

static void
assert_sent(int i, sim_time at, uint8_t flags, uint32_t seq)
{
	ck_assert_int_lt(i, client_rig.n_sent);
	ck_assert_int_eq(client_rig.sent[i].at, at);
	ck_assert_uint_eq(client_rig.sent[i].frame.th.flags, flags);
	ck_assert_uint_eq(client_rig.sent[i].frame.th.seq, seq);
}

/* after 3, 6, 12, 24 s; and 75 s after the first, no more */
START_TEST(syn_in_vain)
{
	static const int at[] = {0, 3, 9, 21, 45};

	ck_assert_int_eq(client_rig_call(SYS_CONNECT, 0, 0),
	    CLIENT_RIG_WAITS);
	client_rig_run_to(100 * PS_PER_S);
	ck_assert_int_eq(client_rig_result(), SYS_ETIMEDOUT);
	ck_assert_int_eq(client_rig.n_sent, 5);
	for (int i = 0; i < 5; i++)
		assert_sent(i, at[i] * PS_PER_S, TH_SYN, CLIENT_ISS);
	ck_assert_int_eq(client_rig.all.stats.n_failed, 1);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/* MSS 4, window scale 4, timestamps 12 */
START_TEST(syn_offers)
{
	const struct frame *syn;

	client_rig_call(SYS_CONNECT, 0, 0);
	syn = client_rig_last(TH_SYN);
	ck_assert_uint_eq(syn->ip_bytes, 40 + 20);
	ck_assert_uint_eq(syn->th.mss, 1460);
	ck_assert_uint_eq(syn->th.wscale, 1 + 1);
	ck_assert(syn->th.has_ts);
	ck_assert_uint_eq(syn->th.win, 65535);
	ck_assert_uint_eq(syn->th.port, 80);
	/* refused */
	client_rig_board(CONN, TH_SYN | TH_ACK, CLIENT_RIG_ISS, OWN, 0);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->ip_bytes, 40);
}
END_TEST

START_TEST(refused)
{
	client_rig_call(SYS_CONNECT, 0, 0);
	/* of somebody else */
	client_rig_board(CONN, TH_RST | TH_ACK, 0, OWN + 1, 0);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_board(CONN, TH_RST | TH_ACK, 0, OWN, 0);
	ck_assert_int_eq(client_rig_result(), SYS_ECONNREFUSED);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/* an answer to something else is no answer */
START_TEST(wrong_answer)
{
	client_rig_call(SYS_CONNECT, 0, 0);
	client_rig_board(CONN, TH_SYN | TH_ACK, CLIENT_RIG_ISS, OWN + 7, 0);
	ck_assert_uint_eq(client_rig_last(TH_RST)->th.seq, OWN + 7);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_board(CONN, TH_SYN | TH_ACK, CLIENT_RIG_ISS, OWN, 0);
	ck_assert_int_ge(client_rig_result(), 0);
	/* the ACK was lost */
	client_rig_board(CONN, TH_SYN | TH_ACK, CLIENT_RIG_ISS, OWN, 0);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD);
}
END_TEST

/* after 1, 2, 4 ... 64 s; what is acknowledged in part is sent in part */
START_TEST(request_again)
{
	static const int at[] = {0, 1, 3, 7, 15};
	int fd = client_rig_open(), first = client_rig.n_sent;

	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, 300), 300);
	client_rig_run_to(16 * PS_PER_S);
	for (int i = 0; i < 5; i++)
		assert_sent(first + i, at[i] * PS_PER_S, TH_ACK | TH_PUSH,
		    OWN);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 100, 0);
	client_rig_run_to(17 * PS_PER_S);
	assert_sent(first + 5, 17 * PS_PER_S, TH_ACK | TH_PUSH, OWN + 100);
	ck_assert_uint_eq(client_rig_last(TH_ACK | TH_PUSH)->payload_bytes,
	    200);
	ck_assert_uint_eq(client_rig_last(TH_ACK | TH_PUSH)->content,
	    content_name(CONN, 100));
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 0);
	client_rig_run_to(100 * PS_PER_S);
	ck_assert_int_eq(client_rig.n_sent, first + 6);
}
END_TEST

/* 12 times, and then no more: 1 + 2 + ... + 64 + 6 * 64 s */
START_TEST(request_in_vain)
{
	int fd = client_rig_open(), first = client_rig.n_sent;

	client_rig_call(SYS_REQUEST, fd, 300);
	ck_assert_int_eq(client_rig_call(SYS_RESPONSE, fd, 0),
	    CLIENT_RIG_WAITS);
	client_rig_run_to((127 + 6 * 64 - 1) * PS_PER_S);
	/* patience has ended before: 300 s, as nothing was heard */
	ck_assert_int_eq(client_rig_result(), SYS_ETIMEDOUT);
	ck_assert_int_ge(client_rig.n_sent, first + 9);
	ck_assert_int_eq(client_rig.all.stats.n_failed, 1);
}
END_TEST

/* the client closes first: FIN, ACK, FIN, and 60 s for what is late */
START_TEST(close_first)
{
	int fd = client_rig_open();

	ck_assert_int_eq(client_rig_call(SYS_CLOSE, fd, 0), 0);
	ck_assert_uint_eq(client_rig_last(TH_FIN | TH_ACK)->th.seq, OWN);
	client_rig_run_to(PS_PER_S);
	assert_sent(client_rig.n_sent - 1, PS_PER_S, TH_FIN | TH_ACK, OWN);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 1, 0);
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD, OWN + 1, 0);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD + 1);
	/* it was lost: once more; a reset ends nothing */
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD, OWN + 1, 0);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD + 1);
	client_rig_board(CONN, TH_RST, BOARD + 1, 0, 0);
	client_rig_run_to(60 * PS_PER_S);
	ck_assert_uint_eq(client_rig.all.n_conns, 1);
	client_rig_run_to(62 * PS_PER_S);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
	/* and who comes later than that is told so */
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD, OWN + 1, 0);
	client_rig_last(TH_RST);
}
END_TEST

/* the board closes first: nothing is late behind our FIN's ACK */
START_TEST(close_second)
{
	int fd = client_rig_open();

	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD, OWN, 0);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD + 1);
	/* not by itself: its program closes when it wants to */
	client_rig_run_to(10 * PS_PER_S);
	client_rig_last(TH_ACK);
	client_rig_call(SYS_CLOSE, fd, 0);
	client_rig_last(TH_FIN | TH_ACK);
	client_rig_board(CONN, TH_ACK, BOARD + 1, OWN + 1, 0);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/* both at once */
START_TEST(close_together)
{
	int fd = client_rig_open();

	client_rig_call(SYS_CLOSE, fd, 0);
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD, OWN, 0);
	ck_assert_uint_eq(client_rig.all.n_conns, 1);
	client_rig_board(CONN, TH_ACK, BOARD + 1, OWN + 1, 0);
	client_rig_run_to(59 * PS_PER_S);
	ck_assert_uint_eq(client_rig.all.n_conns, 1);
	client_rig_run_to(61 * PS_PER_S);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/* what comes after close(2) is taken, acknowledged and thrown away */
START_TEST(data_after_close)
{
	int fd = client_rig_open();

	client_rig_call(SYS_CLOSE, fd, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 1, 1000);
	client_rig_board(CONN, TH_ACK, BOARD + 1000, OWN + 1, 1000);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD + 2000);
}
END_TEST

START_TEST(reset)
{
	int fd = client_rig_open();

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_call(SYS_RESPONSE, fd, 0);
	/* out of the window: nobody's */
	client_rig_board(CONN, TH_RST, BOARD + 100000, 0, 0);
	ck_assert_int_eq(client_rig.n_woken, 0);
	client_rig_board(CONN, TH_RST, BOARD, 0, 0);
	ck_assert_int_eq(client_rig_result(), SYS_ECONNRESET);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, 300),
	    SYS_ECONNRESET);
	client_rig_call(SYS_CLOSE, fd, 0);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/*
 * Ticks of machines lie apart: 0 and 200 ms for the first; for the second, by
 * 0.6180 of that later, and for the fifth by what 4 * 0.6180 leaves, 0.4721.
 */
START_TEST(ticks_apart)
{
	static const struct {
		uint32_t number;
		sim_time from, to;
	} cases[] = {
		{0, 200 * PS_PER_MS, 200 * PS_PER_MS},
		{1, 123600 * PS_PER_US, 123610 * PS_PER_US},
		{4, 94420 * PS_PER_US, 94430 * PS_PER_US}
	};
	sim_time turnaround = client_rig.all.peer.config.turnaround;

	client_rig.client->number = cases[_i].number;
	client_rig_open();
	client_rig_board(CONN, TH_ACK, BOARD, OWN, 1000);
	client_rig_run_to(PS_PER_S);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD + 1000);
	ck_assert_int_ge(client_rig.sent[client_rig.n_sent - 1].at,
	    cases[_i].from + turnaround);
	ck_assert_int_le(client_rig.sent[client_rig.n_sent - 1].at,
	    cases[_i].to + turnaround);
}
END_TEST

/* A frame of the board that the rig has no words for. */
static void
board_sends(uint32_t seq, uint32_t ack, struct tcp_header th)
{
	struct frame frame = {.conn = CONN, .ip_bytes = 40, .th = th,
	    .content = CONTENT_NONE};

	frame.th.seq = seq;
	frame.th.ack = ack;
	clients_receive(&client_rig.all, 0, &frame);
}

/*
 * The least of both ends counts, 536 if the board says nothing (RFC 1122,
 * 4.2.2.6), less 12 for timestamps if both want them.
 */
START_TEST(agreed)
{
	static const struct {
		uint16_t mss;
		bool has_ts;
		int64_t most;
	} cases[] = {{0, false, 536}, {9000, false, 1460}, {1000, true, 988}};
	int fd;

	client_rig_call(SYS_CONNECT, 0, 0);
	board_sends(CLIENT_RIG_ISS, OWN, (struct tcp_header){
	    .flags = TH_SYN | TH_ACK, .mss = cases[_i].mss,
	    .has_ts = cases[_i].has_ts, .ts_val = 77});
	fd = (int)client_rig_result();
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ts_ecr,
	    cases[_i].has_ts ? 77 : 0);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, cases[_i].most + 1),
	    SYS_EMSGSIZE);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, cases[_i].most),
	    cases[_i].most);
}
END_TEST

/* a reset that acknowledges nothing, and an ACK that opens nothing */
START_TEST(no_answer)
{
	client_rig_call(SYS_CONNECT, 0, 0);
	client_rig_board(CONN, TH_RST, 0, OWN, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN, 0);
	ck_assert_int_eq(client_rig.n_woken, 0);
	ck_assert_int_eq(client_rig.n_sent, 1);
}
END_TEST

/* nobody waits for an answer: 1 + 12 times, and it is lost 64 s after that */
START_TEST(request_unheard)
{
	int fd = client_rig_open(), first = client_rig.n_sent;

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_run_to((127 + 6 * 64) * PS_PER_S - 1);
	ck_assert_int_eq(client_rig.n_sent, first + 13);
	assert_sent(first + 12, (127 + 5 * 64) * PS_PER_S, TH_ACK | TH_PUSH,
	    OWN);
	client_rig_run_to((127 + 6 * 64) * PS_PER_S);
	ck_assert_int_eq(client_rig_call(SYS_REQUEST, fd, 300),
	    SYS_ETIMEDOUT);
}
END_TEST

/* old, and of what was never sent: such ACKs say nothing */
START_TEST(ack_of_nothing)
{
	int fd = client_rig_open(), first = client_rig.n_sent;

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_board(CONN, TH_ACK, BOARD, OWN - 1, 0);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 301, 0);
	client_rig_run_to(PS_PER_S);
	assert_sent(first + 1, PS_PER_S, TH_ACK | TH_PUSH, OWN);
}
END_TEST

/*
 * 10 B/s: 2500 bytes are read after 250 s, and the look at 300 s finds that, if
 * another response is waited for; the one at 600 s finds nothing new.
 */
START_TEST(patience_with_a_reader)
{
	int fd;

	client_rig.all.peer.config.read_rate = 10;
	client_rig.all.peer.reads_at_once = false;
	fd = client_rig_open();
	clients_say(&client_rig.all, CONN, 0, 2500);
	client_rig_board(CONN, TH_ACK, BOARD, OWN, 2500);
	client_rig_call(SYS_RESPONSE, fd, 0);
	client_rig_run_to(250 * PS_PER_S);
	ck_assert_int_eq(client_rig_result(), 2500);
	if (_i == 1)
		client_rig_call(SYS_RESPONSE, fd, 0);
	client_rig_run_to(600 * PS_PER_S - 1);
	ck_assert_int_eq(client_rig.all.stats.n_failed, 0);
	client_rig_run_to(600 * PS_PER_S);
	ck_assert_int_eq(client_rig.all.stats.n_failed, _i);
}
END_TEST

/* The FIN behind a request: both are out, and go again one after the other. */
START_TEST(close_behind_a_request)
{
	int fd = client_rig_open(), first = client_rig.n_sent;

	client_rig_call(SYS_REQUEST, fd, 300);
	client_rig_call(SYS_CLOSE, fd, 0);
	assert_sent(first + 1, 0, TH_FIN | TH_ACK, OWN + 300);
	client_rig_run_to(PS_PER_S);
	assert_sent(first + 2, PS_PER_S, TH_ACK | TH_PUSH, OWN);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 0);
	client_rig_run_to(2 * PS_PER_S);
	assert_sent(first + 3, 2 * PS_PER_S, TH_FIN | TH_ACK, OWN + 300);
}
END_TEST

/* Of a response of 9000 bytes, abandoned after 1000. */
static void
abandon(int fd)
{
	client_rig_call(SYS_REQUEST, fd, 300);
	clients_say(&client_rig.all, CONN, 0, 9000);
	client_rig_call(SYS_RESPONSE, fd, 1000);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1400);
}

/*
 * All is read that is there: a FIN.  What is old is acknowledged as ever, what
 * is new meets nobody, and that for good.
 */
START_TEST(abandoned)
{
	int fd = client_rig_open();

	abandon(fd);
	ck_assert_int_eq(client_rig_result(), SYS_EINTR);
	client_rig_call(SYS_CLOSE, fd, 0);
	ck_assert_uint_eq(client_rig_last(TH_FIN | TH_ACK)->th.seq, OWN + 300);
	client_rig_board(CONN, TH_ACK, BOARD, OWN + 300, 1400);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD + 1400);
	client_rig_board(CONN, TH_ACK, BOARD + 1400, OWN + 300, 1400);
	ck_assert_uint_eq(client_rig_last(TH_RST)->th.seq, OWN + 300);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
	client_rig_board(CONN, TH_ACK, BOARD + 2800, OWN + 301, 1400);
	ck_assert_uint_eq(client_rig_last(TH_RST)->th.seq, OWN + 301);
	/* no FIN is sent again */
	client_rig_run_to(100 * PS_PER_S);
	client_rig_last(TH_RST);
}
END_TEST

/* the board gives up as well: both FINs, as ever */
START_TEST(abandoned_by_both)
{
	int fd = client_rig_open();

	abandon(fd);
	/* not closed yet: what comes is taken */
	client_rig_board(CONN, TH_ACK, BOARD + 1400, OWN + 300, 100);
	client_rig_call(SYS_CLOSE, fd, 0);
	client_rig_board(CONN, TH_FIN | TH_ACK, BOARD + 1500, OWN + 301, 0);
	ck_assert_uint_eq(client_rig_last(TH_ACK)->th.ack, BOARD + 1501);
	client_rig_run_to(61 * PS_PER_S);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
}
END_TEST

/* 400 bytes are in a slow reader's buffer when it closes: a reset at once */
START_TEST(abandoned_unread)
{
	int fd;

	client_rig.all.peer.config.read_rate = 1000;
	client_rig.all.peer.reads_at_once = false;
	fd = client_rig_open();
	abandon(fd);
	client_rig_run_to(PS_PER_S);
	ck_assert_int_eq(client_rig_result(), SYS_EINTR);
	client_rig_call(SYS_CLOSE, fd, 0);
	ck_assert_uint_eq(client_rig_last(TH_RST | TH_ACK)->th.seq, OWN + 300);
	ck_assert_uint_eq(client_rig_last(TH_RST | TH_ACK)->th.ack,
	    BOARD + 1400);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
	client_rig_run_to(100 * PS_PER_S);
	client_rig_last(TH_RST | TH_ACK);
}
END_TEST

/* It is lost: no other follows but at the end of the run, every second. */
START_TEST(abandoned_unheard)
{
	struct socket so = {.so_id = CONN, .host = &client_rig.board};
	int fd, n;

	guests_add(&client_rig.board.guests, &so);
	client_rig.all.peer.config.read_rate = 1000;
	client_rig.all.peer.reads_at_once = false;
	fd = client_rig_open();
	abandon(fd);
	client_rig_run_to(PS_PER_S);
	client_rig_call(SYS_CLOSE, fd, 0);
	n = client_rig.n_sent;
	client_rig_run_to(100 * PS_PER_S);
	ck_assert_int_eq(client_rig.n_sent, n);
	clients_stop(&client_rig.all);
	client_rig_run_to(102 * PS_PER_S);
	ck_assert_int_eq(client_rig.n_sent, n + 3);
	client_rig_last(TH_RST | TH_ACK);
	so.stats.bytes_acked = 1400;
	clients_board_is_done(&client_rig.all, &so);
	ck_assert_uint_eq(client_rig.all.n_conns, 0);
	client_rig_run_to(200 * PS_PER_S);
	ck_assert_int_eq(client_rig.n_sent, n + 3);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("client_tcp");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, client_rig_init, client_rig_fini);
	tcase_add_test(tc, syn_in_vain);
	tcase_add_test(tc, syn_offers);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, wrong_answer);
	tcase_add_test(tc, request_again);
	tcase_add_test(tc, request_in_vain);
	tcase_add_test(tc, close_first);
	tcase_add_test(tc, close_second);
	tcase_add_test(tc, close_together);
	tcase_add_test(tc, data_after_close);
	tcase_add_test(tc, reset);
	tcase_add_loop_test(tc, agreed, 0, 3);
	tcase_add_test(tc, no_answer);
	tcase_add_test(tc, request_unheard);
	tcase_add_test(tc, ack_of_nothing);
	tcase_add_loop_test(tc, patience_with_a_reader, 0, 2);
	tcase_add_test(tc, close_behind_a_request);
	tcase_add_loop_test(tc, ticks_apart, 0, 3);
	tcase_add_test(tc, abandoned);
	tcase_add_test(tc, abandoned_by_both);
	tcase_add_test(tc, abandoned_unread);
	tcase_add_test(tc, abandoned_unheard);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
