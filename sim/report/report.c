/*
 * The formats by name, and what they share.
 */
#include "sim/report/report.h"

#include "sim/report/fingerprint.h"

const char *const rep_format_names[REP_N_FORMATS + 1]
    = { "table", "csv", "json", "jsonl", "fingerprint", NULL };

static void (*const rep_builders[REP_N_FORMATS])(GString *,
    const struct rep_set *)
    = { rep_table, rep_csv, rep_json, rep_jsonl, rep_fingerprint };

enum rep_format
rep_find_format(const char *name)
{
	int format = 0;

	while (format < REP_N_FORMATS
	    && !g_str_equal(name, rep_format_names[format]))
		format++;
	return (enum rep_format)format;
}

GString *
rep_build(const struct rep_set *set, enum rep_format format)
{
	GString *out = g_string_new(NULL);

	g_assert(format < REP_N_FORMATS);
	rep_builders[format](out, set);
	return out;
}
