#include "sim/run/measure.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/run/build.h"

/* num / den with some decimals, to the nearest; 0 when there is nothing */
static int64_t
quotient(int64_t num, int64_t den, int64_t scale)
{
	int64_t carry = den / 2;

	return den > 0 ? mul_div_carry(num, scale, den, &carry) : 0;
}

enum { SHARE_SCALE = 10000 };

/* The measured interval.  A run that ends within the warm-up has none. */
static struct meter
measured(const struct world *world)
{
	struct meter first = {0};
	const struct meter *start = &world->start;
	const struct meter *end = &world->end;

	if (start->at >= end->at)
		start = &first;
	return (struct meter){
	    .at = end->at - start->at,
	    .bytes_acked = end->bytes_acked - start->bytes_acked,
	    .cpu_busy = end->cpu_busy - start->cpu_busy,
	    .bus_busy = end->bus_busy - start->bus_busy,
	    .wire_busy = end->wire_busy - start->wire_busy};
}

static void
measure_rates(const struct world *world, int64_t *value)
{
	struct meter m = measured(world);

	/* tenths of KB/s: bytes * 10 * ps_per_s / (1024 * ps) */
	value[RES_THROUGHPUT_KBPS] =
	    quotient(m.bytes_acked, m.at * 1024, 10 * PS_PER_S);
	value[RES_WIRE_LIMIT_KBPS] = build_wire_limit(&world->config);
	value[RES_WIRE_SHARE] = quotient(m.wire_busy, m.at, SHARE_SCALE);
	value[RES_CPU_SHARE] = quotient(m.cpu_busy, m.at, SHARE_SCALE);
	value[RES_BUS_SHARE] = quotient(m.bus_busy, m.at, SHARE_SCALE);
	value[RES_MEASURED_S] = m.at / PS_PER_US;
	value[RES_ELAPSED_S] = world->cal.now / PS_PER_US;
}

static int64_t
bytes_moved(const struct ledger *ledger)
{
	static const enum kern_cause moves[] = {CAUSE_COPYIN, CAUSE_TCP_COPY,
	    CAUSE_COW_COPY, CAUSE_DRIVER_COPY};
	int64_t sum = 0;

	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
		sum += ledger->line[moves[i]].stored_bytes;
	return sum;
}

static void
measure_sockets(const struct world *world, int64_t *value)
{
	struct so_stats sum = {0};

	for (const struct socket *so = world->host.sockets; so != NULL;
	    so = so->next) {
		sum.bytes_written += so->stats.bytes_written;
		sum.bytes_loaned += so->stats.bytes_loaned;
		value[RES_SEGMENTS] += so->tcpcb.stats.n_segments;
		value[RES_ACKS] += so->tcpcb.stats.n_acks;
		value[RES_RETRANSMITS] += so->tcpcb.stats.n_retransmits;
	}
	for (uint32_t i = 0; i < world->peer.n_conns; i++)
		if (world->peer.conns[i] != NULL)
			value[RES_PAYLOAD_BYTES] +=
			    world->peer.conns[i]->bytes_received;
	value[RES_LOANED_SHARE] =
	    quotient(sum.bytes_loaned, sum.bytes_written, SHARE_SCALE);
	value[RES_MOVES_PER_BYTE] = quotient(bytes_moved(&world->host.ledger),
	    value[RES_PAYLOAD_BYTES], SHARE_SCALE);
}

static void
measure_counters(const struct host *host, int64_t *value)
{
	value[RES_LOAN_BIG] = host->sosend_counters.loan_big;
	value[RES_COPY_BIG] = host->sosend_counters.copy_big;
	value[RES_COPY_SMALL] = host->sosend_counters.copy_small;
	value[RES_KVA_LIMIT] = host->sosend_counters.kva_limit;
	value[RES_COW_FAULTS] = host->vm.stats.n_cow_faults;
	value[RES_SOFT_FAULTS] = host->vm.stats.n_soft_faults;
	value[RES_TX_INTERRUPTS] = host->fxp.n_tx_interrupts;
	value[RES_RX_INTERRUPTS] = host->fxp.n_rx_interrupts;
}

/* The ledger, its traffic at the rates of a bus that is free. */
static void
measure_ledger(struct world *world, struct res_row *row)
{
	const struct bus *bus = &world->host.bus;
	struct ratio unit = world->host.cpu.ps_per_unit;
	struct ratio read = bus->ps_per_byte[BUS_READ];
	struct ratio write = bus->ps_per_byte[BUS_WRITE];

	for (int i = 0; i < N_CAUSES; i++) {
		const struct ledger_line *l = &world->host.ledger.line[i];

		row->cause[i] = (struct res_cause){
		    .compute_ps = mul_div(l->units, unit.num, unit.den),
		    .memory_ps = mul_div(l->read_bytes, read.num, read.den) +
		    mul_div(l->write_bytes, write.num, write.den),
		    .loaded_bytes = l->loaded_bytes,
		    .stored_bytes = l->stored_bytes,
		    .read_bytes = l->read_bytes,
		    .write_bytes = l->write_bytes};
	}
	row->stall_ps = cpu_stats_now(&world->host.cpu)->stall_ps;
	row->idle_ps = world->host.cpu.stats.idle_ps;
}

/* Append a line to the reason; what does not fit is left out. */
static void
explain(struct res_row *row, const char *format, ...)
{
	size_t used = strlen(row->reason);
	va_list args;

	va_start(args, format);
	vsnprintf(row->reason + used, sizeof row->reason - used, format, args);
	va_end(args);
}

static void
judge_audit(struct world *world, struct res_row *row)
{
	struct audit audit = {0};

	host_audit(&world->host, &world->peer, &audit);
	if (audit.n == 0)
		return;
	row->outcome = RES_AUDIT_FAILED;
	explain(row, "%s%" PRIu32 " of the audit's lines do not balance at %"
	    PRId64 " ps:", row->reason[0] != '\0' ? "\n" : "", audit.n,
	    world->cal.now);
	for (uint32_t i = 0; i < audit.n && i < AUDIT_MAX_LINES; i++)
		explain(row, "\n%s: expected %" PRId64 ", found %" PRId64,
		    audit.lines[i].what, audit.lines[i].expected,
		    audit.lines[i].actual);
}

static void
judge_end(const struct world *world, struct res_row *row)
{
	switch (world->outcome) {
	case WORLD_DONE:
		row->outcome = RES_DONE;
		break;
	case WORLD_DEADLOCK:
		row->outcome = RES_DEADLOCK;
		explain(row, "deadlock at %" PRId64 " ps: nothing is left to "
		    "happen, and these wait:", world->deadlock_at);
		for (uint32_t i = 0; i < world->n_waiters; i++)
			explain(row, " %s", world->waiters[i]);
		break;
	case WORLD_DRAIN_TIMEOUT:
		row->outcome = RES_DRAIN_TIMEOUT;
		explain(row, "processes or sockets had not come to their end "
		    "within scenario.drain after the duration; what was left "
		    "to send was dropped");
		break;
	}
}

void
measure(struct world *world, struct res_row *row)
{
	memset(row->value, 0, sizeof row->value);
	row->reason[0] = '\0';
	measure_rates(world, row->value);
	measure_sockets(world, row->value);
	measure_counters(&world->host, row->value);
	measure_ledger(world, row);
	judge_end(world, row);
	judge_audit(world, row);
}
