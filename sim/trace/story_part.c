#include "sim/trace/story_own.h"

struct buffer_use {
	bool is_used, is_small;
};

static void
part_init(struct story_part *part)
{
	part->ops = g_array_new(FALSE, TRUE, sizeof(struct story_op));
	part->pieces = g_array_new(FALSE, TRUE, sizeof(struct story_piece));
	part->buffers = g_array_new(FALSE, TRUE, sizeof(int64_t));
}

void
making_init(struct making *mk, struct story_process *process, uint32_t index)
{
	*mk = (struct making){.process = process, .index = index,
	    .handles = g_hash_table_new(NULL, NULL),
	    .large = g_hash_table_new(NULL, NULL),
	    .is_busy = g_array_new(FALSE, TRUE, sizeof(bool)),
	    .buffers = g_array_new(FALSE, TRUE, sizeof(struct buffer_use))};
	if (process != NULL)
		part_init(&process->recorded);
}

void
making_fini(struct making *mk)
{
	g_hash_table_unref(mk->handles);
	g_hash_table_unref(mk->large);
	g_array_unref(mk->is_busy);
	g_array_unref(mk->buffers);
}

struct story_op *
making_op(struct making *mk, const struct event *ev, enum story_kind kind)
{
	GArray *ops = mk->process->recorded.ops;
	struct story_op op = {.kind = kind, .line = ev->line,
	    .handle = STORY_NONE, .index = STORY_NONE, .last = STORY_NONE,
	    .think_ns = mk->gap_ns};

	mk->gap_ns = 0;
	g_array_append_val(ops, op);
	return &g_array_index(ops, struct story_op, ops->len - 1);
}

uint32_t
making_handle(const struct making *mk, uint32_t thing)
{
	gpointer found = g_hash_table_lookup(mk->handles,
	    GUINT_TO_POINTER(thing + 1));

	return found != NULL ? GPOINTER_TO_UINT(found) - 1 : STORY_NONE;
}

uint32_t
making_new_handle(struct making *mk, uint32_t thing)
{
	uint32_t handle = mk->process->recorded.n_handles++;

	g_hash_table_insert(mk->handles, GUINT_TO_POINTER(thing + 1),
	    GUINT_TO_POINTER(handle + 1));
	return handle;
}

void
making_drop_handle(struct making *mk, uint32_t thing)
{
	g_hash_table_remove(mk->handles, GUINT_TO_POINTER(thing + 1));
}

void
making_need(struct making *mk, uint32_t buffer, int64_t bytes)
{
	int64_t *size = &g_array_index(mk->process->recorded.buffers, int64_t,
	    buffer);

	*size = MAX(*size, bytes);
}

/* The first that is free: as a program that has one, and uses it again. */
uint32_t
making_buffer(struct making *mk, int64_t bytes, bool is_small)
{
	struct buffer_use use = {true, is_small};
	int64_t nothing = 0;
	guint i;

	for (i = 0; i < mk->buffers->len; i++) {
		struct buffer_use *old =
		    &g_array_index(mk->buffers, struct buffer_use, i);

		if (!old->is_used && old->is_small == is_small) {
			old->is_used = true;
			break;
		}
	}
	if (i == mk->buffers->len) {
		g_array_append_val(mk->buffers, use);
		g_array_append_val(mk->process->recorded.buffers, nothing);
	}
	making_need(mk, i, bytes);
	return i;
}

void
making_free_buffer(struct making *mk, uint32_t buffer)
{
	g_array_index(mk->buffers, struct buffer_use, buffer).is_used = false;
}

static gpointer
large_key(uint32_t thing, uint32_t place)
{
	return GSIZE_TO_POINTER(4 * ((gsize)thing + 1) + MIN(place, 3));
}

uint32_t
making_large(struct making *mk, uint32_t thing, uint32_t place,
    int64_t bytes)
{
	gpointer key = large_key(thing, place);
	gpointer found = g_hash_table_lookup(mk->large, key);
	uint32_t buffer;

	if (found != NULL) {
		buffer = GPOINTER_TO_UINT(found) - 1;
		making_need(mk, buffer, bytes);
		return buffer;
	}
	buffer = making_buffer(mk, bytes, false);
	g_hash_table_insert(mk->large, key, GUINT_TO_POINTER(buffer + 1));
	return buffer;
}

void
making_free_large(struct making *mk, uint32_t thing)
{
	for (uint32_t place = 0; place < 4; place++) {
		gpointer key = large_key(thing, place);
		gpointer found = g_hash_table_lookup(mk->large, key);

		if (found == NULL)
			continue;
		making_free_buffer(mk, GPOINTER_TO_UINT(found) - 1);
		g_hash_table_remove(mk->large, key);
	}
}

uint32_t
making_lane(struct making *mk)
{
	bool yes = true;

	for (guint i = 0; i < mk->is_busy->len; i++)
		if (!g_array_index(mk->is_busy, bool, i)) {
			g_array_index(mk->is_busy, bool, i) = true;
			return i;
		}
	g_array_append_val(mk->is_busy, yes);
	return mk->is_busy->len - 1;
}

void
making_free_lane(struct making *mk, uint32_t lane)
{
	g_array_index(mk->is_busy, bool, lane) = false;
}
