/*
 * What a recorded program did, as something that can be done again.
 *
 * Stands for: the processes of a recording that send something over a network,
 *	each as a list of operations; the files that they send, the connections
 *	that they take, and what their clients said on those.  Lengths of
 *	writes are those asked for; those returned mirror the socket buffers of
 *	the machine that recorded.
 * Leaves out: calls that move nothing to or from a network, and what they were
 *	about; all are counted.  Threads are one process; what cannot be seen
 *	in a recording is concluded (story_infer.c, story_strands.c), and told
 *	in the report.
 * Units: bytes, ns of the recording.
 * Owns: all that it points to.
 */
#ifndef SIM_TRACE_STORY_H
#define SIM_TRACE_STORY_H

#include <glib.h>

#include "sim/trace/story_tally.h"

#define STORY_NONE UINT32_MAX
/* Of operations, instead of a strand: */
#define STORY_FIRST (UINT32_MAX - 1)	/* before the first connection */
#define STORY_SHARED (UINT32_MAX - 2)	/* for several of them */

enum story_kind {
	STORY_OPEN,		/* handle: of file */
	STORY_READ,		/* handle, offset, len; into buffer index, at */
	STORY_MMAP,		/* handle, offset, len: mapping index */
	STORY_MMAP_ANON,	/* len: mapping index */
	STORY_MUNMAP,		/* offset, len of mapping index */
	STORY_ACCEPT,		/* handle: of connection index */
	STORY_CONNECT,		/* handle: a TCP connection */
	STORY_UDP,		/* handle: a UDP socket */
	STORY_RECEIVE,		/* handle, len asked for, n_bytes came */
	STORY_RECEIVE_END,	/* handle: the client has closed */
	STORY_SAY,		/* handle: exchange offset of connection index
				 * is answered from here on */
	STORY_SEND,		/* handle, pieces */
	STORY_SENDTO,		/* handle, pieces: a datagram */
	STORY_SENDFILE,		/* handle, the file's as index, offset, len */
	STORY_SHUTDOWN,		/* handle: nothing more will be sent */
	STORY_CLOSE		/* handle */
};

enum story_source {
	STORY_FROM_MEMORY,	/* buffer index: what the program made */
	STORY_FROM_READ,	/* buffer index: what it read from a file */
	STORY_FROM_MAPPING	/* mapping index */
};

/* A part of what is sent, and where it lies. */
struct story_piece {
	enum story_source source;
	bool is_filled;		/* of memory: stored to before it is sent */
	uint32_t index;
	int64_t offset, len;
	uint32_t read;		/* the operation that read its first byte */
};

struct story_op {
	enum story_kind kind;
	uint32_t line;		/* of the recording */
	uint32_t handle;
	uint32_t index;
	int64_t at;		/* of STORY_READ: where in the buffer */
	int64_t offset, len;
	int64_t n_bytes;	/* that came */
	uint32_t first_piece, n_pieces;
	uint32_t head, last;	/* of STORY_READ: the operation that began what
				 * is in the buffer, and of that one the one
				 * that sends the last of it, or STORY_NONE */
	int64_t think_ns;	/* since the call before it returned */
	uint32_t strand;	/* of a process that waits for events: the lane
				 * that it belongs to, from 0 on, STORY_FIRST
				 * or STORY_SHARED */
};

/* Arrays of one process; replay.c performs them. */
struct story_part {
	GArray *ops;		/* struct story_op */
	GArray *pieces;		/* struct story_piece */
	GArray *buffers;	/* int64_t: bytes of each */
	uint32_t n_handles, n_mappings;
};

struct story_process {
	int64_t pid;		/* the first of its threads */
	uint32_t n_pids;
	uint32_t first_lane, n_lanes;
	bool is_events;		/* it waits for several connections at once */
	struct story_part recorded;
	struct story_part as_mmap;	/* had it used mmap */
};

struct story_file {
	char *path;
	int64_t bytes;
	bool is_served;		/* some of it went to a socket */
	uint32_t number;	/* of those served, from 1 on; else 0 */
};

struct story_exchange {
	int64_t request, response;
};

/*
 * A connection that was accepted.  Those of one lane follow each other, so that
 * one client can be behind them all, and they come in the recorded order.
 */
struct story_connection {
	uint32_t line;
	uint32_t process, lane;
	GArray *exchanges;	/* struct story_exchange */
	bool client_closes;	/* it does so before the server */
	bool server_closes;	/* ... or after; neither: the recording ends */
};

/* A socket that was used, for the report. */
struct story_socket {
	uint32_t line;		/* where it was first seen */
	char *name;
	const char *what;
	int64_t in, out;
	bool is_replayed;
};

struct story {
	char *path;
	struct st_counts counts;
	GPtrArray *processes;	/* struct story_process */
	GArray *files;		/* struct story_file */
	GArray *connections;	/* struct story_connection */
	GArray *lanes;		/* uint32_t: the process of each */
	GArray *sockets;	/* struct story_socket */
	struct story_tallies tallies;
	GPtrArray *notes;	/* texts: what was assumed or is odd */
	bool has_times, has_durations;
	int64_t n_pids;
};

/*
 * story_load: a recording, read and rebuilt.
 *
 * => errors: texts "file:line: error: ...", or of a file that cannot be read
 *    "file: error: ..." are added
 * => NULL if there are any; is_unread, if not NULL: because of the latter
 */
struct story *story_load(const char *path, GPtrArray *errors,
    bool *is_unread);

/* story_load_text: the same of text in memory that messages call by name */
struct story *story_load_text(const char *name, const char *text, size_t n,
    GPtrArray *errors);

void story_free(struct story *story);

static inline const struct story_process *
story_process_at(const struct story *story, size_t i)
{
	return g_ptr_array_index(story->processes, i);
}

#endif
