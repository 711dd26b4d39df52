/*
 * What a run has if nobody says otherwise: the kernel of May 2002 and its fxp.
 * netbsd-2002.md 2.1, 5.2, 5.4, 7, 8.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/run/build.h"
#include "tests/support/sim/scenario_fixture.h"

static struct scn_fixture fix;
static struct world_config world;

static void
setup(void)
{
	g_autofree char *all = NULL;

	fix = fix_load("[process p]\n", NULL);
	all = fix_all(&fix);
	ck_assert_msg(fix.scn != NULL, "%s", all);
	world = build_world(scn_point(fix.scn, 0));
}

static void
teardown(void)
{
	fix_fini(&fix);
}

START_TEST(loans)
{
	const struct sosend_config *sosend = &world.host.sosend;

	ck_assert(!sosend->sosend_loan);
	ck_assert_int_eq(sosend->sock_loan_thresh, 4096);
	ck_assert_int_eq(sosend->sock_loan_chunk, 65536);
	ck_assert_int_eq(world.host.somaxkva, 16 << 20);
}
END_TEST

START_TEST(buffers)
{
	size_t n;
	g_autofree struct process_config *p =
	    build_processes(scn_point(fix.scn, 0), &n);

	ck_assert_int_eq(p->so_sndbuf, 16384);
	ck_assert_int_eq(p->so_sndlowat, 2048);
	ck_assert_int_eq(world.host.tcp.recvspace, 16384);
	ck_assert_int_eq(world.host.sbappend, SB_APPEND_WALK);
}
END_TEST

START_TEST(tcp_of_2002)
{
	const struct tcp_config *t = &world.host.tcp;

	ck_assert_int_eq(t->output, TCP_OUTPUT_REFERENCE);
	ck_assert(t->window_scale && t->timestamps);
	ck_assert(!t->newreno && !t->ack_on_push);
	ck_assert_int_eq(t->init_win, 1);
	ck_assert_int_eq(t->rto_min, PS_PER_S);
	ck_assert_int_eq(t->delack, 200 * PS_PER_MS);
	ck_assert_int_eq(t->timers, TCP_TIMERS_TICKS);
	ck_assert_int_eq(world.host.hz, 100);
}
END_TEST

START_TEST(controller)
{
	ck_assert_int_eq(world.host.nic.tx_threshold, 512);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("era");
	TCase *tc = tcase_create("era");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, loans);
	tcase_add_test(tc, buffers);
	tcase_add_test(tc, tcp_of_2002);
	tcase_add_test(tc, controller);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
