#include "models/dev/txfifo.h"

#include "models/base/check.h"
#include "models/base/min.h"

void
tx_fetch_begin(struct tx_fetch *fetch, int64_t bytes, int64_t threshold)
{
	CHECK(bytes > 0 && threshold > 0, "a frame and a threshold have bytes");
	*fetch = (struct tx_fetch){.bytes = bytes,
	    .threshold = min_i64(bytes, threshold),
	    .starts_at = SIM_TIME_NEVER};
}

/* Work that was missing at p->since until the first n bytes are there. */
static int64_t
missing(const struct tx_fetch *fetch, const struct bus_progress *p, int64_t n)
{
	return p->left - (fetch->bytes - n) * BUS_WORK_PER_BYTE;
}

static void
try_start(struct tx_fetch *fetch, const struct link *link,
    const struct bus_progress *p, sim_time to)
{
	int64_t work = missing(fetch, p, fetch->threshold);
	sim_time ready_at = p->since + (work > 0 ? work / p->rate : 0);

	if (ready_at <= to)
		fetch->starts_at =
		    ready_at > link->free_at ? ready_at : link->free_at;
}

/* As an end of a transfer, a byte's is rounded down to its picosecond. */
static bool
is_late(const struct tx_fetch *fetch, const struct link *link,
    const struct bus_progress *p, int64_t n)
{
	sim_time needed_at =
	    link_byte_at(link, fetch->starts_at, ETHER_PREAMBLE_LEN + n);

	return missing(fetch, p, n + 1) >=
	    p->rate * (needed_at - p->since + 1);
}

/* The first late byte: those before it are not, those after it are. */
static int64_t
first_late(const struct tx_fetch *fetch, const struct link *link,
    const struct bus_progress *p, int64_t last)
{
	int64_t low = fetch->n_safe, high = last;

	while (low < high) {
		int64_t middle = (low + high) / 2;

		if (is_late(fetch, link, p, middle))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Bytes that the wire has begun with, or would have. */
static int64_t
n_needed(const struct tx_fetch *fetch, const struct link *link, sim_time to)
{
	struct ratio byte = link->ps_per_byte;
	int64_t n = mul_div(to - fetch->starts_at, byte.den, byte.num) + 1 -
	    ETHER_PREAMBLE_LEN;

	return min_i64(n, fetch->bytes);
}

void
tx_fetch_advance(struct tx_fetch *fetch, const struct link *link,
    const struct bus_progress *p, sim_time to)
{
	int64_t n;

	if (fetch->starts_at == SIM_TIME_NEVER)
		try_start(fetch, link, p, to);
	if (fetch->is_cut || fetch->starts_at > to)
		return;
	n = n_needed(fetch, link, to);
	if (n <= fetch->n_safe)
		return;
	if (is_late(fetch, link, p, fetch->n_safe)) {
		fetch->is_cut = true;
	} else if (is_late(fetch, link, p, n - 1)) {
		fetch->is_cut = true;
		fetch->n_safe = first_late(fetch, link, p, n - 1);
	} else {
		fetch->n_safe = n;
	}
}

sim_time
tx_fetch_wire_time(const struct tx_fetch *fetch, const struct link *link,
    sim_time at)
{
	sim_time ends_at = at;

	if (fetch->starts_at >= at)
		return 0;
	if (fetch->is_cut)
		ends_at = min_i64(at, link_byte_at(link, fetch->starts_at,
		    ETHER_PREAMBLE_LEN + fetch->n_safe + ETHER_CRC_LEN +
		    ETHER_GAP_LEN));
	return ends_at - fetch->starts_at;
}
