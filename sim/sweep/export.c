#include "sim/sweep/export.h"

#include <inttypes.h>
#include <string.h>

/* An export under way. */
struct job {
	struct store *store;
	const struct store_about *about;
	const struct store_export *how;
	GString *text;		/* not handed on yet */
	size_t n_rows;		/* by now */
};

static void
csv_head(const struct job *job)
{
	const struct store_about *about = job->about;
	GString *out = job->text;

	g_string_append_printf(out, "# loansim: %s (%s)\n", about->version,
	    about->revision);
	rep_csv_comment(out, "scenario", about->scenario);
	rep_csv_comment(out, "title", about->title);
	g_string_append_printf(out, "# points: %zu\n", about->n_points);
	rep_csv_comment(out, "command", job->how->command);
	g_string_append(out, "point,variant,replication,seed");
	for (size_t i = 0; i < about->columns->len; i++) {
		g_string_append_c(out, ',');
		rep_csv_field(out, about->columns->pdata[i]);
	}
	g_string_append(out, ",outcome");
	rep_csv_names(out);
	g_string_append(out, ",fingerprint,reason\n");
}

static void
csv_row(const struct job *job, const struct store_point *point)
{
	GString *out = job->text;

	g_string_append_printf(out, "%zu,", point->index + 1);
	rep_csv_field(out, point->row.variant);
	g_string_append_printf(out, ",%" PRId64 ",%" PRId64,
	    point->replication + 1, point->seed);
	for (size_t i = 0; i < job->about->columns->len; i++) {
		g_string_append_c(out, ',');
		rep_csv_field(out, point->values[i]);
	}
	g_string_append_c(out, ',');
	rep_csv_field(out, res_outcome_name(point->row.outcome));
	rep_csv_numbers(out, &point->row);
	g_string_append_printf(out, ",%s,", point->fingerprint);
	rep_csv_field(out, point->row.reason);
	g_string_append_c(out, '\n');
}

static const char *
skip_digits(const char *p)
{
	return p + strspn(p, "0123456789");
}

/* is_number: as JSON writes one (RFC 8259, section 6) */
static bool
is_number(const char *p)
{
	const char *digits = *p == '-' ? p + 1 : p;

	p = skip_digits(digits);
	if (p == digits || (*digits == '0' && p > digits + 1))
		return false;
	if (*p == '.') {
		digits = p + 1;
		p = skip_digits(digits);
		if (p == digits)
			return false;
	}
	if (*p == 'e' || *p == 'E') {
		digits = p + (p[1] == '+' || p[1] == '-' ? 2 : 1);
		p = skip_digits(digits);
		if (p == digits)
			return false;
	}
	return *p == '\0';
}

/* json_value: of an axis: a number, or a word like "unlimited" */
static void
json_value(GString *out, const char *text)
{
	if (is_number(text))
		g_string_append(out, text);
	else if (*text == '\0')
		g_string_append(out, "null");
	else
		rep_json_string(out, text);
}

/* json_about: what identifies the sweep; sep parts the members */
static void
json_about(const struct job *job, const char *sep)
{
	const struct store_about *about = job->about;
	GString *out = job->text;

	g_string_append_printf(out, "\"schema\": %d%s", REP_SCHEMA, sep);
	rep_json_member(out, "scenario", about->scenario);
	g_string_append(out, sep);
	rep_json_member(out, "title", about->title);
	g_string_append(out, sep);
	rep_json_member(out, "version", about->version);
	g_string_append(out, sep);
	rep_json_member(out, "revision", about->revision);
	g_string_append(out, sep);
	rep_json_member(out, "command", job->how->command);
	g_string_append_printf(out, "%s\"points\": %zu%s", sep,
	    about->n_points, sep);
}

static void
json_head(const struct job *job)
{
	const struct store_about *about = job->about;
	GString *out = job->text;

	g_string_append(out, "{\n  ");
	json_about(job, ",\n  ");
	g_string_append(out, "\"axes\": [");
	for (size_t i = 0; i < about->keys->len; i++) {
		g_string_append(out, i == 0 ? "\n    {" : ",\n    {");
		rep_json_member(out, "key", about->keys->pdata[i]);
		g_string_append(out, ", ");
		rep_json_member(out, "column", about->columns->pdata[i]);
		g_string_append_c(out, '}');
	}
	g_string_append_printf(out, "%s],\n  \"rows\": [",
	    about->keys->len == 0 ? "" : "\n  ");
}

/* json_members: of a point, without the braces around them */
static void
json_members(const struct job *job, const struct store_point *point)
{
	GString *out = job->text;

	g_string_append_printf(out, "\"point\": %zu, ", point->index + 1);
	rep_json_member(out, "variant", point->row.variant);
	g_string_append_printf(out, ", \"replication\": %" PRId64
	    ", \"seed\": %" PRId64 ", ", point->replication + 1,
	    point->seed);
	for (size_t i = 0; i < job->about->columns->len; i++) {
		rep_json_string(out, job->about->columns->pdata[i]);
		g_string_append(out, ": ");
		json_value(out, point->values[i]);
		g_string_append(out, ", ");
	}
	rep_json_member(out, "outcome", res_outcome_name(point->row.outcome));
	rep_json_numbers(out, &point->row);
	g_string_append(out, ", ");
	rep_json_member(out, "reason", point->row.reason);
	g_string_append(out, ", ");
	rep_json_member(out, "fingerprint", point->fingerprint);
	for (int i = 0; i < REP_N_GROUPS; i++)
		rep_json_group(out, (enum rep_group)i, point->groups[i]);
}

static bool
json_effective(const struct job *job, size_t index, GError **error)
{
	GError *why = NULL;
	g_autofree char *text = store_effective(job->store, index, &why);

	if (why != NULL) {
		g_propagate_error(error, why);
		return false;
	}
	g_string_append(job->text, ", ");
	rep_json_member(job->text, "effective", text != NULL ? text : "");
	return true;
}

static bool
jsonl_row(const struct job *job, const struct store_point *point,
    GError **error)
{
	g_string_append_c(job->text, '{');
	json_about(job, ", ");
	json_members(job, point);
	if (job->how->has_effective &&
	    !json_effective(job, point->index, error))
		return false;
	g_string_append(job->text, "}\n");
	return true;
}

static bool
append_row(const struct job *job, const struct store_point *point,
    GError **error)
{
	switch (job->how->format) {
	case REP_CSV:
		csv_row(job, point);
		return true;
	case REP_JSON:
		g_string_append(job->text, job->n_rows == 0 ? "\n    {" :
		    ",\n    {");
		json_members(job, point);
		g_string_append_c(job->text, '}');
		return true;
	case REP_JSONL:
		return jsonl_row(job, point, error);
	case REP_TABLE:
	case REP_FINGERPRINT:
	case REP_N_FORMATS:
		break;
	}
	g_assert_not_reached();
}

static bool
hand_on(const struct job *job, struct rep_stream *to, GError **error)
{
	bool ok = rep_stream_put(to, job->text->str, job->text->len, error);

	g_string_truncate(job->text, 0);
	return ok;
}

static bool
export_rows(struct job *job, struct rep_stream *to, GError **error)
{
	struct store_cursor *cursor = store_read(job->store, error);
	struct store_point point;
	GError *why = NULL;

	if (cursor == NULL)
		return false;
	while (why == NULL && !rep_stream_is_lost(to) &&
	    store_next(cursor, &point, &why)) {
		if (append_row(job, &point, &why))
			hand_on(job, to, &why);
		job->n_rows++;
	}
	store_cursor_free(cursor);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

bool
store_export(struct store *store, const struct store_export *how,
    struct rep_stream *to, size_t *n_rows, GError **error)
{
	struct job job = { store, store_about(store), how,
		g_string_new(NULL), 0 };
	bool ok;

	if (how->format == REP_CSV)
		csv_head(&job);
	else if (how->format == REP_JSON)
		json_head(&job);
	ok = hand_on(&job, to, error) && export_rows(&job, to, error);
	if (ok && how->format == REP_JSON) {
		g_string_append(job.text, job.n_rows == 0 ?
		    "]\n}\n" : "\n  ]\n}\n");
		ok = hand_on(&job, to, error);
	}
	g_string_free(job.text, TRUE);
	*n_rows = job.n_rows;
	return ok;
}
