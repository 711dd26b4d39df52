/*
 * Throughput of each row against the wire, and the CPU share beside it.
 */
#include "sim/report/bars.h"

static void
append_rows(GString *out, const struct rep_data *data)
{
	char number[32];

	g_string_append(out, "$rows << EOD\n");
	for (size_t i = 0; i < data->n_rows; i++) {
		const struct res_row *row = &data->rows[i];

		g_string_append_printf(out, "%zu ", i + 1);
		g_string_append_printf(out, "%s ",
		    res_format(row, RES_THROUGHPUT_KBPS, number));
		g_string_append_printf(out, "%s ",
		    res_format(row, RES_WIRE_LIMIT_KBPS, number));
		/* a share of 4 decimals as percent with 2, in integers */
		rep_script_decimal(out, row->value[RES_CPU_SHARE], 2);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "EOD\n");
}

static bool
write_throughput(GString *out, const struct rep_data *data,
    enum rep_picture picture, GError **error)
{
	(void)error;
	rep_bars(out, data, picture, 0);
	append_rows(out, data);
	return true;
}

const struct rep_figure rep_figure_throughput = {
	.name = "throughput",
	.question = "how fast is each variant, and how busy its processor?",
	.source = REP_FROM_ROWS,
	.templates = { "plots/throughput.gp" },
	.write = write_throughput,
};
