#include "tests/support/closed_form.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

#include "tests/support/machine.h"

enum { WRITE = 160 * FORM_MSS };	/* whole segments: no tail waits */

#define TOLERANCE	0.001

void
form_config(struct form *f, sim_time delay)
{
	struct host_config *host = &f->config.host;

	f->config = machine_config();
	for (int op = 0; op < N_OPS; op++)
		host->cost.op_insns[op] = 0;
	host->bus = (struct bus_config){INT64_C(10000000000),
	    INT64_C(10000000000), INT64_C(5000000000), 0, BUS_DMA_FIRST};
	host->hz = 10;
	f->config.link.delay = delay;
	f->config.peer.delack_segments = 1;
	f->config.peer.recvspace = 1000000;
	f->config.duration = 3000 * PS_PER_S;
}

void
form_begin(struct form *f)
{
	crank_init(&f->crank, &f->config, 1);
	wiretap_attach(&f->tap, &f->crank.world);
	f->addr = crank_buffer(&f->crank, 0, WRITE);
}

void
form_connect(struct form *f, int64_t sndbuf, int64_t lowat)
{
	int64_t fd = crank_call(&f->crank, 0, (struct sys_call){
	    .nr = SYS_CONNECT, .so_sndbuf = sndbuf, .so_sndlowat = lowat});

	ck_assert_int_ge(fd, 0);
	f->fd = (int)fd;
	f->so = fd_socket(f->crank.procs[0].p, (int)fd);
	f->tp = &f->so->tcpcb;
}

void
form_until(struct form *f, sim_time at)
{
	while (crank_until(&f->crank, at) == WORLD_WAKE)
		;
}

void
form_write_until(struct form *f, sim_time at)
{
	do {
		if (f->crank.procs[0].p->state == PROC_IN_PROGRAM)
			crank_post(&f->crank, 0, (struct sys_call){
			    .nr = SYS_WRITE, .fd = f->fd, .addr = f->addr,
			    .len = WRITE});
	} while (crank_until(&f->crank, at) == WORLD_WAKE);
}

void
form_end(struct form *f)
{
	crank_abandon(&f->crank);
}

sim_time
form_round_trip(const struct form *f)
{
	return FORM_FRAME + FORM_ACK + 2 * f->config.link.delay;
}

double
form_seconds(sim_time t)
{
	return (double)t / (double)PS_PER_S;
}

void
form_compare(const char *what, const char *derivation, double expected,
    double actual)
{
	printf("%s\n\t%s\n\texpected %.9g, actual %.9g\n", what, derivation,
	    expected, actual);
	ck_assert_msg(fabs(actual - expected) <= TOLERANCE * fabs(expected),
	    "%s: expected %.9g, actual %.9g", what, expected, actual);
}
