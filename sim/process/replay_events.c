/*
 * A replayed process that waits for several connections at once.
 *
 * Each strand is what was done for the connections of one client: it goes on
 * until a call would wait, and then asks poll(2) for that.  Calls for what
 * comes are made when poll says so, and only then does the process think for
 * them; what is sent is tried at once.
 */
#include "sim/process/replay_op.h"
#include "sim/process/replay_shared.h"

struct strand {
	uint32_t op;		/* the next one, or STORY_NONE */
	struct replay_progress at;
	bool is_begun;		/* the program is done thinking about it */
	bool is_ready;		/* poll has found what it waited for */
	int fd;			/* that poll is asked for, or -1, */
	uint32_t events;	/* ... and what for */
};

struct loop {
	struct replay *r;
	struct replay_shared shared;
	struct strand *strands;		/* by lane */
	uint32_t *next;			/* of operations, in their strand */
	uint32_t n_live;		/* that are not through */
	GArray *by_fd;			/* struct strand *, who asks for it */
};

static const struct story_op *
op_at(const struct loop *ev, uint32_t i)
{
	return &g_array_index(ev->r->part->ops, struct story_op, i);
}

static void
want(struct loop *ev, struct strand *s, int fd, uint32_t events)
{
	if (s->fd == fd && s->events == events)
		return;
	if (s->fd >= 0 && s->fd != fd)
		sys_poll_want(ev->r->ps, s->fd, 0);
	s->fd = fd;
	s->events = events;
	if (fd < 0)
		return;
	sys_poll_want(ev->r->ps, fd, events);
	if ((guint)fd >= ev->by_fd->len)
		g_array_set_size(ev->by_fd, (guint)fd + 1);
	g_array_index(ev->by_fd, struct strand *, fd) = s;
}

/* Somebody else has to do something first. */
static bool
is_for_input(const struct loop *ev, const struct story_op *op)
{
	return op->kind == STORY_ACCEPT || op->kind == STORY_RECEIVE_END ||
	    (op->kind == STORY_RECEIVE &&
	    ev->r->ahead[op->handle] < op->n_bytes);
}

static void
wait_for(struct loop *ev, struct strand *s, const struct story_op *op)
{
	if (op->kind == STORY_ACCEPT)
		want(ev, s, replay_listener(ev->r, op), SYS_POLLIN);
	else
		want(ev, s, ev->r->fds[op->handle],
		    is_for_input(ev, op) ? SYS_POLLIN : SYS_POLLOUT);
	s->is_ready = false;
}

/* => below 0: the replay ends here */
static int64_t
begin(struct loop *ev, struct strand *s, const struct story_op *op)
{
	int64_t n = shared_need(&ev->shared, op);

	if (n >= 0 && !replay_think(ev->r, op))
		n = SYS_ENDED;
	/* whoever is the next to have that descriptor has not asked for it */
	if (op->kind == STORY_CLOSE && s->fd == ev->r->fds[op->handle])
		want(ev, s, -1, 0);
	s->at = (struct replay_progress){0};
	s->is_begun = true;
	return n;
}

/* One call. => 0: it has to wait; below 0: the replay ends here */
static int64_t
step(struct loop *ev, struct strand *s, const struct story_op *op)
{
	int64_t n = replay_try(ev->r, op, &s->at);

	if (n == SYS_EWOULDBLOCK)
		return 0;
	process_note(ev->r->ps, n);
	if (n < 0)
		return n;
	if (!s->at.is_through)
		return !is_for_input(ev, op) && !s->at.is_short;
	/* as programs do; who called before the listener was told so waits */
	if (op->kind == STORY_ACCEPT)
		sys_setnbio(ev->r->ps, ev->r->fds[op->handle], true);
	s->op = ev->next[s->op];
	s->is_begun = false;
	n = shared_used(&ev->shared, op);
	return n < 0 ? n : 1;
}

/* As far as it comes. => below 0: the replay ends here */
static int64_t
go_on(struct loop *ev, struct strand *s)
{
	while (s->op != STORY_NONE) {
		const struct story_op *op = op_at(ev, s->op);
		int64_t n = 0;

		if (s->is_begun || s->is_ready || !is_for_input(ev, op)) {
			n = s->is_begun ? 0 : begin(ev, s, op);
			s->is_ready = false;
			n = n < 0 ? n : step(ev, s, op);
		}
		if (n < 0)
			return n;
		if (n == 0) {
			wait_for(ev, s, op);
			return 0;
		}
	}
	want(ev, s, -1, 0);
	ev->n_live--;
	return 0;
}

/* What was done before the first connection, and then the listeners. */
static int64_t
start(struct loop *ev)
{
	const struct replay *r = ev->r;
	int64_t n = 0;

	for (guint i = 0; i < r->part->ops->len && n >= 0; i++) {
		const struct story_op *op = op_at(ev, i);

		if (op->strand != STORY_FIRST)
			continue;
		n = replay_think(ev->r, op) ? replay_whole(ev->r, op) :
		    SYS_ENDED;
	}
	for (uint32_t i = 0; i < r->process->n_lanes; i++)
		sys_setnbio(r->ps, r->listeners[i], true);
	if (n >= 0)
		n = shared_forget(&ev->shared);
	for (uint32_t i = 0; i < r->process->n_lanes && n >= 0; i++)
		n = go_on(ev, &ev->strands[i]);
	return n;
}

/* => below 0: the replay ends here */
static int64_t
take_events(struct loop *ev)
{
	int64_t n = sys_poll(ev->r->ps, -1), error = n;

	for (int64_t i = 0; i < n && error >= 0; i++) {
		int fd = sys_poll_found(ev->r->ps, i).fd;
		struct strand *s = g_array_index(ev->by_fd, struct strand *,
		    fd);

		s->is_ready = true;
		error = go_on(ev, s);
	}
	return error;
}

static void
loop_init(struct loop *ev, struct replay *r)
{
	guint n_ops = r->part->ops->len;

	*ev = (struct loop){.r = r, .next = g_new(uint32_t, n_ops),
	    .strands = g_new0(struct strand, r->process->n_lanes),
	    .n_live = r->process->n_lanes,
	    .by_fd = g_array_new(FALSE, TRUE, sizeof(struct strand *))};
	shared_init(&ev->shared, r);
	for (uint32_t i = 0; i < r->process->n_lanes; i++)
		ev->strands[i] = (struct strand){.op = STORY_NONE, .fd = -1};
	for (guint i = n_ops; i-- > 0;) {
		uint32_t strand = op_at(ev, i)->strand;

		if (strand >= r->process->n_lanes)
			continue;
		ev->next[i] = ev->strands[strand].op;
		ev->strands[strand].op = i;
	}
}

void
replay_events(struct replay *r)
{
	struct loop ev;
	int64_t n;

	loop_init(&ev, r);
	n = start(&ev);
	while (n >= 0 && ev.n_live > 0)
		n = take_events(&ev);
	shared_fini(&ev.shared);
	g_free(ev.strands);
	g_free(ev.next);
	g_array_unref(ev.by_fd);
}
