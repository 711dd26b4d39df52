/*
 * Watching: what is told is what happens, at that date, and nothing else
 * changes.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

enum { MOST = 1024 };

struct told {
	struct watch_note note;
	struct tcp_header th;
	sim_time at;
};

static struct crank crank;
static struct wiretap tap;
static struct told told[MOST];
static int n_told;

/* Numbers are compared with what they are to be at once. */
static void
look(void *arg, const struct watch_note *note)
{
	const struct host *host = arg;
	struct told *t = &told[n_told++];

	ck_assert_int_lt(n_told, MOST);
	t->note = *note;
	t->at = host->cal->now;
	if (note->th != NULL)
		t->th = *note->th;
	if (note->event == WATCH_LENT) {
		ck_assert_int_eq(note->level, host->kva.socurkva);
		ck_assert_int_eq(note->limit, host->kva.somaxkva);
	}
	if (note->event == WATCH_SNDBUF) {
		const struct socket *so = host_find_socket(host, note->conn);

		ck_assert_int_eq(note->level, so->so_snd.sb_cc);
		ck_assert_int_eq(note->limit, so->so_snd.sb_hiwat);
	}
}

static int
count(enum watch_event event)
{
	int n = 0;

	for (int i = 0; i < n_told; i++)
		n += told[i].note.event == event;
	return n;
}

static const struct told *
nth(enum watch_event event, int n)
{
	for (int i = 0; i < n_told; i++)
		if (told[i].note.event == event && n-- == 0)
			return &told[i];
	ck_abort_msg("fewer notes than the test looks at");
	return NULL;
}

/* A transfer of 3 x 16384 bytes, and all that follows; watched or not. */
static void
transfer(bool is_watched, bool lends)
{
	static struct watcher watch;
	struct world_config config = machine_config();
	uint64_t addr;

	config.host.sosend.sosend_loan = lends;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, &crank.world);
	watch = (struct watcher){look, &crank.world.host};
	n_told = 0;
	if (is_watched)
		crank.world.host.watch = &watch;
	ck_assert_int_eq(crank_connect(&crank, 0, 16384), 0);
	addr = crank_buffer(&crank, 0, 16384);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(crank_write(&crank, 0, 0, addr, 16384),
		    16384);
	crank_sleep(&crank, 0, PS_PER_S);
}

/*
 * Each frame that leaves has been told before it reached the other end, with
 * the same headers; each that arrives, after it left the wire.
 */
START_TEST(packets_are_those_of_the_wire)
{
	int n_out = 0, n_in = 0;

	transfer(true, false);
	for (int i = 0; i < tap.n; i++) {
		const struct tapped *t = &tap.frames[i];
		const struct told *packet = t->to_peer ?
		    nth(WATCH_OUT, n_out++) : nth(WATCH_IN, n_in++);

		ck_assert_uint_eq(packet->note.conn, t->frame.conn);
		ck_assert_uint_eq(packet->note.payload_bytes,
		    t->frame.payload_bytes);
		ck_assert_uint_eq(packet->th.seq, t->frame.th.seq);
		ck_assert_uint_eq(packet->th.ack, t->frame.th.ack);
		ck_assert_uint_eq(packet->th.flags, t->frame.th.flags);
		if (t->to_peer)
			ck_assert_int_lt(packet->at, t->at);
		else
			ck_assert_int_gt(packet->at, t->at);
	}
	ck_assert_int_gt(n_out, 3 * 16384 / 1460);
	ck_assert_int_eq(n_out, count(WATCH_OUT));
	ck_assert_int_eq(n_in, count(WATCH_IN));
	crank_fini(&crank);
}
END_TEST

/*
 * The levels are held against the kernel's own in look().  All data is written
 * and acknowledged: the buffer has been empty, and is empty again.
 */
START_TEST(the_send_buffer_fills_and_empties)
{
	int64_t last = 0, sum = 0;

	transfer(true, false);
	for (int i = 0; i < count(WATCH_SNDBUF); i++) {
		int64_t level = nth(WATCH_SNDBUF, i)->note.level;

		ck_assert_int_ne(level, last);
		sum += level > last ? level - last : 0;
		last = level;
	}
	ck_assert_int_eq(sum, 3 * 16384);
	ck_assert_int_eq(last, 0);
	ck_assert_int_eq(count(WATCH_LENT), 0);
	crank_fini(&crank);
}
END_TEST

/* What is lent comes back, at the latest when the socket is closed. */
START_TEST(loans_come_and_go)
{
	int64_t sum = 0, last = 0;

	transfer(true, true);
	crank_fini(&crank);
	for (int i = 0; i < count(WATCH_LENT); i++) {
		int64_t level = nth(WATCH_LENT, i)->note.level;

		sum += level > last ? level - last : 0;
		last = level;
	}
	ck_assert_int_ge(sum, 3 * 16384 - 3 * PAGE_SIZE);
	ck_assert_int_eq(last, 0);
}
END_TEST

/* A connection that is given up loses what it had buffered. */
START_TEST(what_is_dropped_is_told)
{
	struct world_config config = machine_config();
	struct watcher watch = {look, &crank.world.host};
	const struct told *last;
	uint64_t addr;

	crank_init(&crank, &config, 1);
	ck_assert_int_eq(crank_connect(&crank, 0, 16384), 0);
	addr = crank_buffer(&crank, 0, 16384);
	n_told = 0;
	crank.world.host.watch = &watch;
	ck_assert_int_eq(crank_write(&crank, 0, 0, addr, 8192), 8192);
	tcp_close(&fd_socket(crank.procs[0].p, 0)->tcpcb);
	last = nth(WATCH_SNDBUF, count(WATCH_SNDBUF) - 1);
	ck_assert_int_eq(last->note.level, 0);
	n_told = 0;
	crank.world.host.watch = NULL;
	crank_abandon(&crank);
}
END_TEST

/* Who looks on changes nothing: each line of the ledger, and the clock. */
START_TEST(nothing_else_changes)
{
	struct ledger ledger;
	sim_time now;
	uint64_t n_fired;

	transfer(false, true);
	ledger = crank.world.host.ledger;
	now = crank.world.cal.now;
	n_fired = crank.world.cal.n_fired;
	crank_fini(&crank);
	ck_assert_int_eq(n_told, 0);
	transfer(true, true);
	ck_assert_int_eq(crank.world.cal.now, now);
	ck_assert_uint_eq(crank.world.cal.n_fired, n_fired);
	ck_assert_mem_eq(&crank.world.host.ledger, &ledger, sizeof ledger);
	ck_assert_int_gt(n_told, 0);
	crank_fini(&crank);
}
END_TEST

static Suite *
watch_suite(void)
{
	Suite *suite = suite_create("kern/watch");
	TCase *tc = tcase_create("watch");

	tcase_add_test(tc, packets_are_those_of_the_wire);
	tcase_add_test(tc, the_send_buffer_fills_and_empties);
	tcase_add_test(tc, loans_come_and_go);
	tcase_add_test(tc, what_is_dropped_is_told);
	tcase_add_test(tc, nothing_else_changes);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(watch_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
