/*
 * How often each byte is moved: what the memory read and wrote for each byte of
 * payload, by cause.
 *
 * Through the caches, refills and write-backs included; the NIC's transfers are
 * one of the causes.
 */
#include "sim/report/output.h"
#include "sim/report/stack.h"

static int64_t
cause_bytes(const struct rep_data *data, const struct res_row *row, int panel,
    enum kern_cause cause)
{
	const struct res_cause *c = &row->cause[cause];
	const int64_t bytes = panel == 0 ? c->read_bytes : c->write_bytes;

	(void)data;
	return mul_div(bytes, 1000, row->value[RES_PAYLOAD_BYTES]);
}

static bool
write_moves(GString *out, const struct rep_data *data,
    enum rep_picture picture, GError **error)
{
	static const struct rep_stack stack = {
		.axis = "bytes for each byte of payload",
		.panels = { "read from memory", "written to memory" },
		.cause = cause_bytes,
	};

	for (size_t i = 0; i < data->n_rows; i++) {
		if (data->rows[i].value[RES_PAYLOAD_BYTES] > 0)
			continue;
		g_set_error(error, REP_ERROR, REP_ERROR_FIGURE,
		    "%s has moved no byte of payload",
		    data->rows[i].variant);
		return false;
	}
	rep_stack(out, &stack, data, picture);
	return true;
}

const struct rep_figure rep_figure_moves = {
	.name = "moves",
	.question = "how often is each byte read and written, and why?",
	.shows = "How many bytes the memory read and wrote for each byte of "
	    "payload, by cause.",
	.source = REP_FROM_CAUSES,
	.templates = { "plots/moves.gp", "plots/stack.gp" },
	.write = write_moves,
};
