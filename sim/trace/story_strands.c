/*
 * What a process that waits for several connections at once does for which of
 * them.
 *
 * The calls on connections of one lane, which follow each other, are a strand.
 * What is done with a file belongs to the strand that sends it.  What several
 * strands send is of none of them.  What none sends is taken to be done for the
 * connection that was spoken to before.
 */
#include "sim/trace/story_own.h"

/* Whose what is, by number: a strand, STORY_SHARED, or STORY_NONE as yet. */
struct owners {
	struct story_part *part;
	bool *is_socket;	/* of handles */
	uint32_t *handles, *mappings;
	uint32_t *reads;	/* by the operation that began the buffer */
	guint first;		/* the first operation on a connection */
	uint32_t context;	/* the strand of the last one, as we go on */
	struct conclusion in_common, of_no_connection;
};

#define PART_OP(part, i) (&g_array_index((part)->ops, struct story_op, i))
#define PART_PIECE(part, i) \
	(&g_array_index((part)->pieces, struct story_piece, i))

static void
conclude(struct conclusion *conclusion, const struct story_op *op)
{
	if (conclusion->n++ == 0)
		conclusion->line = op->line;
}

static void
add(struct conclusion *sum, const struct conclusion *part)
{
	if (sum->n == 0 || (part->n > 0 && part->line < sum->line))
		sum->line = part->line;
	sum->n += part->n;
}

static uint32_t *
new_owners(guint n)
{
	uint32_t *owners = g_new(uint32_t, n);

	for (guint i = 0; i < n; i++)
		owners[i] = STORY_NONE;
	return owners;
}

static void
join(uint32_t *owner, uint32_t strand)
{
	if (*owner == STORY_NONE)
		*owner = strand;
	else if (strand != STORY_NONE && *owner != strand)
		*owner = STORY_SHARED;
}

/* What nobody sends: of who was spoken to before, if anybody was. */
static void
join_context(struct owners *o, uint32_t *owner, const struct story_op *op)
{
	if (*owner != STORY_NONE || o->context == STORY_NONE)
		return;
	*owner = o->context;
	if (op->kind == STORY_OPEN || op->kind == STORY_READ ||
	    op->kind == STORY_MMAP)
		conclude(&o->of_no_connection, op);
}

/* Who is spoken to with this operation, if anybody is. */
static void
follow(struct owners *o, const struct story_op *op)
{
	if (op->handle != STORY_NONE && o->is_socket[op->handle])
		o->context = o->handles[op->handle];
}

static void
find_sockets(struct owners *o, const struct story *story, uint32_t first_lane)
{
	for (guint i = 0; i < o->part->ops->len; i++) {
		const struct story_op *op = PART_OP(o->part, i);
		const struct story_connection *conn;

		if (op->kind != STORY_ACCEPT)
			continue;
		conn = &g_array_index(story->connections,
		    struct story_connection, op->index);
		o->first = MIN(o->first, i);
		o->is_socket[op->handle] = true;
		o->handles[op->handle] = conn->lane - first_lane;
	}
}

static void
find_senders(struct owners *o)
{
	for (guint i = 0; i < o->part->ops->len; i++) {
		const struct story_op *op = PART_OP(o->part, i);

		for (uint32_t k = 0; k < op->n_pieces; k++) {
			const struct story_piece *piece =
			    PART_PIECE(o->part, op->first_piece + k);

			if (piece->source == STORY_FROM_MAPPING)
				join(&o->mappings[piece->index],
				    o->handles[op->handle]);
			else if (piece->read != STORY_NONE)
				join(&o->reads[piece->read],
				    o->handles[op->handle]);
		}
		if (op->kind == STORY_SENDFILE)
			join(&o->handles[op->index], o->handles[op->handle]);
	}
}

/* Reads and mappings: whose they are, and so whose their files are. */
static void
find_users(struct owners *o)
{
	o->context = STORY_NONE;
	for (guint i = 0; i < o->part->ops->len; i++) {
		const struct story_op *op = PART_OP(o->part, i);
		uint32_t *owner;

		follow(o, op);
		if (op->kind == STORY_READ)
			owner = &o->reads[op->head];
		else if (op->kind == STORY_MMAP || op->kind == STORY_MMAP_ANON)
			owner = &o->mappings[op->index];
		else
			continue;
		join_context(o, owner, op);
		if (op->handle != STORY_NONE)
			join(&o->handles[op->handle], *owner);
	}
}

static uint32_t
owner_of(struct owners *o, const struct story_op *op)
{
	uint32_t *owner = op->kind == STORY_READ ? &o->reads[op->head] :
	    op->kind == STORY_MMAP || op->kind == STORY_MMAP_ANON ||
	    op->kind == STORY_MUNMAP ? &o->mappings[op->index] :
	    &o->handles[op->handle];

	join_context(o, owner, op);
	return *owner;
}

static void
set_strands(struct owners *o)
{
	o->context = STORY_NONE;
	for (guint i = 0; i < o->part->ops->len; i++) {
		struct story_op *op = PART_OP(o->part, i);

		follow(o, op);
		op->strand = owner_of(o, op);
		if (i < o->first)
			op->strand = STORY_FIRST;
		else if (op->strand == STORY_SHARED &&
		    (op->kind == STORY_OPEN || op->kind == STORY_READ ||
		    op->kind == STORY_MMAP))
			conclude(&o->in_common, op);
	}
}

/*
 * Buffers: as few as each strand needs.  The order of the recording, in which
 * several of them could do with one, is not kept.
 */
struct split {
	struct story_part *part;
	GHashTable *numbers;	/* owner and old number -> new number + 1 */
	GArray *buffers;
};

static uint32_t
number_of(struct split *s, uint32_t owner, uint32_t old, uint32_t read)
{
	gpointer key = GSIZE_TO_POINTER((gsize)owner << 32 |
	    (owner == STORY_SHARED ? read : old));
	gpointer found = g_hash_table_lookup(s->numbers, key);

	if (found != NULL)
		return GPOINTER_TO_UINT(found) - 1;
	g_array_append_val(s->buffers,
	    g_array_index(s->part->buffers, int64_t, old));
	g_hash_table_insert(s->numbers, key,
	    GUINT_TO_POINTER(s->buffers->len));
	return s->buffers->len - 1;
}

static void
split_buffers(const struct owners *o)
{
	struct split s = {o->part, g_hash_table_new(NULL, NULL),
	    g_array_new(FALSE, TRUE, sizeof(int64_t))};

	for (guint i = 0; i < s.part->ops->len; i++) {
		struct story_op *op = PART_OP(s.part, i);

		if (op->kind == STORY_READ)
			op->index = number_of(&s, o->reads[op->head],
			    op->index, op->head);
		for (uint32_t k = 0; k < op->n_pieces; k++) {
			struct story_piece *piece =
			    PART_PIECE(s.part, op->first_piece + k);

			if (piece->source == STORY_FROM_READ)
				piece->index = number_of(&s,
				    o->reads[piece->read], piece->index,
				    piece->read);
			else if (piece->source == STORY_FROM_MEMORY)
				piece->index = number_of(&s, op->strand,
				    piece->index, STORY_NONE);
		}
	}
	g_hash_table_unref(s.numbers);
	g_array_unref(s.part->buffers);
	s.part->buffers = s.buffers;
}


static void
owners_init(struct owners *o, struct story_part *part)
{
	*o = (struct owners){.part = part,
	    .is_socket = g_new0(bool, part->n_handles),
	    .handles = new_owners(part->n_handles),
	    .mappings = new_owners(part->n_mappings),
	    .reads = new_owners(part->ops->len),
	    .first = part->ops->len, .context = STORY_NONE};
}

static void
owners_fini(struct owners *o)
{
	g_free(o->is_socket);
	g_free(o->handles);
	g_free(o->mappings);
	g_free(o->reads);
}

void
events_split(struct maker *m, struct story_process *process,
    struct story_part *part)
{
	struct owners o;

	if (!process->is_events)
		return;
	owners_init(&o, part);
	find_sockets(&o, m->story, process->first_lane);
	find_senders(&o);
	find_users(&o);
	set_strands(&o);
	if (part == &process->recorded) {
		split_buffers(&o);
		add(&m->in_common, &o.in_common);
		add(&m->of_no_connection, &o.of_no_connection);
	}
	owners_fini(&o);
}
