/*
 * Losses are few and arrivals mostly in order: a new range is nearly always the
 * last one, or touches it, which the search tries first.
 */
#include "models/inet/peer_ranges.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

void
ranges_init(struct byte_ranges *set)
{
	memset(set, 0, sizeof *set);
}

void
ranges_fini(struct byte_ranges *set)
{
	free(set->range);
	ranges_init(set);
}

/* The first range that ends at a place or behind it. */
static uint32_t
find(const struct byte_ranges *set, int64_t place)
{
	uint32_t low = 0, high = set->n;

	if (high > 0 && set->range[high - 1].to < place)
		return high;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (set->range[middle].to < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
make_room(struct byte_ranges *set)
{
	enum { FIRST_SIZE = 8 };

	if (set->n < set->size)
		return;
	set->size = set->size > 0 ? 2 * set->size : FIRST_SIZE;
	set->range = realloc(set->range, set->size * sizeof *set->range);
	CHECK(set->range != NULL, "memory for bytes out of order");
}

static void
insert(struct byte_ranges *set, uint32_t i, int64_t from, int64_t to)
{
	make_room(set);
	memmove(&set->range[i + 1], &set->range[i],
	    (set->n - i) * sizeof *set->range);
	set->range[i] = (struct byte_range){from, to};
	set->n++;
}

static void
remove_some(struct byte_ranges *set, uint32_t i, uint32_t n)
{
	set->n -= n;
	memmove(&set->range[i], &set->range[i + n],
	    (set->n - i) * sizeof *set->range);
}

/* Ranges i .. end - 1 and from .. to become one. => its bytes in all */
static int64_t
unite(struct byte_ranges *set, uint32_t i, uint32_t end, int64_t from,
    int64_t to)
{
	struct byte_range *first = &set->range[i];
	int64_t last_to = set->range[end - 1].to;

	if (from < first->from)
		first->from = from;
	first->to = to > last_to ? to : last_to;
	remove_some(set, i + 1, end - i - 1);
	return first->to - first->from;
}

int64_t
ranges_add(struct byte_ranges *set, int64_t from, int64_t to)
{
	uint32_t i = find(set, from);
	uint32_t end = i;
	int64_t n_before = 0;

	CHECK(from < to, "a range of bytes is not empty");
	/* those that it touches */
	for (; end < set->n && set->range[end].from <= to; end++)
		n_before += set->range[end].to - set->range[end].from;
	if (end > i)
		return unite(set, i, end, from, to) - n_before;
	insert(set, i, from, to);
	return to - from;
}

int64_t
ranges_take(struct byte_ranges *set, int64_t place)
{
	CHECK(set->n == 0 || set->range[0].from >= place,
	    "what is in order is not kept out of order");
	if (set->n == 0 || set->range[0].from > place)
		return place;
	place = set->range[0].to;
	remove_some(set, 0, 1);
	return place;
}
