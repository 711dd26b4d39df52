/*
 * The audit of datagrams: clean after a run with drops, and one line for each
 * kind of damage.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/udp_bench.h"

static struct udp_bench b;

/* Three sent, of 6, 5 and 1 packets; one dropped, one refused. */
static void
setup(void)
{
	struct world_config config = udp_bench_config(true);

	config.host.ifq_maxlen = 6;
	udp_bench_init(&b, &config, 70000);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	ck_assert_int_eq(udp_bench_send(&b, 0, 7392), 7392);
	ck_assert_int_eq(udp_bench_send(&b, 0, 9216), SYS_ENOBUFS);
	ck_assert_int_eq(udp_bench_send(&b, 0, 65508), SYS_EMSGSIZE);
	ck_assert_int_eq(udp_bench_send(&b, 0, 1472), 1472);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.peer->n_datagrams, 3);
}

static void
teardown(void)
{
	crank_abandon(&b.crank);
}

/* the books have this line and no other, if any */
static void
assert_line(const char *what, int64_t n_copies)
{
	struct audit audit = {0};

	udp_audit(b.host, b.peer, n_copies, &audit);
	ck_assert_uint_eq(audit.n, what != NULL);
	if (what != NULL)
		ck_assert_str_eq(audit.lines[0].what, what);
}

START_TEST(clean)
{
	struct socket *tcp = crank_socket(b.host, 16384);

	/* another kind of socket is none of its business */
	tcp->udp.stats.n_written = 1;
	assert_line(NULL, 0);
}
END_TEST

START_TEST(damaged)
{
	struct udp_stats *s = &b.so->udp.stats;
	static const char datagrams[] =
	    "datagrams written = sent + dropped + refused";

	s->n_written++;
	assert_line(datagrams, 0);
	s->n_written--;
	s->n_dropped--;
	assert_line(datagrams, 0);
	s->n_dropped++;
	s->n_refused--;
	assert_line(datagrams, 0);
	s->n_refused++;
	b.so->stats.bytes_dropped++;
	assert_line("bytes of datagrams written = sent + dropped", 0);
	b.so->stats.bytes_dropped--;
	b.so->stats.bytes_written--;
	assert_line("bytes of datagrams written = taken by sosend", 0);
	b.so->stats.bytes_written++;
	s->n_packets++;
	assert_line("packets of datagrams <= frames sent", 0);
	s->n_packets--;
	b.peer->bytes_wrong++;
	assert_line("content of datagrams received = written", 0);
	b.peer->bytes_wrong--;
	assert_line(NULL, 0);
}
END_TEST

/* More than was sent: only what the way has copied may explain that. */
START_TEST(too_many)
{
	b.peer->n_datagrams++;
	assert_line("datagrams received <= sent", 0);
	assert_line(NULL, 1);
	b.peer->n_datagrams--;
	b.peer->bytes_received++;
	assert_line("bytes of datagrams received <= sent", 0);
	assert_line(NULL, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("audit_udp");
	TCase *tc = tcase_create("audit_udp");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, clean);
	tcase_add_test(tc, damaged);
	tcase_add_test(tc, too_many);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
