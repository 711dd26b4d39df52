/*
 * The connections of clients: their numbers, who finds them, and how they go.
 */
#include "models/inet/client_conn.h"

#include <stddef.h>
#include <stdlib.h>

#include "models/base/check.h"
#include "models/host.h"

enum { CHUNK = 16 };

/* Numbers that one client has got, and what there is of them. */
struct client_chunk {
	struct client_conn **conns;	/* NULL: nothing any more */
	struct client_conn *newest;	/* or NULL: most look for this one */
	uint32_t client;
	uint32_t n_conns;
};

static struct client_chunk *
chunk_of(const struct clients *all, uint32_t conn)
{
	uint32_t i = (conn - CLIENT_NUMBERS) / CHUNK;

	CHECK(conn >= CLIENT_NUMBERS && i < all->n_chunks,
	    "a connection's number was given to a client");
	return &all->chunks[i];
}

uint32_t
clients_owner(const struct clients *all, uint32_t conn)
{
	return chunk_of(all, conn)->client;
}

struct client_conn *
clients_find(const struct clients *all, uint32_t conn)
{
	const struct client_chunk *chunk = chunk_of(all, conn);

	if (chunk->newest != NULL && chunk->newest->c.conn == conn)
		return chunk->newest;
	return chunk->conns != NULL ? chunk->conns[conn % CHUNK] : NULL;
}

void
client_conn_expect(const struct client_conn *cc)
{
	enum { LINE = 64 };

	for (size_t i = 0; i < offsetof(struct client_conn, board); i += LINE)
		__builtin_prefetch((const char *)cc + i, 1);
}

void
clients_each(const struct clients *all,
    void (*fn)(const struct client_conn *cc, void *arg), void *arg)
{
	for (uint32_t i = 0; i < all->n_chunks; i++)
		for (int k = 0; k < CHUNK && all->chunks[i].conns != NULL; k++)
			if (all->chunks[i].conns[k] != NULL)
				fn(all->chunks[i].conns[k], arg);
}

/* The array grows by doubling. => false: no number is left */
static bool
add_chunk(struct client *client)
{
	enum { MOST = (CLIENT_LAST_NUMBER + 1 - CLIENT_NUMBERS) / CHUNK };
	struct clients *all = client->all;
	uint32_t n = all->n_chunks;

	if (n == MOST)
		return false;
	if ((n & (n - 1)) == 0) {
		all->chunks = realloc(all->chunks,
		    (n > 0 ? 2 * n : 1) * sizeof *all->chunks);
		CHECK(all->chunks != NULL, "memory for numbers of connections");
	}
	all->chunks[n] = (struct client_chunk){
	    calloc(CHUNK, sizeof(struct client_conn *)), NULL, client->number,
	    0};
	CHECK(all->chunks[n].conns != NULL, "memory for connections");
	all->n_chunks++;
	client->next_conn = CLIENT_NUMBERS + n * CHUNK;
	return true;
}

struct client_conn *
client_conn_new(struct client *client, uint16_t port)
{
	struct clients *all = client->all;
	struct client_conn *cc;
	uint32_t conn;

	if (client->next_conn % CHUNK == 0 && !add_chunk(client))
		return NULL;
	conn = client->next_conn++;
	cc = pool_get(&all->connections);
	peer_conn_init(&cc->c, &all->peer, conn);
	cc->c.port = port;
	cc->client = client;
	cc->fd = ++client->last_fd;
	cc->has_descriptor = true;
	cc->next = client->conns;
	client->conns = cc;
	client_tcp_init(cc);
	chunk_of(all, conn)->conns[conn % CHUNK] = cc;
	chunk_of(all, conn)->newest = cc;
	chunk_of(all, conn)->n_conns++;
	all->n_conns++;
	return cc;
}

bool
client_conn_is_balanced(const struct client_conn *cc,
    const struct so_stats *board)
{
	static const struct so_stats nothing;
	const struct so_stats *b = board != NULL ? board : &nothing;
	int64_t received = cc->c.bytes_received;

	if (cc->c.bytes_wrong != 0 || b->bytes_acked > received ||
	    cc->bytes_acked > b->bytes_received ||
	    b->bytes_received > cc->bytes_sent)
		return false;
	/* a drop loses ACKs, but no data */
	return (b->bytes_dropped > 0 || b->bytes_acked == received) &&
	    (!cc->fin_is_acked || cc->bytes_acked == b->bytes_received);
}

static void
compare_books(struct client_conn *cc)
{
	struct client_stats *stats = &cc->client->all->stats;

	stats->bytes_received += cc->c.bytes_received;
	if (client_conn_is_balanced(cc, cc->board_is_done ? &cc->board : NULL))
		return;
	if (stats->n_unbalanced++ == 0)
		stats->first_unbalanced = cc->c.conn;
}

static void
free_conn(struct client_conn *cc)
{
	peer_conn_fini(&cc->c);
	speech_fini(&cc->requests);
	speech_fini(&cc->responses);
	pool_put(&cc->client->all->connections, cc);
}

static void
drop(struct client_conn *cc)
{
	struct client *client = cc->client;
	uint32_t conn = cc->c.conn;
	struct client_chunk *chunk = chunk_of(client->all, conn);

	compare_books(cc);
	client_tcp_give_up(cc);
	cal_cancel(client->all->cal, &cc->timer);
	free_conn(cc);
	chunk->conns[conn % CHUNK] = NULL;
	if (chunk->newest == cc)
		chunk->newest = NULL;
	client->all->n_conns--;
	if (--chunk->n_conns > 0 || client->next_conn / CHUNK == conn / CHUNK)
		return;
	free(chunk->conns);
	chunk->conns = NULL;
}

/* It goes when program, protocol and the board are done with it. */
static void
release(struct client_conn *cc)
{
	const struct clients *all = cc->client->all;

	if (cc->has_descriptor || cc->state != CLIENT_OVER)
		return;
	if (cc->board_is_done ||
	    host_find_socket(all->board, cc->c.conn) == NULL)
		drop(cc);
}

static void
stop(struct client_conn *cc)
{
	struct calendar *cal = cc->client->all->cal;

	cal_cancel(cal, &cc->timer);
	cal_cancel(cal, &cc->read_some);
	peer_conn_stop(&cc->c);
}

void
client_conn_over(struct client_conn *cc)
{
	if (cc->state == CLIENT_OVER)
		return;
	cc->state = CLIENT_OVER;
	stop(cc);
	release(cc);
}

void
client_conn_forget(struct client_conn *cc)
{
	struct client_conn **link = &cc->client->conns;

	while (*link != cc)
		link = &(*link)->next;
	*link = cc->next;
	cc->has_descriptor = false;
	release(cc);
}

/*
 * What is said to the board, and by it
 */
const struct message *
clients_request(const struct clients *all, uint32_t conn, int64_t place)
{
	struct client_conn *cc = clients_find(all, conn);

	return cc != NULL ? speech_at(&cc->requests, place) : NULL;
}

void
clients_say(const struct clients *all, uint32_t conn, int64_t place,
    int64_t bytes)
{
	static const struct sys_words no_words;
	struct client_conn *cc = clients_find(all, conn);

	if (cc != NULL)
		speech_say(&cc->responses, place, bytes, &no_words);
}

static void
tell_again(const struct client_conn *cc, void *arg)
{
	/* what the board is done with, and we, is not there any more */
	if (cc->is_aborted)
		client_tcp_abort_again(clients_find(arg, cc->c.conn));
}

void
client_conns_stop(struct clients *all)
{
	clients_each(all, tell_again, all);
}

void
clients_board_is_done(struct clients *all, const struct socket *so)
{
	struct client_conn *cc = clients_find(all, so->so_id);

	if (cc == NULL)
		return;
	cc->board_is_done = true;
	cc->board = so->stats;
	release(cc);
}

/*
 * TIME_WAIT
 */
static void
expect_late(struct clients *all)
{
	if (all->late_head != NULL)
		cal_schedule(all->cal, &all->late_event,
		    all->late_head->late_until);
}

void
client_conn_late(struct client_conn *cc)
{
	struct clients *all = cc->client->all;

	stop(cc);
	cc->state = CLIENT_TIME_WAIT_STATE;
	cc->late_until = all->cal->now + CLIENT_TIME_WAIT;
	cc->next_late = NULL;
	if (all->late_head != NULL) {
		all->late_tail->next_late = cc;
		all->late_tail = cc;
		return;
	}
	all->late_head = all->late_tail = cc;
	expect_late(all);
}

static void
no_longer_late(void *arg)
{
	struct clients *all = arg;
	struct client_conn *cc = all->late_head;

	all->late_head = cc->next_late;
	expect_late(all);
	client_conn_over(cc);
}

void
client_conns_init(struct clients *all)
{
	cal_event_init(&all->late_event, no_longer_late, all);
	all->late_event.is_background = true;
}

void
client_conns_fini(struct clients *all)
{
	for (uint32_t i = 0; i < all->n_chunks; i++) {
		struct client_conn **conns = all->chunks[i].conns;

		for (int k = 0; k < CHUNK && conns != NULL; k++)
			if (conns[k] != NULL)
				free_conn(conns[k]);
		free(conns);
	}
	free(all->chunks);
}
