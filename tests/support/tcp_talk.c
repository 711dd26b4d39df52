#include "tests/support/tcp_talk.h"

#include "models/base/check.h"
#include "models/host.h"

enum { REGION_PAGES = 24, TRIES = 5 };

static uint64_t
draw(struct tcp_talker *t, uint64_t n)
{
	return random_below(t->random, n);
}

static bool
one_in(struct tcp_talker *t, uint64_t n)
{
	return draw(t, n) == 0;
}

static int64_t
max_i64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void
call(struct tcp_talker *t, struct sys_call next)
{
	t->last = next.nr;
	t->last_len = next.len;
	t->has_called = sys_enter(t->p, &next);
	t->seen->calls += t->has_called;
}

void
tcp_talk_init(struct tcp_talker *t)
{
	t->fd = t->listen_fd = -1;
	t->n_tries = TRIES;
}

/*
 * What is known of the other end: from outside, as no program could
 */
static struct socket *
other_end(const struct tcp_talker *t)
{
	return t->other != NULL ?
	    host_find_socket(t->other, t->so->so_id) : NULL;
}

/* Will a read come back, whatever the other end does? */
static bool
is_anything_to_read(const struct tcp_talker *t)
{
	const struct socket *other = other_end(t);

	if (t->so->is_detached || t->so->cant_receive)
		return true;
	/* the peer closes when we do */
	if (t->other == NULL)
		return t->is_shut;
	return other != NULL && (other->cant_send ||
	    other->stats.bytes_written > t->so->stats.bytes_read);
}

/* ... and if it only goes on as it is drawn to? */
static bool
may_wait_to_read(const struct tcp_talker *t)
{
	return is_anything_to_read(t) || (t->is_shut && !t->host->is_stopped);
}

/*
 * Connections come
 */
static const int64_t sizes[] = {1, 100, 216, 453, 2048, 4096, 4097, 20000,
    65536, 65537};

static void
begin_session(struct tcp_talker *t, int fd)
{
	t->fd = fd;
	t->so = fd_socket(t->p, fd);
	t->end = (enum tcp_talk_end)(one_in(t, 3) ? draw(t, 4) : 0);
	t->reads = !one_in(t, 6);
	t->touches = one_in(t, 2);
	t->left = (int64_t)draw(t, (uint64_t)t->most_bytes + 1);
	if (one_in(t, 6))
		t->left = 0;
	t->longest = one_in(t, 3) ?
	    sizes[draw(t, sizeof sizes / sizeof sizes[0])] : 30000;
	/* tiny pieces of a large total would take for ever */
	if (t->left > 1000 * t->longest)
		t->left = 1000 * t->longest;
	t->pause_us = one_in(t, 3) ? 300000 : 3000;
	t->is_shut = t->is_done = false;
	t->touch_len = 0;
	t->n_tries = TRIES;
	t->seen->sessions++;
	t->seen->crossed += t->conn != 0;
}

static struct sys_call
draw_options(struct tcp_talker *t, enum sys_nr nr)
{
	static const int64_t buffers[] = {2048, 4096, 5000, 16384, 16384,
	    32768, 65536, 65537, 233016};
	const uint64_t n = sizeof buffers / sizeof buffers[0];
	int64_t sndbuf = buffers[draw(t, n)];
	int64_t rcvbuf = one_in(t, 4) ? 0 : buffers[draw(t, n)];

	return (struct sys_call){.nr = nr, .port = t->port,
	    .so_sndbuf = max_i64(sndbuf, t->least_buffer),
	    .so_sndlowat = one_in(t, 2) ? 1 + (int64_t)draw(t, 2048) : 2048,
	    .so_rcvbuf = max_i64(rcvbuf, t->least_buffer),
	    .so_keepalive = one_in(t, 3), .tcp_nodelay = one_in(t, 3),
	    .backlog = (int)draw(t, 4)};
}

static void
connect_next(struct tcp_talker *t)
{
	struct sys_call next = draw_options(t, SYS_CONNECT);

	next.conn = t->conn;
	call(t, next);
}

static void
rest(struct tcp_talker *t, uint64_t most_us)
{
	call(t, (struct sys_call){.nr = SYS_SLEEP,
	    .len = t->host->cal->now +
	    (int64_t)draw(t, most_us + 1) * PS_PER_US});
}

/*
 * ... and are used
 */
static uint64_t
draw_addr(struct tcp_talker *t, int64_t len)
{
	uint64_t room = REGION_PAGES * PAGE_SIZE - (uint64_t)len;
	/* or so that the end of it lies nowhere */
	uint64_t off = one_in(t, 50) ? room + PAGE_SIZE : draw(t, room + 1);

	return t->addr + (one_in(t, 3) ? trunc_page(off) : off);
}

static int64_t
draw_len(struct tcp_talker *t, int64_t longest)
{
	return one_in(t, 4) ? longest :
	    1 + (int64_t)draw(t, (uint64_t)longest);
}

static void
write_some(struct tcp_talker *t)
{
	int64_t len = draw_len(t, t->longest);

	if (len > t->left)
		len = t->left;
	t->touch_addr = draw_addr(t, len);
	t->touch_len = len;
	t->seen->writes++;
	call(t, (struct sys_call){.nr = SYS_WRITE, .fd = t->fd,
	    .addr = t->touch_addr, .len = len});
}

static void
read_some(struct tcp_talker *t)
{
	/* a little now and then, but not all of it */
	int64_t len = draw_len(t, one_in(t, 4) ? t->longest : 10000);

	call(t, (struct sys_call){.nr = SYS_READ, .fd = t->fd,
	    .addr = draw_addr(t, len), .len = len});
}

static void
touch_again(struct tcp_talker *t)
{
	int64_t len = t->touch_len;

	t->touch_len = 0;
	call(t, (struct sys_call){.nr = SYS_TOUCH, .addr = t->touch_addr,
	    .len = len, .is_full = one_in(t, 2)});
}

static void
close_it(struct tcp_talker *t)
{
	int fd = t->fd;

	t->fd = -1;
	t->n_sessions--;
	if (t->conn != 0)
		t->conn++;
	call(t, (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
}

static void
leave(struct tcp_talker *t)
{
	t->fd = -1;
	t->n_sessions = 0;
	call(t, (struct sys_call){.nr = SYS_EXIT});
}

/* All is written, or was to be. */
static void
end_writing(struct tcp_talker *t)
{
	if (t->end == TCP_TALK_EXIT) {
		leave(t);
	} else if (t->end != TCP_TALK_SHUTDOWN || !t->so->is_connected) {
		close_it(t);
	} else {
		t->is_shut = true;
		call(t, (struct sys_call){.nr = SYS_SHUTDOWN, .fd = t->fd});
	}
}

/* Nothing but reading is left. */
static void
read_to_end(struct tcp_talker *t)
{
	if (t->is_done || !t->reads || !may_wait_to_read(t))
		close_it(t);
	else if (one_in(t, 10))
		rest(t, t->pause_us);
	else
		read_some(t);
}

static void
talk(struct tcp_talker *t)
{
	bool is_leaving = t->end >= TCP_TALK_LEAVE && one_in(t, 20);

	if (t->host->is_stopped || t->is_shut)
		read_to_end(t);
	else if (t->left == 0 || is_leaving)
		end_writing(t);
	else if (t->touches && t->touch_len > 0)
		touch_again(t);
	else if (one_in(t, 8))
		rest(t, t->pause_us);
	else if (t->reads && !t->is_done && one_in(t, 2) &&
	    is_anything_to_read(t))
		read_some(t);
	else
		write_some(t);
}

/* A connection was to come, and has or has not. */
static void
meet(struct tcp_talker *t, int64_t fd)
{
	if (fd >= 0) {
		begin_session(t, (int)fd);
		return;
	}
	t->seen->refused++;
	if (--t->n_tries == 0)
		t->n_sessions = 0;
}

static void
learn_of_io(struct tcp_talker *t, int64_t result)
{
	if (t->last == SYS_WRITE) {
		t->seen->whole_writes += result == t->last_len;
		/* what follows the end of the buffer is not there */
		t->touch_len = result < 0 ? 0 : result;
		if (result > 0)
			t->left -= result;
	} else if (result == 0)
		t->is_done = true;
	if (result == SYS_EFAULT) {
		t->seen->faults++;
		t->touch_len = 0;
	} else if (result < 0 && result != SYS_ENDED) {
		t->seen->broken++;
		t->is_done = true;
		t->left = 0;
		t->end = TCP_TALK_CLOSE;
	}
}

static void
learn(struct tcp_talker *t)
{
	int64_t result = t->p->result;

	if (!t->has_called)
		return;
	if (t->last == SYS_MMAP)
		t->addr = (uint64_t)result;
	else if (t->last == SYS_LISTEN && result >= 0)
		t->listen_fd = (int)result;
	else if (t->last == SYS_CONNECT || t->last == SYS_ACCEPT)
		meet(t, result);
	else if (t->last == SYS_WRITE || t->last == SYS_READ)
		learn_of_io(t, result);
}

void
tcp_talk_go_on(struct tcp_talker *t)
{
	learn(t);
	t->has_called = false;
	if (t->fd >= 0)
		talk(t);
	else if (t->host->is_stopped || t->n_sessions == 0)
		leave(t);
	else if (t->addr == 0)
		call(t, (struct sys_call){.nr = SYS_MMAP,
		    .len = REGION_PAGES * PAGE_SIZE});
	else if (t->last == SYS_MMAP)
		call(t, (struct sys_call){.nr = SYS_TOUCH, .addr = t->addr,
		    .len = REGION_PAGES * PAGE_SIZE});
	else if (t->role == TCP_TALK_SERVER && t->listen_fd < 0)
		call(t, draw_options(t, SYS_LISTEN));
	else if (t->role == TCP_TALK_SERVER)
		call(t, (struct sys_call){.nr = SYS_ACCEPT,
		    .fd = t->listen_fd});
	else if (t->n_tries < TRIES && t->last == SYS_CONNECT)
		rest(t, 500000);
	else
		connect_next(t);
}
