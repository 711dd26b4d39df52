#include "tests/support/udp_bench.h"

#include <check.h>
#include <string.h>

#include "tests/support/machine.h"

struct world_config
udp_bench_config(bool sosend_loan)
{
	struct world_config config = machine_config();

	config.host.sosend.sosend_loan = sosend_loan;
	return config;
}

void
udp_bench_init(struct udp_bench *b, const struct world_config *config,
    int64_t sndbuf)
{
	int64_t fd;

	memset(b, 0, sizeof *b);
	crank_init(&b->crank, config, 1);
	b->host = &b->crank.world.host;
	b->p = b->crank.procs[0].p;
	b->peer = &b->crank.world.peer.udp;
	wiretap_attach(&b->tap, &b->crank.world);
	fd = crank_call(&b->crank, 0, (struct sys_call){
	    .nr = SYS_UDP_CONNECT, .port = 9, .so_sndbuf = sndbuf,
	    .so_sndlowat = 2048});
	ck_assert_int_ge(fd, 0);
	b->fd = (int)fd;
	b->so = fd_socket(b->p, (int)fd);
	b->addr = crank_buffer(&b->crank, 0, UDP_BENCH_BUFFER);
}

void
udp_bench_fini(struct udp_bench *b)
{
	crank_fini(&b->crank);
}

int64_t
udp_bench_send(struct udp_bench *b, int64_t offset, int64_t len)
{
	return crank_call(&b->crank, 0, (struct sys_call){.nr = SYS_SENDTO,
	    .fd = b->fd, .addr = b->addr + (uint64_t)offset, .len = len});
}

void
udp_bench_rest(struct udp_bench *b, sim_time duration)
{
	crank_until(&b->crank, b->crank.world.cal.now + duration);
}

int64_t
udp_bench_ops(const struct udp_bench *b, enum kern_op op)
{
	return b->host->ledger.n_ops[op];
}

void
udp_bench_assert(const struct udp_bench *b, int i, uint32_t ip_bytes,
    uint32_t off, bool more)
{
	const struct frame *frame = &b->tap.frames[i].frame;

	ck_assert_int_lt(i, b->tap.n);
	ck_assert(b->tap.frames[i].to_peer);
	ck_assert_uint_eq(frame->ip_bytes, ip_bytes);
	ck_assert_uint_eq(frame->th.ip_p, IP_UDP);
	ck_assert_uint_eq(8U * (frame->th.ip_off & IP_OFFMASK), off);
	ck_assert_int_eq((frame->th.ip_off & IP_MF) != 0, more);
}
