/*
 * Processes of a scenario: programs, what they are told, and how they run.
 *
 * Stands for: one [process NAME] group.  A program is plain sequential C that
 *	blocks in simulated system calls (sys.h).  What runs it is the engine: a
 *	SimGrid actor, or a coroutine of the tests; both implement proc_wait.
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
	PROGRAM_UDPSINK
};

enum replay_as { REPLAY_AS_RECORDED, REPLAY_AS_MMAP };

struct story;

enum on_enobufs { ON_ENOBUFS_DROP, ON_ENOBUFS_SLEEP };

struct process_config {
	const char *name;
	enum program program;
	bool is_far;		/* it runs on the far host, not on the board */
	bool is_client;		/* it runs on a machine beyond the network */
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
	/* replay */
	enum replay_as replay_as;
	bool replay_keeps_think;
	const struct story *story;
	uint32_t story_index;	/* of its processes, or of a client's lane */
	uint32_t story_first_file;	/* its number on the board */
};

struct process {
	struct proc *proc;
	const struct process_config *config;
	void *engine;		/* whatever the engine waits and wakes with */
	int64_t exit_status;	/* 0, or the sys_error that it gave up for */
};

/*
 * process_note: what a call has said to a program that gives up for it.
 *
 * => an error is its exit status, the first one counts; that the run is over is
 *    none
 */
void process_note(struct process *ps, int64_t result);

/* process_main: sleep to its start, run its program, exit. */
void process_main(struct process *ps);

/*
 * proc_wait: give way until the kernel has finished the call in progress.
 *
 * => implemented by the engine; the only way in which a process blocks
 */
void proc_wait(struct process *ps);

#endif
