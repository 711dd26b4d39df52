#include "models/hw/disk.h"

#include <string.h>

#include "models/base/check.h"
#include "models/base/min.h"

enum { ROOT_BITS = 10 };	/* behind the point */

static void command_taken(void *arg);
static void written(void *arg);
static void arrived(void *arg);
static void dma_event(void *arg);
static void has_pci(void *arg);
static void plan_dma(void *arg);

/* What the rate of a transfer does up to now is nobody's concern here. */
static void
rate_changes(void *arg)
{
	(void)arg;
}

void
disk_init(struct disk *disk, const struct disk_config *config,
    struct calendar *cal, struct bus *bus)
{
	CHECK(config->cylinders >= 6 && config->heads > 0 &&
	    config->sectors > 0, "a disk has room, and a third of it, too");
	memset(disk, 0, sizeof *disk);
	disk->config = *config;
	disk->cal = cal;
	disk->bus = bus;
	disk->master = (struct bus_master){.cause = CAUSE_DISK_DMA,
	    .granted = has_pci, .dma_changing = rate_changes,
	    .dma_changed = plan_dma, .arg = disk};
	disk->interface_ps = ratio_make(PS_PER_S, config->interface_bps);
	cal_event_init(&disk->command, command_taken, disk);
	cal_event_init(&disk->arrival, arrived, disk);
	cal_event_init(&disk->dma, dma_event, disk);
	cal_event_init(&disk->written, written, disk);
}

/*
 * The arm
 */
static int64_t
root(int64_t n)
{
	int64_t x = 0;

	n <<= 2 * ROOT_BITS;
	for (int64_t bit = INT64_C(1) << 31; bit > 0; bit >>= 1)
		if ((x + bit) * (x + bit) <= n)
			x += bit;
	return x;
}

sim_time
disk_seek_time(const struct disk_config *config, int64_t distance)
{
	int64_t third = config->cylinders / 3;

	if (distance == 0)
		return 0;
	if (distance <= third)
		return config->seek_single +
		    mul_div(config->seek_average - config->seek_single,
			root(distance) - root(1), root(third) - root(1));
	return config->seek_average +
	    mul_div(config->seek_full - config->seek_average,
		distance - third, config->cylinders - 1 - third);
}

/*
 * The platters
 */
static int64_t
cylinder_of(const struct disk *disk, int64_t sector)
{
	return sector / disk->config.sectors / disk->config.heads;
}

/* Its place on the track, in sectors behind the mark. */
static int64_t
angle_of(const struct disk *disk, int64_t sector)
{
	const struct disk_config *c = &disk->config;
	int64_t track = sector / c->sectors;
	int64_t cylinder = track / c->heads;
	int64_t skew = (track - cylinder) * c->track_skew +
	    cylinder * c->cylinder_skew;

	return (sector + skew) % c->sectors;
}

/* When it begins to pass, at the date or later. */
static sim_time
passes_at(const struct disk *disk, int64_t sector, sim_time at)
{
	const struct disk_config *c = &disk->config;
	sim_time passes = at - at % c->revolution +
	    mul_div(angle_of(disk, sector), c->revolution, c->sectors);

	return passes >= at ? passes : passes + c->revolution;
}

/* How long it takes to pass: the parts of a revolution add up to it. */
static sim_time
pass_time(const struct disk *disk, int64_t sector)
{
	const struct disk_config *c = &disk->config;
	int64_t angle = angle_of(disk, sector);

	return mul_div(angle + 1, c->revolution, c->sectors) -
	    mul_div(angle, c->revolution, c->sectors);
}

/* The end of what passes now; on another track the head has to get there. */
static sim_time
read_next(struct disk *disk)
{
	sim_time end = disk->next_at + pass_time(disk, disk->next);
	sim_time at = end;

	disk->next++;
	if (disk->next % disk->config.sectors == 0 &&
	    disk->next < disk_sectors(&disk->config)) {
		int64_t cylinder = cylinder_of(disk, disk->next);

		at += cylinder != disk->cylinder ?
		    disk->config.seek_single : disk->config.head_switch;
		disk->cylinder = cylinder;
		at = passes_at(disk, disk->next, at);
	}
	disk->next_at = at;
	return end;
}

/* What has been read ahead by now. */
static void
read_ahead(struct disk *disk, sim_time now)
{
	while (disk->next < disk->ahead_to && disk->next_at +
	    pass_time(disk, disk->next) <= now)
		read_next(disk);
}

/* => when the arm is there */
static sim_time
seek_to(struct disk *disk, int64_t sector)
{
	int64_t from = disk->cylinder, to = cylinder_of(disk, sector);
	sim_time seek = disk_seek_time(&disk->config,
	    to > from ? to - from : from - to);

	disk->stats.n_seeks += seek > 0;
	disk->stats.seek_ps += seek;
	disk->cylinder = to;
	disk->next = disk->buffered_from = sector;
	return disk->cal->now + seek;
}

static void
await_sector(struct disk *disk, sim_time from)
{
	disk->next_at = passes_at(disk, disk->next, from);
	disk->stats.rotation_ps += disk->next_at - from;
}

/* The head has stood at the end of what it was to read: on, from there. */
static void
go_on(struct disk *disk, int64_t end)
{
	sim_time now = disk->cal->now;

	if (disk->next_at >= now)
		return;
	disk->next_at = passes_at(disk, disk->next, now);
	if (end > disk->next)
		disk->stats.rotation_ps += disk->next_at - now;
}

/* The buffer keeps the latest of what has passed. */
static bool
continues(const struct disk *disk, int64_t sector)
{
	return disk->ahead_to > 0 && sector >= disk->buffered_from &&
	    sector >= disk->next - disk->config.buffer_sectors &&
	    sector <= disk->next;
}

static void
position(struct disk *disk, const struct disk_request *request)
{
	int64_t end = request->sector + request->n_sectors;
	int64_t ahead_to = min_i64(end + disk->config.buffer_sectors,
	    disk_sectors(&disk->config));

	read_ahead(disk, disk->cal->now);
	if (!continues(disk, request->sector))
		await_sector(disk, seek_to(disk, request->sector));
	else {
		disk->stats.n_continued++;
		if (disk->next == disk->ahead_to && ahead_to > disk->next)
			go_on(disk, end);
	}
	disk->ahead_to = ahead_to;
}

/* When a sector is in the drive's buffer. */
static sim_time
buffered_at(struct disk *disk, int64_t sector)
{
	sim_time at = 0;

	while (disk->next <= sector)
		at = read_next(disk);
	return at;
}

/* All of a write is in the buffer: on the media with it. */
static void
write_media(struct disk *disk)
{
	sim_time now = disk->cal->now, end = now;

	await_sector(disk, disk->arm_at > now ? disk->arm_at : now);
	for (int64_t i = 0; i < disk->active->n_sectors; i++)
		end = read_next(disk);
	disk->buffered_from = disk->next;
	disk->ahead_to = 0;
	cal_schedule(disk->cal, &disk->written, end);
}

/*
 * Interface and DMA
 */
static void
begin_arrival(struct disk *disk, sim_time at)
{
	disk->n_planned++;
	cal_schedule(disk->cal, &disk->arrival, at +
	    ratio_mul(DISK_SECTOR_BYTES, disk->interface_ps,
		&disk->interface_carry));
}

static void
plan_arrival(struct disk *disk)
{
	const struct disk_request *request = disk->active;
	sim_time now = disk->cal->now, at;

	if (cal_is_scheduled(&disk->arrival) ||
	    disk->n_planned == request->n_sectors)
		return;
	if (request->is_write) {
		if (disk->n_planned < disk->n_moved)
			begin_arrival(disk, now);
		return;
	}
	if (disk->n_planned - disk->n_moved == DISK_FIFO_SECTORS)
		return;
	at = buffered_at(disk, request->sector + disk->n_planned);
	begin_arrival(disk, at > now ? at : now);
}

static void
plan_dma(void *arg)
{
	struct disk *disk = arg;

	cal_cancel(disk->cal, &disk->dma);
	cal_schedule(disk->cal, &disk->dma, disk->bus->dma_ends_at);
}

static void
take_bus(struct disk *disk)
{
	disk->has_bus = true;
	bus_dma_begin(disk->bus, &disk->master,
	    disk->active->is_write ? BUS_READ : BUS_WRITE, DISK_SECTOR_BYTES,
	    disk->cal->now);
	plan_dma(disk);
}

static void
has_pci(void *arg)
{
	struct disk *disk = arg;
	sim_time latency = disk->bus->pci_latency;

	if (latency == 0)
		take_bus(disk);
	else
		cal_schedule(disk->cal, &disk->dma,
		    disk->cal->now + latency);
}

/* Has the controller a sector to store, or room for one to fetch? */
static bool
can_move(const struct disk *disk)
{
	if (!disk->active->is_write)
		return disk->n_moved < disk->n_arrived;
	return disk->n_moved < disk->active->n_sectors &&
	    disk->n_moved - disk->n_arrived < DISK_FIFO_SECTORS;
}

static void
begin_move(struct disk *disk)
{
	if (disk->is_moving || !can_move(disk))
		return;
	disk->is_moving = true;
	disk->has_bus = false;
	if (bus_dma_claim(disk->bus, &disk->master))
		has_pci(disk);
}

static void
arrived(void *arg)
{
	struct disk *disk = arg;

	disk->n_arrived++;
	begin_move(disk);
	plan_arrival(disk);
	if (disk->active->is_write &&
	    disk->n_arrived == disk->active->n_sectors)
		write_media(disk);
}

/*
 * The queue: by sector, or as they come.
 */
static void
enqueue(struct disk *disk, struct disk_request *request)
{
	struct disk_request **link = &disk->queue;

	while (*link != NULL && (disk->config.queue == BUFQ_FCFS ||
	    (*link)->sector <= request->sector))
		link = &(*link)->next;
	request->next = *link;
	*link = request;
}

/* One way only: the next above the last one, or the lowest. */
static struct disk_request *
dequeue(struct disk *disk)
{
	struct disk_request **link = &disk->queue, *request;

	if (disk->config.queue == BUFQ_DISKSORT)
		while (*link != NULL && (*link)->sector < disk->taken_at)
			link = &(*link)->next;
	if (*link == NULL)
		link = &disk->queue;
	request = *link;
	*link = request->next;
	request->next = NULL;
	disk->taken_at = request->sector;
	return request;
}

static void
start(struct disk *disk)
{
	if (disk->active != NULL || disk->queue == NULL)
		return;
	disk->active = dequeue(disk);
	disk->active_since = disk->cal->now;
	disk->n_planned = disk->n_arrived = disk->n_moved = 0;
	cal_schedule(disk->cal, &disk->command,
	    disk->cal->now + disk->config.overhead);
}

static void
command_taken(void *arg)
{
	struct disk *disk = arg;

	if (disk->active->is_write) {
		disk->arm_at = seek_to(disk, disk->active->sector);
		begin_move(disk);
		return;
	}
	position(disk, disk->active);
	plan_arrival(disk);
}

static void
finish(struct disk *disk)
{
	struct disk_request *request = disk->active;

	disk->active = NULL;
	disk->stats.n_done++;
	disk->stats.busy_ps += disk->cal->now - disk->active_since;
	request->done(request->arg);
	start(disk);
}

static void
written(void *arg)
{
	finish(arg);
}

static void
dma_event(void *arg)
{
	struct disk *disk = arg;

	if (!disk->has_bus) {
		take_bus(disk);
		return;
	}
	bus_dma_end(disk->bus, disk->cal->now);
	disk->is_moving = false;
	disk->n_moved++;
	disk->stats.n_moved++;
	if (!disk->active->is_write &&
	    disk->n_moved == disk->active->n_sectors) {
		finish(disk);
		return;
	}
	begin_move(disk);
	plan_arrival(disk);
}

void
disk_strategy(struct disk *disk, struct disk_request *request)
{
	CHECK(request->sector >= 0 && request->n_sectors > 0 &&
	    request->sector <= disk_sectors(&disk->config) -
	    request->n_sectors, "a request lies on the disk");
	disk->stats.n_requests++;
	disk->stats.n_asked += request->n_sectors;
	enqueue(disk, request);
	start(disk);
}
