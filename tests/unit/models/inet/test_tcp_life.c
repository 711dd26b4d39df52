/*
 * A connection's whole life, against the ideal peer.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/kern/syscall.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

/* First sequence numbers: the board's, and the peer's. */
#define ISS		UINT32_C(0xffff0000)
#define PEER_ISS	UINT32_C(0xfffffff0)

static struct crank crank;
static struct wiretap tap;
static struct tcpcb *tp;
static uint64_t addr;

/*
 * A connection's whole life, segment by segment: three to set it up, two with
 * data and their ACK, four to close.
 */
START_TEST(life_of_a_connection)
{
	struct world_config config = machine_config();
	uint16_t options = _i == 1 ? 12 : 0;
	uint16_t mss = 1460 - options;
	uint32_t end = ISS + 1 + 2000;

	config.host.tcp.timestamps = _i == 1;
	config.host.tcp.init_win = 2;
	tp = crank_sender(&crank, &tap, &config, 16384, &addr);
	crank_write(&crank, 0, 0, addr, 2000);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = 0});
	crank_sleep(&crank, 0, PS_PER_S);
	ck_assert_int_eq(tap.n, 3 + 3 + 4);
	/* both SYNs with MSS and window scale, 8 bytes */
	wiretap_assert(&tap, 0, true, TH_SYN, ISS, 0, 48 + options);
	ck_assert_uint_eq(tap.frames[0].frame.th.mss, 1460);
	wiretap_assert(&tap, 1, false, TH_SYN | TH_ACK, PEER_ISS, ISS + 1,
	    48 + options);
	ck_assert_uint_eq(tap.frames[1].frame.th.mss, 1460);
	ck_assert_uint_eq(tap.frames[1].frame.th.win, 65535);
	ck_assert_uint_eq(tap.frames[1].frame.th.wscale, 1 + 1);
	wiretap_assert(&tap, 2, true, TH_ACK, ISS + 1, PEER_ISS + 1,
	    40 + options);
	/*
	 * The write is one cluster of 2000 bytes; the connection was idle, so
	 * its tail goes with what is before it.
	 */
	wiretap_assert(&tap, 3, true, TH_ACK, ISS + 1, PEER_ISS + 1, 1500);
	wiretap_assert(&tap, 4, true, TH_ACK | TH_PUSH, ISS + 1 + mss,
	    PEER_ISS + 1, (uint16_t)(40 + options + 2000 - mss));
	/*
	 * Every second segment is acknowledged; then the FIN, then its own.
	 * Ours is right behind the tail, a gap of 12 byte times later than the
	 * ACK that starts at the same date.
	 */
	wiretap_assert(&tap, 5, false, TH_ACK, PEER_ISS + 1, end,
	    40 + options);
	wiretap_assert(&tap, 6, true, TH_ACK | TH_FIN, end, PEER_ISS + 1,
	    40 + options);
	wiretap_assert(&tap, 7, false, TH_ACK, PEER_ISS + 1, end + 1,
	    40 + options);
	wiretap_assert(&tap, 8, false, TH_FIN | TH_ACK, PEER_ISS + 1, end + 1,
	    40 + options);
	wiretap_assert(&tap, 9, true, TH_ACK, end + 1, PEER_ISS + 2,
	    40 + options);
	crank_fini(&crank);
}
END_TEST

/* The peer's segments are smaller than ours could be. */
START_TEST(peers_mss)
{
	struct world_config config = machine_config();

	config.host.tcp.timestamps = _i == 1;
	config.peer.mss = 1000;
	tp = crank_sender(&crank, &tap, &config, 16384, &addr);
	ck_assert_uint_eq(tp->t_maxseg, _i == 1 ? 988 : 1000);
	/* the first window is one of its segments */
	ck_assert_uint_eq(tp->snd_cwnd, tp->t_maxseg);
	crank_write(&crank, 0, 0, addr, 5000);
	crank_sleep(&crank, 0, PS_PER_S);
	ck_assert_uint_eq(wiretap_data(&tap, 0)->frame.ip_bytes, 1040);
	crank_fini(&crank);
}
END_TEST

/* In SYN_SENT nothing but the right answer counts. */
START_TEST(wrong_answers_to_a_syn)
{
	struct world_config config = machine_config();
	struct tcpcb *t;

	config.peer.turnaround = PS_PER_S;
	crank_init(&crank, &config, 2);
	crank_post(&crank, 1, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 16384, .so_sndlowat = 2048});
	crank_sleep(&crank, 0, PS_PER_MS);
	t = &crank.world.host.sockets->tcpcb;
	crank_arrives(&crank, TH_ACK, PEER_ISS, ISS + 1, 1000);
	crank_arrives(&crank, TH_SYN | TH_ACK, PEER_ISS, ISS, 1000);
	crank_arrives(&crank, TH_SYN | TH_ACK, PEER_ISS, ISS + 2, 1000);
	ck_assert_int_eq(t->t_state, TCPS_SYN_SENT);
	ck_assert_int_eq(t->stats.n_acks, 1);
	ck_assert_int_eq(crank_wait(&crank, 1), 0);
	ck_assert_int_eq(t->t_state, TCPS_ESTABLISHED);
	crank_fini(&crank);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, life_of_a_connection, 0, 2);
	tcase_add_loop_test(tc, peers_mss, 0, 2);
	tcase_add_test(tc, wrong_answers_to_a_syn);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_life");
	TCase *tc = tcase_create("tcp_life");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
