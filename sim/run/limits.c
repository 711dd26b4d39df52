#include "sim/run/limits.h"

#include "sim/run/quantity.h"

enum { TENTHS_OF_PERCENT = 1000, ENOUGH_TIMES = 4 };

struct run_figure
run_figure(const struct res_row *row)
{
	int64_t n = res_messages(row);

	return (struct run_figure){
	    .is_known = row->outcome == RES_DONE ||
	    row->outcome == RES_DRAIN_TIMEOUT,
	    .throughput = row->value[RES_THROUGHPUT_KBPS],
	    .message_bytes = n > 0 ? row->value[RES_PAYLOAD_BYTES] / n : 0,
	    .loaned_share = row->value[RES_LOANED_SHARE]};
}

static bool
begins_late(const struct scn_point *pt)
{
	int64_t warmup = scn_get(pt, SCN_WARMUP);

	for (size_t i = 0; i < scn_n_processes(pt); i++)
		if (scn_process_get(pt, i, SCN_PROC_START) > warmup)
			return true;
	return scn_get(pt, SCN_PEER_READ_START) > warmup;
}

int64_t
run_enough(const struct scn_point *pt, const struct res_row *row)
{
	return scn_get(pt, SCN_WARMUP) == 0 || begins_late(pt) ? 0 :
	    ENOUGH_TIMES * row->ratio[RES_THROUGHPUT_KBPS].num;
}

bool
run_busy(const struct res_row *row, enum run_resource resource,
    int64_t *share)
{
	static const enum res_column columns[RUN_N_RESOURCES] = {
		[RUN_WIRE] = RES_WIRE_SHARE, [RUN_CPU] = RES_CPU_SHARE,
		[RUN_BUS] = RES_BUS_SHARE, [RUN_DISK] = RES_DISK_SHARE,
		[RUN_FAR_HOST] = RES_FAR_CPU_SHARE
	};

	/* all others are left at a column that is no share */
	_Static_assert(RES_THROUGHPUT_KBPS == 0, "the first is no share");
	*share = row->value[columns[resource]];
	return columns[resource] != RES_THROUGHPUT_KBPS;
}

run_resources
run_unasked(const struct res_row *row)
{
	return row->value[RES_DISK_READS] + row->value[RES_DISK_WRITES] > 0 ?
	    0 : run_one(RUN_DISK);
}

bool
run_gain(const struct run_gains *gains, struct run_figure figure,
    int64_t *tenths)
{
	int64_t base = gains->as_is.throughput;
	int64_t more = figure.throughput - base;
	int64_t carry = base / 2;

	if (!figure.is_known || base <= 0)
		return false;
	*tenths = more >= 0 ?
	    mul_div_carry(more, TENTHS_OF_PERCENT, base, &carry) :
	    -mul_div_carry(-more, TENTHS_OF_PERCENT, base, &carry);
	return true;
}

/* What does not move at all is limited by whatever makes it move. */
static bool
is_limit(const struct run_gains *gains, struct run_figure figure)
{
	int64_t tenths;

	if (run_gain(gains, figure, &tenths))
		return tenths >= RUN_GAIN_TENTHS;
	return figure.is_known && figure.throughput > 0;
}

/* Those that gain enough, the first first. */
static size_t
sort(const struct run_gains *gains,
    enum run_resource order[static RUN_N_RESOURCES])
{
	const struct run_figure *freed = gains->freed;
	size_t n = 0;

	for (int r = 0; r < RUN_N_RESOURCES; r++) {
		size_t at = n;

		if (!is_limit(gains, freed[r]))
			continue;
		for (n++; at > 0 && freed[order[at - 1]].throughput <
		    freed[r].throughput; at--)
			order[at] = order[at - 1];
		order[at] = (enum run_resource)r;
	}
	return n;
}

static int64_t
more(const struct run_gains *gains, enum run_resource r)
{
	return gains->freed[r].throughput - gains->as_is.throughput;
}

size_t
run_rank(const struct run_gains *gains,
    enum run_resource order[static RUN_N_RESOURCES])
{
	size_t n = sort(gains, order);

	while (n > 1 && more(gains, order[n - 1]) <
	    more(gains, order[0]) / RUN_GAIN_OF_BEST)
		n--;
	return n;
}

run_resources
run_slower(const struct run_gains *gains)
{
	run_resources slower = 0;
	int64_t tenths;

	for (int r = 0; r < RUN_N_RESOURCES; r++)
		if (run_gain(gains, gains->freed[r], &tenths) &&
		    tenths <= -RUN_GAIN_TENTHS)
			slower |= run_one((enum run_resource)r);
	return slower;
}

void
run_note_pair(struct run_gains *gains, run_resources pair,
    struct run_figure figure)
{
	struct run_figure *best = &gains->pair_freed;

	if (!figure.is_known ||
	    (best->is_known && best->throughput >= figure.throughput))
		return;
	gains->pair = pair;
	*best = figure;
}

bool
run_pair_limits(const struct run_gains *gains)
{
	return is_limit(gains, gains->pair_freed);
}

run_resources
run_all_but(enum run_resource resource)
{
	if (resource != RUN_WIRE && resource != RUN_CPU &&
	    resource != RUN_BUS && resource != RUN_DISK &&
	    resource != RUN_FAR_HOST)
		return 0;
	return RUN_ALL & ~(run_one(resource) | run_one(RUN_WINDOW) |
	    run_one(RUN_DELAY));
}

run_resources
run_at_ceiling(const struct run_gains *gains)
{
	run_resources at = 0;
	int64_t tenths;

	for (int r = 0; r < RUN_N_RESOURCES; r++)
		if (run_gain(gains, gains->alone[r], &tenths) &&
		    tenths < RUN_GAIN_TENTHS && tenths > -RUN_GAIN_TENTHS)
			at |= run_one((enum run_resource)r);
	return at;
}
