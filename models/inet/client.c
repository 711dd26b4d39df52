/*
 * Clients and their calls.
 */
#include "models/inet/client.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/base/min.h"
#include "models/inet/client_conn.h"
#include "models/inet/peer_output.h"
#include "models/inet/peer_window.h"
#include "models/inet/tcp.h"

static void stop_next(void *arg);

/* What connections send: the number tells whose it is. */
static void
transmit(void *arg, sim_time ready_at, const struct frame *frame)
{
	struct clients *all = arg;

	all->send(all->arg, clients_owner(all, frame->conn), ready_at, frame);
}

void
clients_init(struct clients *all, const struct peer_config *config,
    struct calendar *cal, const struct host *board)
{
	memset(all, 0, sizeof *all);
	all->cal = cal;
	all->board = board;
	pool_init(&all->machines, "clients", sizeof(struct client));
	pool_init(&all->connections, "connections of clients",
	    sizeof(struct client_conn));
	peer_init(&all->peer, config, cal, NULL);
	all->peer.transmit = transmit;
	all->peer.transmit_arg = all;
	client_tcp_start(all);
	cal_event_init(&all->stopper, stop_next, all);
	client_conns_init(all);
}

void
clients_fini(struct clients *all)
{
	if (all->cal == NULL)
		return;
	client_conns_fini(all);
	pool_fini(&all->machines);
	pool_fini(&all->connections);
	free(all->client);
	peer_fini(&all->peer);
	memset(all, 0, sizeof *all);
}

/*
 * Going on
 */
static void
wake(struct client *client, int64_t result)
{
	struct proc *p = &client->proc;

	if (client->waits_for != NULL)
		client->waits_for->is_waited_for = false;
	if (client->waits == CLIENT_WAITS_RESPONSE)
		cal_release(client->all->cal);
	client->waits = CLIENT_WAITS_NOT;
	client->waits_for = NULL;
	p->result = result;
	p->state = PROC_IN_PROGRAM;
	client->all->n_in_program++;
	cal_stop(client->all->cal);
	p->program.wake(p->program.arg);
}

/* => true: as sys_enter */
static bool
wait(struct client *client, enum client_wait what, struct client_conn *cc)
{
	client->waits = what;
	client->waits_for = cc;
	if (cc != NULL) {
		cc->is_waited_for = true;
		if (what != CLIENT_WAITS_RESPONSE)
			cc->look_at = 0;
	}
	/* somebody's patience will end */
	if (what == CLIENT_WAITS_RESPONSE)
		cal_hold(client->all->cal);
	client->proc.state = PROC_ASLEEP;
	client->all->n_in_program--;
	return true;
}

static bool
answer(struct client *client, int64_t result)
{
	client->proc.result = result;
	return false;
}

/*
 * It has thought, and will ask: what that takes has not been touched for long,
 * and the simulator's own memory can fetch all of it at once.
 */
static void
slept(void *arg)
{
	const struct client *client = arg;
	const struct clients *all = client->all;

	__builtin_prefetch(client->proc.program.arg);
	if (client->conns != NULL)
		client_conn_expect(client->conns);
	if (all->will_send != NULL)
		all->will_send(all->arg, client->number);
	wake(arg, 0);
}

struct client *
clients_add(struct clients *all, const char *name,
    struct proc_program program)
{
	struct client *client = pool_get(&all->machines);
	uint32_t n = all->n;

	if ((n & (n - 1)) == 0) {
		all->client = realloc(all->client,
		    (n > 0 ? 2 * n : 1) * sizeof(struct client *));
		CHECK(all->client != NULL, "memory for clients");
	}
	proc_init_client(&client->proc, client, name, program);
	cal_event_init(&client->proc.timer, slept, client);
	client->number = n;
	client->all = all;
	all->client[all->n++] = client;
	all->n_alive++;
	all->n_in_program++;
	return client;
}

/*
 * Responses
 */

/* => false: its program will have read that far later, and looks then */
static bool
has_read_to(struct client_conn *cc, int64_t place)
{
	sim_time at;

	if (cc->c.bytes_received < place)
		return false;
	if (cc->c.peer->reads_at_once || cc->state == CLIENT_OVER)
		return true;
	at = peer_read_date(&cc->c, place);
	cal_cancel(cc->c.peer->cal, &cc->read_some);
	if (at > cc->c.peer->cal->now)
		cal_schedule(cc->c.peer->cal, &cc->read_some, at);
	return at <= cc->c.peer->cal->now;
}

/*
 * => true, and bytes: it is whole; or below 0: it never will be, or its program
 *    has had enough (EINTR: a user has interrupted it)
 */
static bool
look_for_response(struct client_conn *cc, int64_t *bytes)
{
	const struct message *m = speech_at(&cc->responses, cc->answered);
	int64_t there = cc->c.bytes_received;
	int64_t end = m != NULL ? m->from + m->bytes : there;
	bool is_at_end = cc->c.state != PEER_ESTABLISHED;
	bool is_there = m != NULL ? there >= end :
	    is_at_end && there > cc->answered;

	*bytes = end - cc->answered;
	if (is_there && has_read_to(cc, end))
		return true;
	*bytes = cc->error != 0 ? cc->error : SYS_ECONNABORTED;
	if (is_at_end && !is_there)
		return true;
	*bytes = SYS_EINTR;
	if (has_read_to(cc, cc->enough))
		return true;
	/* what is said comes before its bytes */
	if (m == NULL)
		end = there + 1;
	cc->look_at = end < cc->enough ? end : cc->enough;
	return false;
}

/* What the end of the run breaks off has not failed. */
static void
note_failure(struct clients *all)
{
	all->stats.n_failed += !all->is_stopped;
}

static void
note_response(struct client_conn *cc, int64_t bytes)
{
	struct client_stats *stats = &cc->client->all->stats;
	sim_time took = cc->c.peer->cal->now - cc->asked_at;

	cc->has_asked = false;
	if (bytes < 0) {
		cc->is_abandoned = bytes == SYS_EINTR;
		if (cc->is_abandoned)
			stats->n_abandoned++;
		else
			note_failure(cc->client->all);
		return;
	}
	cc->answered += bytes;
	stats->n_requests++;
	stats->response_rest += took;
	stats->response_us += stats->response_rest / PS_PER_US;
	stats->response_rest %= PS_PER_US;
	if (took > stats->response_max_ps)
		stats->response_max_ps = took;
}

static void
ask(struct client_conn *cc, int64_t bytes, const struct sys_words *words)
{
	if (!cc->has_asked)
		cc->asked_at = cc->c.peer->cal->now;
	cc->has_asked = true;
	client_tcp_request(cc, bytes, words);
}

void
client_look(struct client_conn *cc)
{
	struct client *client = cc->client;
	int64_t bytes;

	if (client->waits_for != cc)
		return;
	switch (client->waits) {
	case CLIENT_WAITS_CONNECT:
		if (cc->state == CLIENT_OPEN)
			wake(client, cc->fd);
		return;
	case CLIENT_WAITS_SEND:
		if (cc->unacked_bytes > 0)
			return;
		ask(cc, client->len, &client->words);
		wake(client, client->len);
		return;
	case CLIENT_WAITS_RESPONSE:
		if (!look_for_response(cc, &bytes))
			return;
		note_response(cc, bytes);
		wake(client, bytes);
		return;
	case CLIENT_WAITS_NOT:
	case CLIENT_SLEEPS:
		return;
	}
}

void
client_fail(struct client_conn *cc, int64_t error)
{
	struct client *client = cc->client;
	bool is_waited_for = client->waits_for == cc;
	enum client_wait waits = client->waits;

	cc->error = error;
	cc->c.state = PEER_CLOSED;
	client_conn_over(cc);
	if (!is_waited_for)
		return;
	note_failure(client->all);
	wake(client, error);
	if (waits == CLIENT_WAITS_CONNECT)
		client_conn_forget(cc);
}

/*
 * Calls
 */
static struct client_conn *
conn_of(const struct client *client, int fd)
{
	struct client_conn *cc = client->conns;

	while (cc != NULL && cc->fd != fd)
		cc = cc->next;
	return cc;
}

static bool
enter_connect(struct client *client, const struct sys_call *call)
{
	struct client_conn *cc = client_conn_new(client, call->port);

	if (cc == NULL)
		return answer(client, SYS_EADDRNOTAVAIL);
	client_tcp_connect(cc);
	return wait(client, CLIENT_WAITS_CONNECT, cc);
}

static bool
enter_request(struct client *client, const struct sys_call *call)
{
	static const struct sys_words no_words;
	const struct sys_words *words =
	    call->words != NULL ? call->words : &no_words;
	struct client_conn *cc = conn_of(client, call->fd);

	if (cc == NULL)
		return answer(client, SYS_EBADF);
	if (call->len <= 0)
		return answer(client, SYS_EINVAL);
	if (cc->state != CLIENT_OPEN)
		return answer(client, cc->error != 0 ? cc->error : SYS_EPIPE);
	if (call->len > cc->maxseg)
		return answer(client, SYS_EMSGSIZE);
	if (cc->unacked_bytes == 0) {
		ask(cc, call->len, words);
		return answer(client, call->len);
	}
	client->len = call->len;
	client->words = *words;
	return wait(client, CLIENT_WAITS_SEND, cc);
}

static bool
enter_response(struct client *client, const struct sys_call *call)
{
	struct client_conn *cc = conn_of(client, call->fd);
	int64_t bytes;

	if (cc == NULL)
		return answer(client, SYS_EBADF);
	if (!cc->has_asked)
		cc->asked_at = client->all->cal->now;
	cc->enough = call->len > 0 ? cc->answered + call->len : INT64_MAX;
	if (look_for_response(cc, &bytes)) {
		note_response(cc, bytes);
		return answer(client, bytes);
	}
	client_tcp_wait(cc);
	return wait(client, CLIENT_WAITS_RESPONSE, cc);
}

static void
close_conn(struct client_conn *cc)
{
	client_tcp_close(cc);
	client_conn_forget(cc);
}

static bool
enter_close(struct client *client, const struct sys_call *call)
{
	struct client_conn *cc = conn_of(client, call->fd);

	if (cc == NULL)
		return answer(client, SYS_EBADF);
	close_conn(cc);
	return answer(client, 0);
}

static bool
enter_sleep(struct client *client, const struct sys_call *call)
{
	struct calendar *cal = client->all->cal;

	if (call->len <= cal->now)
		return answer(client, 0);
	cal_schedule(cal, &client->proc.timer, call->len);
	return wait(client, CLIENT_SLEEPS, NULL);
}

static bool
enter_exit(struct client *client, const struct sys_call *call)
{
	while (client->conns != NULL)
		close_conn(client->conns);
	client->proc.exit_status = call->len;
	client->proc.state = PROC_DEAD;
	client->all->n_alive--;
	client->all->n_in_program--;
	return true;
}

bool
client_enter(struct client *client, const struct sys_call *call)
{
	if (client->all->is_stopped && call->nr != SYS_CLOSE &&
	    call->nr != SYS_EXIT)
		return answer(client, SYS_ENDED);
	if (call->nr == SYS_CONNECT)
		return enter_connect(client, call);
	if (call->nr == SYS_REQUEST)
		return enter_request(client, call);
	if (call->nr == SYS_RESPONSE)
		return enter_response(client, call);
	if (call->nr == SYS_CLOSE)
		return enter_close(client, call);
	if (call->nr == SYS_SLEEP)
		return enter_sleep(client, call);
	if (call->nr == SYS_EXIT)
		return enter_exit(client, call);
	/* what a machine without a kernel has not got */
	return answer(client, SYS_EINVAL);
}

/*
 * The end of a run
 */
static void
interrupt(struct client *client)
{
	struct client_conn *cc = client->waits_for;

	enum client_wait waits = client->waits;

	cal_cancel(client->all->cal, &client->proc.timer);
	wake(client, SYS_ENDED);
	if (waits == CLIENT_WAITS_CONNECT)
		close_conn(cc);
}

/* One at a time: what programs do then, they do in this order, and apart. */
static void
stop_next(void *arg)
{
	struct clients *all = arg;
	struct client *client;

	while (all->n_stopped < all->n) {
		client = all->client[all->n_stopped++];
		if (client->proc.state != PROC_ASLEEP)
			continue;
		cal_schedule(all->cal, &all->stopper, all->cal->now +
		    min_i64(CLIENT_STOP_APART, CLIENT_STOP_TIME / all->n));
		interrupt(client);
		return;
	}
}

void
clients_stop(struct clients *all)
{
	if (all->is_stopped || all->n == 0)
		return;
	all->is_stopped = true;
	client_conns_stop(all);
	cal_schedule(all->cal, &all->stopper, all->cal->now);
}

static void
quit(const struct client_conn *cc, void *arg)
{
	struct client_conn *own = clients_find(arg, cc->c.conn);

	cal_cancel(cc->client->all->cal, &own->timer);
	cal_cancel(cc->client->all->cal, &own->c.reader);
}

void
clients_quit(struct clients *all)
{
	all->peer.has_quit = true;
	clients_each(all, quit, all);
}

/*
 * The board
 */
void
clients_receive(struct clients *all, uint32_t client,
    const struct frame *frame)
{
	struct client_conn *cc = clients_find(all, frame->conn);

	CHECK(clients_owner(all, frame->conn) == client,
	    "a frame comes to the client that it is for");
	if (cc != NULL && cc->state != CLIENT_OVER)
		client_tcp_receive(cc, frame);
	else if ((frame->th.flags & TH_RST) == 0)
		peer_send_reset(&all->peer, frame);
}
