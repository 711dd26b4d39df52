/*
 * The audit of datagrams: clean after a run with drops, and one line for each
 * kind of damage.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/machine.h"
#include "tests/support/udp_bench.h"
#include "tests/support/udp_rx.h"

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

/* A receiving host: three whole, one of them being read, and two pieces. */
static struct udp_rx rx;

static void
assert_running(const char *what)
{
	struct audit audit = {0};

	udp_audit_running(rx.host, &audit);
	ck_assert_uint_eq(audit.n, what != NULL);
	if (what != NULL)
		ck_assert_str_eq(audit.lines[0].what, what);
}

static void
damage(int64_t *counter, int64_t by, const char *what)
{
	*counter += by;
	assert_running(what);
	*counter -= by;
}

START_TEST(receiver_damaged)
{
	static const char whole[] =
	    "datagrams got whole = delivered + dropped";
	static const char pieces[] =
	    "fragments = joined + dropped + lost + waiting";
	struct world_config config = machine_config();
	struct udp_in_stats *in;
	struct udp_stats *s;
	struct ip_stats *ip;

	udp_rx_init(&rx, &config, 0);
	in = &rx.host->udp_in;
	s = &rx.so->udp.stats;
	ip = &rx.host->frags.stats;
	for (int i = 0; i < 3; i++)
		udp_rx_datagram(&rx, 100);
	udp_rx_frame(&rx, 9, 0, 1472, true);
	udp_rx_frame(&rx, 9, 2952, 3000, false);
	udp_rx_rest(&rx, PS_PER_MS);
	ck_assert_int_eq(udp_rx_read(&rx, 100), 100);
	assert_running(NULL);
	damage(&in->udps_ipackets, 1, whole);
	damage(&in->udps_badsum, 1, whole);
	damage(&in->udps_noport, 1, whole);
	damage(&in->udps_fullsock, 1, whole);
	damage(&in->n_nobufs, 1, whole);
	damage(&ip->ips_fragments, 1, pieces);
	damage(&ip->n_joined, 1, pieces);
	damage(&ip->ips_fragdropped, 1, pieces);
	damage(&ip->n_lost, 1, pieces);
	damage(&rx.host->frags.ip_maxfragpackets, -200,
	    "datagrams waiting <= ip_maxfragpackets");
	damage(&s->n_read, 1,
	    "datagrams received = read + buffered + discarded");
	damage(&s->n_discarded, 1,
	    "datagrams received = read + buffered + discarded");
	udp_rx_fini(&rx);
}
END_TEST

static void
assert_hosts(const char *what, int64_t n_copies)
{
	struct audit audit = {0};

	udp_hosts_audit(b.host, rx.host, n_copies, &audit);
	ck_assert_uint_eq(audit.n, what != NULL);
	if (what != NULL)
		ck_assert_str_eq(audit.lines[0].what, what);
}

/* As much as was sent: 3 datagrams of 12 packets, 17056 bytes; and no more. */
START_TEST(too_many_at_a_host)
{
	struct world_config config = machine_config();

	udp_rx_init(&rx, &config, 0);
	rx.host->udp_in.udps_ipackets = 3;
	rx.host->udp_in.bytes_delivered = 8192 + 7392 + 1472;
	rx.host->frags.stats.ips_fragments = 12;
	assert_hosts(NULL, 0);
	rx.host->udp_in.udps_ipackets++;
	assert_hosts("datagrams got whole <= sent", 0);
	assert_hosts(NULL, 1);
	rx.host->udp_in.udps_ipackets--;
	rx.host->udp_in.bytes_delivered++;
	assert_hosts("bytes delivered <= sent in datagrams", 0);
	assert_hosts(NULL, 1);
	rx.host->udp_in.bytes_delivered--;
	rx.host->frags.stats.ips_fragments++;
	assert_hosts("fragments that came <= packets sent", 0);
	assert_hosts(NULL, 1);
	crank_abandon(&rx.crank);
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
	tcase_add_test(tc, receiver_damaged);
	tcase_add_test(tc, too_many_at_a_host);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
