/*
 * Recordings of a few lines, and what the story makes of them as text.
 */
#ifndef TESTS_UNIT_SIM_TRACE_STORY_SCRIPT_H
#define TESTS_UNIT_SIM_TRACE_STORY_SCRIPT_H

#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "sim/trace/story.h"

static const char *const op_names[] = {"open", "read", "mmap", "anon",
    "munmap", "accept", "connect", "udp", "receive", "end", "say", "send",
    "sendto", "sendfile", "shutdown", "close"};

static inline struct story *
load(const char *text)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	struct story *story = story_load_text("x", text, strlen(text), errors);

	ck_assert_msg(story != NULL, "%s", errors->len > 0 ?
	    (const char *)errors->pdata[0] : "no story");
	return story;
}

/* 200@m0+4096: 200 bytes, of mapping 0, from 4096 on; ! for filled */
static inline void
put_pieces(GString *text, const struct story_part *part,
    const struct story_op *op)
{
	for (uint32_t i = 0; i < op->n_pieces; i++) {
		const struct story_piece *p = &g_array_index(part->pieces,
		    struct story_piece, op->first_piece + i);

		g_string_append(text, i > 0 ? "," : "");
		g_string_append_printf(text, "%" PRId64 "@%c", p->len,
		    "brm"[p->source]);
		g_string_append_printf(text, "%u+%" PRId64, p->index,
		    p->offset);
		g_string_append(text, p->is_filled ? "!" : "");
	}
}

static inline void
put_op(GString *text, const struct story_part *part,
    const struct story_op *op)
{
	g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "",
	    op_names[op->kind]);
	switch (op->kind) {
	case STORY_READ:
		g_string_append_printf(text, "(%u:%" PRId64 "+%" PRId64
		    ">%u+%" PRId64 ")", op->handle, op->offset, op->len,
		    op->index, op->at);
		break;
	case STORY_MMAP:
	case STORY_MMAP_ANON:
	case STORY_MUNMAP:
		g_string_append_printf(text, "(%u:%" PRId64 "+%" PRId64 ")",
		    op->index, op->offset, op->len);
		break;
	case STORY_RECEIVE:
		g_string_append_printf(text, "(%u:%" PRId64 ")", op->handle,
		    op->n_bytes);
		break;
	case STORY_SEND:
	case STORY_SENDTO:
		g_string_append_printf(text, "(%u:", op->handle);
		put_pieces(text, part, op);
		g_string_append_c(text, ')');
		break;
	case STORY_SENDFILE:
		g_string_append_printf(text, "(%u<%u:%" PRId64 "+%" PRId64
		    ")", op->handle, op->index, op->offset, op->len);
		break;
	case STORY_SAY:
		g_string_append_printf(text, "(%" PRId64 ")", op->offset);
		break;
	case STORY_OPEN:
	case STORY_ACCEPT:
	case STORY_CONNECT:
	case STORY_UDP:
	case STORY_RECEIVE_END:
	case STORY_SHUTDOWN:
	case STORY_CLOSE:
		g_string_append_printf(text, "(%u)", op->handle);
		break;
	}
}

static inline char *
part_text(const struct story_part *part)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < part->ops->len; i++)
		put_op(text, part,
		    &g_array_index(part->ops, struct story_op, i));
	return g_string_free(text, FALSE);
}

static inline void
assert_part(const struct story_part *part, const char *wanted)
{
	g_autofree char *text = part_text(part);

	ck_assert_str_eq(text, wanted);
}

/* One process, and what it does. */
static inline void
assert_story(const char *recording, const char *wanted)
{
	struct story *story = load(recording);

	ck_assert_uint_eq(story->processes->len, 1);
	assert_part(&story_process_at(story, 0)->recorded, wanted);
	story_free(story);
}

/* ... and what it would have done with mmap. */
static inline void
assert_mapped(const char *recording, const char *wanted)
{
	struct story *story = load(recording);

	ck_assert_uint_eq(story->processes->len, 1);
	assert_part(&story_process_at(story, 0)->as_mmap, wanted);
	story_free(story);
}

static inline size_t
n_of(const struct story *story, enum story_fate fate)
{
	return story_tallies_sum(&story->tallies, fate);
}

#endif
