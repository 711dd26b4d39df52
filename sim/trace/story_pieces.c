/*
 * What is read and sent, with the buffers that it goes through.
 *
 * Where no address is shown, a program is taken to have as few buffers as the
 * order of its calls permits: what was read stays until it has been sent.
 */
#include "sim/trace/story_own.h"

void
make_read(struct maker *m, struct making *mk, uint32_t event, uint32_t handle)
{
	const struct event *ev = EVENT(m, event);
	struct event *head = EVENT(m, ev->head);
	const struct seen_file *file =
	    SEEN_FILE(m, THING(m, ev->thing)->file);
	int64_t left = story_file_bytes(file) - ev->offset;
	int64_t len = left > 0 ? MIN(ev->len, left) :
	    MIN(ev->len, STORY_SMALL);
	struct story_op *op;

	if (head->number == STORY_NONE)
		head->number = making_buffer(mk, ev->at + len, false);
	making_need(mk, head->number, ev->at + len);
	op = making_op(mk, ev, STORY_READ);
	op->handle = handle;
	op->offset = ev->offset;
	op->len = len;
	op->n_bytes = ev->result;
	op->index = head->number;
	op->at = ev->at;
	EVENT(m, event)->op = mk->process->recorded.ops->len - 1;
	op->head = head->op;
	if (head->last_use == STORY_NONE || head->last_use < event)
		making_free_buffer(mk, head->number);
}

/* => the buffer or mapping that a piece lies in, STORY_NONE: it is lost */
static uint32_t
place_of(struct maker *m, struct making *mk, const struct event *ev,
    const struct event_piece *piece, uint32_t place)
{
	switch (piece->source) {
	case STORY_FROM_MAPPING:
	case STORY_FROM_READ:
		return EVENT(m, piece->index)->number;
	case STORY_FROM_MEMORY:
		break;
	}
	if (piece->len < STORY_SMALL)
		return making_buffer(mk, piece->len, true);
	return making_large(mk, ev->thing, place, piece->len);
}

static void
add_piece(struct maker *m, struct making *mk, const struct event *ev,
    uint32_t i)
{
	const struct event_piece *from = PIECE(m, ev->first_piece + i);
	struct story_piece piece = {.source = from->source,
	    .is_filled = from->is_filled, .offset = from->offset,
	    .len = from->len, .read = STORY_NONE};

	piece.index = place_of(m, mk, ev, from, i);
	if (piece.index == STORY_NONE) {
		piece.source = STORY_FROM_MEMORY;
		piece.offset = 0;
		piece.index = making_large(mk, ev->thing, i, from->len);
	} else if (from->source == STORY_FROM_READ)
		piece.read = EVENT(m, from->index)->op;
	g_array_append_val(mk->process->recorded.pieces, piece);
}

/* What was read is sent: its buffer is free for the next. */
static void
end_read(struct maker *m, struct making *mk, uint32_t read)
{
	GArray *ops = mk->process->recorded.ops;

	making_free_buffer(mk, EVENT(m, read)->number);
	g_array_index(ops, struct story_op, EVENT(m, read)->op).last =
	    ops->len - 1;
}

static void
free_buffers(struct maker *m, struct making *mk, uint32_t event,
    uint32_t first)
{
	const struct event *ev = EVENT(m, event);

	for (uint32_t i = 0; i < ev->n_pieces; i++) {
		const struct event_piece *from =
		    PIECE(m, ev->first_piece + i);
		const struct story_piece *piece =
		    &g_array_index(mk->process->recorded.pieces,
		    struct story_piece, first + i);

		if (piece->source == STORY_FROM_MEMORY &&
		    piece->len < STORY_SMALL)
			making_free_buffer(mk, piece->index);
		if (piece->source == STORY_FROM_READ &&
		    EVENT(m, from->index)->last_use == event)
			end_read(m, mk, from->index);
	}
}

void
make_send(struct maker *m, struct making *mk, uint32_t event, uint32_t handle)
{
	const struct event *ev = EVENT(m, event);
	guint first = mk->process->recorded.pieces->len;
	struct story_op *op = making_op(mk, ev,
	    ev->is_datagram ? STORY_SENDTO : STORY_SEND);

	op->handle = handle;
	op->len = ev->len;
	op->first_piece = first;
	op->n_pieces = ev->n_pieces;
	for (uint32_t i = 0; i < ev->n_pieces; i++)
		add_piece(m, mk, ev, i);
	free_buffers(m, mk, event, first);
}
