/*
 * Where the processor's time goes: time of each data segment, by cause.
 *
 * A bar is all of the run's time, divided by the segments: what the causes
 * took, what the processor waited for DMA, and what it had nothing to do.  So a
 * bar that is half as long belongs to a run that is twice as fast.  If a board
 * sends no data, all bars are percents of their run's time instead.
 */
#include "sim/report/stack.h"
#include "sim/run/quantity.h"

/* has_messages: does every row have what its time can be divided by? */
static bool
has_messages(const struct rep_data *data)
{
	for (size_t i = 0; i < data->n_rows; i++)
		if (res_messages(&data->rows[i]) == 0)
			return false;
	return true;
}

/* thousandths of a microsecond, or of a percent */
static int64_t
thousandths(const struct rep_data *data, const struct res_row *row,
    int64_t ps)
{
	const int64_t elapsed = row->detail[RES_D_ELAPSED];

	if (has_messages(data))
		return mul_div(ps, 1000, res_messages(row) * PS_PER_US);
	return elapsed > 0 ? mul_div(ps, 100 * 1000, elapsed) : 0;
}

static int64_t
cause_time(const struct rep_data *data, const struct res_row *row, int panel,
    enum kern_cause cause)
{
	(void)panel;
	/* transfers by others are none of the processor's */
	if (kern_cause_is_dma((int)cause))
		return 0;
	return thousandths(data, row,
	    row->cause[cause].compute_ps + row->cause[cause].memory_ps);
}

static int64_t
rest_time(const struct rep_data *data, const struct res_row *row, int rest)
{
	return thousandths(data, row, row->detail[rest == 0 ?
	    RES_D_CPU_STALL : RES_D_CPU_IDLE]);
}

static bool
write_cpu(GString *out, const struct rep_data *data, enum rep_picture picture,
    GError **error)
{
	const struct rep_stack stack = {
		.axis = has_messages(data) ?
		    "time of the run for each data segment or datagram sent "
		    "(us)" : "time of the run (percent)",
		.cause = cause_time,
		.rest = { "DMA stalls", "idle" },
		.rest_value = rest_time,
		.last_is_cut = true,
	};

	(void)error;
	rep_stack(out, &stack, data, picture);
	return true;
}

const struct rep_figure rep_figure_cpu = {
	.name = "cpu",
	.question = "where does the processor's time go?",
	.shows = "Where the processor's time goes, by cause: a bar half as "
	    "long is a run twice as fast.",
	.source = REP_FROM_CAUSES,
	.templates = { "plots/cpu.gp", "plots/stack.gp" },
	.write = write_cpu,
};
