#include "tests/support/transfer.h"

#include <check.h>
#include <string.h>

#include "tests/support/machine.h"

struct world_config
transfer_free_config(void)
{
	struct world_config config = machine_config();
	struct cost_config *cost = &config.host.cost;

	memset(cost->op_insns, 0, sizeof cost->op_insns);
	config.host.bus = (struct bus_config){
	    PS_PER_S, PS_PER_S, PS_PER_S / 10, 0, BUS_DMA_FIRST};
	return config;
}

void
transfer_until_end(struct crank *crank, int64_t sndbuf, int64_t write_bytes)
{
	int fd = crank_connect(crank, 0, sndbuf);
	uint64_t addr = crank_buffer(crank, 0, write_bytes);

	while (crank_write(crank, 0, fd, addr, write_bytes) > 0)
		continue;
}

int64_t
transfer_rate(const struct world *world)
{
	return mul_div(world->end.bytes_acked - world->start.bytes_acked,
	    PS_PER_S, world->end.at - world->start.at);
}

void
transfer_assert_rate(const struct world *world, int64_t expected)
{
	int64_t rate = transfer_rate(world);

	ck_assert_msg(rate * 1000 >= expected * 999 &&
	    rate * 1000 <= expected * 1001,
	    "%lld bytes/s, expected %lld", (long long)rate,
	    (long long)expected);
}
