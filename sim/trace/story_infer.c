/*
 * Where what is sent lay: in a mapping, in a buffer that was read into, or in
 * memory that the program filled by itself.
 *
 * In this order: an address, where one is shown; a mapping as long as the
 * piece; a read that shows the same; a part of a mapping, if that is unmapped
 * later or shared (the loader's are neither); a read of the same size; else
 * memory.
 *
 * What the recorder's socket did not take is asked for again: those bytes count
 * once, when they were asked for first.
 */
#include "sim/trace/story_own.h"

int64_t
story_file_bytes(const struct seen_file *file)
{
	if (file->stat_bytes >= 0)
		return MAX(file->stat_bytes, file->seen_bytes);
	return MAX(file->mapped_bytes, file->seen_bytes);
}

static bool
is_traffic(const struct event *ev)
{
	return ev->kind == EV_SEND || ev->kind == EV_SENDFILE ||
	    (ev->kind == EV_RECEIVE && ev->result > 0);
}

/* Who moves something over the same connection shares memory, it is assumed. */
static void
find_owners(struct maker *m)
{
	for (guint i = 0; i < m->events->len; i++) {
		const struct event *ev = EVENT(m, i);
		struct thing *t;

		if (!is_traffic(ev))
			continue;
		t = THING(m, ev->thing);
		t->last_use = i;
		t->is_replayed |= ev->kind != EV_RECEIVE ||
		    t->role == ROLE_ACCEPTED;
		if (t->owner == STORY_NONE)
			t->owner = ev->pid;
		else
			desc_unite(m, t->owner, ev->pid);
	}
}

static void
from_mapping(struct maker *m, uint32_t event, struct event_piece *piece,
    uint32_t mapping, int64_t offset)
{
	struct event *map = EVENT(m, mapping);
	struct seen_file *file;

	piece->source = STORY_FROM_MAPPING;
	piece->index = mapping;
	piece->offset = offset;
	map->is_kept = true;
	map->last_use = event;
	map->at = offset + piece->len;
	if (map->is_anon)
		return;
	file = SEEN_FILE(m, THING(m, map->thing)->file);
	file->is_served = true;
	file->seen_bytes = MAX(file->seen_bytes,
	    map->offset + offset + piece->len);
}

static bool
find_whole(struct maker *m, const struct space *space, uint32_t event,
    struct event_piece *piece)
{
	for (guint i = space->maps->len; i-- > 0;) {
		const struct live_map *live =
		    &g_array_index(space->maps, struct live_map, i);
		const struct event *map = EVENT(m, live->event);

		if (map->is_anon || map->is_loader ||
		    map->len != piece->len || live->len != piece->len)
			continue;
		from_mapping(m, event, piece, live->event, 0);
		m->n_from_mapping++;
		return true;
	}
	return false;
}

static bool
find_part(struct maker *m, const struct space *space, uint32_t event,
    struct event_piece *piece)
{
	for (guint i = space->maps->len; i-- > 0;) {
		const struct live_map *live =
		    &g_array_index(space->maps, struct live_map, i);
		const struct event *map = EVENT(m, live->event);
		int64_t end = live->start + live->len;
		int64_t at = map->at >= live->start && map->at < end ?
		    map->at : live->start;

		if (map->is_anon || map->is_loader ||
		    !(map->is_unmapped || map->is_shared))
			continue;
		if (piece->len > end - at ||
		    (piece->len < STORY_SMALL && piece->len != end - at))
			continue;
		from_mapping(m, event, piece, live->event, at);
		m->n_mapping_parts++;
		return true;
	}
	return false;
}

static bool
find_address(struct maker *m, const struct space *space, uint32_t event,
    struct event_piece *piece)
{
	const struct live_map *map = piece->addr == 0 ? NULL :
	    space_at(space, piece->addr, piece->len);

	if (map == NULL)
		return false;
	from_mapping(m, event, piece, map->event,
	    map->start + (int64_t)(piece->addr - map->addr));
	return true;
}

/* Small pieces are new each time; large ones if what they show is. */
static void
from_memory(struct maker *m, struct thing *t, uint32_t place,
    struct event_piece *piece)
{
	uint64_t *said = &t->said[MIN(place, G_N_ELEMENTS(t->said) - 1)];

	piece->source = STORY_FROM_MEMORY;
	piece->is_filled = piece->len < STORY_SMALL || piece->text == 0 ||
	    piece->text != *said;
	if (piece->len < STORY_SMALL)
		return;
	*said = piece->text;
	m->n_filled += piece->is_filled;
}

static void
find_source(struct maker *m, struct space *space, uint32_t event,
    uint32_t place)
{
	const struct event *ev = EVENT(m, event);
	struct event_piece *piece = PIECE(m, ev->first_piece + place);
	bool is_shown = piece->addr != 0;

	if (find_address(m, space, event, piece) ||
	    (!is_shown && find_whole(m, space, event, piece)) ||
	    fill_find(m, space, event, piece, true) ||
	    (!is_shown && find_part(m, space, event, piece)) ||
	    fill_find(m, space, event, piece, false))
		return;
	from_memory(m, THING(m, ev->thing), place, piece);
}

/* Pieces lose what was asked for before. */
static void
drop_repeated(struct maker *m, struct event *ev, int64_t repeated)
{
	while (repeated > 0 && ev->n_pieces > 0) {
		struct event_piece *piece = PIECE(m, ev->first_piece);

		if (piece->len > repeated) {
			piece->len -= repeated;
			piece->text = 0;
			piece->addr += piece->addr != 0 ?
			    (uint64_t)repeated : 0;
			return;
		}
		repeated -= piece->len;
		ev->first_piece++;
		ev->n_pieces--;
	}
}

/* => bytes of this call that were not asked for before */
static int64_t
settle_rest(struct maker *m, struct event *ev)
{
	struct thing *t = THING(m, ev->thing);
	int64_t repeated = ev->is_datagram ? 0 : MIN(t->rest, ev->len);

	if (!ev->is_datagram)
		t->rest = MAX(MAX(t->rest, ev->len) - ev->result, 0);
	if (ev->len == repeated) {
		story_tallies_add(&m->story->tallies, ev->row, FATE_REPEATED,
		    ev->line);
		ev->kind = EV_NONE;
	}
	return ev->len - repeated;
}

/* A datagram is one piece of memory, wherever its parts lay. */
static void
join_datagram(struct maker *m, struct event *ev)
{
	if (!ev->is_datagram)
		return;
	PIECE(m, ev->first_piece)->len = MIN(ev->len, STORY_RW_MAX);
	ev->n_pieces = 1;
}

static void
infer_send(struct maker *m, struct space *space, uint32_t event)
{
	struct event *ev = EVENT(m, event);
	int64_t fresh = settle_rest(m, ev);

	drop_repeated(m, ev, ev->len - fresh);
	ev->len = fresh;
	if (ev->kind != EV_SEND)
		return;
	join_datagram(m, ev);
	for (uint32_t i = 0; i < ev->n_pieces; i++)
		find_source(m, space, event, i);
}

/* Servers ask for more than the file has: that much they did not mean. */
static void
infer_sendfile(struct maker *m, uint32_t event)
{
	struct event *ev = EVENT(m, event);
	struct seen_file *file = SEEN_FILE(m, THING(m, ev->other)->file);
	int64_t fresh;

	ev->len = MIN(ev->len, MAX(story_file_bytes(file) - ev->offset, 0));
	ev->result = MIN(ev->result, ev->len);
	if (ev->len == 0) {
		story_tallies_add(&m->story->tallies, ev->row, FATE_FAILED,
		    ev->line);
		ev->kind = EV_NONE;
		return;
	}
	fresh = settle_rest(m, ev);
	ev->offset += ev->len - fresh;
	ev->len = fresh;
	file->is_served = true;
}

static void
give_up_rest(struct maker *m, const struct event *ev)
{
	struct thing *t = THING(m, ev->thing);

	if (t->kind != THING_SOCKET || t->rest == 0)
		return;
	m->n_given_up++;
	m->given_up_bytes += t->rest;
	t->rest = 0;
}

static void
infer_event(struct maker *m, struct space *spaces, uint32_t event)
{
	const struct event *ev = EVENT(m, event);
	struct space *space = &spaces[desc_leader(m, ev->pid)];

	space_follow(m, space, event, false);
	if (ev->kind == EV_READ)
		fill_add(m, space, event);
	else if (ev->kind == EV_SEND)
		infer_send(m, space, event);
	else if (ev->kind == EV_SENDFILE)
		infer_sendfile(m, event);
	else if (ev->kind == EV_CLOSE)
		give_up_rest(m, ev);
}

void
story_infer(struct maker *m)
{
	struct space *spaces;

	find_owners(m);
	spaces = spaces_new(m);
	for (guint i = 0; i < m->events->len; i++)
		space_follow(m, &spaces[desc_leader(m, EVENT(m, i)->pid)], i,
		    true);
	spaces_free(m, spaces);
	spaces = spaces_new(m);
	for (guint i = 0; i < m->events->len; i++)
		infer_event(m, spaces, i);
	spaces_free(m, spaces);
}
