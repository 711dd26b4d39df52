#include "models/hw/net.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/base/hostmem.h"

enum { OUT, BACK, N_WAYS };

/* A frame under way. */
struct net_flight {
	struct net_flight *next;	/* on the same pipe */
	sim_time at;		/* the end of what it has passed */
	uint32_t way;
	uint32_t step;		/* pipes passed */
	struct frame frame;
};

static void arrived(void *arg);

static void
pipe_init(struct net_pipe *pipe, struct net *net,
    const struct net_link_config *config)
{
	pipe->net = net;
	pipe->is_fat = config->policy == NET_FATPIPE;
	if (pipe->is_fat)
		pipe->link.delay = config->delay;
	else
		link_init(&pipe->link, &(struct link_config){
		    config->bits_per_s, config->delay});
	cal_event_init(&pipe->arrival, arrived, pipe);
}

/*
 * Routes
 */

/* Each link has two pipes: of a SPLITDUPLEX one both are in use. */
static uint32_t
pipe_of(const struct net_config *config, const struct net_hop *hop)
{
	bool is_split = config->links[hop->link].policy == NET_SPLITDUPLEX;

	CHECK(hop->link < config->n_links, "a route leads over known links");
	return 2 * hop->link + (is_split && hop->is_back);
}

static uint32_t *
lay_way(struct net *net, struct net_way *way, uint32_t *steps,
    const struct net_hop *hops, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		steps[i] = pipe_of(&net->config, &hops[i]);
	*way = (struct net_way){steps, n};
	return steps + n;
}

static size_t
count_steps(const struct net_config *config)
{
	size_t n = 0;

	for (uint32_t i = 0; i < config->n_clients; i++)
		n += config->routes[i].n_out + config->routes[i].n_back;
	return n;
}

static void
lay_routes(struct net *net)
{
	const struct net_config *config = &net->config;
	uint32_t *steps = calloc(count_steps(config) + 1, sizeof *steps);

	net->steps = steps;
	net->ways = calloc(N_WAYS * (size_t)config->n_clients + 1,
	    sizeof *net->ways);
	CHECK(steps != NULL && net->ways != NULL,
	    "memory for the routes of a network");
	for (uint32_t i = 0; i < config->n_clients; i++) {
		const struct net_route *route = &config->routes[i];

		steps = lay_way(net, &net->ways[N_WAYS * i + OUT], steps,
		    route->out, route->n_out);
		steps = lay_way(net, &net->ways[N_WAYS * i + BACK], steps,
		    route->back, route->n_back);
	}
}

static inline bool
is_star(const struct net *net)
{
	return net->config.routes == NULL;
}

static inline uint32_t
n_steps(const struct net *net, uint32_t way)
{
	return is_star(net) ? 1 : net->ways[way].n;
}

/* A star's lines are one link each: its pipes are numbered as its ways are. */
static inline uint32_t
nth_step(const struct net *net, uint32_t way, uint32_t step)
{
	if (!is_star(net))
		return net->ways[way].pipes[step];
	return net->config.star.policy == NET_SPLITDUPLEX ? way :
	    way - way % N_WAYS;
}

/*
 * Do all frames that reach this step of a way reach its pipe as those of the
 * other way do?  What comes back comes from clients, and each is another one.
 */
static bool
is_same_way(const struct net *net, uint32_t a, uint32_t b, uint32_t step)
{
	if (a == b)
		return true;
	if (a % N_WAYS == BACK || b % N_WAYS == BACK)
		return false;
	return memcmp(net->ways[a].pipes, net->ways[b].pipes,
	    (step + 1) * sizeof *net->steps) == 0;
}

/* Which pipes are reached by more than one way? */
static void
find_merges(struct net *net)
{
	struct user { uint32_t way, step; bool is_known; } *first =
	    calloc(net->n_pipes + 1, sizeof *first);

	CHECK(first != NULL, "memory for the routes of a network");
	for (uint32_t w = 0; w < N_WAYS * net->config.n_clients; w++)
		for (uint32_t s = 0; s < n_steps(net, w); s++) {
			uint32_t pipe = nth_step(net, w, s);

			if (!first[pipe].is_known)
				first[pipe] = (struct user){w, s, true};
			else if (first[pipe].step != s ||
			    !is_same_way(net, first[pipe].way, w, s))
				net->pipes[pipe].is_merged = true;
		}
	free(first);
}

static void
make_pipes(struct net *net)
{
	const struct net_config *config = &net->config;
	bool is_star = config->routes == NULL;

	net->n_pipes = 2 * (is_star ? config->n_clients : config->n_links);
	net->pipes = hostmem_zeroed((net->n_pipes + 1) * sizeof *net->pipes,
	    "memory for the links of a network");
	for (uint32_t i = 0; i < net->n_pipes; i++)
		pipe_init(&net->pipes[i], net,
		    is_star ? &config->star : &config->links[i / 2]);
}

void
net_init(struct net *net, struct calendar *cal,
    const struct net_config *config)
{
	const struct net_link_config no_delay = {.policy = NET_FATPIPE};

	memset(net, 0, sizeof *net);
	net->cal = cal;
	net->config = *config;
	pool_init(&net->flights, "frames of a network",
	    sizeof(struct net_flight));
	make_pipes(net);
	pipe_init(&net->late, net, &no_delay);
	if (!is_star(net))
		lay_routes(net);
	find_merges(net);
}

void
net_fini(struct net *net)
{
	free(net->pipes);
	free(net->steps);
	free(net->ways);
	pool_fini(&net->flights);
	memset(net, 0, sizeof *net);
}

/*
 * Frames
 */

/* => when the frame is through */
static sim_time
pass(struct net_pipe *pipe, sim_time at, const struct frame *frame)
{
	if (pipe->is_fat) {
		pipe->link.n_frames++;
		return at + pipe->link.delay;
	}
	return link_send(&pipe->link, at, frame->ip_bytes).arrives_at;
}

static void
wait_on(struct net_pipe *pipe, struct net_flight *f)
{
	f->next = NULL;
	if (pipe->head != NULL)
		pipe->tail->next = f;
	else {
		pipe->head = f;
		cal_schedule(pipe->net->cal, &pipe->arrival, f->at);
	}
	pipe->tail = f;
}

static void
finish(struct net *net, struct net_flight *f)
{
	net->stats.n_out++;
	if (f->way % N_WAYS == OUT)
		net->to_client(net->arg, f->way / N_WAYS, &f->frame);
	else
		net->to_board(net->arg, &f->frame);
	pool_put(&net->flights, f);
}

static inline struct net_pipe *
pipe_at(struct net *net, uint32_t way, uint32_t step)
{
	return &net->pipes[nth_step(net, way, step)];
}

/* As far as arithmetic goes: up to a pipe where several ways meet. */
static void
go_on(struct net *net, struct net_flight *f)
{
	struct net_pipe *pipe;

	if (f->step == n_steps(net, f->way)) {
		finish(net, f);
		return;
	}
	do {
		pipe = pipe_at(net, f->way, f->step++);
		f->at = pass(pipe, f->at, &f->frame);
		net->stats.n_hops++;
	} while (f->step < n_steps(net, f->way) &&
	    !pipe_at(net, f->way, f->step)->is_merged);
	wait_on(pipe, f);
}

static void
arrived(void *arg)
{
	struct net_pipe *pipe = arg;
	struct net_flight *f = pipe->head;

	pipe->head = f->next;
	if (pipe->head != NULL)
		cal_schedule(pipe->net->cal, &pipe->arrival, pipe->head->at);
	go_on(pipe->net, f);
}

static struct net_flight *
take_off(struct net *net, uint32_t way, sim_time at,
    const struct frame *frame)
{
	struct net_flight *f = pool_get(&net->flights);

	f->at = at;
	f->way = way;
	f->frame = *frame;
	net->stats.n_in++;
	return f;
}

void
net_out(struct net *net, uint32_t client, const struct frame *frame)
{
	go_on(net, take_off(net, N_WAYS * client + OUT, net->cal->now,
	    frame));
}

/* Do frames of this way meet others at once? */
static bool
begins_merged(struct net *net, uint32_t way)
{
	return n_steps(net, way) == 0 || pipe_at(net, way, 0)->is_merged;
}

bool
net_out_early(struct net *net, uint32_t client, sim_time comes_at,
    const struct frame *frame)
{
	uint32_t way = N_WAYS * client + OUT;

	if (begins_merged(net, way))
		return false;
	go_on(net, take_off(net, way, comes_at, frame));
	return true;
}

void
net_back(struct net *net, uint32_t client, sim_time ready_at,
    const struct frame *frame)
{
	struct net_flight *f = take_off(net, N_WAYS * client + BACK, ready_at,
	    frame);

	if (ready_at > net->cal->now && begins_merged(net, f->way))
		wait_on(&net->late, f);
	else
		go_on(net, f);
}

void
net_expect(const struct net *net, uint32_t client)
{
	for (uint32_t way = N_WAYS * client; way < N_WAYS * (client + 1);
	    way++) {
		const char *pipe;

		if (n_steps(net, way) == 0)
			continue;
		pipe = (const char *)&net->pipes[nth_step(net, way, 0)];
		__builtin_prefetch(pipe, 1);
		__builtin_prefetch(pipe + HOSTMEM_LINE, 1);
	}
}

int64_t
net_under_way(const struct net *net)
{
	return (int64_t)pool_in_use(&net->flights);
}
