/*
 * A recording of one run: what the board's watch (models/kern/watch.h) was told
 * while the run went on, in the order in which it happened.
 *
 * Stands for: notes of one size in a file without a name, which the child of
 *	run/run.h fills (recorder.h) and its parent maps.  A row of results goes
 *	its own way: it is the same with and without a recording.
 * How: a date belongs to the recording if it is neither before "from" nor after
 *	"to".  Of what was before, the notes that say how things stood at "from"
 *	come first: of each connection its SYNs, the segments that ended
 *	furthest, the last ones, and the level of its send buffer.
 * Limits: REC_MOST_NOTES notes.  A recording that is full says since when.
 * Errors: GFileError; what is not whole is refused.
 * Units: ps, bytes.  Owns: the mapped file, until rec_close.
 */
#ifndef SIM_RUN_RECORDING_H
#define SIM_RUN_RECORDING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/kern/watch.h"

/* 320 MiB in the file: ten minutes at the rate of 100baseTX */
#define REC_MOST_NOTES	INT64_C(8388608)

struct rec_request {
	unsigned events;	/* bits by enum watch_event */
	sim_time from;
	sim_time to;		/* SIM_TIME_NEVER: to the end */
	int64_t most;		/* notes; at most REC_MOST_NOTES */
};

struct rec_note {
	sim_time at;
	/*
	 * A number, as struct watch_note has it; or of a packet, counted from
	 * the first byte behind the SYN and never wrapped: the place in the
	 * sender's stream of its first byte, and, with TH_ACK, the place in
	 * the other stream up to which it acknowledges.
	 */
	union { int64_t level, place; };
	union { int64_t limit, acked; };
	uint32_t payload_bytes;
	uint16_t win;		/* the field of the header */
	uint8_t wscale;
	uint8_t flags;
	uint32_t connection;	/* from 1, by their first appearance in the
				 * whole run; 0: WATCH_LENT */
	uint8_t event;		/* enum watch_event */
	uint8_t pad[3];
};

/* How a recording begins: written last, and so only if it is whole. */
struct rec_head {
	uint64_t magic;
	int64_t n_notes;
	int64_t n_missed;	/* did not fit */
	sim_time full_at;	/* the first of these */
	sim_time ended_at;	/* the run */
	int64_t n_connections;	/* in the whole run */
	int64_t error;		/* errno of what could not be written, or 0 */
};

#define REC_MAGIC	UINT64_C(0x676e69646f636572)

struct recording {
	struct rec_request request;
	struct rec_head head;
	const struct rec_note *notes;
	size_t n_notes;
	GMappedFile *file;
};

/* rec_make_file: an open file without a name. => -1 and error */
int rec_make_file(GError **error);

/*
 * rec_open: what a child that has ended has written.
 *
 * => fd stays open, and the caller's
 * => false and error: it is not whole
 */
bool rec_open(struct recording *recording, int fd,
    const struct rec_request *request, GError **error);
void rec_close(struct recording *recording);

#endif
