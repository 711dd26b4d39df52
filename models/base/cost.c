#include "models/base/cost.h"

#include <string.h>

enum { BYTES_PER_1K = 1024 };

void
cost_model_init(struct cost_model *model, const struct cost_config *config,
    struct cache *cache, struct ledger *ledger)
{
	memset(model, 0, sizeof *model);
	model->cache = cache;
	model->ledger = ledger;
	model->l2_line_units = config->l2_line_cycles * COST_UNITS_PER_CYCLE;
	if (config->miss_overlap > 0)
		model->miss_units = config->miss_cycles *
		    COST_UNITS_PER_CYCLE / config->miss_overlap;
	for (int i = 0; i < N_OPS; i++) {
		enum kern_op op = (enum kern_op)i;
		int64_t n = cost_op_is_per_1k(op) ? 1 : BYTES_PER_1K;

		model->op_units[op] =
		    config->op_insns[op] * config->cpi_milli * n;
	}
}

void
cost_cycles(struct cost *cost, const struct cost_model *model, int64_t n,
    enum kern_cause cause)
{
	int64_t units = n * COST_UNITS_PER_CYCLE;

	cost->units += units;
	model->ledger->line[cause].units += units;
}

struct ledger_line
ledger_cpu_total(const struct ledger *ledger)
{
	struct ledger_line total = {0};

	for (int i = 0; i < N_CAUSES; i++) {
		if (kern_cause_is_dma(i))
			continue;
		total.units += ledger->line[i].units;
		total.read_bytes += ledger->line[i].read_bytes;
		total.write_bytes += ledger->line[i].write_bytes;
	}
	return total;
}
