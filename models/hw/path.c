#include "models/hw/path.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

enum { PATH_FIRST_SIZE = 16 };

/* What a random stream is for. */
enum { FOR_LOSS, FOR_REORDER, FOR_DUPLICATE, N_PURPOSES };

bool
path_is_clean(const struct path_config *config)
{
	return config->drops.n == 0 && config->loss.p == 0 &&
	    config->reorder == 0 && config->duplicate == 0 &&
	    config->bits_per_s == 0 && config->delay == 0;
}

/*
 * The queue before the hop
 */
static void
queue_grow(struct path_queue *queue)
{
	uint32_t size = queue->size > 0 ? 2 * queue->size : PATH_FIRST_SIZE;
	sim_time *dates = calloc(size, sizeof *dates);

	CHECK(dates != NULL, "memory for the queue of a hop");
	for (uint32_t i = 0; i < queue->n; i++)
		dates[i] = queue->leaves_at[(queue->head + i) &
		    (queue->size - 1)];
	free(queue->leaves_at);
	queue->leaves_at = dates;
	queue->head = 0;
	queue->size = size;
}

/* Forget those that have left by now. => frames that wait */
static uint32_t
queue_length(struct path_queue *queue, sim_time now)
{
	while (queue->n > 0 && queue->leaves_at[queue->head] <= now) {
		queue->head = (queue->head + 1) & (queue->size - 1);
		queue->n--;
	}
	return queue->n;
}

static void
queue_add(struct path_queue *queue, sim_time leaves_at)
{
	if (queue->n == queue->size)
		queue_grow(queue);
	queue->leaves_at[(queue->head + queue->n) & (queue->size - 1)] =
	    leaves_at;
	queue->n++;
}

/* => when the frame is through the hop; SIM_TIME_NEVER: no room to wait */
static sim_time
pass_hop(struct path *path, const struct frame *frame)
{
	sim_time now = path->cal->now;
	struct link_slot slot;

	if (path->config.bits_per_s == 0)
		return now;
	if (path->hop.free_at > now && queue_length(&path->queue, now) >=
	    path->config.queue_limit)
		return SIM_TIME_NEVER;
	slot = link_send(&path->hop, now, frame->ip_bytes);
	if (slot.starts_at > now)
		queue_add(&path->queue, slot.starts_at);
	return slot.arrives_at;
}

/*
 * Frames under way
 */
static void
ring_grow(struct path_ring *ring)
{
	uint32_t size = ring->size > 0 ? 2 * ring->size : PATH_FIRST_SIZE;
	struct path_entry *entries = calloc(size, sizeof *entries);

	CHECK(entries != NULL, "memory for the frames on a path");
	for (uint32_t i = 0; i < ring->n; i++)
		entries[i] = ring->entries[(ring->head + i) &
		    (ring->size - 1)];
	free(ring->entries);
	ring->entries = entries;
	ring->head = 0;
	ring->size = size;
}

static void
ring_add(struct path_ring *ring, sim_time at, uint64_t order,
    const struct frame *frame)
{
	struct path_entry *e;

	if (ring->n == ring->size)
		ring_grow(ring);
	e = &ring->entries[(ring->head + ring->n++) & (ring->size - 1)];
	e->at = at;
	e->order = order;
	e->frame = *frame;
}

static struct frame
ring_take(struct path_ring *ring)
{
	struct frame frame = ring->entries[ring->head].frame;

	ring->head = (ring->head + 1) & (ring->size - 1);
	ring->n--;
	return frame;
}

static bool
is_before(const struct path_entry *a, const struct path_entry *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* => the ring with the frame that arrives first, or NULL */
static struct path_ring *
earlier(struct path *path)
{
	struct path_ring *straight = &path->straight, *held = &path->held;

	if (straight->n == 0)
		return held->n > 0 ? held : NULL;
	if (held->n == 0)
		return straight;
	return is_before(&held->entries[held->head],
	    &straight->entries[straight->head]) ? held : straight;
}

/* Let the event stand at the date of what arrives first. */
static void
expect_next(struct path *path)
{
	const struct path_ring *ring = earlier(path);
	sim_time at;

	if (ring == NULL)
		return;
	at = ring->entries[ring->head].at;
	if (cal_is_scheduled(&path->arrival)) {
		if (path->arrives_at == at)
			return;
		cal_cancel(path->cal, &path->arrival);
	}
	path->arrives_at = at;
	cal_schedule(path->cal, &path->arrival, at);
}

static void
hand_over(struct path *path, const struct frame *frame)
{
	path->stats.n_out++;
	path->deliver(path->arg, frame);
}

static void
arrive(void *arg)
{
	struct path *path = arg;
	struct frame frame = ring_take(earlier(path));

	expect_next(path);
	hand_over(path, &frame);
}

/* is_free: may a frame arrive now, past all that is under way? */
static bool
is_free(struct path *path)
{
	return !cal_is_scheduled(&path->arrival) ||
	    path->arrives_at > path->cal->now;
}

static void
send(struct path *path, struct path_ring *ring, sim_time at,
    const struct frame *frame)
{
	if (at == path->cal->now && is_free(path)) {
		hand_over(path, frame);
		return;
	}
	ring_add(ring, at, path->next_order++, frame);
	expect_next(path);
}

/* The frame is through the hop: hold it back, copy it, or not. */
static void
finish(struct path *path, sim_time at, const struct frame *frame)
{
	const struct path_config *config = &path->config;
	struct path_ring *ring = &path->straight;
	bool is_copied = config->duplicate > 0 &&
	    random_chance(&path->duplicate, config->duplicate);

	at += config->delay;
	if (config->reorder > 0 &&
	    random_chance(&path->reorder, config->reorder)) {
		path->stats.n_reordered++;
		at += config->reorder_delay;
		ring = &path->held;
	}
	send(path, ring, at, frame);
	if (!is_copied)
		return;
	path->stats.n_duplicated++;
	send(path, ring, at, frame);
}

/*
 * Each stage sees what the one before it lets through: what the list loses does
 * not move the state of the bursts, and fills no queue.
 */
void
path_receive(void *arg, const struct frame *frame)
{
	struct path *path = arg;
	sim_time at;

	path->stats.n_in++;
	if (path->config.drops.n > 0 && path_drops_next(&path->drops, frame)) {
		path->stats.n_listed++;
		return;
	}
	if (path->config.loss.p > 0 && path_loss_next(&path->loss)) {
		path->stats.n_lost++;
		return;
	}
	at = pass_hop(path, frame);
	if (at == SIM_TIME_NEVER) {
		path->stats.n_queue_drops++;
		return;
	}
	finish(path, at, frame);
}

void
path_init(struct path *path, struct calendar *cal,
    const struct path_config *config, enum path_direction direction,
    void (*deliver)(void *arg, const struct frame *frame), void *arg)
{
	uint64_t purpose = (uint64_t)direction * N_PURPOSES;

	CHECK(config->bits_per_s == 0 || config->queue_limit > 0,
	    "a hop has room for a frame that waits");
	memset(path, 0, sizeof *path);
	path->cal = cal;
	path->config = *config;
	path_drops_init(&path->drops, &config->drops);
	if (config->loss.p > 0)
		path_loss_init(&path->loss, &config->loss, config->seed,
		    purpose + FOR_LOSS);
	random_init(&path->reorder, config->seed, purpose + FOR_REORDER);
	random_init(&path->duplicate, config->seed, purpose + FOR_DUPLICATE);
	if (config->bits_per_s > 0)
		link_init(&path->hop,
		    &(struct link_config){config->bits_per_s, 0});
	cal_event_init(&path->arrival, arrive, path);
	path->deliver = deliver;
	path->arg = arg;
}

void
path_fini(struct path *path)
{
	path_drops_fini(&path->drops);
	free(path->queue.leaves_at);
	free(path->straight.entries);
	free(path->held.entries);
	path->queue.leaves_at = NULL;
	path->straight.entries = NULL;
	path->held.entries = NULL;
}

int64_t
path_under_way(const struct path *path)
{
	return (int64_t)path->straight.n + path->held.n;
}

uint32_t
path_unmatched_drops(const struct path *path)
{
	return path_drops_unmatched(&path->drops);
}
