#include <stdio.h>

#include "tests/conform/runner/stage.h"

static double
seconds(sim_time at)
{
	return (double)(at / PS_PER_US) / 1e6;
}

static char *
format_outcome(const struct call *call)
{
	switch (call->outcome) {
	case CALL_SUCCEEDS:
		return g_strdup("success");
	case CALL_RETURNS:
		return call_result_format(call->result);
	case CALL_BLOCKS:
		return g_strdup("no return");
	}
	return NULL;
}

/* A call has returned: as it should, and when it should? */
static void
check_return(struct stage *stage, struct actor *actor)
{
	const struct event *ev = actor->pending;
	int64_t result = actor->p->result;
	sim_time now = stage_now(stage);
	bool is_right = ev->call.outcome == CALL_SUCCEEDS ? result >= 0 :
	    ev->call.outcome == CALL_RETURNS && result == ev->call.result;
	char *wanted, *got;

	actor->pending = NULL;
	if (is_right && now / PS_PER_US == ev->call.returns_at / PS_PER_US)
		return;
	wanted = format_outcome(&ev->call);
	got = call_result_format(result);
	stage_fail(stage, ev->line, "expected %s at %.6f, got %s at %.6f",
	    wanted, seconds(ev->call.returns_at), got, seconds(now));
	g_free(wanted);
	g_free(got);
}

static bool
is_udp(enum sys_nr nr)
{
	return nr == SYS_UDP_CONNECT || nr == SYS_UDP_BIND;
}

static void
note_result(struct actor *actor, enum sys_nr nr)
{
	int64_t result = actor->p->result;

	if (result < 0)
		return;
	if (nr == SYS_CONNECT || nr == SYS_ACCEPT || is_udp(nr))
		actor->connection = (int)result;
	if (nr == SYS_LISTEN)
		actor->listener = (int)result;
	if (nr == SYS_MMAP)
		actor->buffer = (uint64_t)result;
}

static void
look_for_returns(struct stage *stage)
{
	for (int i = 0; i < stage->script->n_procs; i++) {
		struct actor *actor = &stage->actors[i];

		if (!actor->is_woken || actor->pending == NULL)
			continue;
		actor->is_woken = false;
		note_result(actor, actor->pending->call.sys.nr);
		check_return(stage, actor);
	}
}

/* The earliest end of a microsecond in which a call must return. */
static sim_time
first_deadline(const struct stage *stage, const struct event **of)
{
	sim_time first = SIM_TIME_NEVER;

	for (int i = 0; i < stage->script->n_procs; i++) {
		const struct event *ev = stage->actors[i].pending;
		sim_time end;

		if (ev == NULL || ev->call.outcome == CALL_BLOCKS)
			continue;
		end = stage_micro_end(ev->call.returns_at);
		if (end < first) {
			first = end;
			*of = ev;
		}
	}
	return first;
}

/* Let time pass.  Segments that are sent meanwhile wait to be expected. */
static void
pass_time(struct stage *stage, sim_time to)
{
	while (!stage->has_failed) {
		const struct event *late = NULL;
		sim_time deadline = first_deadline(stage, &late);
		sim_time limit = deadline < to ? deadline : to;
		enum world_step step = stage_run(stage, limit);

		look_for_returns(stage);
		if (step == WORLD_WAKE)
			continue;
		if (limit == to)
			return;
		if (first_deadline(stage, &late) == deadline)
			stage_fail(stage, late->line, "expected the return "
			    "of the call at %.6f, got none",
			    seconds(deadline));
	}
}

/* All that happens within this microsecond. */
static void
settle(struct stage *stage)
{
	sim_time end = stage_micro_end(stage_now(stage));

	while (!stage->has_failed) {
		sim_time next = cal_next(&stage->world.cal);

		if (next > end)
			return;
		pass_time(stage, next);
	}
}

static void
fail_unexpected(struct stage *stage, int line, const struct seen *seen,
    const char *wanted)
{
	char *got = segment_format(&seen->segment);

	stage_fail(stage, line, "expected %s, got > %s at %.6f", wanted, got,
	    seconds(seen->at));
	g_free(got);
}

/* Nothing may have been sent before a date but what was expected. */
static void
nothing_before(struct stage *stage, int line, sim_time at)
{
	const struct seen *seen = stage_first(stage);

	if (seen != NULL && seen->at / PS_PER_US < at / PS_PER_US)
		fail_unexpected(stage, line, seen, "no segment");
}

static void
wait_for_segment(struct stage *stage, sim_time until)
{
	while (!stage->has_failed && stage_first(stage) == NULL) {
		sim_time next = cal_next(&stage->world.cal);

		if (next > until)
			return;
		pass_time(stage, next);
	}
}

static void
expect_segment(struct stage *stage, const struct event *ev)
{
	char *text = segment_format(&ev->segment);
	char *wanted = g_strdup_printf("> %s at %.6f", text, seconds(ev->at));
	struct seen *seen;

	wait_for_segment(stage, stage_micro_end(ev->at));
	seen = stage_first(stage);
	if (seen == NULL)
		stage_fail(stage, ev->line, "expected %s, got nothing",
		    wanted);
	else if (seen->at / PS_PER_US != ev->at / PS_PER_US ||
	    !segment_matches(&ev->segment, &seen->segment))
		fail_unexpected(stage, ev->line, seen, wanted);
	else if (seen->fault != NULL)
		stage_fail(stage, ev->line, "expected %s, got %s", wanted,
		    seen->fault);
	else
		seen->is_matched = true;
	g_free(wanted);
	g_free(text);
}

static void
check_states(struct stage *stage, const struct event *ev)
{
	for (int i = 0; i < ev->n_checks; i++) {
		const struct state_check *check = &ev->checks[i];
		int64_t value = 0;
		char *wanted = state_format(check, check->expected);
		char *got;

		if (state_read(&stage->world.host, check, &value))
			got = state_format(check, value);
		else
			got = g_strdup_printf("no connection %u",
			    check->conn);
		if (g_strcmp0(wanted, got) != 0)
			stage_fail(stage, ev->line,
			    "expected %s, got %s at %.6f", wanted, got,
			    seconds(stage_now(stage)));
		g_free(wanted);
		g_free(got);
	}
}

/* The call as the kernel gets it: real addresses and descriptors. */
static struct sys_call
real_call(struct stage *stage, const struct call *call)
{
	struct actor *actor = &stage->actors[call->proc];
	struct sys_call sys = call->sys;

	if (sys.nr == SYS_WRITE || sys.nr == SYS_READ ||
	    sys.nr == SYS_TOUCH || sys.nr == SYS_SENDTO)
		sys.addr += actor->buffer;
	for (int i = 0; i < sys.n_iov; i++)
		actor->iov[i] = (struct sys_iovec){
		    actor->buffer + call->iov[i].base, call->iov[i].len};
	sys.iov = actor->iov;
	if (sys.fd == CALL_FD_DEFAULT)
		sys.fd = sys.nr == SYS_ACCEPT ? actor->listener :
		    actor->connection;
	if ((sys.nr == SYS_CONNECT || is_udp(sys.nr)) && sys.conn == 0)
		sys.conn = ++stage->last_conn;
	if (sys.so_sndbuf == 0)
		sys.so_sndbuf = is_udp(sys.nr) ? stage->script->udp_sndbuf :
		    stage->script->sndbuf;
	if (sys.so_sndlowat == 0)
		sys.so_sndlowat = stage->script->sndlowat;
	return sys;
}

static void
make_call(struct stage *stage, const struct event *ev)
{
	struct actor *actor = &stage->actors[ev->call.proc];

	if (actor->p->state != PROC_IN_PROGRAM) {
		stage_fail(stage, ev->line, "expected p%d to be free to call, "
		    "got a process in a call or ended at %.6f",
		    ev->call.proc, seconds(stage_now(stage)));
		return;
	}
	/* exit does not return, and nobody waits for it */
	if (ev->call.sys.nr != SYS_EXIT)
		actor->pending = ev;
	stage_post(stage, actor, real_call(stage, &ev->call));
}

static void
act(struct stage *stage, const struct event *ev)
{
	switch (ev->kind) {
	case EVENT_CALL:
		make_call(stage, ev);
		break;
	case EVENT_INJECT:
		stage_inject(stage, &ev->segment);
		break;
	case EVENT_IFQ:
		stage->world.host.if_snd.ifq_maxlen =
		    ev->is_full ? 0 : stage->ifq_maxlen;
		break;
	case EVENT_EXPECT:
	case EVENT_STATE:
		break;
	}
	settle(stage);
}

static void
play_event(struct stage *stage, const struct event *ev)
{
	if (ev->kind == EVENT_EXPECT) {
		expect_segment(stage, ev);
		return;
	}
	if (ev->at > stage_now(stage))
		pass_time(stage, ev->at);
	nothing_before(stage, ev->line, ev->at);
	if (stage->has_failed)
		return;
	if (ev->kind == EVENT_STATE) {
		settle(stage);
		check_states(stage, ev);
	} else
		act(stage, ev);
}

/* What the script has left open when it ends. */
static void
check_end(struct stage *stage)
{
	int line = stage->script->n_lines;
	const struct seen *seen = stage_first(stage);

	if (seen != NULL)
		fail_unexpected(stage, line, seen, "no segment");
	for (int i = 0; i < stage->script->n_procs; i++) {
		const struct event *ev = stage->actors[i].pending;

		if (ev != NULL && ev->call.outcome != CALL_BLOCKS)
			stage_fail(stage, ev->line, "expected the script to "
			    "wait for the return of the call at %.6f, got "
			    "its end", seconds(ev->call.returns_at));
	}
}

bool
play(const struct script *script, const struct play_iss *iss,
    bool wants_trace)
{
	struct stage stage;
	bool is_good;

	stage_init(&stage, script, iss);
	for (guint i = 0; i < script->events->len && !stage.has_failed; i++)
		play_event(&stage, g_ptr_array_index(script->events, i));
	if (!stage.has_failed)
		settle(&stage);
	if (!stage.has_failed)
		check_end(&stage);
	if (wants_trace)
		stage_trace(&stage, stdout, stage.seen->len);
	if (!stage.has_failed)
		stage_close(&stage);
	is_good = !stage.has_failed;
	stage_fini(&stage);
	return is_good;
}
