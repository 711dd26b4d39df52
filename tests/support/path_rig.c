#include "tests/support/path_rig.h"

#include <check.h>
#include <string.h>

#include "models/audit.h"
#include "models/inet/tcp.h"

struct path_rig path_rig;

struct feed {
	struct cal_event event;
	int number;
	uint16_t ip_bytes;
	int64_t reorder;	/* set before this frame, unless negative */
};

static struct feed feeds[PATH_RIG_MANY];

static void
deliver(void *arg, const struct frame *frame)
{
	struct path_rig *rig = arg;

	ck_assert_int_lt(rig->n_arrived, 2 * PATH_RIG_MANY);
	rig->arrived_at[rig->n_arrived] = rig->cal.now;
	rig->arrived[rig->n_arrived++] = (int)frame->content;
}

static void
audit_now(void *arg)
{
	struct audit audit = {0};

	path_audit(arg, &audit);
	ck_assert_uint_eq(audit.n, 0);
}

void
path_rig_setup(void)
{
	memset(&path_rig, 0, sizeof path_rig);
	path_rig.config = (struct path_config){
	    .loss.burst_milli = PATH_BURST_NONE, .queue_limit = 100,
	    .seed = 1};
	cal_init(&path_rig.cal);
	path_rig.cal.after_event = audit_now;
	path_rig.cal.after_event_arg = &path_rig.path;
}

void
path_rig_teardown(void)
{
	path_fini(&path_rig.path);
	cal_fini(&path_rig.cal);
}

void
path_rig_start(void)
{
	path_init(&path_rig.path, &path_rig.cal, &path_rig.config,
	    path_rig.direction, deliver, &path_rig);
}

static void
feed_one(void *arg)
{
	const struct feed *feed = arg;
	struct frame frame = {.conn = 1, .ip_bytes = feed->ip_bytes,
	    .payload_bytes = feed->ip_bytes - 40u,
	    .th = {.seq = 1460u * (uint32_t)feed->number, .flags = TH_ACK},
	    .content = (uint64_t)feed->number};

	if (feed->reorder >= 0)
		path_rig.path.config.reorder = feed->reorder;
	path_receive(&path_rig.path, &frame);
}

static struct feed *
schedule(sim_time at, uint16_t ip_bytes)
{
	struct feed *feed = &feeds[path_rig.n_fed];

	ck_assert_int_lt(path_rig.n_fed, PATH_RIG_MANY);
	*feed = (struct feed){.number = path_rig.n_fed++,
	    .ip_bytes = ip_bytes, .reorder = -1};
	cal_event_init(&feed->event, feed_one, feed);
	cal_schedule(&path_rig.cal, &feed->event, at);
	return feed;
}

void
feed(sim_time at)
{
	schedule(at, 1500);
}

void
feed_bytes(sim_time at, uint16_t ip_bytes)
{
	schedule(at, ip_bytes);
}

void
feed_held(sim_time at, bool is_held)
{
	schedule(at, 1500)->reorder = is_held ? RANDOM_CERTAIN : 0;
}

void
path_rig_run(void)
{
	const struct path_stats *stats = &path_rig.path.stats;

	ck_assert_int_eq(cal_run(&path_rig.cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(path_under_way(&path_rig.path), 0);
	ck_assert_int_eq(stats->n_in, path_rig.n_fed);
	ck_assert_int_eq(stats->n_out, path_rig.n_arrived);
}

void
assert_arrived(int i, int number, sim_time at)
{
	ck_assert_int_lt(i, path_rig.n_arrived);
	ck_assert_msg(path_rig.arrived[i] == number &&
	    path_rig.arrived_at[i] == at,
	    "arrival %d: frame %d at %lld, expected %d at %lld", i,
	    path_rig.arrived[i], (long long)path_rig.arrived_at[i], number,
	    (long long)at);
}
