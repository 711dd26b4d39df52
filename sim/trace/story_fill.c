/*
 * Which read brought what is sent.
 *
 * A recording shows neither buffers nor what happens in them.  What it shows is
 * sizes, the order, and the first bytes of both: a program that copies a file
 * to a socket writes as much as it has read, and what it shows is the same.
 */
#include "sim/trace/story_own.h"

enum { FILLS_MAX = 32 };	/* a program has not more in hand */

#define FILL(space, i) (&g_array_index((space)->fills, struct fill, i))

void
fill_add(struct maker *m, struct space *space, uint32_t event)
{
	struct fill fill = {.event = event};

	EVENT(m, event)->head = event;
	EVENT(m, event)->at = 0;
	if (EVENT(m, event)->result == 0)
		return;
	if (space->fills->len == FILLS_MAX)
		g_array_remove_index(space->fills, 0);
	g_array_append_val(space->fills, fill);
}

static bool
is_next(struct maker *m, const struct fill *a, const struct fill *b)
{
	const struct event *first = EVENT(m, a->event);
	const struct event *second = EVENT(m, b->event);

	return a->used == 0 && b->used == 0 && first->thing == second->thing &&
	    second->offset == first->offset + first->result;
}

/* Reads from i on that together make so many bytes, or 0. */
static guint
chain_of(struct maker *m, const struct space *space, guint i, int64_t len)
{
	guint n = 1;
	int64_t sum = EVENT(m, FILL(space, i)->event)->result -
	    FILL(space, i)->used;

	for (; sum < len && i + n < space->fills->len &&
	    is_next(m, FILL(space, i + n - 1), FILL(space, i + n)); n++)
		sum += EVENT(m, FILL(space, i + n)->event)->result;
	return sum == len ? n : 0;
}

/* One piece of n reads: they lie one behind the other in one buffer. */
static void
take_chain(struct maker *m, struct space *space, guint i, guint n,
    uint32_t event)
{
	uint32_t head = EVENT(m, FILL(space, i)->event)->head;
	int64_t at = EVENT(m, FILL(space, i)->event)->at;

	for (guint k = i; k < i + n; k++) {
		struct event *read = EVENT(m, FILL(space, k)->event);

		read->head = head;
		read->at = at;
		at += read->result;
	}
	EVENT(m, head)->last_use = event;
	g_array_remove_range(space->fills, i, n);
}

static void
take(struct maker *m, struct space *space, guint i, guint n, uint32_t event,
    struct event_piece *piece)
{
	struct fill *fill = FILL(space, i);
	struct event *read = EVENT(m, fill->event);

	piece->source = STORY_FROM_READ;
	piece->index = read->head;
	piece->offset = read->at + fill->used;
	SEEN_FILE(m, THING(m, read->thing)->file)->is_served = true;
	m->n_from_read++;
	if (n > 0) {
		take_chain(m, space, i, n, event);
		return;
	}
	fill->used += piece->len;
	EVENT(m, read->head)->last_use = event;
}

/* Where both show something, it must be the same. */
static bool
may_be(const struct event *read, const struct fill *fill,
    const struct event_piece *piece, bool by_text)
{
	if (piece->addr != 0 && read->addr != 0)
		return piece->addr == read->addr + (uint64_t)fill->used;
	if (fill->used > 0)
		return !by_text;
	if (piece->text == 0 || read->text == 0)
		return !by_text;
	return piece->text == read->text;
}

/* Sizes alone say little of a small piece, but right behind the read. */
static bool
is_telling(const struct space *space, guint i, int64_t len, bool by_text)
{
	return by_text || len >= STORY_SMALL || i + 1 == space->fills->len;
}

bool
fill_find(struct maker *m, struct space *space, uint32_t event,
    struct event_piece *piece, bool by_text)
{
	for (guint i = 0; i < space->fills->len; i++) {
		const struct fill *fill = FILL(space, i);
		const struct event *read = EVENT(m, fill->event);
		guint n = chain_of(m, space, i, piece->len);
		bool is_part = piece->len < read->result - fill->used &&
		    (by_text || fill->used > 0);

		if ((n > 0 || is_part) && may_be(read, fill, piece, by_text) &&
		    is_telling(space, i, piece->len, by_text)) {
			take(m, space, i, n, event, piece);
			return true;
		}
	}
	return false;
}
