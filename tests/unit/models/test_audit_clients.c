/*
 * The audit of clients' connections: each line, by books that are wrong.
 */
#include <check.h>

#include "models/audit.h"
#include "models/inet/tcp.h"
#include "tests/support/client_rig.h"

/* these lines and no others */
static void
assert_lines(const struct audit *audit, const char *what)
{
	ck_assert_uint_eq(audit->n, 1);
	ck_assert_str_eq(audit->lines[0].what, what);
}

START_TEST(gone)
{
	static const char *const lines[] = {
	    "gone: bytes written = acked + dropped",
	    "gone: bytes written = loaned + copied",
	    "gone: bytes received = read + discarded",
	    "gone: content received = content written"};
	struct so_stats *s = &client_rig.board.guests.sum.so;
	struct audit audit = {0};

	s->bytes_written = 100;
	s->bytes_acked = 90;
	s->bytes_dropped = 10;
	s->bytes_loaned = 60;
	s->bytes_copied = 40;
	s->bytes_received = 5;
	s->bytes_read = 3;
	s->bytes_discarded = 2;
	guests_audit(&client_rig.board, &audit);
	ck_assert_uint_eq(audit.n, 0);
	*(_i == 0 ? &s->bytes_dropped : _i == 1 ? &s->bytes_copied :
	    _i == 2 ? &s->bytes_read : &s->bytes_wrong) += 1;
	guests_audit(&client_rig.board, &audit);
	assert_lines(&audit, lines[_i]);
}
END_TEST

/* a connection that is there, one that has gone, and all of them together */
START_TEST(pairs)
{
	static const char *const lines[] = {
	    "programs of clients ended",
	    "connections gone whose ends did not agree",
	    "a connection's two ends agree",
	    "bytes received by clients = acked",
	    "bytes acked <= received by clients"};
	struct guests_sum *sum = &client_rig.board.guests.sum;
	struct client_conn *cc;
	struct audit audit = {0};

	client_rig_open();
	client_rig_board(CLIENT_NUMBERS, TH_ACK, CLIENT_RIG_ISS + 1,
	    CLIENT_ISS + 1, 1000);
	cc = clients_find(&client_rig.all, CLIENT_NUMBERS);
	cc->board_is_done = true;
	cc->board.bytes_acked = sum->so.bytes_acked = 1000;
	client_rig_call(SYS_EXIT, 0, 0);
	clients_audit(&client_rig.board, &client_rig.all, &audit);
	ck_assert_uint_eq(audit.n, 0);
	if (_i == 0)
		client_rig.all.n_alive++;
	else if (_i == 1)
		client_rig.all.stats.n_unbalanced++;
	else if (_i == 2)
		cc->board.bytes_acked--;
	else
		sum->so.bytes_acked++;
	sum->so.bytes_dropped = _i == 4;
	clients_audit(&client_rig.board, &client_rig.all, &audit);
	assert_lines(&audit, lines[_i]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("audit_clients");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, client_rig_init, client_rig_fini);
	tcase_add_loop_test(tc, gone, 0, 4);
	tcase_add_loop_test(tc, pairs, 0, 5);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
