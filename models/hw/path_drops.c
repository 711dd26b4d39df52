#include "models/hw/path_drops.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/inet/tcp.h"
#include "models/inet/udp.h"

static uint32_t
range_of(const struct path_drop *drop)
{
	return drop->last - drop->first + 1;
}

/* => the most segments that may have to be remembered */
static uint32_t
check_list(const struct path_drops_config *config)
{
	uint32_t n = 0;

	CHECK(config->n <= PATH_MAX_DROPS, "the list has room for its entries");
	for (uint32_t i = 0; i < config->n; i++) {
		const struct path_drop *drop = &config->list[i];

		CHECK(drop->first >= 1 && drop->first <= drop->last &&
		    drop->last <= PATH_MAX_DROP_NUMBER,
		    "a listed range counts from 1 and up");
		if (drop->repeat == 0)
			continue;
		CHECK(drop->kind == PATH_DROP_DATA &&
		    range_of(drop) <= PATH_MAX_REPEAT_RANGE,
		    "a listed repetition is one of a few segments");
		n += range_of(drop);
	}
	return n;
}

void
path_drops_init(struct path_drops *drops,
    const struct path_drops_config *config)
{
	uint32_t n = check_list(config);

	memset(drops, 0, sizeof *drops);
	drops->config = *config;
	for (uint32_t i = 0; i < config->n; i++)
		if (config->list[i].kind == PATH_DROP_DATA &&
		    config->list[i].last > drops->last_data)
			drops->last_data = config->list[i].last;
	if (n == 0)
		return;
	drops->watches = calloc(n, sizeof *drops->watches);
	CHECK(drops->watches != NULL, "memory for listed segments");
}

void
path_drops_fini(struct path_drops *drops)
{
	free(drops->seen);
	free(drops->watches);
	drops->seen = NULL;
	drops->watches = NULL;
}

/* Mark what lists this frame. => true: something does */
static bool
match(struct path_drops *drops, enum path_drop_kind kind, uint32_t number,
    uint32_t repeat)
{
	bool is_listed = false;

	for (uint32_t i = 0; i < drops->config.n; i++) {
		const struct path_drop *drop = &drops->config.list[i];

		if (drop->kind != kind || drop->repeat != repeat ||
		    number < drop->first || number > drop->last)
			continue;
		drops->n_dropped[i]++;
		is_listed = true;
	}
	return is_listed;
}

/* is_repeat_listed: is any repetition after so many of a segment listed? */
static bool
is_repeat_listed(const struct path_drops *drops, uint32_t number,
    uint32_t n_repeats)
{
	for (uint32_t i = 0; i < drops->config.n; i++) {
		const struct path_drop *drop = &drops->config.list[i];

		if (drop->kind == PATH_DROP_DATA && drop->repeat > n_repeats &&
		    number >= drop->first && number <= drop->last)
			return true;
	}
	return false;
}

static bool
count(struct path_drops *drops, enum path_drop_kind kind)
{
	return match(drops, kind, ++drops->n_frames[kind], 0);
}

static struct path_seen *
seen_of(struct path_drops *drops, uint32_t conn)
{
	uint32_t n = (uint32_t)conn + 1;

	if (n > drops->n_seen) {
		drops->seen = realloc(drops->seen, n * sizeof *drops->seen);
		CHECK(drops->seen != NULL, "memory for connections seen");
		memset(drops->seen + drops->n_seen, 0,
		    (n - drops->n_seen) * sizeof *drops->seen);
		drops->n_seen = n;
	}
	return &drops->seen[conn];
}

static bool
new_data(struct path_drops *drops, const struct frame *frame)
{
	bool is_listed = count(drops, PATH_DROP_DATA);
	uint32_t number = drops->n_frames[PATH_DROP_DATA];

	if (is_repeat_listed(drops, number, 0))
		drops->watches[drops->n_watches++] = (struct path_watch){
		    .conn = frame->conn, .seq = frame->th.seq,
		    .number = number};
	return is_listed;
}

static bool
covers(const struct frame *frame, const struct path_watch *watch)
{
	return frame->conn == watch->conn &&
	    watch->seq - frame->th.seq < frame->payload_bytes;
}

/* A watch that has seen all it waited for makes room for the last one. */
static bool
repeated_data(struct path_drops *drops, const struct frame *frame)
{
	bool is_listed = false;

	for (uint32_t i = 0; i < drops->n_watches;) {
		struct path_watch *watch = &drops->watches[i];

		if (covers(frame, watch))
			is_listed |= match(drops, PATH_DROP_DATA,
			    watch->number, ++watch->n_repeats);
		if (is_repeat_listed(drops, watch->number, watch->n_repeats))
			i++;
		else
			*watch = drops->watches[--drops->n_watches];
	}
	return is_listed;
}

/* Behind the last number a connection that is new has nothing to be told. */
static bool
is_of_no_interest(const struct path_drops *drops, const struct frame *frame)
{
	return drops->n_frames[PATH_DROP_DATA] >= drops->last_data &&
	    (frame->conn >= drops->n_seen ||
	    !drops->seen[frame->conn].is_known);
}

static bool
next_known_data(struct path_drops *drops, const struct frame *frame)
{
	struct path_seen *seen = seen_of(drops, frame->conn);
	/* the fragments of a datagram say where in it they belong */
	uint32_t start = frame->th.seq + (frame->th.ip_p == IP_UDP ?
	    udp_data_offset(&frame->th) : 0);
	uint32_t end = start + frame->payload_bytes;
	bool is_new = !seen->is_known || seq_leq(seen->max, start);

	if (is_new || seq_lt(seen->max, end))
		seen->max = end;
	seen->is_known = true;
	return is_new ? new_data(drops, frame) : repeated_data(drops, frame);
}

static bool
next_data(struct path_drops *drops, const struct frame *frame)
{
	return !is_of_no_interest(drops, frame) &&
	    next_known_data(drops, frame);
}

bool
path_drops_next(struct path_drops *drops, const struct frame *frame)
{
	uint8_t flags = frame->th.flags;
	bool is_listed = false;

	if (frame->payload_bytes > 0)
		is_listed |= next_data(drops, frame);
	else if ((flags & (TH_SYN | TH_FIN | TH_RST)) == 0)
		is_listed |= count(drops, PATH_DROP_ACK);
	if ((flags & TH_SYN) != 0)
		is_listed |= count(drops, PATH_DROP_SYN);
	if ((flags & TH_FIN) != 0)
		is_listed |= count(drops, PATH_DROP_FIN);
	return is_listed;
}

uint32_t
path_drops_unmatched(const struct path_drops *drops)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < drops->config.n; i++)
		n += drops->n_dropped[i] == 0;
	return n;
}
