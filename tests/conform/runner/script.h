/*
 * A script: the machine it wants, and events in the order of their dates.
 *
 * The language is described in tests/conform/README.md.
 */
#ifndef TESTS_CONFORM_SCRIPT_H
#define TESTS_CONFORM_SCRIPT_H

#include "models/kern/syscall.h"
#include "models/world.h"
#include "tests/conform/runner/segment.h"
#include "tests/conform/runner/state.h"

enum event_kind {
	EVENT_CALL,	/* a program makes a system call */
	EVENT_INJECT,	/* a segment arrives at the host */
	EVENT_EXPECT,	/* the host has sent a segment */
	EVENT_STATE,	/* numbers inside the host */
	EVENT_IFQ	/* the interface queue is full, or free again */
};

enum {
	SCRIPT_MAX_PROCS = 4,
	CALL_FD_DEFAULT = -1,		/* the last one of its kind */
	SCRIPT_MAX_CHECKS = 16		/* of one line */
};

enum call_outcome {
	CALL_SUCCEEDS,	/* whatever is not an error */
	CALL_RETURNS,	/* this result */
	CALL_BLOCKS	/* it has not returned when the script ends */
};

struct call {
	int proc;
	struct sys_call sys;	/* addr relative to the program's buffer */
	struct sys_iovec iov[UIO_MAXIOV];	/* the same, of writev */
	enum call_outcome outcome;
	int64_t result;
	sim_time returns_at;
};

struct event {
	enum event_kind kind;
	int line;
	sim_time at;
	struct call call;
	struct segment segment;
	struct state_check checks[SCRIPT_MAX_CHECKS];
	int n_checks;
	bool is_full;		/* of EVENT_IFQ */
};

struct script {
	const char *file;
	struct world_config config;
	int64_t sndbuf;		/* kernel.tcp_sendspace */
	int64_t sndlowat;
	int64_t udp_sndbuf;	/* kernel.udp_sendspace */
	int n_procs;
	GPtrArray *events;	/* of struct event */
	int n_lines;
	int n_mistakes;
};

/*
 * script_read: the script in a file.
 *
 * => mistakes are told on stderr, all of them, and counted
 */
struct script *script_read(const char *file);
void script_free(struct script *script);

/* call_parse: at the name of the call, or the p0: before it */
void call_parse(struct cursor *cur, sim_time at, struct call *call);

/* call_result_format: as a script writes it; g_free it */
char *call_result_format(int64_t result);

/* key_parse: after "kernel": KEY = VALUE */
void key_parse(struct cursor *cur, struct script *script);

#endif
