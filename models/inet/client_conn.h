/*
 * The parts of light clients, to each other.
 *
 * Units: bytes, ps.  Owns: nothing.
 */
#ifndef MODELS_INET_CLIENT_CONN_H
#define MODELS_INET_CLIENT_CONN_H

#include "models/inet/client.h"

/*
 * Connections (client_conn.c).
 *
 * client_conn_new: with a number and a descriptor. => NULL: no number is left
 * client_conn_over: nothing of it is left to happen; has no effect twice
 * client_conn_late: both have closed, this end first
 * client_conn_forget: the program is done with it. => it may be gone
 * client_conn_expect: it will be used: the host's memory shall have it by then
 */
void client_conns_init(struct clients *all);
struct client_conn *client_conn_new(struct client *client, uint16_t port);
void client_conn_over(struct client_conn *cc);
void client_conn_late(struct client_conn *cc);
void client_conn_forget(struct client_conn *cc);
void client_conn_expect(const struct client_conn *cc);
void client_conns_fini(struct clients *all);

/* client_conns_stop: who has not heard of a reset is told again */
void client_conns_stop(struct clients *all);

/*
 * What it sends (client_tcp.c).
 *
 * client_tcp_connect: the SYN
 * client_tcp_request: => nothing is unacknowledged
 * client_tcp_close: the FIN, or nothing if that is no use any more, or a reset.
 *	=> it may be over
 * client_tcp_abort_again: the reset once more, and every second
 * client_tcp_receive: a frame of it
 * client_tcp_wait: a program begins to wait for a response
 * client_tcp_start: for all of them; client_tcp_give_up: one goes
 */
void client_tcp_start(struct clients *all);
void client_tcp_give_up(struct client_conn *cc);
void client_tcp_init(struct client_conn *cc);
void client_tcp_connect(struct client_conn *cc);
void client_tcp_request(struct client_conn *cc, int64_t bytes,
    const struct sys_words *words);
void client_tcp_close(struct client_conn *cc);
void client_tcp_abort_again(struct client_conn *cc);
void client_tcp_receive(struct client_conn *cc, const struct frame *frame);
void client_tcp_wait(struct client_conn *cc);

/*
 * What its program hears (client.c).
 *
 * client_look: something has happened: perhaps the call that waits can go on
 * client_fail: the connection is lost, for a reason
 */
void client_look(struct client_conn *cc);
void client_fail(struct client_conn *cc, int64_t error);

#endif
