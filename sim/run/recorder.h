/*
 * The recorder: a watch that writes a recording (recording.h).
 *
 * How: notes gather in a buffer of fixed size, which goes to the file when it
 *	is full.  What may have to be known of the time before the recording is
 *	kept for each connection, and written with the first note that belongs
 *	to it.  After REC_MOST_NOTES, or when the file cannot be written,
 *	nothing more is; the head says so.
 * Units: as recording.h.  Owns: what it keeps; the file is the caller's.
 */
#ifndef SIM_RUN_RECORDER_H
#define SIM_RUN_RECORDER_H

#include "models/host.h"
#include "sim/run/recording.h"

enum { REC_BUFFER_NOTES = 1024 };

/* The notes that are kept of the time before, in the order of their writing. */
enum rec_kept {
	REC_SYN_OUT,
	REC_SYN_IN,
	REC_TOP_OUT,	/* the segment that ended furthest */
	REC_TOP_IN,
	REC_LAST_OUT,
	REC_LAST_IN,
	REC_SNDBUF,
	REC_N_KEPT
};

/* Numbers of 32 bits to places in a stream, near the furthest so far. */
struct rec_stream {
	bool has_begun;
	uint32_t near_seq;
	int64_t near_place;
};

struct rec_connection {
	struct rec_stream stream[2];	/* by WATCH_OUT, WATCH_IN: who sends */
	struct rec_note kept[REC_N_KEPT];
	unsigned is_kept;	/* bits */
	uint32_t number;
};

/* Numbers of connections have 24 bits: half choose a block, half a place. */
enum { REC_BLOCKS = 4096, REC_BLOCK_SIZE = 4096 };

struct recorder {
	struct watcher watch;	/* what a host is to be given */
	struct rec_request request;
	struct rec_head head;
	const sim_time *now;
	int fd;
	bool has_begun;		/* what was before is written */
	struct rec_note lent;	/* ... of WATCH_LENT, if its date is not 0 */
	/* by conn: blocks, NULL where there are none */
	struct rec_connection **connections[REC_BLOCKS];
	struct rec_note buffer[REC_BUFFER_NOTES];
	size_t n_buffered;
};

/*
 * recorder_init: record into an empty file.
 *
 * => now: the clock of the world; it outlives the recorder
 */
void recorder_init(struct recorder *rec, const struct rec_request *request,
    int fd, const sim_time *now);

/* recorder_finish: the run is over: write what is left, and then the head. */
void recorder_finish(struct recorder *rec);

#endif
