/*
 * Requests and responses on an accepted connection.
 *
 * All that comes before the server sends is one request, all that it sends
 * before more comes one response.
 */
#include "sim/trace/story_own.h"

static struct story_exchange *
last_exchange(struct story_connection *conn)
{
	return &g_array_index(conn->exchanges, struct story_exchange,
	    conn->exchanges->len - 1);
}

void
story_connection_asks(struct story_connection *conn, int64_t bytes)
{
	struct story_exchange new = {0, 0};

	if (bytes > 0 && last_exchange(conn)->response > 0)
		g_array_append_val(conn->exchanges, new);
	last_exchange(conn)->request += bytes;
}

bool
story_connection_answers(struct story_connection *conn, int64_t bytes)
{
	struct story_exchange *exchange = last_exchange(conn);
	bool is_first = exchange->response == 0;

	exchange->response += bytes;
	return is_first;
}
