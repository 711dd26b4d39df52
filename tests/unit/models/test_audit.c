/*
 * The audit: a clean world has no line; each line is seen when, and only when,
 * the books that it compares are damaged.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crank.h"
#include "tests/support/damage.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

static struct crank crank;
static struct wiretap tap;

static const struct cache_config two_levels = {
    {8192, 32768}, 32, CACHE_WRITE_BACK, true, false};

/*
 * In the middle of a transfer: one piece of 64 KiB is on loan, part of it
 * acknowledged.  With an ACK for every segment and the first window of one
 * segment, 5 ms are some ten round trips.
 */
static void
run_to_the_middle(void)
{
	struct world_config config = machine_config();
	uint64_t addr;
	int fd;

	config.host.sosend.sosend_loan = true;
	config.host.cache = two_levels;
	config.peer.delack_segments = 1;
	/* as good as none, so that the dates stay what they were */
	config.to_peer_path.delay = 1;
	config.to_board_path.delay = 1;
	crank_init(&crank, &config, 1);
	fd = crank_connect(&crank, 0, 65536);
	addr = crank_buffer(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 65536), 65536);
	/* the program sleeps meanwhile */
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_SLEEP,
	    .len = 9 * PS_PER_S});
	ck_assert_int_eq(crank_until(&crank, crank.world.cal.now +
	    5 * PS_PER_MS), WORLD_LIMIT);
	ck_assert_int_gt(crank.world.host.sockets->stats.bytes_acked, 0);
	ck_assert_int_gt(crank.world.host.sockets->so_snd.sb_cc, 0);
	ck_assert_int_eq(crank.world.host.kva.socurkva, 65536);
}

/* All of it sent, the process gone, nothing left to happen. */
static void
run_to_the_end(void)
{
	run_to_the_middle();
	crank_wait(&crank, 0);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT});
	ck_assert_int_eq(crank_until(&crank, SIM_TIME_NEVER), WORLD_OVER);
	ck_assert_int_eq(crank.world.outcome, WORLD_DONE);
	machine_assert_empty(&crank.world.host);
}

static void
audit_running(struct world *world, struct audit *audit)
{
	host_audit_running(&world->host, audit);
	path_audit(&world->to_peer_path, audit);
	path_audit(&world->to_board_path, audit);
	peer_audit(&world->peer, audit);
}

static void
assert_lines(const struct audit *audit, const struct damage *damage)
{
	uint32_t n = 0;

	while (n < DAMAGE_MAX_LINES && damage->lines[n] != NULL)
		n++;
	for (uint32_t i = 0; i < n && i < audit->n; i++) {
		ck_assert_str_eq(audit->lines[i].what, damage->lines[i]);
		ck_assert_int_eq(audit->lines[i].actual -
		    audit->lines[i].expected, damage->by[i]);
	}
	ck_assert_uint_eq(audit->n, n);
}

static void
assert_told(const struct damage *damage)
{
	struct audit audit = {0};

	run_to_the_middle();
	audit_running(&crank.world, &audit);
	ck_assert_uint_eq(audit.n, 0);
	damage->act(&crank.world);
	audit_running(&crank.world, &audit);
	assert_lines(&audit, damage);
	crank_abandon(&crank);
}

START_TEST(running_line)
{
	assert_told(&damage_running[_i]);
}
END_TEST

START_TEST(line_of_the_far_end)
{
	assert_told(&damage_far[_i]);
}
END_TEST

START_TEST(line_at_the_end)
{
	struct audit audit = {0};

	run_to_the_end();
	host_audit(&crank.world.host, &crank.world.peer, &audit);
	ck_assert_uint_eq(audit.n, 0);
	damage_at_end[_i].act(&crank.world);
	host_audit(&crank.world.host, &crank.world.peer, &audit);
	assert_lines(&audit, &damage_at_end[_i]);
	crank_abandon(&crank);
}
END_TEST

/* A stray segment makes the far end listen: no books to be held yet. */
START_TEST(nobody_called)
{
	struct frame stray = {.conn = 9, .ip_bytes = 40,
	    .th = {.flags = TH_ACK}};
	struct audit audit = {0};

	run_to_the_middle();
	peer_receive(&crank.world.peer, &stray);
	ck_assert_int_eq(crank.world.peer.conns[9]->state, PEER_LISTEN);
	audit_running(&crank.world, &audit);
	ck_assert_uint_eq(audit.n, 0);
	crank_abandon(&crank);
}
END_TEST

/* Data of a connection that gave up may be there without an ACK. */
START_TEST(delivery_after_a_drop)
{
	struct audit audit = {0};
	struct so_stats *s;

	run_to_the_end();
	s = &crank.world.host.sockets->stats;
	s->bytes_acked -= 1460;
	s->bytes_dropped += 1460;
	host_audit(&crank.world.host, &crank.world.peer, &audit);
	ck_assert_uint_eq(audit.n, 0);
	crank_abandon(&crank);
}
END_TEST

/*
 * No line of audit.c is without a test here
 */
static bool
is_listed(const struct damage *damages, int n, const char *what, size_t len)
{
	for (int i = 0; i < n * DAMAGE_MAX_LINES; i++) {
		const char *line = damages[i / DAMAGE_MAX_LINES]
		    .lines[i % DAMAGE_MAX_LINES];

		if (line != NULL && strlen(line) == len &&
		    strncmp(line, what, len) == 0)
			return true;
	}
	return false;
}

static int
count_lines(const char *text)
{
	static const char call[] = "(audit, \"";
	int n = 0;

	while ((text = strstr(text, call)) != NULL) {
		size_t len;

		text += strlen(call);
		len = strcspn(text, "\"");
		ck_assert_msg(is_listed(damage_running, damage_n_running,
		    text, len) || is_listed(damage_far, damage_n_far,
		    text, len) || is_listed(damage_at_end, damage_n_at_end,
		    text, len), "no test damages: %.*s", (int)len, text);
		n++;
	}
	return n;
}

static int
count_lines_of(const char *file)
{
	static char text[32768];
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s%s", TEST_SOURCE_DIR, file);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	return count_lines(text);
}

START_TEST(every_line_has_a_test)
{
	/* bytes 4, buffers 4, TCP 5, loans 4, limits 2, content 1, peer 7;
	 * delivery 3, pools 6, caches 3, ledger 7, time 4, frames 2, end 6;
	 * the path 1 */
	ck_assert_int_eq(count_lines_of("/models/audit.c"), 20 + 7 + 31 + 1);
	ck_assert_int_eq(count_lines_of("/models/audit_files.c"), 3);
	ck_assert_int_eq(count_lines_of("/models/audit_poll.c"), 3);
}
END_TEST

/*
 * At every instant
 */
struct watch {
	struct world *world;
	int64_t n;
};

static void
audit_now(void *arg)
{
	struct watch *watch = arg;
	struct audit audit = {0};

	audit_running(watch->world, &audit);
	ck_assert_msg(audit.n == 0, "%s", audit.lines[0].what);
	watch->n++;
}

static bool
lose_every_50th(void *arg, struct frame *frame, bool to_peer)
{
	int *n = arg;

	return !to_peer || frame->payload_bytes == 0 || ++*n % 50 != 0;
}

/*
 * Loans, copies, overwritten pages, losses, with and without caches of either
 * kind: the books balance all the time.
 */
START_TEST(clean_after_every_event)
{
	struct world_config config = machine_config();
	struct watch watch = {&crank.world, 0};
	uint64_t addr;
	int fd, n = 0;

	config.host.sosend.sosend_loan = true;
	config.host.sosend.sock_loan_thresh = 4096 * (_i + 1);
	if (_i > 0)
		config.host.cache = two_levels;
	config.host.cache.is_virtual = _i > 1;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, &crank.world);
	tap.filter = lose_every_50th;
	tap.filter_arg = &n;
	crank.world.cal.after_event = audit_now;
	crank.world.cal.after_event_arg = &watch;
	fd = crank_connect(&crank, 0, 16384 * (_i + 1));
	addr = crank_buffer(&crank, 0, 65536);
	for (int i = 0; i < 4; i++) {
		crank_write(&crank, 0, fd, addr + 100, 65000);
		crank_call(&crank, 0, (struct sys_call){.nr = SYS_TOUCH,
		    .addr = addr, .len = 65536});
	}
	crank_fini(&crank);
	/* four writes of 45 segments, some steps each: not just a few events */
	ck_assert_int_gt(watch.n, 1000);
	ck_assert_int_gt(n, 4 * 65000 / 1460);
}
END_TEST

START_TEST(empty_world_is_clean)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 0);
	crank_fini(&crank);
}
END_TEST

/*
 * The tool itself
 */
START_TEST(equal_and_at_most)
{
	struct audit audit = {0};

	audit_equal(&audit, "same", 7, 7);
	audit_at_most(&audit, "less", 7, 6);
	audit_at_most(&audit, "equal", 7, 7);
	ck_assert_uint_eq(audit.n, 0);
	audit_at_most(&audit, "more", 7, 8);
	audit_equal(&audit, "differ", INT64_MAX, INT64_MIN);
	ck_assert_uint_eq(audit.n, 2);
	ck_assert_str_eq(audit.lines[0].what, "more");
	ck_assert_int_eq(audit.lines[0].expected, 7);
	ck_assert_int_eq(audit.lines[0].actual, 8);
	ck_assert_int_eq(audit.lines[1].expected, INT64_MAX);
	ck_assert_int_eq(audit.lines[1].actual, INT64_MIN);
}
END_TEST

START_TEST(more_lines_than_the_table)
{
	struct audit audit = {0};

	for (int i = 0; i < AUDIT_MAX_LINES + 3; i++)
		audit_equal(&audit, "line", i, -1);
	/* all count, the first ones are kept */
	ck_assert_uint_eq(audit.n, AUDIT_MAX_LINES + 3);
	ck_assert_int_eq(audit.lines[0].expected, 0);
	ck_assert_int_eq(audit.lines[AUDIT_MAX_LINES - 1].expected,
	    AUDIT_MAX_LINES - 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("audit");
	TCase *tc = tcase_create("audit");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, running_line, 0, damage_n_running);
	tcase_add_loop_test(tc, line_of_the_far_end, 0, damage_n_far);
	tcase_add_test(tc, nobody_called);
	tcase_add_loop_test(tc, line_at_the_end, 0, damage_n_at_end);
	tcase_add_test(tc, every_line_has_a_test);
	tcase_add_test(tc, delivery_after_a_drop);
	tcase_add_loop_test(tc, clean_after_every_event, 0, 4);
	tcase_add_test(tc, empty_world_is_clean);
	tcase_add_test(tc, equal_and_at_most);
	tcase_add_test(tc, more_lines_than_the_table);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
