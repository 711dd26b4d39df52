/*
 * The same process, had it used mmap.
 *
 * What it read to send it, it maps instead: a window as long as the read, or
 * reads, and unmaps it after the write that sends the last of it.  A sendfile
 * becomes windows of a megabyte, each mapped, written and unmapped.  Headers
 * and all else stay as they are.
 */
#include "sim/trace/story_own.h"

enum { WINDOW = 1 << 20 };

struct rewrite {
	const struct story_part *from;
	struct story_part *to;
	int64_t *extent;	/* of the read that each operation began */
	uint32_t *window;	/* its mapping */
	int64_t gap_ns;		/* before operations that are gone */
};

#define FROM_OP(r, i) (&g_array_index((r)->from->ops, struct story_op, i))

static void
put_op(struct rewrite *r, struct story_op op)
{
	op.think_ns = MIN(op.think_ns + r->gap_ns, STORY_GAP_MAX_NS);
	r->gap_ns = 0;
	g_array_append_val(r->to->ops, op);
}

static int64_t
page_offset(int64_t offset)
{
	return offset % STORY_PAGE;
}

/* => the number of the window */
static uint32_t
put_mmap(struct rewrite *r, const struct story_op *like, uint32_t handle,
    int64_t offset, int64_t len)
{
	struct story_op op = {.kind = STORY_MMAP, .line = like->line,
	    .handle = handle, .index = r->to->n_mappings++,
	    .offset = offset - page_offset(offset),
	    .len = len + page_offset(offset), .last = STORY_NONE,
	    .think_ns = like->think_ns};

	put_op(r, op);
	return op.index;
}

static void
put_munmap(struct rewrite *r, const struct story_op *like, uint32_t window,
    int64_t len)
{
	struct story_op op = {.kind = STORY_MUNMAP, .line = like->line,
	    .handle = STORY_NONE, .index = window, .len = len,
	    .last = STORY_NONE};

	put_op(r, op);
}

static bool
is_sent(const struct rewrite *r, const struct story_op *op)
{
	return FROM_OP(r, op->head)->last != STORY_NONE;
}

static void
rewrite_read(struct rewrite *r, guint i)
{
	const struct story_op *op = FROM_OP(r, i);
	guint last;

	if (!is_sent(r, op) && op->n_bytes > 0) {
		put_op(r, *op);
		last = r->to->ops->len - 1;
		g_array_index(r->to->ops, struct story_op, last).head = last;
	} else if (is_sent(r, op) && op->head == i)
		r->window[i] = put_mmap(r, op, op->handle, op->offset,
		    r->extent[i]);
	else
		r->gap_ns += op->think_ns;
}

static struct story_piece
rewrite_piece(const struct rewrite *r, struct story_piece piece)
{
	uint32_t read = piece.read;

	/* of the operations that it is an index of none are left */
	piece.read = STORY_NONE;
	if (piece.source != STORY_FROM_READ || read == STORY_NONE ||
	    r->window[read] == STORY_NONE)
		return piece;
	piece.source = STORY_FROM_MAPPING;
	piece.index = r->window[read];
	piece.offset += page_offset(FROM_OP(r, read)->offset);
	return piece;
}

static void
rewrite_send(struct rewrite *r, guint i)
{
	struct story_op op = *FROM_OP(r, i);
	uint32_t first = op.first_piece;

	op.first_piece = r->to->pieces->len;
	for (uint32_t k = 0; k < op.n_pieces; k++) {
		struct story_piece piece = rewrite_piece(r,
		    g_array_index(r->from->pieces, struct story_piece,
		    first + k));

		g_array_append_val(r->to->pieces, piece);
	}
	put_op(r, op);
	for (uint32_t k = 0; k < op.n_pieces; k++) {
		const struct story_piece *piece = &g_array_index(
		    r->from->pieces, struct story_piece, first + k);
		uint32_t read = piece->read;

		if (read == STORY_NONE || FROM_OP(r, read)->last != i ||
		    r->window[read] == STORY_NONE)
			continue;
		put_munmap(r, &op, r->window[read], r->extent[read] +
		    page_offset(FROM_OP(r, read)->offset));
		r->window[read] = STORY_NONE;
	}
}

static void
rewrite_sendfile(struct rewrite *r, const struct story_op *op)
{
	struct story_op send = *op;

	send.kind = STORY_SEND;
	send.index = STORY_NONE;
	send.n_pieces = 1;
	send.think_ns = 0;
	for (int64_t done = 0; done < op->len; done += send.len) {
		int64_t offset = op->offset + done;
		struct story_op like = *op;
		struct story_piece piece = {.source = STORY_FROM_MAPPING,
		    .offset = page_offset(offset), .read = STORY_NONE};

		like.think_ns = done == 0 ? op->think_ns : 0;
		send.len = MIN(op->len - done, WINDOW);
		piece.len = send.len;
		piece.index = put_mmap(r, &like, op->index, offset, send.len);
		send.first_piece = r->to->pieces->len;
		send.offset = 0;
		g_array_append_val(r->to->pieces, piece);
		put_op(r, send);
		put_munmap(r, op, piece.index, send.len + page_offset(offset));
	}
}

static void
find_extents(struct rewrite *r)
{
	for (guint i = 0; i < r->from->ops->len; i++) {
		const struct story_op *op = FROM_OP(r, i);

		r->window[i] = STORY_NONE;
		if (op->kind == STORY_READ)
			r->extent[op->head] = MAX(r->extent[op->head],
			    op->at + op->n_bytes);
	}
}

static void
part_init(struct story_part *part, const struct story_part *like)
{
	part->ops = g_array_new(FALSE, TRUE, sizeof(struct story_op));
	part->pieces = g_array_new(FALSE, TRUE, sizeof(struct story_piece));
	part->buffers = g_array_ref(like->buffers);
	part->n_handles = like->n_handles;
	part->n_mappings = like->n_mappings;
}

void
story_as_mmap(struct story_process *process)
{
	struct rewrite r = {.from = &process->recorded,
	    .to = &process->as_mmap};
	guint n = r.from->ops->len;

	part_init(r.to, r.from);
	r.extent = g_new0(int64_t, n);
	r.window = g_new(uint32_t, n);
	find_extents(&r);
	for (guint i = 0; i < n; i++) {
		const struct story_op *op = FROM_OP(&r, i);

		if (op->kind == STORY_READ)
			rewrite_read(&r, i);
		else if (op->kind == STORY_SEND || op->kind == STORY_SENDTO)
			rewrite_send(&r, i);
		else if (op->kind == STORY_SENDFILE)
			rewrite_sendfile(&r, op);
		else
			put_op(&r, *op);
	}
	g_free(r.extent);
	g_free(r.window);
}
