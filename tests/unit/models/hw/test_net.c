/*
 * The network: what links do with frames, alone and where ways meet.
 *
 * A frame of 1500 bytes has 1538 byte times, of which the last 12 are the gap:
 * at 100 Mbit/s, 80 ns a byte, its last bit leaves after 1526 * 80 ns, and the
 * next frame may begin after 1538 * 80 ns.
 */
#include <check.h>
#include <string.h>

#include "models/audit.h"

#define LEN	(1526 * 80 * PS_PER_NS)
#define SLOT	(1538 * 80 * PS_PER_NS)

enum { MOST = 64 };

static struct calendar cal;
static struct net net;
static struct {
	sim_time at;
	uint32_t client;	/* or ... */
	bool is_back;
	uint32_t seq;
} got[MOST];
static int n_got;

static void
to_client(void *arg, uint32_t client, const struct frame *frame)
{
	(void)arg;
	got[n_got].at = cal.now;
	got[n_got].client = client;
	got[n_got].is_back = false;
	got[n_got++].seq = frame->th.seq;
}

static void
to_board(void *arg, const struct frame *frame)
{
	(void)arg;
	got[n_got].at = cal.now;
	got[n_got].is_back = true;
	got[n_got++].seq = frame->th.seq;
}

static void
begin(const struct net_config *config)
{
	cal_init(&cal);
	net_init(&net, &cal, config);
	net.to_client = to_client;
	net.to_board = to_board;
	n_got = 0;
}

static void
assert_clean(int n_frames)
{
	struct audit audit = {0};

	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	net_audit(&net, &audit);
	ck_assert_uint_eq(audit.n, 0);
	ck_assert_int_eq(n_got, n_frames);
	ck_assert_int_eq(net.stats.n_out, n_frames);
	net_fini(&net);
	cal_fini(&cal);
}

static struct frame
frame(uint32_t seq)
{
	return (struct frame){.ip_bytes = 1500, .th = {.seq = seq}};
}

static void
out(uint32_t client, uint32_t seq)
{
	struct frame f = frame(seq);

	net_out(&net, client, &f);
}

static void
back(uint32_t client, uint32_t seq, sim_time ready_at)
{
	struct frame f = frame(seq);

	net_back(&net, client, ready_at, &f);
}

static void
assert_got(int i, sim_time at, uint32_t seq)
{
	ck_assert_int_eq(got[i].at, at);
	ck_assert_uint_eq(got[i].seq, seq);
}

static const struct net_link_config quick = {100000000, PS_PER_US,
    NET_SPLITDUPLEX};

/* each client has its line: frames to one wait, to another they do not */
START_TEST(star)
{
	begin(&(struct net_config){.n_clients = 2, .star = quick});
	out(0, 1);
	out(0, 2);
	out(1, 3);
	back(0, 4, 0);
	cal_run(&cal, SIM_TIME_NEVER);
	assert_got(0, LEN + PS_PER_US, 1);
	assert_got(1, LEN + PS_PER_US, 3);
	ck_assert_uint_eq(got[1].client, 1);
	assert_got(2, LEN + PS_PER_US, 4);
	ck_assert(got[2].is_back);
	assert_got(3, SLOT + LEN + PS_PER_US, 2);
	assert_clean(4);
}
END_TEST

static bool
out_early(uint32_t client, uint32_t seq, sim_time comes_at)
{
	struct frame f = frame(seq);

	return net_out_early(&net, client, comes_at, &f);
}

/* what will come goes on its line at once, and arrives as if it had come */
START_TEST(star_early)
{
	begin(&(struct net_config){.n_clients = 2, .star = quick});
	/* to be expected changes nothing */
	net_expect(&net, 0);
	ck_assert(out_early(0, 1, PS_PER_MS));
	ck_assert(out_early(0, 2, PS_PER_MS + LEN));
	ck_assert(out_early(1, 3, PS_PER_MS));
	cal_run(&cal, SIM_TIME_NEVER);
	assert_got(0, PS_PER_MS + LEN + PS_PER_US, 1);
	assert_got(1, PS_PER_MS + LEN + PS_PER_US, 3);
	assert_got(2, PS_PER_MS + SLOT + LEN + PS_PER_US, 2);
	ck_assert_uint_eq(cal.n_fired, 3);
	assert_clean(3);
}
END_TEST

/* a shared line takes both directions, one after the other, as they come */
START_TEST(shared_star)
{
	struct net_link_config line = quick;

	line.policy = NET_SHARED;
	begin(&(struct net_config){.n_clients = 1, .star = line});
	out(0, 1);
	back(0, 2, 0);
	/* who comes first is not known before he comes */
	ck_assert(!out_early(0, 3, PS_PER_US));
	cal_run(&cal, SIM_TIME_NEVER);
	assert_got(0, LEN + PS_PER_US, 1);
	assert_got(1, SLOT + LEN + PS_PER_US, 2);
	ck_assert(net.pipes[0].is_merged);
	assert_clean(2);
}
END_TEST

/* a fat line: nobody waits for anybody */
START_TEST(fat_star)
{
	struct net_link_config line = {1, 7 * PS_PER_MS, NET_FATPIPE};

	begin(&(struct net_config){.n_clients = 1, .star = line});
	out(0, 1);
	out(0, 2);
	back(0, 3, PS_PER_MS);
	cal_run(&cal, SIM_TIME_NEVER);
	assert_got(0, 7 * PS_PER_MS, 1);
	assert_got(1, 7 * PS_PER_MS, 2);
	assert_got(2, 8 * PS_PER_MS, 3);
	assert_clean(3);
}
END_TEST

/* Two lines behind one backbone, which is ten times as slow for one of them. */
static const struct net_link_config tree[] = {
    {100000000, 0, NET_SPLITDUPLEX}, {10000000, 0, NET_SPLITDUPLEX},
    {100000000, 0, NET_SPLITDUPLEX}};
static const struct net_hop to_slow[] = {{0, false}, {1, false}};
static const struct net_hop to_quick[] = {{0, false}, {2, false}};
static const struct net_hop from_slow[] = {{1, true}, {0, true}};
static const struct net_hop from_quick[] = {{2, true}, {0, true}};
static const struct net_route routes[] = {
    {to_slow, from_slow, 2, 2}, {to_quick, from_quick, 2, 2}};
static const struct net_config two = {.n_clients = 2, .routes = routes,
    .links = tree, .n_links = 3};

/* stored and forwarded: the length once for each hop; a backbone in order */
START_TEST(hops_out)
{
	begin(&two);
	out(0, 1);
	out(1, 2);
	cal_run(&cal, SIM_TIME_NEVER);
	/* behind the first one on the backbone, and then its own line */
	assert_got(0, SLOT + LEN + LEN, 2);
	assert_got(1, LEN + 10 * LEN, 1);
	/* nothing merges on the way out: no event but the arrivals */
	ck_assert(!net.pipes[0].is_merged && !net.pipes[2].is_merged &&
	    !net.pipes[4].is_merged);
	ck_assert_uint_eq(cal.n_fired, 2);
	assert_clean(2);
}
END_TEST

/* on the way back, who is there first goes first, whoever began */
START_TEST(hops_back)
{
	begin(&two);
	back(0, 1, 0);
	back(1, 2, 5 * LEN);
	cal_run(&cal, 5 * LEN);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert(net.pipes[1].is_merged);
	assert_got(0, 5 * LEN + LEN + LEN, 2);
	assert_got(1, 10 * LEN + LEN, 1);
	assert_clean(2);
}
END_TEST

/* no link at all: where the board is */
START_TEST(no_hops)
{
	static const struct net_route here[] = {{NULL, NULL, 0, 0}};

	begin(&(struct net_config){.n_clients = 1, .routes = here});
	net_expect(&net, 0);
	out(0, 1);
	back(0, 2, PS_PER_US);
	ck_assert_int_eq(n_got, 1);
	/* not before it comes: there is nothing that it would wait on */
	ck_assert(!out_early(0, 3, PS_PER_US));
	cal_run(&cal, SIM_TIME_NEVER);
	assert_got(1, PS_PER_US, 2);
	assert_clean(2);
}
END_TEST

/* what is ready later does not hold up what is ready now, and keeps order */
START_TEST(turnaround)
{
	struct net_link_config line = quick;

	line.policy = NET_SHARED;
	begin(&(struct net_config){.n_clients = 1, .star = line});
	back(0, 1, PS_PER_MS);
	back(0, 2, PS_PER_MS);
	out(0, 3);
	cal_run(&cal, SIM_TIME_NEVER);
	assert_got(0, LEN + PS_PER_US, 3);
	assert_got(1, PS_PER_MS + LEN + PS_PER_US, 1);
	assert_got(2, PS_PER_MS + SLOT + LEN + PS_PER_US, 2);
	assert_clean(3);
}
END_TEST

/* each line of the audit, by a world in which it is wrong */
START_TEST(audited)
{
	static const char *const lines[] = {
	    "network: frames in = out + under way",
	    "network: hops counted by frames = by links",
	    "time of a link = that of its bytes",
	    "time of a link <= elapsed"};
	struct audit audit = {0};

	begin(&two);
	out(0, 1);
	cal_run(&cal, SIM_TIME_NEVER);
	switch (_i) {
	case 0:
		net.stats.n_out++;
		break;
	case 1:
		net.stats.n_hops--;
		break;
	case 2:
		net.pipes[0].link.wire_bytes++;
		break;
	case 3:
		cal.now = 0;
		net.pipes[0].link.free_at = 0;
		net.pipes[2].link.free_at = 0;
		break;
	}
	net_audit(&net, &audit);
	ck_assert_uint_ge(audit.n, 1);
	ck_assert_str_eq(audit.lines[0].what, lines[_i]);
	net_fini(&net);
	cal_fini(&cal);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("net");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, star);
	tcase_add_test(tc, star_early);
	tcase_add_test(tc, shared_star);
	tcase_add_test(tc, fat_star);
	tcase_add_test(tc, hops_out);
	tcase_add_test(tc, hops_back);
	tcase_add_test(tc, no_hops);
	tcase_add_test(tc, turnaround);
	tcase_add_loop_test(tc, audited, 0, 4);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
