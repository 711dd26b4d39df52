/*
 * Calls about memory, and those that tell the sizes of files.
 */
#include "sim/trace/story_own.h"

enum {
	RAW_SHARED = 0x1, RAW_ANONYMOUS = 0x20, RAW_DENYWRITE = 0x800,
	RAW_EXEC = 0x4
};

static bool
is_range(uint64_t addr, int64_t len)
{
	return len > 0 && addr <= UINT64_MAX - (uint64_t)len;
}

/* The loader's mappings are told by what nobody else asks for. */
enum story_fate
call_mmap(struct maker *m, struct event *ev)
{
	struct seen_file *file;

	if (m->line->result.kind == ST_RESULT_ERROR)
		return FATE_FAILED;
	ev->addr = (uint64_t)m->line->result.number;
	if (!call_size(m, 1, &ev->len) || !is_range(ev->addr, ev->len))
		return FATE_UNKNOWN;
	ev->is_anon = call_has(m, 3, "MAP_ANONYMOUS", RAW_ANONYMOUS);
	ev->is_shared = call_has(m, 3, "MAP_SHARED", RAW_SHARED);
	ev->is_loader = call_has(m, 3, "MAP_DENYWRITE", RAW_DENYWRITE) ||
	    call_has(m, 2, "PROT_EXEC", RAW_EXEC);
	ev->kind = EV_MMAP;
	if (ev->is_anon)
		return FATE_USED;
	ev->thing = call_desc(m, ev, 4);
	if (ev->thing == STORY_NONE ||
	    THING(m, ev->thing)->kind != THING_FILE) {
		ev->is_anon = true;
		return FATE_USED;
	}
	if (!call_size(m, 5, &ev->offset)) {
		ev->kind = EV_NONE;
		return FATE_UNKNOWN;
	}
	file = SEEN_FILE(m, THING(m, ev->thing)->file);
	file->mapped_bytes = MAX(file->mapped_bytes, ev->offset + ev->len);
	return FATE_USED;
}

enum story_fate
call_munmap(struct maker *m, struct event *ev)
{
	int64_t addr;

	if (call_failed(m))
		return FATE_FAILED;
	if (!call_number(m, 0, &addr) || !call_size(m, 1, &ev->len) ||
	    !is_range((uint64_t)addr, ev->len))
		return FATE_UNKNOWN;
	ev->addr = (uint64_t)addr;
	ev->kind = EV_MUNMAP;
	return FATE_USED;
}

static enum story_fate
take_size(struct maker *m, uint32_t file, size_t i)
{
	const struct st_arg *stat = st_arg_at(m->line, i);
	const struct st_arg *mode, *size;

	if (stat == NULL || stat->kind != ST_ARG_STRUCT)
		return FATE_NO_IO;
	mode = st_arg_key(m->line, stat, "st_mode");
	size = st_arg_key(m->line, stat, "st_size");
	if (mode == NULL && size == NULL) {
		mode = st_arg_key(m->line, stat, "stx_mode");
		size = st_arg_key(m->line, stat, "stx_size");
	}
	if (size == NULL || size->kind != ST_ARG_NUMBER || mode == NULL ||
	    !st_arg_has(mode, "S_IFREG") || size->number < 0 ||
	    size->number > STORY_SIZE_MAX)
		return FATE_NO_IO;
	SEEN_FILE(m, file)->stat_bytes = size->number;
	return FATE_USED;
}

enum story_fate
call_fstat(struct maker *m, struct event *ev)
{
	uint32_t thing = call_desc(m, ev, 0);

	if (call_failed(m))
		return FATE_FAILED;
	if (thing == STORY_NONE || THING(m, thing)->kind != THING_FILE)
		return FATE_NO_IO;
	return take_size(m, THING(m, thing)->file, 1);
}

/* stat, lstat: a path first; newfstatat, statx: a folder before it */
enum story_fate
call_stat(struct maker *m, struct event *ev)
{
	size_t i = st_text_begins(m->line->name, "newfstatat") ||
	    st_text_begins(m->line->name, "fstatat") ||
	    st_text_is(m->line->name, "statx") ? 1 : 0;
	const struct st_arg *path = st_arg_at(m->line, i);
	size_t at = st_text_is(m->line->name, "statx") ? 4 : i + 1;
	uint32_t thing;

	if (call_failed(m))
		return FATE_FAILED;
	if (path == NULL || path->kind != ST_ARG_STRING)
		return FATE_NO_IO;
	if (path->text.n > 0 && path->text.at[0] == '/')
		return take_size(m, desc_file(m, path->text), at);
	thing = i == 1 && path->text.n == 0 ? call_desc(m, ev, 0) : STORY_NONE;
	if (thing == STORY_NONE || THING(m, thing)->kind != THING_FILE)
		return FATE_NO_IO;
	return take_size(m, THING(m, thing)->file, at);
}

/* _llseek shows the result in a list, lseek as what it returns */
enum story_fate
call_lseek(struct maker *m, struct event *ev)
{
	uint32_t thing = call_desc(m, ev, 0);
	const struct st_arg *list = st_arg_at(m->line, 2);
	const struct st_arg *whence = list;
	int64_t at = m->line->result.number, by = 0;

	if (call_failed(m))
		return FATE_FAILED;
	if (thing == STORY_NONE || THING(m, thing)->kind != THING_FILE)
		return FATE_NO_IO;
	if (list != NULL && list->kind == ST_ARG_LIST) {
		if (list->next <= (size_t)(list - m->line->args) + 1)
			return FATE_UNKNOWN;
		at = list[1].number;
		whence = st_arg_at(m->line, 3);
	}
	if (at < 0 || at > STORY_SIZE_MAX || whence == NULL)
		return FATE_UNKNOWN;
	THING(m, thing)->at = at;
	if (st_arg_has(whence, "SEEK_END") && call_number(m, 1, &by) &&
	    by <= 0 && by >= -STORY_SIZE_MAX)
		SEEN_FILE(m, THING(m, thing)->file)->stat_bytes = at - by;
	return FATE_USED;
}
