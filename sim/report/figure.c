#include "sim/report/figure.h"

#include "sim/scenario/suggest.h"

const struct rep_figure *const rep_figures[] = {
	&rep_figure_throughput,
	&rep_figure_cpu,
	&rep_figure_moves,
	&rep_figure_lent,
	&rep_figure_sequence,
	&rep_figure_write_size,
	&rep_figure_bandwidth,
	&rep_figure_gain,
	&rep_figure_refill,
	NULL
};

const struct rep_figure *
rep_find_figure(const char *name)
{
	const struct rep_figure *const *figure = rep_figures;

	while (*figure != NULL && !g_str_equal((*figure)->name, name))
		figure++;
	return *figure;
}

const char *
rep_near_figure(const char *name)
{
	const char *names[G_N_ELEMENTS(rep_figures)] = { NULL };

	for (size_t i = 0; rep_figures[i] != NULL; i++)
		names[i] = rep_figures[i]->name;
	return scn_suggest(name, names);
}

const char *
rep_source_name(enum rep_source source)
{
	switch (source) {
	case REP_FROM_ROWS:
		return "a scenario or a result file";
	case REP_FROM_CAUSES:
		return "a scenario";
	case REP_FROM_RECORDING:
		return "one variant of a scenario";
	case REP_FROM_STORE:
		return "the store of a sweep";
	}
	return NULL;
}
