#include "sim/process/replay_shared.h"

/* Operations are linked by their numbers. */
struct shared_thing {
	uint32_t makers, drops;	/* the first ones still to do, or STORY_NONE */
	uint32_t n_uses;	/* still to come */
};

static guint
n_things(const struct story_part *part)
{
	return part->n_handles + part->n_mappings + part->ops->len;
}

static struct shared_thing *
handle_at(struct replay_shared *s, uint32_t handle)
{
	return &s->things[handle];
}

static struct shared_thing *
mapping_at(struct replay_shared *s, uint32_t mapping)
{
	return &s->things[s->r->part->n_handles + mapping];
}

/* By the operation that began what is in it. */
static struct shared_thing *
buffer_at(struct replay_shared *s, uint32_t head)
{
	return &s->things[s->r->part->n_handles + s->r->part->n_mappings +
	    head];
}

/* => NULL: it makes nothing */
static struct shared_thing *
made_by(struct replay_shared *s, const struct story_op *op)
{
	switch (op->kind) {
	case STORY_OPEN:
		return handle_at(s, op->handle);
	case STORY_MMAP:
	case STORY_MMAP_ANON:
		return mapping_at(s, op->index);
	case STORY_READ:
		return buffer_at(s, op->head);
	default:
		return NULL;
	}
}

/* => NULL: it gives nothing up */
static struct shared_thing *
dropped_by(struct replay_shared *s, const struct story_op *op)
{
	return op->kind == STORY_CLOSE ? handle_at(s, op->handle) :
	    op->kind == STORY_MUNMAP ? mapping_at(s, op->index) : NULL;
}

typedef int64_t thing_fn(struct replay_shared *s, struct shared_thing *thing);

static int64_t
each_of_pieces(struct replay_shared *s, const struct story_op *op,
    thing_fn *fn)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < op->n_pieces && n >= 0; i++) {
		const struct story_piece *piece = &g_array_index(
		    s->r->part->pieces, struct story_piece,
		    op->first_piece + i);

		if (piece->source == STORY_FROM_MAPPING)
			n = fn(s, mapping_at(s, piece->index));
		else if (piece->read != STORY_NONE)
			n = fn(s, buffer_at(s, piece->read));
	}
	return n;
}

/* What an operation needs, each thing as often as it does. */
static int64_t
each_needed(struct replay_shared *s, const struct story_op *op, thing_fn *fn)
{
	switch (op->kind) {
	case STORY_READ:
	case STORY_MMAP:
		return fn(s, handle_at(s, op->handle));
	case STORY_SENDFILE:
		return fn(s, handle_at(s, op->index));
	case STORY_SEND:
		return each_of_pieces(s, op, fn);
	default:
		return 0;
	}
}

static int64_t
count_use(struct replay_shared *s, struct shared_thing *thing)
{
	(void)s;
	thing->n_uses++;
	return 0;
}

static void
link_op(struct replay_shared *s, uint32_t i)
{
	const struct story_op *op = &g_array_index(s->r->part->ops,
	    struct story_op, i);
	struct shared_thing *made = made_by(s, op);
	struct shared_thing *dropped = dropped_by(s, op);
	uint32_t *first = made != NULL ? &made->makers :
	    dropped != NULL ? &dropped->drops : NULL;

	if (op->strand == STORY_SHARED && first != NULL) {
		s->next[i] = *first;
		*first = i;
	}
	if (op->strand != STORY_FIRST)
		each_needed(s, op, count_use);
}

void
shared_init(struct replay_shared *s, struct replay *r)
{
	const struct story_part *part = r->part;

	*s = (struct replay_shared){.r = r,
	    .things = g_new(struct shared_thing, n_things(part)),
	    .next = g_new(uint32_t, part->ops->len)};
	for (guint i = 0; i < n_things(part); i++)
		s->things[i] = (struct shared_thing){STORY_NONE, STORY_NONE,
		    0};
	/* from the end, so that the first one is the first */
	for (guint i = part->ops->len; i-- > 0;)
		link_op(s, i);
}

void
shared_fini(struct replay_shared *s)
{
	g_free(s->things);
	g_free(s->next);
}

static int64_t
perform(struct replay_shared *s, uint32_t *first)
{
	uint32_t i = *first;
	int64_t n = 0;

	*first = STORY_NONE;
	for (; i != STORY_NONE && n >= 0; i = s->next[i]) {
		const struct story_op *op = &g_array_index(s->r->part->ops,
		    struct story_op, i);

		n = shared_need(s, op);
		if (n >= 0 && !replay_think(s->r, op))
			n = SYS_ENDED;
		if (n >= 0)
			n = replay_whole(s->r, op);
		if (n >= 0)
			n = shared_used(s, op);
	}
	return n;
}

static int64_t
make(struct replay_shared *s, struct shared_thing *thing)
{
	return perform(s, &thing->makers);
}

static int64_t
use(struct replay_shared *s, struct shared_thing *thing)
{
	return --thing->n_uses == 0 ? perform(s, &thing->drops) : 0;
}

int64_t
shared_need(struct replay_shared *s, const struct story_op *op)
{
	return each_needed(s, op, make);
}

int64_t
shared_used(struct replay_shared *s, const struct story_op *op)
{
	return each_needed(s, op, use);
}

int64_t
shared_forget(struct replay_shared *s)
{
	int64_t n = 0;

	for (guint i = 0; i < n_things(s->r->part) && n >= 0; i++)
		if (s->things[i].n_uses == 0)
			n = perform(s, &s->things[i].drops);
	return n;
}
