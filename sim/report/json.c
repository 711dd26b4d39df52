/*
 * JSON, one object or one per line.
 *
 * Written here and not by json-glib's generator, which prints every number
 * through a double: 6512.4 would come out as 6512.3999999999996.
 */
#include <inttypes.h>

#include "sim/report/fingerprint.h"
#include "sim/run/verdict.h"

static void
json_char(GString *out, char c)
{
	switch (c) {
	case '"':
		g_string_append(out, "\\\"");
		break;
	case '\\':
		g_string_append(out, "\\\\");
		break;
	case '\n':
		g_string_append(out, "\\n");
		break;
	case '\t':
		g_string_append(out, "\\t");
		break;
	default:
		if ((unsigned char)c < 0x20 || c == 0x7f)
			g_string_append_printf(
			    out, "\\u%04x", (unsigned)(unsigned char)c);
		else
			g_string_append_c(out, c);
	}
}

void
rep_json_string(GString *out, const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);

	g_string_append_c(out, '"');
	for (const char *p = valid; *p != '\0'; p++)
		json_char(out, *p);
	g_string_append_c(out, '"');
	g_free(valid);
}

void
rep_json_member(GString *out, const char *name, const char *text)
{
	rep_json_string(out, name);
	g_string_append(out, ": ");
	rep_json_string(out, text);
}

void
rep_json_numbers(GString *out, const struct res_row *row)
{
	char number[32];

	for (int col = 0; col < RES_N_COLUMNS; col++) {
		const char *value = res_has_numbers(row)
		    ? res_format(row, (enum res_column)col, number) : "null";

		g_string_append_printf(
		    out, ", \"%s\": %s", res_columns[col].name, value);
	}
}

void
rep_json_group(GString *out, enum rep_group group, const char *hash)
{
	g_string_append_printf(
	    out, ", \"fingerprint_%s\": ", rep_group_names[group]);
	rep_json_string(out, hash);
}

static void
json_hashes(GString *out, const struct res_row *row)
{
	char hash[REP_HASH_BYTES];

	rep_row_fingerprint(hash, row);
	rep_json_member(out, "fingerprint", hash);
	for (int i = 0; i < REP_N_GROUPS; i++) {
		rep_group_hash(hash, row, (enum rep_group)i);
		rep_json_group(out, (enum rep_group)i, hash);
	}
}

/* json_row: the members of a row, without the braces around them */
static void
json_row(GString *out, const struct res_row *row)
{
	rep_json_member(out, "variant", row->variant);
	g_string_append(out, ", ");
	rep_json_member(out, "outcome", res_outcome_name(row->outcome));
	rep_json_numbers(out, row);
	g_string_append(out, ", ");
	rep_json_member(out, "reason", row->reason);
	g_string_append(out, ", ");
	json_hashes(out, row);
}

/* json_head: what identifies the run; sep parts the members */
static void
json_head(GString *out, const struct rep_set *set, const char *sep)
{
	g_string_append_printf(out, "\"schema\": %d%s", REP_SCHEMA, sep);
	rep_json_member(out, "scenario", set->scenario);
	g_string_append(out, sep);
	rep_json_member(out, "title", set->title);
	g_string_append(out, sep);
	rep_json_member(out, "version", set->version);
	g_string_append_printf(
	    out, "%s\"seed\": %" PRId64 "%s", sep, set->seed, sep);
}

static void
json_effective(GString *out, const struct rep_set *set)
{
	g_string_append(out, "\"effective\": {");
	for (size_t i = 0; i < set->n_rows; i++) {
		g_string_append(out, i == 0 ? "\n    " : ",\n    ");
		rep_json_member(out, set->rows[i].variant, set->effective[i]);
	}
	g_string_append(out, "\n  },\n  ");
}

/* json_verdict: one expectation; what was found is a number, or null */
static void
json_verdict(GString *out, const struct run_verdict *verdict)
{
	const struct scn_expect *expect = verdict->expect;
	g_autofree char *text = g_strdup_printf("%s %s", expect->left,
	    expect->right);

	rep_json_member(out, "expectation", text);
	g_string_append(out, ", ");
	rep_json_member(out, "verdict", run_judgement_name(verdict->judgement));
	g_string_append_printf(out, ", \"found\": %s, ",
	    verdict->found != NULL ? verdict->found : "null");
	rep_json_member(out, "unit", expect->unit);
	g_string_append(out, ", ");
	rep_json_member(out, "reason", verdict->reason != NULL ?
	    verdict->reason : "");
}

static void
json_expectations(GString *out, const struct rep_set *set)
{
	if (set->verdicts == NULL || set->verdicts->len == 0)
		return;
	g_string_append(out, ",\n  \"expectations\": [");
	for (size_t i = 0; i < set->verdicts->len; i++) {
		g_string_append(out, i == 0 ? "\n    {" : ",\n    {");
		json_verdict(out, &g_array_index(set->verdicts,
		    struct run_verdict, i));
		g_string_append_c(out, '}');
	}
	g_string_append(out, "\n  ]");
}

void
rep_json(GString *out, const struct rep_set *set)
{
	g_string_append(out, "{\n  ");
	json_head(out, set, ",\n  ");
	json_effective(out, set);
	g_string_append(out, "\"rows\": [");
	for (size_t i = 0; i < set->n_rows; i++) {
		g_string_append(out, i == 0 ? "\n    {" : ",\n    {");
		json_row(out, &set->rows[i]);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "\n  ]");
	json_expectations(out, set);
	g_string_append(out, "\n}\n");
}

void
rep_jsonl(GString *out, const struct rep_set *set)
{
	for (size_t i = 0; i < set->n_rows; i++) {
		g_string_append_c(out, '{');
		json_head(out, set, ", ");
		json_row(out, &set->rows[i]);
		g_string_append(out, ", ");
		rep_json_member(out, "effective", set->effective[i]);
		g_string_append(out, "}\n");
	}
}
