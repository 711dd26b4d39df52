/*
 * The stage of a performance: the host with its processes, the far end of its
 * wire, and what has been seen.
 */
#ifndef TESTS_CONFORM_STAGE_H
#define TESTS_CONFORM_STAGE_H

#include <stdio.h>

#include "tests/conform/runner/play.h"

/* A segment that was seen on the wire. */
struct seen {
	sim_time at;
	bool is_sent;		/* by the host */
	bool is_matched;
	struct segment segment;	/* numbers relative */
	const char *fault;	/* what is wrong with it at any rate, or NULL */
};

/* A process, whose program the script is. */
struct actor {
	struct proc *p;
	bool is_woken;		/* its call is done */
	const struct event *pending;	/* the call that has not returned */
	uint64_t buffer;
	struct sys_iovec iov[UIO_MAXIOV];	/* of its call */
	int connection;		/* the last descriptors of these kinds */
	int listener;
};

struct stage {
	const struct script *script;
	struct world world;
	struct actor actors[SCRIPT_MAX_PROCS];
	struct play_iss iss;
	bool knows_host_iss[SEG_MAX_CONN + 1];
	uint32_t host_iss[SEG_MAX_CONN + 1];
	GArray *seen;			/* of struct seen */
	guint n_matched;		/* all before this one are */
	uint16_t last_conn;		/* number of a connection called */
	int64_t ifq_maxlen;
	bool is_closing;		/* segments are of no interest */
	bool has_failed;
};

void stage_init(struct stage *stage, const struct script *script,
    const struct play_iss *iss);
void stage_fini(struct stage *stage);

/* stage_now: and the last picosecond of a date's microsecond */
sim_time stage_now(const struct stage *stage);
sim_time stage_micro_end(sim_time at);

/* stage_post: a program makes a call. => false: the run is over */
bool stage_post(struct stage *stage, struct actor *actor,
    struct sys_call call);

/*
 * stage_run: let time pass up to a date.
 *
 * => WORLD_WAKE: stopped early, a process has woken or a segment was sent
 */
enum world_step stage_run(struct stage *stage, sim_time to);

/* stage_inject: a segment arrives at the host now. */
void stage_inject(struct stage *stage, const struct segment *seg);

/* stage_first: the first sent segment that nobody has expected, or NULL */
struct seen *stage_first(struct stage *stage);

/* stage_fail: tell what was not as expected, on a line, and what was seen. */
void stage_fail(struct stage *stage, int line, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* stage_trace: what was seen: the last n segments, in the syntax of a script */
void stage_trace(const struct stage *stage, FILE *out, guint n);

/*
 * stage_close: the script has ended: everything is closed down and the books
 * must balance.
 */
void stage_close(struct stage *stage);

#endif
