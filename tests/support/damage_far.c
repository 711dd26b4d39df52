/*
 * Damage to what lies beyond the wire: the paths, and the ideal peer.
 */
#include "tests/support/damage.h"

#define PATH_LINE	"frames in + copied = out + lost + under way"

static void
frame_vanished(struct world *world)
{
	world->to_peer_path.stats.n_out--;
}

static void
frame_not_seen(struct world *world)
{
	world->to_board_path.stats.n_in--;
}

static void
copy_uncounted(struct world *world)
{
	world->to_peer_path.stats.n_duplicated--;
}

static void
loss_counted_twice(struct world *world)
{
	world->to_board_path.stats.n_lost++;
}

static void
listed_counted_twice(struct world *world)
{
	world->to_peer_path.stats.n_listed++;
}

static void
queue_drop_counted_twice(struct world *world)
{
	world->to_board_path.stats.n_queue_drops++;
}

static void
frame_held_for_ever(struct world *world)
{
	world->to_peer_path.held.n++;
}

static struct peer_conn *
far_end(struct world *world)
{
	return world->peer.conns[world->host.sockets->so_id];
}

/* Two ranges beyond a gap, as they should be. */
static struct byte_range *
hold_two(struct world *world)
{
	struct peer_conn *c = far_end(world);

	ranges_add(&c->held, c->bytes_received + 10, c->bytes_received + 20);
	ranges_add(&c->held, c->bytes_received + 30, c->bytes_received + 40);
	return c->held.range;
}

static void
held_well(struct world *world)
{
	hold_two(world);
}

static void
held_without_bytes(struct world *world)
{
	struct byte_range *range = hold_two(world);

	range[1].to = range[1].from;
}

static void
held_twice(struct world *world)
{
	struct byte_range *range = hold_two(world);

	range[1] = range[0];
}

static void
held_touching(struct world *world)
{
	struct byte_range *range = hold_two(world);

	range[0].to = range[1].from;
}

static void
held_without_gap(struct world *world)
{
	hold_two(world)[0].from -= 10;
}

static void
held_beyond(struct world *world)
{
	hold_two(world)[1].to = far_end(world)->bytes_received + 65536 + 1;
}

/* nothing has been offered, so that only this one tells */
static void
unread_too_many(struct world *world)
{
	struct peer_conn *c = far_end(world);

	c->bytes_unread = c->bytes_received + 1;
	c->adv_place = 0;
}

static void
offered_too_much(struct world *world)
{
	far_end(world)->adv_place = far_end(world)->bytes_received + 65536 + 3;
}

const struct damage damage_far[] = {
	{frame_vanished, {PATH_LINE}, {-1}},
	{frame_not_seen, {PATH_LINE}, {1}},
	{copy_uncounted, {PATH_LINE}, {1}},
	{loss_counted_twice, {PATH_LINE}, {1}},
	{listed_counted_twice, {PATH_LINE}, {1}},
	{queue_drop_counted_twice, {PATH_LINE}, {1}},
	{frame_held_for_ever, {PATH_LINE}, {1}},
	{held_well, {NULL}, {0}},
	{held_without_bytes, {"ranges held have bytes"}, {1}},
	{held_twice, {"ranges held are sorted"}, {1}},
	{held_touching, {"ranges held are apart"}, {1}},
	{held_without_gap, {"rcv_nxt < ranges held"}, {1}},
	{held_beyond, {"ranges held <= end of the window"}, {1}},
	{unread_too_many, {"bytes unread <= received"}, {1}},
	{offered_too_much, {"window offered <= its end"}, {3}}
};
const int damage_n_far = sizeof damage_far / sizeof *damage_far;
