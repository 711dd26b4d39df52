/*
 * What storms of random segments have found, each alone: windows that close or
 * come late, and what has been promised.
 *
 * The test is the other end: its frames are made by hand, and nothing that the
 * board sends reaches the peer.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/closed_form.h"

#define SOON	(5 * PS_PER_MS)

static struct form f;
static bool is_cut;

static bool
cut(void *arg, struct frame *frame, bool is_to_peer)
{
	(void)arg;
	(void)frame;
	return !is_cut || !is_to_peer;
}

/* Connected, to a peer that hears nothing from now on. */
static void
begin(void)
{
	is_cut = false;
	f.config.host.tcp.window_scale = false;
	form_begin(&f);
	f.tap.filter = cut;
	form_connect(&f, 65536, 2048);
	form_until(&f, f.crank.world.cal.now + SOON);
	is_cut = true;
}

static void
write_segments(int n)
{
	ck_assert_int_eq(crank_write(&f.crank, 0, f.fd, f.addr,
	    n * FORM_MSS), n * FORM_MSS);
	form_until(&f, f.crank.world.cal.now + SOON);
}

/*
 * A segment for the board: len bytes at a place of the other end's stream;
 * acked: bytes of ours.
 */
static void
hear(uint8_t flags, uint32_t place, uint32_t len, uint32_t acked,
    uint16_t win)
{
	struct frame frame = {.conn = f.so->so_id,
	    .ip_bytes = (uint16_t)(40 + len), .payload_bytes = len,
	    .th = {.seq = f.tp->irs + 1 + place, .flags = flags,
	    .ack = f.tp->iss + 1 + acked, .win = win},
	    .content = len > 0 ? content_name(f.so->so_id, place) :
	    CONTENT_NONE};

	wire_send(&f.crank.world.to_board, f.crank.world.cal.now, &frame);
	form_until(&f, f.crank.world.cal.now + SOON);
}

/*
 * The segment that closes the window brings data that is acknowledged at once.
 * An ACK goes out, and data waits behind the window: the next update may be
 * lost, so that somebody has to ask.
 */
START_TEST(window_closes_with_data)
{
	form_config(&f, 0);
	f.config.host.tcp.ack_on_push = true;
	begin();
	write_segments(3);
	ck_assert_uint_eq(f.tp->snd_max - f.tp->snd_una, FORM_MSS);
	hear(TH_ACK | TH_PUSH, 0, 100, FORM_MSS, 0);
	ck_assert_uint_eq(f.tp->snd_max, f.tp->snd_una);
	ck_assert_uint_eq(f.tp->last_ack_sent, f.tp->rcv_nxt);
	ck_assert_int_eq(f.so->so_snd.sb_cc, 2 * FORM_MSS);
	ck_assert(tcp_timer_is_armed(f.tp, TCPT_PERSIST));
	form_until(&f, f.crank.world.cal.now + 6 * PS_PER_S);
	ck_assert_int_eq(f.tp->stats.n_persists, 1);
	form_end(&f);
}
END_TEST

/*
 * An ACK is predicted, and then comes one that was sent before it, when the
 * window was smaller.  It acknowledges the same: it is no news.
 */
START_TEST(late_ack_after_a_predicted_one)
{
	const uint16_t win = 2 * FORM_MSS;

	form_config(&f, 0);
	f.config.host.tcp.init_win = 4;
	begin();
	write_segments(4);
	/* so that the window is what it will be, and numbers have moved on */
	hear(TH_ACK, 0, 100, FORM_MSS, win);
	ck_assert_int_eq(f.tp->stats.n_predicted_acks, 0);
	hear(TH_ACK, 100, 0, 2 * FORM_MSS, win);
	ck_assert_int_eq(f.tp->stats.n_predicted_acks, 1);
	ck_assert_uint_eq(f.tp->snd_wnd, win);
	hear(TH_ACK, 100, 0, 2 * FORM_MSS, 1000);
	ck_assert_uint_eq(f.tp->snd_wnd, win);
	form_end(&f);
}
END_TEST

/*
 * Data beyond a gap was sent before an ACK that has overtaken it.  Its window
 * counts from what it acknowledges, not from where we are.
 */
START_TEST(window_of_an_old_ack)
{
	const uint16_t win = 3 * FORM_MSS;

	form_config(&f, 0);
	f.config.host.tcp.init_win = 4;
	begin();
	write_segments(8);
	/* what has come fills half of the buffer */
	hear(TH_ACK, 0, 0, 2 * FORM_MSS, FORM_MSS);
	ck_assert_uint_eq(f.tp->snd_wnd, FORM_MSS);
	hear(TH_ACK, 100, 100, 0, win);
	ck_assert_uint_eq(f.tp->snd_wnd, FORM_MSS);
	/* one that is up to date does count */
	hear(TH_ACK, 200, 100, 2 * FORM_MSS, win);
	ck_assert_uint_eq(f.tp->snd_wnd, win);
	form_end(&f);
}
END_TEST

/*
 * The program has read, but too little for an update.  A probe of a silent end
 * offers the room, and what is offered stays so.
 */
START_TEST(probe_promises_its_window)
{
	const struct frame *probe;
	int64_t fd;

	form_config(&f, 0);
	f.config.host.tcp.keepidle = 2 * PS_PER_S;
	form_begin(&f);
	fd = crank_call(&f.crank, 0, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 16384, .so_sndlowat = 2048, .so_keepalive = true});
	f.fd = (int)fd;
	f.so = fd_socket(f.crank.procs[0].p, (int)fd);
	f.tp = &f.so->tcpcb;
	f.tap.filter = cut;
	is_cut = true;
	hear(TH_ACK, 0, FORM_MSS, 0, 16384);
	form_until(&f, PS_PER_S);
	ck_assert_int_eq(crank_call(&f.crank, 0, (struct sys_call){
	    .nr = SYS_READ, .fd = f.fd, .addr = f.addr, .len = FORM_MSS}),
	    FORM_MSS);
	ck_assert_uint_eq(f.tp->rcv_adv, f.tp->irs + 1 + 16384);
	form_until(&f, 4 * PS_PER_S);
	ck_assert_int_ge(f.tp->stats.n_keep_probes, 1);
	probe = &f.tap.frames[f.tap.n - 1].frame;
	ck_assert_uint_eq(probe->th.win, 16384);
	ck_assert_uint_eq(f.tp->rcv_adv, probe->th.ack + 16384);
	form_end(&f);
}
END_TEST

/*
 * A number that is used again: first refused, then of use.  Two hosts, whose
 * programs make one call after the other.
 */
static struct world world;

static void
woken(void *arg)
{
	(void)arg;
}

static int64_t
call(struct proc *p, struct sys_call next)
{
	ck_assert(sys_enter(p, &next));
	while (p->state != PROC_IN_PROGRAM && p->state != PROC_DEAD) {
		/* the other one is in its program, and does nothing */
		world.host.n_in_program = world.far.n_in_program = 0;
		ck_assert_int_ne(world_advance(&world, SIM_TIME_NEVER),
		    WORLD_OVER);
	}
	if (p->k.task.is_held)
		cpu_release(&p->k.host->cpu, &p->k.task);
	return p->result;
}

static uint64_t
page_of(struct proc *p)
{
	int64_t addr = call(p, (struct sys_call){.nr = SYS_MMAP,
	    .len = PAGE_SIZE});

	ck_assert_int_eq(call(p, (struct sys_call){.nr = SYS_TOUCH,
	    .addr = (uint64_t)addr, .len = PAGE_SIZE}), 0);
	return (uint64_t)addr;
}

START_TEST(numbers_are_used_again)
{
	struct proc_program program = {woken, NULL};
	struct sys_call connect = {.nr = SYS_CONNECT, .so_sndbuf = 16384,
	    .so_sndlowat = 2048, .conn = 7, .port = 9};
	struct sys_call listen = {.nr = SYS_LISTEN, .so_sndbuf = 16384,
	    .so_sndlowat = 2048, .port = 9, .backlog = 5};
	struct audit audit = {0};
	struct proc *a, *b;
	int64_t fd, there;

	form_config(&f, 0);
	f.config.far = f.config.host;
	f.config.far_is_host = true;
	world_init(&world, &f.config);
	a = host_add_proc(&world.host, "a", program);
	b = host_add_proc(&world.far, "b", program);
	ck_assert_int_eq(call(a, connect), SYS_ECONNREFUSED);
	listen.fd = (int)call(b, listen);
	fd = call(a, connect);
	ck_assert_int_ge(fd, 0);
	there = call(b, (struct sys_call){.nr = SYS_ACCEPT, .fd = listen.fd});
	ck_assert_uint_eq(fd_socket(b, (int)there)->so_id, 7);
	ck_assert_int_eq(call(a, (struct sys_call){.nr = SYS_WRITE,
	    .fd = (int)fd, .addr = page_of(a), .len = 1000}), 1000);
	ck_assert_int_eq(call(b, (struct sys_call){.nr = SYS_READ,
	    .fd = (int)there, .addr = page_of(b), .len = 2000}), 1000);
	sys_enter(a, &(struct sys_call){.nr = SYS_EXIT});
	sys_enter(b, &(struct sys_call){.nr = SYS_EXIT});
	world.host.n_in_program = world.far.n_in_program = 0;
	ck_assert_int_eq(world_advance(&world, SIM_TIME_NEVER), WORLD_OVER);
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	world_audit(&world, &audit);
	ck_assert_uint_eq(audit.n, 0);
	world_fini(&world);
}
END_TEST

/*
 * Closed in the midst of a time-out, when two segments are under way and one is
 * sent again: the FIN waits behind the other.  The peer, who had both but for
 * that one, closes as well and acknowledges them: nothing is left to bring
 * anybody back, and the FIN has to go now.
 */
START_TEST(both_close_in_a_time_out)
{
	form_config(&f, 0);
	begin();
	write_segments(1);
	hear(TH_ACK, 0, 0, FORM_MSS, 60000);
	write_segments(2);
	ck_assert_uint_eq(f.tp->snd_max - f.tp->snd_una, 2 * FORM_MSS);
	form_until(&f, f.crank.world.cal.now + 4 * PS_PER_S);
	ck_assert_uint_eq(f.tp->snd_nxt - f.tp->snd_una, FORM_MSS);
	crank_call(&f.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = f.fd});
	hear(TH_ACK | TH_FIN, 0, 0, FORM_MSS, 60000);
	ck_assert_int_eq(f.tp->t_state, TCPS_CLOSING);
	ck_assert(!f.tp->t_sent_fin);
	hear(TH_ACK, 1, 0, 3 * FORM_MSS, 60000);
	ck_assert_int_eq(f.so->so_snd.sb_cc, 0);
	ck_assert(f.tp->t_sent_fin);
	hear(TH_ACK, 1, 0, 3 * FORM_MSS + 1, 60000);
	ck_assert_int_eq(f.tp->t_state, TCPS_TIME_WAIT);
	form_end(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tcp_found");
	TCase *tc = tcase_create("tcp_found");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, window_closes_with_data);
	tcase_add_test(tc, late_ack_after_a_predicted_one);
	tcase_add_test(tc, window_of_an_old_ack);
	tcase_add_test(tc, probe_promises_its_window);
	tcase_add_test(tc, numbers_are_used_again);
	tcase_add_test(tc, both_close_in_a_time_out);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
