#include "sim/process/client.h"

#include <stdlib.h>

#include "models/base/check.h"
#include "models/base/min.h"
#include "models/base/random.h"
#include "sim/process/sys.h"

/* What streams of other purposes are numbered below. */
enum { FIRST_STREAM = 1000 };

/* Who is refused waits a while, whatever it thinks. */
#define AFTER_FAILURE	(1 * PS_PER_S)

/*
 * A client at work.  Of the call under way `next` gets the result, and makes
 * the next call.
 */
struct visitor {
	struct process *ps;
	const struct process_config *config;
	int64_t (*next)(struct visitor *v, int64_t n);	/* NULL: it is done */
	struct random random;
	uint64_t turn;
	int64_t n_visits;	/* connections it is done with */
	int fd;
	int64_t n_files;	/* of this connection, that it has got */
	const struct file_share *file;
	struct sys_words words;
	int64_t enough;		/* bytes after which it presses stop, or 0 */
	int64_t outcome;	/* of this connection; below 0: why it failed,
				 * or SYS_EINTR: it was broken off */
};

static int64_t call_server(struct visitor *v, int64_t n);
static int64_t choose(struct visitor *v, int64_t n);

static int64_t
leave(struct visitor *v)
{
	v->next = NULL;
	return 0;
}

/*
 * Time
 */
static sim_time
draw_time(struct random *random, sim_time mean, sim_time spread)
{
	if (spread <= 0)
		return mean;
	return mean - spread +
	    (sim_time)random_below(random, (uint64_t)(2 * spread) + 1);
}

/* ... and then: next, which hears below 0 when the run has ended */
static int64_t
pause_for(struct visitor *v, sim_time interval,
    int64_t (*next)(struct visitor *v, int64_t n))
{
	v->next = next;
	return interval <= 0 ? 0 :
	    sys_sleep_until(v->ps, sys_now(v->ps) + interval);
}

static int64_t
think(struct visitor *v, int64_t (*next)(struct visitor *v, int64_t n))
{
	return pause_for(v, draw_time(&v->random, v->config->think,
	    v->config->think_spread), next);
}

static int64_t
arrive(struct visitor *v, int64_t n)
{
	(void)n;
	return pause_for(v, (sim_time)random_below(&v->random,
	    (uint64_t)v->config->start_spread + 1), call_server);
}

/*
 * A connection
 */

/* Trying again would not help; all else is counted by the clients. */
static bool
is_hopeless(int64_t error)
{
	return error == SYS_EADDRNOTAVAIL || error == SYS_EMSGSIZE ||
	    error == SYS_EINVAL;
}

static bool
has_failed(int64_t n)
{
	return n < 0 && n != SYS_EINTR;
}

/* It is done with one: what was, is in v->outcome. */
static int64_t
look_back(struct visitor *v, int64_t n)
{
	n = v->outcome;
	if (is_hopeless(n))
		process_note(v->ps, n);
	if (is_hopeless(n) || n == SYS_ENDED ||
	    ++v->n_visits == v->config->connections)
		return leave(v);
	return has_failed(n) ? pause_for(v, AFTER_FAILURE, call_server) :
	    think(v, call_server);
}

static int64_t
hang_up(struct visitor *v, int64_t outcome)
{
	v->outcome = outcome;
	v->next = look_back;
	return sys_close(v->ps, v->fd);
}

static int64_t
connected(struct visitor *v, int64_t n)
{
	v->fd = (int)n;
	v->outcome = n;
	v->n_files = 0;
	return n < 0 ? look_back(v, n) : choose(v, 0);
}

static int64_t
call_server(struct visitor *v, int64_t n)
{
	struct sys_sockopts opts = sys_sockopts_of(v->config);

	if (n < 0)
		return leave(v);
	v->next = connected;
	return sys_connect(v->ps, v->config->port, &opts);
}

/*
 * A file
 */

/* By their shares; without shares in turn, each client from another one on. */
static const struct file_share *
choose_file(struct visitor *v)
{
	const struct process_config *config = v->config;
	size_t i = 0;
	int64_t drawn;

	if (config->files[0].percent == 0)
		return &config->files[v->turn++ % config->n_files];
	drawn = (int64_t)random_below(&v->random, 100);
	while (drawn >= config->files[i].percent)
		drawn -= config->files[i++].percent;
	return &config->files[i];
}

static int64_t answered(struct visitor *v, int64_t n);

static int64_t
asked(struct visitor *v, int64_t n)
{
	if (n < 0)
		return hang_up(v, n);
	v->next = answered;
	return sys_response_until(v->ps, v->fd, v->enough);
}

/* => the bytes of the next response after which it presses stop; 0: never */
static int64_t
draw_enough(struct visitor *v)
{
	return v->config->abandon > 0 &&
	    random_chance(&v->random, v->config->abandon) ?
	    v->config->abandon_after : 0;
}

/* All of it, or the next piece. */
static int64_t
ask(struct visitor *v)
{
	const struct process_config *config = v->config;
	int64_t left = v->file->bytes - v->words.offset;

	v->words.len = config->piece > 0 ? min_i64(config->piece, left) :
	    left;
	v->enough = draw_enough(v);
	v->words.is_last = v->words.len == left &&
	    v->n_files == config->requests - 1;
	v->next = asked;
	return sys_request(v->ps, v->fd, config->request_size, &v->words);
}

static int64_t
answered(struct visitor *v, int64_t n)
{
	if (n < 0)
		return hang_up(v, n);
	v->words.offset += v->words.len;
	if (v->words.offset < v->file->bytes)
		return ask(v);
	if (++v->n_files == v->config->requests)
		return hang_up(v, n);
	return think(v, choose);
}

/* => n below 0: the run has ended while it thought */
static int64_t
choose(struct visitor *v, int64_t n)
{
	if (n < 0)
		return hang_up(v, n);
	v->file = choose_file(v);
	v->words = (struct sys_words){.file = v->file->file};
	return ask(v);
}

/*
 * Steps
 */
void
client_begin(struct process *ps)
{
	struct visitor *v = calloc(1, sizeof *v);

	CHECK(v != NULL, "memory for a client's program");
	v->ps = ps;
	v->config = ps->config->group != NULL ? ps->config->group : ps->config;
	v->turn = ps->config->number;
	v->next = arrive;
	random_init(&v->random, ps->config->seed,
	    FIRST_STREAM + ps->config->number);
	ps->program = v;
}

bool
client_step(struct process *ps, int64_t result)
{
	struct visitor *v = ps->program;

	do
		result = v->next(v, result);
	while (result != SYS_WAITS && v->next != NULL);
	if (v->next != NULL)
		return true;
	free(v);
	ps->program = NULL;
	return false;
}
