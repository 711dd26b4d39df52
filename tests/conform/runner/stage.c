#include <stdio.h>
#include <string.h>

#include "tests/conform/runner/stage.h"

#include "models/inet/tcp.h"
#include "models/inet/udp.h"

enum { BUFFER_BYTES = 1 << 20, TRACE_AROUND = 12, LISTENERS = 1000 };

sim_time
stage_now(const struct stage *stage)
{
	return stage->world.cal.now;
}

sim_time
stage_micro_end(sim_time at)
{
	return at - at % PS_PER_US + PS_PER_US - 1;
}

/* Before its first SYN an end has no number that others are relative to. */
static uint32_t
host_iss(const struct stage *stage, uint32_t conn)
{
	return stage->knows_host_iss[conn] ? stage->host_iss[conn] : 0;
}

static uint32_t
udp_header_bytes(const struct tcp_header *th)
{
	return IP_HEADER_LEN +
	    ((th->ip_off & IP_OFFMASK) == 0 ? UDP_HEADER_LEN : 0);
}

static const char *
udp_fault_of(const struct frame *frame)
{
	uint64_t place = frame->th.seq + udp_data_offset(&frame->th);

	if (frame->ip_bytes !=
	    udp_header_bytes(&frame->th) + frame->payload_bytes)
		return "a packet of another length than its parts";
	if (frame->payload_bytes > 0 &&
	    frame->content != content_name(frame->conn, place))
		return "other bytes than sendto was given";
	return NULL;
}

static const char *
fault_of(const struct segment *seg, const struct frame *frame)
{
	uint64_t place = (uint64_t)seg->th.seq - 1 +
	    ((seg->th.flags & TH_SYN) != 0);

	if (frame->th.ip_p == IP_UDP)
		return udp_fault_of(frame);
	if (frame->ip_bytes != IP_HEADER_LEN + TCP_HEADER_LEN +
	    frame->th.option_bytes + frame->payload_bytes)
		return "a packet of another length than its parts";
	if (frame->th.option_bytes != segment_option_bytes(seg))
		return "another length of options than these have";
	if (frame->payload_bytes > 0 &&
	    frame->content != content_name(frame->conn, place))
		return "other bytes than write was given";
	return NULL;
}

static struct segment
relative(const struct stage *stage, const struct frame *frame)
{
	struct segment seg = {.conn = frame->conn, .th = frame->th,
	    .len = frame->payload_bytes, .has_options = true,
	    .has_win = true, .has_port = frame->th.port != SEG_PORT};

	if (seg.th.ip_p == IP_UDP)
		return seg;
	seg.th.seq -= host_iss(stage, frame->conn);
	seg.th.ack -= stage->iss.script;
	return seg;
}

/* The wire's far end: a frame has arrived there. */
static void
on_frame(void *arg, const struct frame *frame)
{
	struct stage *stage = arg;
	struct seen seen = {.at = stage_now(stage), .is_sent = true};
	uint32_t conn = frame->conn;

	if (stage->is_closing)
		return;
	if (conn > SEG_MAX_CONN) {
		stage_fail(stage, stage->script->n_lines,
		    "expected connections 1 .. %d, got %u", SEG_MAX_CONN,
		    conn);
		return;
	}
	if ((frame->th.flags & TH_SYN) != 0 && !stage->knows_host_iss[conn]) {
		stage->knows_host_iss[conn] = true;
		stage->host_iss[conn] = frame->th.seq;
	}
	seen.segment = relative(stage, frame);
	seen.fault = fault_of(&seen.segment, frame);
	g_array_append_val(stage->seen, seen);
	cal_stop(&stage->world.cal);
}

static void
inject_udp(struct stage *stage, const struct segment *seg)
{
	uint64_t place = seg->th.seq + udp_data_offset(&seg->th);
	struct frame frame = {.conn = seg->conn, .th = seg->th,
	    .payload_bytes = seg->len,
	    .ip_bytes = (uint16_t)(udp_header_bytes(&seg->th) + seg->len),
	    .content = seg->len > 0 ? content_name(seg->conn, place) :
	    CONTENT_NONE};

	nic_receive(&stage->world.host.nic, &frame);
}

void
stage_inject(struct stage *stage, const struct segment *seg)
{
	struct seen seen = {.at = stage_now(stage), .is_matched = true,
	    .segment = *seg};
	struct frame frame = {.conn = seg->conn, .th = seg->th,
	    .payload_bytes = seg->len};
	uint64_t place = (uint64_t)seg->th.seq - 1 +
	    ((seg->th.flags & TH_SYN) != 0);

	if (seg->th.ip_p == IP_UDP) {
		g_array_append_val(stage->seen, seen);
		inject_udp(stage, seg);
		return;
	}
	frame.th.seq += stage->iss.script;
	if ((seg->th.flags & TH_ACK) != 0)
		frame.th.ack += host_iss(stage, seg->conn);
	frame.ip_bytes = (uint16_t)(IP_HEADER_LEN + TCP_HEADER_LEN +
	    seg->th.option_bytes + seg->len);
	frame.content = seg->len > 0 ? content_name(seg->conn, place) :
	    CONTENT_NONE;
	g_array_append_val(stage->seen, seen);
	nic_receive(&stage->world.host.nic, &frame);
}

struct seen *
stage_first(struct stage *stage)
{
	while (stage->n_matched < stage->seen->len) {
		struct seen *seen = &g_array_index(stage->seen, struct seen,
		    stage->n_matched);

		if (!seen->is_matched)
			return seen;
		stage->n_matched++;
	}
	return NULL;
}

void
stage_trace(const struct stage *stage, FILE *out, guint n)
{
	guint first = stage->seen->len > n ? stage->seen->len - n : 0;

	for (guint i = first; i < stage->seen->len; i++) {
		const struct seen *seen =
		    &g_array_index(stage->seen, struct seen, i);
		char *text = segment_format(&seen->segment);

		fprintf(out, "\t%.6f %c %s\n",
		    (double)(seen->at / PS_PER_US) / 1e6,
		    seen->is_sent ? '>' : '<', text);
		g_free(text);
	}
}

void
stage_fail(struct stage *stage, int line, const char *format, ...)
{
	va_list args;

	if (stage->has_failed)
		return;
	stage->has_failed = true;
	fprintf(stderr, "%s:%d: ", stage->script->file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n    with iss %u and %u; up to %.6f:\n",
	    stage->iss.host, stage->iss.script,
	    (double)(stage_now(stage) / PS_PER_US) / 1e6);
	stage_trace(stage, stderr, TRACE_AROUND);
}

static void
woken(void *arg)
{
	((struct actor *)arg)->is_woken = true;
}

bool
stage_post(struct stage *stage, struct actor *actor, struct sys_call call)
{
	actor->is_woken = false;
	/* the program has been waiting for its cue */
	stage->world.host.n_in_program = 1;
	return sys_enter(actor->p, &call);
}

/* Programs that do nothing now give up the CPU that they were left with. */
static void
leave_cpu(struct stage *stage)
{
	struct host *host = &stage->world.host;

	for (int i = 0; i < stage->script->n_procs; i++) {
		struct cpu_task *task = &stage->actors[i].p->k.task;

		if (task->is_held)
			cpu_release(&host->cpu, task);
	}
	host->n_in_program = 0;
}

enum world_step
stage_run(struct stage *stage, sim_time to)
{
	leave_cpu(stage);
	return world_advance(&stage->world, to);
}

/* A call of the set-up, which returns at once. */
static int64_t
call_now(struct stage *stage, struct actor *actor, struct sys_call call)
{
	stage_post(stage, actor, call);
	while (!actor->is_woken)
		stage_run(stage, PS_PER_US);
	return actor->p->result;
}

static void
set_up(struct stage *stage, int i)
{
	static const char *const names[SCRIPT_MAX_PROCS] = {
	    "p0", "p1", "p2", "p3"};
	struct actor *actor = &stage->actors[i];

	actor->p = host_add_proc(&stage->world.host, names[i],
	    (struct proc_program){woken, actor});
	actor->connection = CALL_FD_DEFAULT;
	actor->listener = CALL_FD_DEFAULT;
}

/* Its buffer, each byte of it stored to. */
static void
give_buffer(struct stage *stage, struct actor *actor)
{
	actor->buffer = (uint64_t)call_now(stage, actor,
	    (struct sys_call){.nr = SYS_MMAP, .len = BUFFER_BYTES});
	call_now(stage, actor, (struct sys_call){.nr = SYS_TOUCH,
	    .addr = actor->buffer, .len = BUFFER_BYTES, .is_full = true});
}

void
stage_init(struct stage *stage, const struct script *script,
    const struct play_iss *iss)
{
	struct world_config config = script->config;
	struct world *world = &stage->world;

	memset(stage, 0, sizeof *stage);
	stage->script = script;
	stage->iss = *iss;
	stage->seen = g_array_new(FALSE, TRUE, sizeof(struct seen));
	config.host.tcp.iss = iss->host;
	world_init(world, &config);
	world->to_peer.deliver = on_frame;
	world->to_peer.arg = stage;
	stage->ifq_maxlen = world->host.if_snd.ifq_maxlen;
	/* connections are numbered by the script; listening sockets too */
	world->host.last_number = LISTENERS;
	/* what the script will do later keeps the world going */
	cal_hold(&world->cal);
	for (int i = 0; i < script->n_procs; i++)
		set_up(stage, i);
	for (int i = 0; i < script->n_procs; i++)
		give_buffer(stage, &stage->actors[i]);
}

void
stage_fini(struct stage *stage)
{
	world_fini(&stage->world);
	g_array_free(stage->seen, TRUE);
}

static void
exit_all(struct stage *stage)
{
	for (int i = 0; i < stage->script->n_procs; i++)
		if (stage->actors[i].p->state == PROC_IN_PROGRAM)
			stage_post(stage, &stage->actors[i],
			    (struct sys_call){.nr = SYS_EXIT});
}

/* Programs end when their calls have returned, which may take a while. */
static void
close_procs(struct stage *stage)
{
	enum { TRIES = 10 };

	for (int i = 0; i < TRIES; i++) {
		exit_all(stage);
		stage_run(stage, stage_now(stage) + PS_PER_US);
	}
}

static int64_t
bytes_wrong(const struct host *host)
{
	int64_t sum = 0;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		sum += so->stats.bytes_wrong;
	return sum;
}

static void
audit(struct stage *stage)
{
	struct world *world = &stage->world;
	struct host *host = &world->host;
	struct audit books = {0};

	host_audit_running(host, &books);
	audit_equal(&books, "pages given back", 0,
	    (int64_t)pool_in_use(&host->vm.pages));
	audit_equal(&books, "mbufs given back", 0,
	    (int64_t)pool_in_use(&host->mbufs.mbufs));
	audit_equal(&books, "clusters given back", 0,
	    (int64_t)pool_in_use(&host->mbufs.clusters));
	audit_equal(&books, "loans given back", 0,
	    (int64_t)pool_in_use(&host->mbufs.loans));
	audit_equal(&books, "KVA given back", 0, host->kva.socurkva);
	audit_equal(&books, "processes ended", 0, host->n_procs_alive);
	audit_equal(&books, "bytes received or read as sent", 0,
	    bytes_wrong(host));
	audit_equal(&books, "NIC idle", 1, nic_is_idle(&host->nic));
	audit_equal(&books, "CPU idle", 1, cpu_is_idle(&host->cpu));
	for (uint32_t i = 0; i < books.n && i < AUDIT_MAX_LINES; i++) {
		/* each of them is worth a line */
		stage->has_failed = false;
		stage_fail(stage, stage->script->n_lines,
		    "expected %s: %lld, got %lld after the end",
		    books.lines[i].what, (long long)books.lines[i].expected,
		    (long long)books.lines[i].actual);
	}
}

void
stage_close(struct stage *stage)
{
	struct world *world = &stage->world;

	stage->is_closing = true;
	host_stop(&world->host);
	close_procs(stage);
	/* readers wait for the end of their connections */
	host_drop_all(&world->host);
	close_procs(stage);
	clock_stop(&world->host.clock);
	cal_release(&world->cal);
	while (stage_run(stage, SIM_TIME_NEVER) != WORLD_OVER)
		continue;
	audit(stage);
}
