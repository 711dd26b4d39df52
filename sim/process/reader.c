#include "sim/process/reader.h"

#include "sim/process/sys.h"

/*
 * The date follows from all bytes so far: nothing adds up, and who was kept
 * waiting catches up.  At the end of the run it no longer sleeps: it drains.
 */
void
reader_keep_to_rate(struct process *ps, const struct intake *in)
{
	int64_t rate = ps->config->read_rate;
	sim_time due;

	if (rate == INT64_MAX)
		return;
	due = in->since + mul_div(in->n_bytes, PS_PER_S, rate);
	if (due > sys_now(ps))
		sys_sleep_until(ps, due);
}
