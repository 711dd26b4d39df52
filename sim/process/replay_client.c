#include "sim/process/replay.h"

#include "models/base/min.h"
#include "sim/process/sys.h"
#include "sim/trace/story.h"

enum { SEGMENT = 1460, SEGMENT_LEAST = 64 };

/* The server may not listen yet; it does so before anything else. */
#define AGAIN_PS	PS_PER_MS

static int64_t
call_server(struct process *ps, uint16_t port)
{
	struct sys_sockopts opts = sys_sockopts_of(ps->config);
	int64_t fd;

	for (;;) {
		fd = sys_connect(ps, port, &opts);
		if (fd != SYS_ECONNREFUSED)
			return fd;
		if (sys_sleep_until(ps, sys_now(ps) + AGAIN_PS) < 0)
			return SYS_ENDED;
	}
}

/* A long request goes in parts of one segment each, however long that is. */
static int64_t
ask(struct process *ps, int fd, int64_t bytes)
{
	int64_t part = SEGMENT, n = 0;

	while (bytes > 0) {
		n = sys_request(ps, fd, min_i64(bytes, part), NULL);
		if (n == SYS_EMSGSIZE && part > SEGMENT_LEAST)
			part /= 2;
		else if (n < 0)
			return n;
		else
			bytes -= n;
	}
	return 0;
}

static int64_t
exchange(struct process *ps, int fd, const struct story_exchange *exchange)
{
	int64_t n = ask(ps, fd, exchange->request);

	if (n < 0 || exchange->response == 0)
		return n;
	return sys_response(ps, fd);
}

/* => below 0: it ended before all was said */
static int64_t
converse(struct process *ps, const struct story_connection *conn)
{
	int64_t n = call_server(ps, (uint16_t)(ps->config->port +
	    conn->lane));
	int fd = (int)n;

	if (fd < 0)
		return fd;
	for (guint i = 0; i < conn->exchanges->len && n >= 0; i++)
		n = exchange(ps, fd, &g_array_index(conn->exchanges,
		    struct story_exchange, i));
	sys_close(ps, fd);
	return n;
}

void
replay_client_main(struct process *ps)
{
	const struct story *story = ps->config->story;

	for (guint i = 0; i < story->connections->len; i++) {
		const struct story_connection *conn = &g_array_index(
		    story->connections, struct story_connection, i);
		int64_t n = 0;

		if (conn->lane == ps->config->story_index)
			n = converse(ps, conn);
		process_note(ps, n);
		if (n < 0)
			return;
	}
}
