/*
 * client: asks for files, and waits for each.
 *
 * Stands for: browsers, and whoever else asks over TCP: it connects, asks for
 *	`requests` files, one behind the other, each drawn by its share, or in
 *	turn, and closes; then again.  Between any two files it thinks: before
 *	it connects, if the next one needs a connection.  With a piece it asks
 *	for pieces of a file, as clients of file servers do.  Whose connection
 *	is refused or lost tries again after a second.
 *	A user may press stop while a response comes: it closes its connection
 *	at once, thinks, and opens the next one.
 *	What it asks travels as words (models/inet/speech.h).
 * How: in steps, each from the end of one call to the next one (steps.h).
 * Leaves out: several connections at a time, requests before the last response
 *	has come, writing.
 * Units: as in process.h.  Owns: what it has in mind.
 */
#ifndef SIM_PROCESS_CLIENT_H
#define SIM_PROCESS_CLIENT_H

#include "sim/process/process.h"

/* client_begin: has made no call yet */
void client_begin(struct process *ps);

/* client_step: go on, with the result of the last call. => false: it is done */
bool client_step(struct process *ps, int64_t result);

#endif
