#include "tests/support/udp_rx.h"

#include <check.h>
#include <string.h>

#include "models/inet/udp.h"

void
udp_rx_init(struct udp_rx *b, const struct world_config *config,
    int64_t rcvbuf)
{
	int64_t fd;

	memset(b, 0, sizeof *b);
	crank_init(&b->crank, config, 1);
	b->host = &b->crank.world.host;
	b->p = b->crank.procs[0].p;
	b->addr = crank_buffer(&b->crank, 0, UDP_RX_BUFFER);
	fd = crank_call(&b->crank, 0, (struct sys_call){.nr = SYS_UDP_BIND,
	    .port = UDP_RX_PORT, .so_sndbuf = 9216, .so_sndlowat = 2048,
	    .so_rcvbuf = rcvbuf});
	ck_assert_int_ge(fd, 0);
	b->fd = (int)fd;
	b->so = fd_socket(b->p, (int)fd);
}

void
udp_rx_fini(struct udp_rx *b)
{
	ck_assert_int_eq(b->so->stats.bytes_wrong, 0);
	crank_fini(&b->crank);
}

void
udp_rx_frame(struct udp_rx *b, uint16_t id, uint32_t from, uint32_t to,
    bool more)
{
	uint32_t off = from > 0 ? from + UDP_HEADER_LEN : 0;
	struct frame frame = {.conn = UDP_RX_CONN, .payload_bytes = to - from,
	    .ip_bytes = (uint16_t)(IP_HEADER_LEN + to - from +
	    (from > 0 ? 0 : UDP_HEADER_LEN)),
	    .th = {.ip_p = IP_UDP, .seq = b->place, .port = UDP_RX_PORT,
	    .ip_id = id, .ip_off = (uint16_t)(off / 8 | (more ? IP_MF : 0))},
	    .content = to > from ?
	    content_name(UDP_RX_CONN, b->place + from) : CONTENT_NONE};

	ck_assert_uint_eq(off % 8, 0);
	nic_receive(&b->host->nic, &frame);
}

void
udp_rx_datagram(struct udp_rx *b, uint32_t len)
{
	udp_rx_frame(b, b->id++, 0, len, false);
	b->place += len;
	udp_rx_rest(b, PS_PER_MS);
}

void
udp_rx_rest(struct udp_rx *b, sim_time interval)
{
	crank_until(&b->crank, b->crank.world.cal.now + interval);
}

int64_t
udp_rx_read(struct udp_rx *b, int64_t len)
{
	return crank_call(&b->crank, 0, (struct sys_call){.nr = SYS_READ,
	    .fd = b->fd, .addr = b->addr, .len = len});
}

int64_t
udp_rx_ops(const struct udp_rx *b, enum kern_op op)
{
	return b->host->ledger.n_ops[op];
}
