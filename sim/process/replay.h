/*
 * replay: a recorded program, done again.
 *
 * Stands for: one process of a recording (sim/trace/story.h): its calls about
 *	files it sends and connections, in the recorded order, with the lengths
 *	asked for.  Each write waits until all of it is taken, whatever the
 *	recorded sockets did; unless the process waited for several connections
 *	at once.  Then it does so with poll(2), and the recorded order is that
 *	of each connection (replay_events.c).
 * Leaves out: what a program does besides; think times, unless they are kept.
 * Ports: from the process's on, one for each client that is active at a time.
 * Units: bytes; the story's ns.  Owns: nothing that outlives it.
 */
#ifndef SIM_PROCESS_REPLAY_H
#define SIM_PROCESS_REPLAY_H

#include "sim/process/process.h"

/* replay_main: with is_client, the other one */
void replay_main(struct process *ps);

/*
 * replay_client_main: who was behind connections that the program accepted,
 * one after the other; it asks as much as was received, and waits for as much
 * as was sent.
 */
void replay_client_main(struct process *ps);

#endif
