/*
 * Processes of a scenario: programs, what they are told, and how they run.
 *
 * Stands for: one [process NAME] group.  A program is plain sequential C that
 *	blocks in simulated system calls (sys.h).  What runs it is the engine: a
 *	SimGrid actor, or a coroutine of the tests; both implement proc_wait.
 *	Clients, of which there are thousands, go in steps instead (steps.h).
 * Units: bytes, ps.  Owns: nothing.  Borrows: the kernel's process.
 */
#ifndef SIM_PROCESS_PROCESS_H
#define SIM_PROCESS_PROCESS_H

#include "models/kern/proc.h"

enum refill { REFILL_NONE, REFILL_TOUCH, REFILL_FULL };

enum program {
	PROGRAM_TTCP,
	PROGRAM_TTCP_R,
	PROGRAM_UDPSTREAM,
	PROGRAM_UDPSINK,
	PROGRAM_SCRIBBLER,
	PROGRAM_MMAPWIN,
	PROGRAM_FTPD,
	PROGRAM_HTTPD,
	PROGRAM_SMBD,
	PROGRAM_NFSD,
	PROGRAM_FILECOPY,
	PROGRAM_CLIENT,
	PROGRAM_REPLAY
};

enum on_enobufs { ON_ENOBUFS_DROP, ON_ENOBUFS_SLEEP };

enum file_method { METHOD_READ, METHOD_MMAP };

enum events { EVENTS_NO, EVENTS_POLL };

enum replay_as { REPLAY_AS_RECORDED, REPLAY_AS_MMAP };

struct story;

/* A file that a process sends, copies or asks for. */
struct file_share {
	uint32_t file;		/* its number */
	int64_t bytes;
	int64_t percent;	/* how often it is taken; 0: in turn */
};

struct process;

struct process_config {
	const char *name;
	enum program program;
	void (*own_main)(struct process *ps);	/* instead of that, or NULL */
	bool is_far;		/* it runs on the far host, not on the board */
	bool is_client;		/* ... or on a machine of its own, a client */
	const char *at;		/* a client's host of the platform, or NULL */
	uint32_t number;	/* of all processes, from 0 on */
	uint32_t member;	/* of its group, the same */
	const struct process_config *group;	/* of one who is told the same
				 * things, which then stand in one place; or
				 * NULL */
	uint64_t seed;		/* of its chance */
	sim_time start;
	uint16_t port;		/* that it calls or listens at */
	int64_t align;		/* of each buffer, into its first page */
	int64_t so_sndbuf;
	int64_t so_sndlowat;
	int64_t so_rcvbuf;	/* 0: the kernel's default */
	bool tcp_nodelay;
	bool so_keepalive;
	/* ttcp, and but for repeat and pause udpstream */
	int64_t write_size;
	int64_t n_buffers;
	enum refill refill;
	int64_t refill_bytes;	/* from the start; INT64_MAX: all */
	int64_t total;		/* of each; INT64_MAX: until the run ends */
	int64_t repeat;		/* connections; 0 is 1 */
	sim_time pause;		/* between writes */
	/* ttcp-r, and but for connections udpsink */
	int64_t read_size;
	int64_t read_rate;	/* B/s; INT64_MAX: as fast as it can */
	int64_t connections;	/* INT64_MAX: until the run ends */
	/* udpstream */
	int64_t rate;		/* B/s; INT64_MAX: as fast as it can */
	enum on_enobufs on_enobufs;
	/* mmapwin, filecopy, client */
	const struct file_share *files;
	size_t n_files;
	uint32_t out_file;	/* filecopy: the copy's number */
	enum file_method method;	/* ftpd, httpd, smbd, filecopy */
	enum events events;	/* httpd */
	int64_t window;		/* bytes mapped at a time */
	int64_t passes;		/* of all files; INT64_MAX: no limit */
	/* ftpd, httpd, smbd, nfsd */
	int backlog;
	int64_t response_header;	/* -1: the program's own */
	/* client, and with connections */
	int64_t request_size;
	int64_t piece;		/* asked for at a time; 0: a file */
	int64_t requests;	/* of a connection; INT64_MAX: no limit */
	sim_time think;
	sim_time think_spread;	/* up and down, at most think */
	sim_time start_spread;	/* after start, so much at most */
	int64_t abandon;	/* the chance that a request is, in 10^-9, */
	int64_t abandon_after;	/* ... after so many bytes of its response */
	/* replay */
	const char *trace;	/* a path */
	enum replay_as replay_as;
	bool replay_keeps_think;
	const struct story *story;
	uint32_t story_index;	/* of its processes, or of a client's lane */
	uint32_t story_first_file;	/* its number on the board */
};

struct steps;

struct process {
	struct proc *proc;
	const struct process_config *config;
	void *engine;		/* whatever the engine waits and wakes with */
	/* of a program in steps (steps.h), which needs no engine */
	struct steps *steps;	/* or NULL: it has a stack */
	bool (*step)(struct process *ps, int64_t result);
	void *program;
	struct process *next_ready;
	int64_t exit_status;	/* 0, or the sys_error that it gave up for */
};

/*
 * process_note: what a call has said to a program that gives up for it.
 *
 * => an error is its exit status, the first one counts; that the run is over is
 *    none
 */
void process_note(struct process *ps, int64_t result);

/* process_make: the kernel's process, where it is to run */
struct world;
struct proc *process_make(struct world *world,
    const struct process_config *config, struct proc_program program);

/* process_main: sleep to its start, run its program, exit. */
void process_main(struct process *ps);

/*
 * proc_wait: give way until the kernel has finished the call in progress.
 *
 * => implemented by the engine; the only way in which a process blocks
 */
void proc_wait(struct process *ps);

#endif
