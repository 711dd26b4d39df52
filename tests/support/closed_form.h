/*
 * Closed forms of TCP: what a formula says, against what the model does.
 *
 * The kernel costs nothing here and its memory next to nothing, so that a date
 * is the sum of what frames take on the wire, and a formula can be written
 * down.
 *
 *	a full frame	8 + 14 + 1500 + 4 = 1526 byte times until it is there,
 *			1538 until the next may begin
 *	an ACK		8 + 60 + 4 = 72, and 84
 *	a byte time	80 ns
 */
#ifndef TESTS_SUPPORT_CLOSED_FORM_H
#define TESTS_SUPPORT_CLOSED_FORM_H

#include "tests/support/crank.h"
#include "tests/support/wiretap.h"

enum { FORM_MSS = 1460, FORM_BIG_BUFFER = 233016 };

#define FORM_BYTE	(80 * PS_PER_NS)
#define FORM_FRAME	(1526 * FORM_BYTE)
#define FORM_FRAME_GAP	(1538 * FORM_BYTE)
#define FORM_ACK	(72 * FORM_BYTE)

/* One connection that is written to without end. */
struct form {
	struct crank crank;
	struct wiretap tap;
	struct world_config config;
	struct socket *so;
	struct tcpcb *tp;
	int fd;
	uint64_t addr;
};

/*
 * form_config: that machine, and a peer that acknowledges every segment
 *
 * => delay: one way
 */
void form_config(struct form *f, sim_time delay);

/* form_begin: the world begins; all frames are tapped. */
void form_begin(struct form *f);

/* form_connect: ... and is connected. => now is when the SYN was answered */
void form_connect(struct form *f, int64_t sndbuf, int64_t lowat);

/* form_write_until: write on and on, up to a date. */
void form_write_until(struct form *f, sim_time at);

/* form_until: let time pass. */
void form_until(struct form *f, sim_time at);

/* form_end: => what is left is no business of a formula */
void form_end(struct form *f);

/* form_round_trip: of a full segment and its ACK */
sim_time form_round_trip(const struct form *f);

/*
 * form_compare: print what was expected and why, and what came; they differ by
 * 0.1 % at most.
 */
void form_compare(const char *what, const char *derivation, double expected,
    double actual);

/* form_seconds: a date, as form_compare wants it */
double form_seconds(sim_time t);

#endif
