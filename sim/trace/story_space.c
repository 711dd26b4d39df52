/*
 * What processes have mapped, as the events come.
 */
#include "sim/trace/story_own.h"

struct space *
spaces_new(const struct maker *m)
{
	struct space *spaces = g_new(struct space, m->pids->len);

	for (guint i = 0; i < m->pids->len; i++)
		spaces[i] = (struct space){
		    g_array_new(FALSE, FALSE, sizeof(struct live_map)),
		    g_array_new(FALSE, FALSE, sizeof(struct fill))};
	return spaces;
}

void
spaces_free(const struct maker *m, struct space *spaces)
{
	for (guint i = 0; i < m->pids->len; i++) {
		g_array_unref(spaces[i].maps);
		g_array_unref(spaces[i].fills);
	}
	g_free(spaces);
}

/* The pieces of an munmap lie behind those of all sends. */
static void
note_unmapped(struct maker *m, uint32_t event, const struct live_map *map,
    uint64_t from, uint64_t to)
{
	struct event_piece piece = {.source = STORY_FROM_MAPPING,
	    .index = map->event,
	    .offset = map->start + (int64_t)(from - map->addr),
	    .len = (int64_t)(to - from)};

	EVENT(m, map->event)->is_unmapped = true;
	if (EVENT(m, event)->kind != EV_MUNMAP)
		return;
	g_array_append_val(m->pieces, piece);
	EVENT(m, event)->n_pieces++;
}

/* A mapping loses what lies in a range: its head, its tail, or its middle. */
static void
unmap(struct maker *m, struct space *space, uint32_t event, bool is_first)
{
	uint64_t from = EVENT(m, event)->addr;
	uint64_t to = from + (uint64_t)EVENT(m, event)->len;
	guint n = 0;

	for (guint i = 0; i < space->maps->len; i++) {
		struct live_map map =
		    g_array_index(space->maps, struct live_map, i);
		uint64_t end = map.addr + (uint64_t)map.len;
		uint64_t low = MAX(from, map.addr), high = MIN(to, end);

		if (low >= high) {
			g_array_index(space->maps, struct live_map, n++) = map;
			continue;
		}
		if (is_first)
			note_unmapped(m, event, &map, low, high);
		if (high < end) {
			struct live_map tail = {high, (int64_t)(end - high),
			    map.event,
			    map.start + (int64_t)(high - map.addr)};

			if (low > map.addr) {
				g_array_insert_val(space->maps, i + 1, tail);
			} else
				g_array_index(space->maps, struct live_map,
				    n++) = tail;
		}
		if (low > map.addr) {
			map.len = (int64_t)(low - map.addr);
			g_array_index(space->maps, struct live_map, n++) = map;
		}
	}
	g_array_set_size(space->maps, n);
}

void
space_follow(struct maker *m, struct space *space, uint32_t event,
    bool is_first)
{
	const struct event *ev = EVENT(m, event);
	struct live_map map = {ev->addr, ev->len, event, 0};

	switch (ev->kind) {
	case EV_MMAP:
		unmap(m, space, event, is_first);
		g_array_append_val(space->maps, map);
		break;
	case EV_MUNMAP:
		if (is_first) {
			EVENT(m, event)->first_piece = m->pieces->len;
			EVENT(m, event)->n_pieces = 0;
		}
		unmap(m, space, event, is_first);
		break;
	case EV_EXEC:
		g_array_set_size(space->maps, 0);
		break;
	case EV_NONE:
	case EV_OPEN:
	case EV_READ:
	case EV_ACCEPT:
	case EV_CONNECT:
	case EV_RECEIVE:
	case EV_SEND:
	case EV_SENDFILE:
	case EV_SHUTDOWN:
	case EV_CLOSE:
		break;
	}
}

const struct live_map *
space_at(const struct space *space, uint64_t addr, int64_t len)
{
	for (guint i = space->maps->len; i-- > 0;) {
		const struct live_map *map =
		    &g_array_index(space->maps, struct live_map, i);

		if (addr >= map->addr && addr - map->addr <=
		    (uint64_t)map->len &&
		    (uint64_t)len <= (uint64_t)map->len - (addr - map->addr))
			return map;
	}
	return NULL;
}
