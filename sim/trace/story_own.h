/*
 * What the parts of the story's making share.
 *
 * Stands for: the way from calls to operations.  First each call becomes an
 *	event, with descriptors resolved to what they refer to (story_call.c,
 *	story_desc.c); then what is sent is traced back to where it lay
 *	(story_infer.c); last the events of each process that has traffic
 *	become its operations (story_build.c), which are those of several
 *	strands if it waited for several connections at once (story_events.c,
 *	story_strands.c).
 * Owns: everything that is needed only while a recording is read.
 */
#ifndef SIM_TRACE_STORY_OWN_H
#define SIM_TRACE_STORY_OWN_H

#include "sim/trace/story.h"

enum {
	STORY_RW_MAX = 0x7ffff000,	/* Linux moves no more in one call */
	STORY_SMALL = 4096,	/* less is never lent: a header, not data */
	STORY_PAGE = 4096
};

/* Offsets, sizes and addresses of files: sums of them stay in 64 bits. */
#define STORY_SIZE_MAX ((int64_t)1 << 60)

/* A day of thinking is enough, and sums stay in 64 bits. */
#define STORY_GAP_MAX_NS (86400 * (int64_t)1000000000)

enum thing_kind { THING_OTHER, THING_FILE, THING_SOCKET };

enum sock_kind { SOCK_UNKNOWN, SOCK_TCP, SOCK_UDP, SOCK_LOCAL };

enum sock_role { ROLE_NONE, ROLE_LISTENS, ROLE_ACCEPTED, ROLE_CALLED };

/* What descriptors refer to: an open file, a socket, or what is neither. */
struct thing {
	enum thing_kind kind;
	uint32_t line;		/* where it was first seen */
	uint32_t file;		/* of an open file */
	int64_t at;		/* its offset */
	/* of a socket */
	char *name;
	enum sock_kind sock;
	enum sock_role role;
	uint32_t owner;		/* a pid that moves something over it */
	uint32_t last_use;	/* the last event that does */
	int64_t rest;		/* asked for, and not taken yet */
	int64_t in, out;
	uint64_t said[4];	/* beginnings of what it sent from memory */
	uint32_t connection;
	bool is_replayed;	/* something of it is done again */
	bool is_shut;		/* by the server, before the client */
	bool is_nonblocking;
};

/* Files as they are seen; what is known of their sizes. */
struct seen_file {
	char *path;
	int64_t stat_bytes;	/* -1: never asked */
	int64_t seen_bytes;	/* that were there */
	int64_t mapped_bytes;
	bool is_served;
};

enum event_kind {
	EV_NONE,		/* settled already */
	EV_OPEN, EV_READ, EV_MMAP, EV_MUNMAP, EV_ACCEPT, EV_CONNECT,
	EV_RECEIVE, EV_SEND, EV_SENDFILE, EV_SHUTDOWN, EV_CLOSE, EV_EXEC
};

/* A part of what is sent, first as recorded, then with its source. */
struct event_piece {
	int64_t len;
	uint64_t addr;		/* 0: not shown */
	uint64_t text;		/* a hash of what is shown of it; 0: nothing */
	enum story_source source;
	bool is_filled;
	uint32_t index;		/* the event that read or mapped it */
	int64_t offset;
};

struct event {
	enum event_kind kind;
	uint32_t line, row;	/* row: of the tally */
	uint32_t pid;		/* index */
	uint32_t thing, other;
	int64_t len, result, offset, at;
	uint64_t addr, text;
	int64_t gap_ns;		/* since the call before it of this pid */
	uint32_t first_piece, n_pieces;
	/* of EV_READ and EV_MMAP: what became of it */
	uint32_t head;		/* the read that this one continues */
	uint32_t last_use;	/* the event that sends the last of it */
	uint32_t number;	/* buffer or mapping of the story */
	uint32_t op;		/* the operation that it became */
	bool is_kept;		/* of a mapping: the story has it */
	bool is_anon, is_loader, is_shared, is_unmapped;
	bool is_datagram;
	bool is_hidden;		/* its iovec is not shown whole */
};

struct fd_table {
	int n_refs;
	GTree *fds;		/* descriptor -> index of thing + 1 */
	GHashTable *counts;	/* index of thing + 1 -> descriptors */
};

struct pid_state {
	int64_t pid;
	struct fd_table *table;
	int64_t end_ns;		/* of its last call; -1: none yet */
	int64_t gap_ns;		/* before calls that were skipped */
	uint32_t leader;	/* of the threads it belongs to */
	bool is_guessed;	/* nobody was seen to make it */
	bool polls;		/* it waits for several descriptors at once */
};

struct maker;

/* Who understands a call, or why it is skipped: then name lists all such. */
struct known_call {
	const char *name;
	enum story_fate (*handle)(struct maker *m, struct event *ev);
	enum story_fate fate;
};

/* How often something was concluded, and where first. */
struct conclusion {
	size_t n;
	uint32_t line;
};

struct maker {
	struct story *story;
	struct st_messages messages;
	GArray *things, *files, *events, *pieces, *pids;
	GHashTable *by_path;	/* of files */
	GHashTable *by_name;	/* of sockets */
	GHashTable *by_pid;
	GArray *known;		/* const struct known_call *, by tally row */
	const struct st_line *line;
	uint32_t at;		/* of the line */
	size_t n_inherited;	/* descriptors that children got */
	/* for the notes */
	size_t n_guessed_sockets;
	size_t n_from_mapping, n_mapping_parts, n_from_read, n_filled;
	size_t n_nonblocking, n_given_up, n_threads, n_handed_on;
	int64_t given_up_bytes;
	size_t n_event_loops, n_unseen_loops;
	struct conclusion in_common, of_no_connection;
};

#define THING(m, i) (&g_array_index((m)->things, struct thing, i))
#define SEEN_FILE(m, i) (&g_array_index((m)->files, struct seen_file, i))
#define EVENT(m, i) (&g_array_index((m)->events, struct event, i))
#define PIECE(m, i) (&g_array_index((m)->pieces, struct event_piece, i))
#define PID(m, i) (&g_array_index((m)->pids, struct pid_state, i))

/* story_desc.c: pids, descriptors, and what they refer to */

void desc_init(struct maker *m);
void desc_fini(struct maker *m);

/* desc_pid: the index of a process; one that was not seen before is new */
uint32_t desc_pid(struct maker *m, int64_t pid);

/* desc_leader: who stands for all threads of a process */
uint32_t desc_leader(struct maker *m, uint32_t pid);

/* desc_unite: a and b are threads of one process */
void desc_unite(struct maker *m, uint32_t a, uint32_t b);

/* desc_fork: child begins with the descriptors of a parent, or shares them */
void desc_fork(struct maker *m, uint32_t parent, int64_t child, bool is_shared);

/* desc_thing: what a descriptor refers to; its name is trusted above all */
uint32_t desc_thing(struct maker *m, uint32_t pid, const struct st_arg *fd);

/* desc_set: a descriptor refers to this from now on; STORY_NONE: closed */
void desc_set(struct maker *m, uint32_t pid, int64_t fd, uint32_t thing);

/* desc_has: does a descriptor of the process refer to it? */
bool desc_has(struct maker *m, uint32_t pid, uint32_t thing);

uint32_t desc_file(struct maker *m, struct st_text path);
uint32_t desc_new_file(struct maker *m, uint32_t file);
uint32_t desc_new_socket(struct maker *m, enum sock_kind kind);

/* desc_name: a name that strace shows for a socket, and what it tells */
void desc_name(struct maker *m, uint32_t thing, struct st_text name);

/* desc_result: what the call has opened, with the name it shows if it does */
uint32_t desc_result(struct maker *m, uint32_t pid, uint32_t thing);

/* story_call.c */

/* call_take: an st_take */
void call_take(void *maker, const struct st_line *line, size_t at);

/* story_known.c: the row of a call, or NULL */
const struct known_call *known_call(const char *name);

/* known_is_poll: does it wait for several descriptors at once? */
bool known_is_poll(const struct known_call *known);

/* story_open.c: handlers of calls that make and close descriptors */

enum story_fate call_open(struct maker *m, struct event *ev);
enum story_fate call_openat(struct maker *m, struct event *ev);
enum story_fate call_close(struct maker *m, struct event *ev);
enum story_fate call_dup(struct maker *m, struct event *ev);
enum story_fate call_fcntl(struct maker *m, struct event *ev);
enum story_fate call_ioctl(struct maker *m, struct event *ev);
enum story_fate call_socket(struct maker *m, struct event *ev);
enum story_fate call_socketpair(struct maker *m, struct event *ev);
enum story_fate call_setsockopt(struct maker *m, struct event *ev);
enum story_fate call_listen(struct maker *m, struct event *ev);
enum story_fate call_accept(struct maker *m, struct event *ev);
enum story_fate call_connect(struct maker *m, struct event *ev);
enum story_fate call_shutdown(struct maker *m, struct event *ev);
enum story_fate call_fork(struct maker *m, struct event *ev);
enum story_fate call_clone(struct maker *m, struct event *ev);
enum story_fate call_exec(struct maker *m, struct event *ev);

/* story_map.c: handlers of calls about memory and sizes of files */

enum story_fate call_mmap(struct maker *m, struct event *ev);
enum story_fate call_munmap(struct maker *m, struct event *ev);
enum story_fate call_fstat(struct maker *m, struct event *ev);
enum story_fate call_stat(struct maker *m, struct event *ev);
enum story_fate call_lseek(struct maker *m, struct event *ev);

/* story_move.c: handlers of calls that move something */

enum story_fate call_splice(struct maker *m, struct event *ev);
enum story_fate call_read(struct maker *m, struct event *ev);
enum story_fate call_pread(struct maker *m, struct event *ev);
enum story_fate call_readv(struct maker *m, struct event *ev);
enum story_fate call_preadv(struct maker *m, struct event *ev);
enum story_fate call_recv(struct maker *m, struct event *ev);
enum story_fate call_recvmsg(struct maker *m, struct event *ev);
enum story_fate call_write(struct maker *m, struct event *ev);
enum story_fate call_writev(struct maker *m, struct event *ev);
enum story_fate call_send(struct maker *m, struct event *ev);
enum story_fate call_sendmsg(struct maker *m, struct event *ev);
enum story_fate call_sendfile(struct maker *m, struct event *ev);

/* call_number: argument i, or false if it is no number */
bool call_number(struct maker *m, size_t i, int64_t *value);

/* call_size: the same, and it may be a size */
bool call_size(struct maker *m, size_t i, int64_t *value);

/* call_desc: argument i, a descriptor; what it refers to, or STORY_NONE */
uint32_t call_desc(struct maker *m, struct event *ev, size_t i);

bool call_failed(const struct maker *m);

/* call_has: has argument i this flag, by name or, if raw, as a bit? */
bool call_has(struct maker *m, size_t i, const char *flag, int64_t bit);

/* call_error: did the call fail for this? */
bool call_error(const struct maker *m, const char *error);

/* story_space.c: what processes have mapped, as the events come */

/* A part of a mapping that is still there. */
struct live_map {
	uint64_t addr;
	int64_t len;
	uint32_t event;		/* EV_MMAP */
	int64_t start;		/* in the mapping */
};

/* What a process has read and not sent yet. */
struct fill {
	uint32_t event;		/* EV_READ */
	int64_t used;
};

struct space {
	GArray *maps;		/* struct live_map, the newest last */
	GArray *fills;		/* struct fill, the newest last */
};

struct space *spaces_new(const struct maker *m);
void spaces_free(const struct maker *m, struct space *spaces);

/*
 * space_follow: an event changes what is mapped.
 *
 * => is_first: parts that a munmap takes away become its pieces
 */
void space_follow(struct maker *m, struct space *space, uint32_t event,
    bool is_first);

/* space_at: the part in which all of these bytes lie, or NULL */
const struct live_map *space_at(const struct space *space, uint64_t addr,
    int64_t len);

/* story_fill.c: what was read and is sent */

void fill_add(struct maker *m, struct space *space, uint32_t event);

/*
 * fill_find: the read, or reads one behind the other, that this piece of an
 * event may have come from; it is taken then
 *
 * => by_text: only if what is shown of both is the same
 */
bool fill_find(struct maker *m, struct space *space, uint32_t event,
    struct event_piece *piece, bool by_text);

/* story_infer.c */

/* story_infer: where what is sent lay; sets the sources of pieces */
void story_infer(struct maker *m);

/* story_file_bytes: the size of a file, as far as it is known */
int64_t story_file_bytes(const struct seen_file *file);

/* story_part.c: what one process will need as its operations are made */

struct making {
	struct story_process *process;	/* NULL: it has no traffic */
	uint32_t index;			/* of it in the story */
	GHashTable *handles;	/* thing + 1 -> handle + 1 */
	GHashTable *large;	/* thing and place -> buffer + 1 */
	GArray *is_busy;	/* bool, of each lane */
	GArray *buffers;	/* struct buffer_use, of each buffer */
	int64_t gap_ns;		/* before events that became no operation */
};

void making_init(struct making *mk, struct story_process *process,
    uint32_t index);
void making_fini(struct making *mk);

/* making_op: the next operation of the process, for an event */
struct story_op *making_op(struct making *mk, const struct event *ev,
    enum story_kind kind);

/* making_handle: of a thing that is in use, or STORY_NONE */
uint32_t making_handle(const struct making *mk, uint32_t thing);
uint32_t making_new_handle(struct making *mk, uint32_t thing);
void making_drop_handle(struct making *mk, uint32_t thing);

/* making_buffer: one that nobody uses, of at least so many bytes from now on */
uint32_t making_buffer(struct making *mk, int64_t bytes, bool is_small);
void making_need(struct making *mk, uint32_t buffer, int64_t bytes);
void making_free_buffer(struct making *mk, uint32_t buffer);

/* making_large: what a socket is sent from at a place of its iovecs */
uint32_t making_large(struct making *mk, uint32_t thing, uint32_t place,
    int64_t bytes);
void making_free_large(struct making *mk, uint32_t thing);

/* making_lane: one without a connection, which it has from now on */
uint32_t making_lane(struct making *mk);
void making_free_lane(struct making *mk, uint32_t lane);

/* story_pieces.c */

/* make_send: the operation of EV_SEND, with its pieces */
void make_send(struct maker *m, struct making *mk, uint32_t event,
    uint32_t handle);

/* make_read: of EV_READ, into a buffer */
void make_read(struct maker *m, struct making *mk, uint32_t event,
    uint32_t handle);

/* story_build.c */

/* story_build: the processes of the story, and the fates of all events */
void story_build(struct maker *m);

/* story_events.c */

/* events_find: which processes wait for several connections at once */
void events_find(struct maker *m, const struct making *making);

/* story_strands.c */

/*
 * events_split: of such a process, what belongs to which connection
 *
 * => of the recorded part: each strand has buffers of its own from now on, and
 *    what is concluded is counted
 */
void events_split(struct maker *m, struct story_process *process,
    struct story_part *part);

/* story_exchange.c: who said how much on an accepted connection */

void story_connection_asks(struct story_connection *conn, int64_t bytes);

/* story_connection_answers: => true: a response begins with those bytes */
bool story_connection_answers(struct story_connection *conn, int64_t bytes);

/* story_mmap.c */

/* story_as_mmap: the same process, had it mapped what it read and sent */
void story_as_mmap(struct story_process *process);

/* story_notes.c */

/* story_notes: what was assumed, as sentences */
void story_notes(struct maker *m);

#endif
