#include "models/hw/mem.h"

#include "models/base/check.h"

static void
check_range(struct mem_range range)
{
	CHECK(range.offset <= range.object->bytes &&
	    range.bytes <= range.object->bytes - range.offset,
	    "an access stays within its object");
}

static void
book(struct cost *cost, struct ledger_line *line, int64_t read_bytes,
    int64_t write_bytes, int64_t units)
{
	cost->units += units;
	cost->read_bytes += read_bytes;
	cost->write_bytes += write_bytes;
	line->units += units;
	line->read_bytes += read_bytes;
	line->write_bytes += write_bytes;
}

/* What the caches had to do, as memory traffic and as waiting. */
static void
book_traffic(struct cost *cost, const struct cost_model *model,
    struct ledger_line *line, const struct cache_traffic *traffic)
{
	int64_t line_bytes = model->cache->config.line_bytes;

	/* all of it was at hand */
	if ((traffic->fill_lines | traffic->back_lines | traffic->l2_lines |
	    traffic->through_bytes) == 0)
		return;
	book(cost, line, traffic->fill_lines * line_bytes,
	    traffic->back_lines * line_bytes + traffic->through_bytes,
	    traffic->l2_lines * model->l2_line_units +
	    traffic->fill_lines * model->miss_units);
}

static void
access_memory(struct cost *cost, const struct cost_model *model,
    struct ledger_line *line, struct mem_range range, bool is_write)
{
	struct cache_traffic traffic = {0};

	check_range(range);
	if (model->cache == NULL) {
		book(cost, line, is_write ? 0 : range.bytes,
		    is_write ? range.bytes : 0, 0);
		return;
	}
	cache_access(model->cache, range.object, range.offset, range.bytes,
	    range.view, is_write, &traffic);
	book_traffic(cost, model, line, &traffic);
}

void
mem_read(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range)
{
	struct ledger_line *line = &model->ledger->line[cause];

	line->loaded_bytes += range.bytes;
	access_memory(cost, model, line, range, false);
}

void
mem_write(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range)
{
	struct ledger_line *line = &model->ledger->line[cause];

	line->stored_bytes += range.bytes;
	access_memory(cost, model, line, range, true);
}

static enum mem_view
wrong_alias(enum mem_view view)
{
	return view == MEM_KERNEL ? MEM_LOAN : MEM_KERNEL;
}

void
mem_clean(struct cost *cost, const struct cost_model *model,
    struct mem_range range)
{
	struct cache_traffic traffic = {0};
	uint32_t n_lines;

	check_range(range);
	if (model->cache == NULL ||
	    model->cache->mistake == CACHE_NOT_CLEANED)
		return;
	if (model->cache->mistake == CACHE_WRONG_ALIAS)
		range.view = wrong_alias(range.view);
	n_lines = cache_clean(model->cache, range.object, range.offset,
	    range.bytes, range.view, &traffic);
	cost_op(cost, model, OP_CACHE_LINE, n_lines);
	book_traffic(cost, model, &model->ledger->line[CAUSE_CACHE_CLEAN],
	    &traffic);
}

void
mem_clean_alias(struct cost *cost, const struct cost_model *model,
    struct mem_range range)
{
	if (model->cache != NULL && model->cache->config.is_virtual)
		mem_clean(cost, model, range);
}

void
mem_unmapped(const struct cost_model *model, struct mem_object *object,
    enum mem_view view)
{
	if (model->cache != NULL)
		cache_forget(model->cache, object, view);
}

void
mem_replaced(const struct cost_model *model, struct mem_object *object)
{
	if (model->cache != NULL)
		cache_discard(model->cache, object);
}

void
mem_copy(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range from, struct mem_range to)
{
	CHECK(from.bytes == to.bytes, "a copy has one length");
	cost_op_as(cost, model, OP_COPY_1K, from.bytes, cause);
	mem_read(cost, model, cause, from);
	mem_write(cost, model, cause, to);
}
