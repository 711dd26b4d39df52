#include "models/hw/mem.h"

#include "models/base/check.h"

static void
check_range(struct mem_range range)
{
	CHECK(range.offset <= range.object->bytes &&
	    range.bytes <= range.object->bytes - range.offset,
	    "an access stays within its object");
}

void
mem_read(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range)
{
	check_range(range);
	cost->read_bytes += range.bytes;
	model->ledger->line[cause].read_bytes += range.bytes;
}

void
mem_write(struct cost *cost, const struct cost_model *model,
    enum kern_cause cause, struct mem_range range)
{
	check_range(range);
	cost->write_bytes += range.bytes;
	model->ledger->line[cause].write_bytes += range.bytes;
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
