/*
 * The clients of a world, and the network to them, put together.
 *
 * Stands for: what is behind the board's wire when clients call.  The number of
 *	a connection says where a frame goes there: to a client, or past them to
 *	the ideal peer, which the board calls itself.
 * Units: none.  Owns: nothing; the world does.
 */
#ifndef MODELS_WORLD_CLIENTS_H
#define MODELS_WORLD_CLIENTS_H

#include "models/world.h"

/*
 * world_clients_init: => the wire to them is laid, and delivers to
 *	world_clients_receive at its end, or to a path before that
 */
void world_clients_init(struct world *world);

/* world_clients_receive: a frame is at the end of the way. => arg: the world */
void world_clients_receive(void *arg, const struct frame *frame);

#endif
