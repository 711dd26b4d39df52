#include "sim/report/fingerprint.h"

#include <inttypes.h>

const char *const rep_group_names[REP_N_GROUPS] = {
	[REP_TIMES] = "times",
	[REP_SEGMENTS] = "segments",
	[REP_LOANS] = "loans",
	[REP_COSTS] = "costs",
	[REP_RESULTS] = "results",
};

/* The details of result.h: their names, and the groups they belong to. */
static const struct {
	const char *name;
	enum rep_group group;
} details[RES_N_DETAILS] = {
#define X(sym, name) [RES_D_##sym] = { name, REP_TIMES },
	RES_TIMES(X)
#undef X
#define X(sym, name) [RES_D_##sym] = { name, REP_SEGMENTS },
	RES_TRAFFIC(X)
#undef X
#define X(sym, name) [RES_D_##sym] = { name, REP_LOANS },
	RES_LENDING(X)
#undef X
};

/*
 * column_group: quotients are results; the times are there in picoseconds; what
 * came later is of none, so that old fingerprints hold
 */
static enum rep_group
column_group(enum res_column column)
{
	if (column == RES_DISK_SHARE)
		return REP_N_GROUPS;
	if (column < RES_LOAN_BIG)
		return REP_RESULTS;
	if (column < RES_SEGMENTS)
		return REP_LOANS;
	return column < RES_MEASURED_S ? REP_SEGMENTS : REP_N_GROUPS;
}

static void
append_causes(GString *out, const struct res_row *row)
{
	for (int i = 0; i < N_CAUSES; i++) {
		const struct res_cause *c = &row->cause[i];

		if (c->compute_ps == 0 && c->loaded_bytes == 0 &&
		    c->stored_bytes == 0 && c->read_bytes == 0 &&
		    c->write_bytes == 0)
			continue;
		g_string_append_printf(out, "%s = compute_ps %" PRId64
		    " loaded %" PRId64 " stored %" PRId64 " read %" PRId64
		    " written %" PRId64 "\n", kern_cause_names[i],
		    c->compute_ps, c->loaded_bytes, c->stored_bytes,
		    c->read_bytes, c->write_bytes);
	}
}

void
rep_group_values(GString *out, const struct res_row *row, enum rep_group group)
{
	char number[32];

	if (group == REP_RESULTS)
		g_string_append_printf(out, "outcome = %s\n",
		    res_outcome_name(row->outcome));
	if (!res_has_numbers(row))
		return;
	if (group == REP_COSTS)
		append_causes(out, row);
	for (int c = 0; c < RES_N_COLUMNS; c++)
		if (column_group((enum res_column)c) == group)
			g_string_append_printf(out, "%s = %s\n",
			    res_columns[c].name,
			    res_format(row, (enum res_column)c, number));
	for (int d = 0; d < RES_N_DETAILS; d++)
		if (details[d].group == group)
			g_string_append_printf(out, "%s = %" PRId64 "\n",
			    details[d].name, row->detail[d]);
}

static void
hash_text(char hash[static REP_HASH_BYTES], GString *text)
{
	g_autofree char *whole = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
	    (const guchar *)text->str, text->len);

	g_strlcpy(hash, whole, REP_HASH_BYTES);
	g_string_free(text, TRUE);
}

void
rep_group_hash(char hash[static REP_HASH_BYTES], const struct res_row *row,
    enum rep_group group)
{
	GString *text = g_string_new(NULL);

	rep_group_values(text, row, group);
	hash_text(hash, text);
}

/* append_hashes: "times = 0123456789abcdef" and so on */
static void
append_hashes(GString *out, const struct res_row *row)
{
	char hash[REP_HASH_BYTES];

	for (int group = 0; group < REP_N_GROUPS; group++) {
		rep_group_hash(hash, row, (enum rep_group)group);
		g_string_append_printf(out, "%s = %s\n",
		    rep_group_names[group], hash);
	}
}

void
rep_row_fingerprint(char hash[static REP_HASH_BYTES], const struct res_row *row)
{
	GString *text = g_string_new(NULL);

	append_hashes(text, row);
	hash_text(hash, text);
}

void
rep_set_fingerprint(char hash[static REP_HASH_BYTES], const struct rep_set *set)
{
	GString *text = g_string_new(NULL);
	char part[REP_HASH_BYTES];

	for (size_t i = 0; i < set->n_rows; i++) {
		rep_row_fingerprint(part, &set->rows[i]);
		g_string_append_printf(text, "%s = %s\n", set->rows[i].variant,
		    part);
	}
	hash_text(hash, text);
}

static void
append_row(GString *out, const struct res_row *row)
{
	char hash[REP_HASH_BYTES];

	rep_row_fingerprint(hash, row);
	g_string_append_printf(out, "\n[variant %s]\nfingerprint = %s\n",
	    row->variant, hash);
	append_hashes(out, row);
	for (int group = 0; group < REP_N_GROUPS; group++) {
		g_string_append_printf(out, "\n[variant %s %s]\n", row->variant,
		    rep_group_names[group]);
		rep_group_values(out, row, (enum rep_group)group);
	}
}

void
rep_fingerprint(GString *out, const struct rep_set *set)
{
	char hash[REP_HASH_BYTES];

	rep_set_fingerprint(hash, set);
	g_string_append_printf(out, "[fingerprint]\nscenario = %s\n"
	    "seed = %" PRId64 "\nfingerprint = %s\n", set->scenario, set->seed,
	    hash);
	for (size_t i = 0; i < set->n_rows; i++)
		append_row(out, &set->rows[i]);
}
