#include "sim/report/ledger.h"

#include "models/base/time.h"
#include "sim/run/quantity.h"

enum { HUNDREDTHS = 100, THOUSANDTHS = 1000 };

/* quotient: num / den with decimals as scale says, to the nearest */
static char *
quotient(int64_t num, int64_t den, int64_t scale)
{
	int64_t carry = den / 2;
	int64_t q = mul_div_carry(num, scale, den, &carry);
	int digits = scale == HUNDREDTHS ? 2 : 3;

	return g_strdup_printf("%" G_GINT64_FORMAT ".%0*d",
	    (gint64)(q / scale), digits, (int)(q % scale));
}

/* append_quotient: the same in a column; "-" if it divides by nothing */
static void
append_quotient(GString *out, int64_t num, int64_t den, int64_t scale,
    int width)
{
	g_autofree char *text = den > 0 ? quotient(num, den, scale) :
	    g_strdup("-");

	g_string_append_printf(out, " %*s", width, text);
}

static void
append_times(GString *out, const struct res_row *row, int64_t compute,
    int64_t memory)
{
	int64_t den = res_messages(row) * PS_PER_US;

	append_quotient(out, compute, den, HUNDREDTHS, 9);
	append_quotient(out, memory, den, HUNDREDTHS, 8);
	append_quotient(out, compute + memory, den, HUNDREDTHS, 8);
}

static void
append_bytes(GString *out, const struct res_row *row,
    const struct res_cause *c)
{
	int64_t den = row->value[RES_PAYLOAD_BYTES];

	append_quotient(out, c->loaded_bytes, den, THOUSANDTHS, 8);
	append_quotient(out, c->stored_bytes, den, THOUSANDTHS, 7);
	append_quotient(out, c->read_bytes, den, THOUSANDTHS, 8);
	append_quotient(out, c->write_bytes, den, THOUSANDTHS, 7);
}

static bool
is_empty(const struct res_cause *c)
{
	return c->compute_ps == 0 && c->memory_ps == 0 &&
	    c->loaded_bytes == 0 && c->stored_bytes == 0;
}

static void
add(struct res_cause *sum, const struct res_cause *c)
{
	sum->compute_ps += c->compute_ps;
	sum->memory_ps += c->memory_ps;
	sum->loaded_bytes += c->loaded_bytes;
	sum->stored_bytes += c->stored_bytes;
	sum->read_bytes += c->read_bytes;
	sum->write_bytes += c->write_bytes;
}

static void
append_cause(GString *out, const struct res_row *row, const char *name,
    const struct res_cause *c)
{
	g_string_append_printf(out, "%-14s", name);
	append_times(out, row, c->compute_ps, c->memory_ps);
	append_bytes(out, row, c);
	g_string_append_c(out, '\n');
}

/* Time that no cause has: waiting for DMA, and doing nothing. */
static void
append_rest(GString *out, const struct res_row *row, const char *name,
    int64_t ps)
{
	g_string_append_printf(out, "%-14s", name);
	append_quotient(out, ps, res_messages(row) * PS_PER_US,
	    HUNDREDTHS, 27);
	g_string_append_c(out, '\n');
}

static void
append_head(GString *out, const struct res_row *row)
{
	char number[32];

	g_string_append_printf(out, "\n%s: %s KB/s (KB = 1024 bytes)\n",
	    row->variant, res_format(row, RES_THROUGHPUT_KBPS, number));
	g_string_append(out,
	    "              us per data segment        "
	    "bytes per payload byte\n"
	    "                                         "
	    "as asked         of the memory\n"
	    "cause           compute   memory     sum   "
	    "loaded  stored     read written\n");
}

static void
append_row(GString *out, const struct res_row *row)
{
	struct res_cause sum = {0};

	append_head(out, row);
	for (int i = 0; i < N_CAUSES; i++) {
		if (is_empty(&row->cause[i]) || kern_cause_is_dma(i))
			continue;
		append_cause(out, row, kern_cause_names[i], &row->cause[i]);
		add(&sum, &row->cause[i]);
	}
	append_cause(out, row, "processor", &sum);
	append_rest(out, row, "DMA stalls", row->detail[RES_D_CPU_STALL]);
	append_rest(out, row, "idle", row->detail[RES_D_CPU_IDLE]);
	append_cause(out, row, kern_cause_names[CAUSE_NIC_DMA],
	    &row->cause[CAUSE_NIC_DMA]);
	if (!is_empty(&row->cause[CAUSE_DISK_DMA]))
		append_cause(out, row, kern_cause_names[CAUSE_DISK_DMA],
		    &row->cause[CAUSE_DISK_DMA]);
}

void
rep_ledger(GString *out, const struct rep_set *set)
{
	g_string_append_printf(out, "%s\n", set->title);
	for (size_t i = 0; i < set->n_rows; i++)
		if (res_has_numbers(&set->rows[i]))
			append_row(out, &set->rows[i]);
}
