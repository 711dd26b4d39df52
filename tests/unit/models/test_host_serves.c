/*
 * A host that only serves: who waits for others to begin, and who does not.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/udp_bench.h"

static struct crank crank;
static struct udp_bench b;

static struct host *
host(void)
{
	return &crank.world.host;
}

/* A program of its own, one that sleeps, a server that waits, one that left. */
START_TEST(who_only_serves)
{
	struct world_config config = machine_config();
	struct sys_call call = {.nr = SYS_LISTEN, .port = 80, .backlog = 5,
	    .so_sndbuf = 4096, .so_sndlowat = 2048};

	crank_init(&crank, &config, 1);
	ck_assert(!host_only_serves(host()));
	call.fd = (int)crank_call(&crank, 0, call);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_SLEEP,
	    .len = PS_PER_S});
	crank_until(&crank, PS_PER_MS);
	ck_assert_int_eq(crank.procs[0].p->state, PROC_ASLEEP);
	ck_assert(!host_only_serves(host()));
	ck_assert_int_eq(crank_wait(&crank, 0), 0);
	call.nr = SYS_ACCEPT;
	crank_post(&crank, 0, call);
	/* else the world would end for want of anything else */
	cal_hold(&crank.world.cal);
	crank_until(&crank, 2 * PS_PER_S);
	cal_release(&crank.world.cal);
	ck_assert(host_only_serves(host()));
	ck_assert_int_eq(crank_wait(&crank, 0), SYS_ENDED);
	crank_fini(&crank);
}
END_TEST

/* Begins a call, and sees to it that the world does not end for its sleep. */
static void
post_and_sleep(enum sys_nr nr)
{
	ck_assert(crank_post(&b.crank, 0, (struct sys_call){.nr = nr,
	    .fd = b.fd, .addr = b.addr, .len = 100}));
	cal_hold(&b.crank.world.cal);
	udp_bench_rest(&b, PS_PER_MS);
	cal_release(&b.crank.world.cal);
	ck_assert_int_eq(b.p->state, PROC_ASLEEP);
}

/* With a socket of datagrams: to wait for one is to serve; for an mbuf, not. */
START_TEST(who_only_serves_datagrams)
{
	struct world_config config = udp_bench_config(false);
	struct mbuf *m;

	config.host.mbufs = 1;
	udp_bench_init(&b, &config, 9216);
	m = m_get(&b.host->mbufs);
	post_and_sleep(SYS_SENDTO);
	ck_assert_ptr_eq(b.p->sleeps_on, &b.host->mbuf_wait);
	ck_assert(!host_only_serves(b.host));
	m_free(&b.host->mbufs, m);
	ck_assert_int_eq(crank_wait(&b.crank, 0), 100);
	post_and_sleep(SYS_READ);
	ck_assert_ptr_eq(b.p->sleeps_on, &b.so->so_rcv.sb_wait);
	ck_assert(host_only_serves(b.host));
	ck_assert_int_eq(crank_wait(&b.crank, 0), SYS_ENDED);
	udp_bench_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("host_serves");
	TCase *tc = tcase_create("host_serves");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, who_only_serves);
	tcase_add_test(tc, who_only_serves_datagrams);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
