/*
 * A frame on its way through the transmit FIFO.
 *
 * Stands for: the race between the DMA that fills the FIFO and the wire that
 *	empties it.  The frame starts when its threshold is in the FIFO, or all
 *	of it if it is shorter; if the wire comes to a byte that is not there
 *	yet, the FIFO has run dry and the frame is cut.
 * How: by arithmetic, and no event: byte n is needed when the preamble and the
 *	n bytes before it are out, and is there when the transfer has done so
 *	much work.  Both go linearly while the transfer keeps its rate, so two
 *	bytes tell of all between them.
 * Leaves out: the width of the FIFO's words.
 * Units: bytes from the header to the end of the data, ps.  Owns: nothing.
 */
#ifndef MODELS_DEV_TXFIFO_H
#define MODELS_DEV_TXFIFO_H

#include <stdbool.h>

#include "models/hw/bus.h"
#include "models/hw/link.h"

struct tx_fetch {
	int64_t bytes;
	int64_t threshold;	/* at most bytes */
	sim_time starts_at;	/* on the wire; SIM_TIME_NEVER: not known yet */
	int64_t n_safe;		/* bytes known to be there in time */
	bool is_cut;		/* after n_safe bytes */
};

/* tx_fetch_begin: the first byte is about to come. => bytes, threshold > 0 */
void tx_fetch_begin(struct tx_fetch *fetch, int64_t bytes, int64_t threshold);

/*
 * tx_fetch_advance: what has happened at one rate, from p->since to a date.
 *
 * => called for each rate in turn, the last time when the transfer is over;
 *    afterwards starts_at, is_cut and n_safe are decided
 * => the wire is the frame's as soon as what was sent before is through
 */
void tx_fetch_advance(struct tx_fetch *fetch, const struct link *link,
    const struct bus_progress *p, sim_time to);

/* tx_fetch_wire_time: for how long it has been on the wire at a date */
sim_time tx_fetch_wire_time(const struct tx_fetch *fetch,
    const struct link *link, sim_time at);

#endif
