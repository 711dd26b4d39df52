#include "sim/run/quantity.h"

#include <string.h>

#include "models/base/time.h"

#define KI	INT64_C(1024)
#define MI	(KI * KI)
#define GI	(KI * MI)

static const struct {
	const char *name;
	enum res_unit unit;
} columns[RES_N_COLUMNS] = {
	[RES_THROUGHPUT_KBPS] = { "throughput", RES_UNIT_RATE },
	[RES_WIRE_LIMIT_KBPS] = { "wire_limit", RES_UNIT_RATE },
	[RES_WIRE_SHARE] = { "wire_share", RES_UNIT_NUMBER },
	[RES_CPU_SHARE] = { "cpu_share", RES_UNIT_NUMBER },
	[RES_BUS_SHARE] = { "bus_share", RES_UNIT_NUMBER },
	[RES_MOVES_PER_BYTE] = { "moves_per_byte", RES_UNIT_NUMBER },
	[RES_LOANED_SHARE] = { "loaned_share", RES_UNIT_NUMBER },
	[RES_LOANED_MEAN_KB] = { "loaned_mean", RES_UNIT_BYTES },
	[RES_LOANED_PEAK_KB] = { "loaned_peak", RES_UNIT_BYTES },
	[RES_FAR_CPU_SHARE] = { "far_cpu_share", RES_UNIT_NUMBER },
	[RES_DISK_SHARE] = { "disk_share", RES_UNIT_NUMBER },
	[RES_LOAN_BIG] = { "loan_big", RES_UNIT_COUNT },
	[RES_COPY_BIG] = { "copy_big", RES_UNIT_COUNT },
	[RES_COPY_SMALL] = { "copy_small", RES_UNIT_COUNT },
	[RES_KVA_LIMIT] = { "kva_limit", RES_UNIT_COUNT },
	[RES_COW_FAULTS] = { "cow_faults", RES_UNIT_COUNT },
	[RES_SOFT_FAULTS] = { "soft_faults", RES_UNIT_COUNT },
	[RES_SEGMENTS] = { "segments", RES_UNIT_COUNT },
	[RES_ACKS] = { "acks", RES_UNIT_COUNT },
	[RES_RETRANSMITS] = { "retransmits", RES_UNIT_COUNT },
	[RES_FAST_RETRANSMITS] = { "fast_retransmits", RES_UNIT_COUNT },
	[RES_TIMEOUTS] = { "timeouts", RES_UNIT_COUNT },
	[RES_DUP_ACKS] = { "dup_acks", RES_UNIT_COUNT },
	[RES_QUENCHES] = { "quenches", RES_UNIT_COUNT },
	[RES_PERSIST_PROBES] = { "persist_probes", RES_UNIT_COUNT },
	[RES_OUT_OF_ORDER] = { "out_of_order", RES_UNIT_COUNT },
	[RES_PATH_LOSSES] = { "path_losses", RES_UNIT_COUNT },
	[RES_PATH_BACK_LOSSES] = { "path_back_losses", RES_UNIT_COUNT },
	[RES_TX_INTERRUPTS] = { "tx_interrupts", RES_UNIT_COUNT },
	[RES_RX_INTERRUPTS] = { "rx_interrupts", RES_UNIT_COUNT },
	[RES_TX_UNDERRUNS] = { "tx_underruns", RES_UNIT_COUNT },
	[RES_DATAGRAMS_SENT] = { "datagrams_sent", RES_UNIT_COUNT },
	[RES_DATAGRAMS_DROPPED] = { "datagrams_dropped", RES_UNIT_COUNT },
	[RES_DATAGRAMS_RECEIVED] = { "datagrams_received", RES_UNIT_COUNT },
	[RES_FRAGMENTS] = { "fragments", RES_UNIT_COUNT },
	[RES_PAYLOAD_BYTES] = { "payload_bytes", RES_UNIT_BYTES },
	[RES_MEASURED_S] = { "measured", RES_UNIT_TIME },
	[RES_ELAPSED_S] = { "elapsed", RES_UNIT_TIME },
	[RES_DMA_SEGMENTS] = { "dma_segments", RES_UNIT_COUNT },
	[RES_TX_COPIES] = { "tx_copies", RES_UNIT_COUNT },
	[RES_MBUF_WAITS] = { "mbuf_waits", RES_UNIT_COUNT },
	[RES_CLUSTER_MISSES] = { "cluster_misses", RES_UNIT_COUNT },
	[RES_NOBUFS] = { "nobufs", RES_UNIT_COUNT },
	[RES_RX_NOBUFS] = { "rx_nobufs", RES_UNIT_COUNT },
	[RES_LEAST_ACKED_BYTES] = { "least_acked", RES_UNIT_BYTES },
	[RES_MOST_ACKED_BYTES] = { "most_acked", RES_UNIT_BYTES },
	[RES_DATAGRAMS_READ] = { "datagrams_read", RES_UNIT_COUNT },
	[RES_DATAGRAMS_FULL] = { "datagrams_full", RES_UNIT_COUNT },
	[RES_DATAGRAMS_NO_PORT] = { "datagrams_no_port", RES_UNIT_COUNT },
	[RES_DATAGRAMS_BAD_SUM] = { "datagrams_bad_sum", RES_UNIT_COUNT },
	[RES_DATAGRAMS_INCOMPLETE] = { "datagrams_incomplete", RES_UNIT_COUNT },
	[RES_FRAGMENTS_DROPPED] = { "fragments_dropped", RES_UNIT_COUNT },
	[RES_INPUT_DROPS] = { "input_drops", RES_UNIT_COUNT },
	[RES_DISK_READS] = { "disk_reads", RES_UNIT_COUNT },
	[RES_DISK_WRITES] = { "disk_writes", RES_UNIT_COUNT },
	[RES_PAGE_INS] = { "page_ins", RES_UNIT_COUNT },
	[RES_PAGES_WRITTEN] = { "pages_written", RES_UNIT_COUNT },
	[RES_READ_AHEAD] = { "read_ahead_pages", RES_UNIT_COUNT },
	[RES_READ_AHEAD_HITS] = { "read_ahead_hits", RES_UNIT_COUNT },
	[RES_REQUESTS] = { "requests", RES_UNIT_COUNT },
	[RES_REQUESTS_FAILED] = { "requests_failed", RES_UNIT_COUNT },
	[RES_RESPONSE_MEAN_MS] = { "response_mean", RES_UNIT_TIME },
	[RES_RESPONSE_MAX_MS] = { "response_max", RES_UNIT_TIME },
	[RES_CONNECTIONS] = { "connections", RES_UNIT_COUNT },
	[RES_REQUESTS_ABANDONED] = { "requests_abandoned", RES_UNIT_COUNT },
	[RES_WRITES_EPIPE] = { "writes_epipe", RES_UNIT_COUNT },
};

const char *const res_part_names[RES_N_PARTS + 1] = {
	"compute", "memory", "sum", "loaded", "stored", "read", "written", NULL
};

/* One spelling of a unit: num / den of the base. */
struct spelling {
	enum res_unit unit;
	const char *name;
	int64_t num, den;
};

static const struct spelling spellings[] = {
	{ RES_UNIT_RATE, "KB/s", KI, PS_PER_S },
	{ RES_UNIT_RATE, "KiB/s", KI, PS_PER_S },
	{ RES_UNIT_RATE, "kB/s", 1000, PS_PER_S },
	{ RES_UNIT_RATE, "MiB/s", MI, PS_PER_S },
	{ RES_UNIT_RATE, "B/s", 1, PS_PER_S },
	{ RES_UNIT_TIME, "ps", 1, 1 },
	{ RES_UNIT_TIME, "ns", PS_PER_NS, 1 },
	{ RES_UNIT_TIME, "us", PS_PER_US, 1 },
	{ RES_UNIT_TIME, "ms", PS_PER_MS, 1 },
	{ RES_UNIT_TIME, "s", PS_PER_S, 1 },
	{ RES_UNIT_BYTES, "B", 1, 1 },
	{ RES_UNIT_BYTES, "KB", KI, 1 },
	{ RES_UNIT_BYTES, "KiB", KI, 1 },
	{ RES_UNIT_BYTES, "kB", 1000, 1 },
	{ RES_UNIT_BYTES, "MiB", MI, 1 },
	{ RES_UNIT_BYTES, "GiB", GI, 1 },
	{ RES_UNIT_NUMBER, "", 1, 1 },
	{ RES_UNIT_NUMBER, "%", 1, 100 },
	{ RES_UNIT_COUNT, "", 1, 1 },
};

static const char *const unit_names[] = {
	[RES_UNIT_RATE] = "KB/s or KiB/s (1024 B/s), kB/s (1000), MiB/s, B/s",
	[RES_UNIT_TIME] = "ps, ns, us, ms, s",
	[RES_UNIT_BYTES] = "B, KB or KiB (1024 B), kB (1000 B), MiB, GiB",
	[RES_UNIT_NUMBER] = "a bare number, or %",
	[RES_UNIT_COUNT] = "a bare number",
};

const char *
res_column_short(enum res_column column)
{
	return columns[column].name;
}

const char *
res_line_name(int line)
{
	static const char *const others[] = {
		"processor", "dma_stalls", "idle"
	};

	return line < N_CAUSES ? kern_cause_names[line] :
	    others[line - N_CAUSES];
}

int
res_find_line(const char *name)
{
	int line = 0;

	while (line < RES_N_LINES && strcmp(res_line_name(line), name) != 0)
		line++;
	return line;
}

static bool
find_cell(const char *name, const char *dot, struct res_quantity *quantity)
{
	char word[RES_NAME_BYTES] = "";
	int line, part = 0;

	if ((size_t)(dot - name) >= sizeof word)
		return false;
	memcpy(word, name, (size_t)(dot - name));
	line = res_find_line(word);
	while (part < RES_N_PARTS && strcmp(res_part_names[part], dot + 1) != 0)
		part++;
	if (line == RES_N_LINES || part == RES_N_PARTS ||
	    (line > RES_LINE_PROCESSOR && part != RES_PART_SUM))
		return false;
	*quantity = (struct res_quantity){ RES_N_COLUMNS, line,
	    (enum res_part)part };
	return true;
}

bool
res_quantity_find(const char *name, struct res_quantity *quantity)
{
	const char *dot = strchr(name, '.');

	if (dot != NULL)
		return find_cell(name, dot, quantity);
	for (int col = 0; col < RES_N_COLUMNS; col++)
		if (strcmp(columns[col].name, name) == 0) {
			*quantity = (struct res_quantity){
				(enum res_column)col, RES_N_LINES, RES_N_PARTS
			};
			return true;
		}
	return false;
}

enum res_unit
res_quantity_unit(const struct res_quantity *quantity)
{
	if (quantity->column != RES_N_COLUMNS)
		return columns[quantity->column].unit;
	return quantity->part <= RES_PART_SUM ? RES_UNIT_TIME : RES_UNIT_NUMBER;
}

static int64_t
part_of(const struct res_cause *cause, enum res_part part)
{
	switch (part) {
	case RES_PART_COMPUTE:
		return cause->compute_ps;
	case RES_PART_MEMORY:
		return cause->memory_ps;
	case RES_PART_SUM:
		return cause->compute_ps + cause->memory_ps;
	case RES_PART_LOADED:
		return cause->loaded_bytes;
	case RES_PART_STORED:
		return cause->stored_bytes;
	case RES_PART_READ:
		return cause->read_bytes;
	case RES_PART_WRITTEN:
		return cause->write_bytes;
	case RES_N_PARTS:
		break;
	}
	return 0;
}

static int64_t
line_total(int line, enum res_part part, const struct res_row *row)
{
	int64_t sum = 0;

	if (line == RES_LINE_STALLS)
		return row->detail[RES_D_CPU_STALL];
	if (line == RES_LINE_IDLE)
		return row->detail[RES_D_CPU_IDLE];
	if (line < N_CAUSES)
		return part_of(&row->cause[line], part);
	for (int i = 0; i < N_CAUSES; i++)
		if (!kern_cause_is_dma(i))
			sum += part_of(&row->cause[i], part);
	return sum;
}

int64_t
res_messages(const struct res_row *row)
{
	return row->value[RES_SEGMENTS] + row->value[RES_DATAGRAMS_SENT];
}

static struct res_ratio
cell_ratio(const struct res_quantity *quantity, const struct res_row *row)
{
	int64_t per = quantity->part <= RES_PART_SUM ? res_messages(row) :
	    row->value[RES_PAYLOAD_BYTES];

	return (struct res_ratio){
		line_total(quantity->line, quantity->part, row), per
	};
}

static struct res_ratio
ratio_of(const struct res_quantity *quantity, const struct res_row *row)
{
	enum res_column column = quantity->column;

	if (column == RES_N_COLUMNS)
		return cell_ratio(quantity, row);
	if (column < RES_N_RATIOS)
		return row->ratio[column];
	/* times are in whole microseconds */
	return (struct res_ratio){ row->value[column] *
	    (columns[column].unit == RES_UNIT_TIME ? PS_PER_US : 1), 1 };
}

bool
res_quantity_value(const struct res_quantity *quantity,
    const struct res_row *row, struct fraction *value)
{
	struct res_ratio ratio = ratio_of(quantity, row);

	if (ratio.den == 0)
		return false;
	*value = fraction_make(ratio.num, ratio.den);
	return true;
}

bool
res_unit_factor(enum res_unit unit, const char *name, struct fraction *factor)
{
	const struct spelling *s = spellings;
	const struct spelling *end = s + sizeof spellings / sizeof *spellings;

	for (; s < end; s++)
		if (s->unit == unit && strcmp(s->name, name) == 0) {
			*factor = fraction_make(s->num, s->den);
			return true;
		}
	return false;
}

const char *
res_unit_names(enum res_unit unit)
{
	return unit_names[unit];
}
