#include "models/world_clients.h"

#include "models/base/check.h"

void
world_clients_receive(void *arg, const struct frame *frame)
{
	struct world *world = arg;

	if (frame->conn < CLIENT_NUMBERS)
		peer_receive(&world->peer, frame);
	else
		net_out(&world->net,
		    clients_owner(&world->clients, frame->conn), frame);
}

/* => false: it has to come to the end of the wire first */
static bool
take_early(void *arg, sim_time arrives_at, const struct frame *frame)
{
	struct world *world = arg;

	return frame->conn >= CLIENT_NUMBERS && net_out_early(&world->net,
	    clients_owner(&world->clients, frame->conn), arrives_at, frame);
}

static void
to_client(void *arg, uint32_t client, const struct frame *frame)
{
	struct world *world = arg;

	clients_receive(&world->clients, client, frame);
}

static void
to_board(void *arg, const struct frame *frame)
{
	struct world *world = arg;

	/* who asks was silent before; who acknowledges was not */
	if (frame->payload_bytes > 0)
		guests_expect(&world->host.guests, frame->conn);
	wire_send(&world->to_board, world->cal.now, frame);
}

static void
from_client(void *arg, uint32_t client, sim_time ready_at,
    const struct frame *frame)
{
	struct world *world = arg;

	net_back(&world->net, client, ready_at, frame);
}

static void
will_send(void *arg, uint32_t client)
{
	const struct world *world = arg;

	net_expect(&world->net, client);
}

void
world_clients_init(struct world *world)
{
	const struct world_config *config = &world->config;

	clients_init(&world->clients, &config->peer, &world->cal,
	    &world->host);
	world->clients.send = from_client;
	world->clients.will_send = will_send;
	world->clients.arg = world;
	net_init(&world->net, &world->cal, &config->net);
	world->net.to_client = to_client;
	world->net.to_board = to_board;
	world->net.arg = world;
	if (path_is_clean(&config->to_peer_path))
		world->to_peer.take_early = take_early;
}

struct proc *
world_add_client(struct world *world, const char *name,
    struct proc_program program)
{
	CHECK(world->clients.n < world->config.net.n_clients,
	    "each client has a way through the network");
	return &clients_add(&world->clients, name, program)->proc;
}
