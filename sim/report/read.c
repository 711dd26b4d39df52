/*
 * A result file, checked on its way in: it may have been edited, cut or never
 * have been ours.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "sim/report/output.h"
#include "sim/report/read.h"
#include "sim/report/report.h"

enum {
	FILE_BYTES_MAX = 64 << 20,	/* 10,000 rows are 6 MB */
	DEPTH_MAX = 16			/* ours have 3 levels */
};

/* input_error: remember what is wrong; false, so that it can be returned */
static bool G_GNUC_PRINTF(2, 3)
input_error(GError **error, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	g_propagate_error(error,
	    g_error_new_valist(REP_ERROR, REP_ERROR_INPUT, fmt, args));
	va_end(args);
	return false;
}

/*
 * is_shallow: no more than DEPTH_MAX brackets open at once.
 *
 * => the parser recurses on each: a file of brackets would take its stack
 */
static bool
is_shallow(const char *text)
{
	bool in_string = false;
	int depth = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (in_string && *p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '"')
			in_string = !in_string;
		else if (!in_string && (*p == '{' || *p == '['))
			depth++;
		else if (!in_string && (*p == '}' || *p == ']'))
			depth--;
		if (depth > DEPTH_MAX)
			return false;
	}
	return true;
}

/* member: a member of the right kind, or NULL and error */
static JsonNode *
member(JsonObject *object, const char *where, const char *name,
    JsonNodeType type, GError **error)
{
	JsonNode *node = json_object_get_member(object, name);

	if (node == NULL)
		input_error(error, "%s%s: missing", where, name);
	else if (JSON_NODE_TYPE(node) != type)
		input_error(error, "%s%s: is %s", where, name,
		    json_node_type_name(node));
	else
		return node;
	return NULL;
}

/* member_text: a string member, at most max bytes, or NULL and error */
static const char *
member_text(JsonObject *object, const char *where, const char *name, size_t max,
    GError **error)
{
	JsonNode *node = member(object, where, name, JSON_NODE_VALUE, error);
	const char *text;

	if (node == NULL)
		return NULL;
	text = json_node_get_value_type(node) == G_TYPE_STRING
	    ? json_node_get_string(node) : NULL;
	if (text == NULL)
		input_error(error, "%s%s: no text", where, name);
	else if (strlen(text) > max)
		input_error(error, "%s%s: longer than %zu bytes", where, name,
		    max);
	else
		return text;
	return NULL;
}

/* read_number: a column back from its decimals */
static bool
read_number(JsonObject *object, const char *where, int col, int64_t *value,
    GError **error)
{
	const struct res_column_info *info = &res_columns[col];
	JsonNode *node = member(object, where, info->name, JSON_NODE_VALUE,
	    error);
	double scaled;

	if (node == NULL)
		return false;
	if (json_node_get_value_type(node) != G_TYPE_INT64
	    && json_node_get_value_type(node) != G_TYPE_DOUBLE)
		return input_error(error, "%s%s: no number", where, info->name);
	scaled = json_node_get_double(node) * pow(10.0, info->decimals);
	if (!(scaled >= 0.0 && scaled <= 9007199254740992.0))	/* 2^53 */
		return input_error(error, "%s%s: out of range", where,
		    info->name);
	*value = (int64_t)llround(scaled);
	return true;
}

static bool
read_outcome(JsonObject *object, const char *where, enum res_outcome *outcome,
    GError **error)
{
	const char *name = member_text(
	    object, where, "outcome", RES_NAME_BYTES, error);

	if (name == NULL)
		return false;
	*outcome = res_find_outcome(name);
	if (*outcome != RES_N_OUTCOMES)
		return true;
	return input_error(error, "%soutcome: \"%s\" is none", where, name);
}

/* text_of: a member that may be missing: "" then */
static const char *
text_of(JsonObject *object, const char *name)
{
	JsonNode *node = object == NULL ? NULL :
	    json_object_get_member(object, name);

	return node != NULL && JSON_NODE_HOLDS_VALUE(node)
		&& json_node_get_value_type(node) == G_TYPE_STRING
	    ? json_node_get_string(node) : "";
}

/* read_hashes: of a row's groups; a result without them is one, too */
static void
read_hashes(JsonObject *object, size_t i, struct rep_result *result)
{
	for (int g = 0; g < REP_N_GROUPS; g++) {
		g_autofree char *name = g_strconcat("fingerprint_",
		    rep_group_names[g], NULL);
		const char *hash = text_of(object, name);

		if (strlen(hash) != REP_HASH_BYTES - 1)
			result->has_groups = false;
		else
			g_strlcpy(result->groups[i][g], hash, REP_HASH_BYTES);
	}
}

static bool
read_row(JsonObject *object, size_t i, struct res_row *row, GError **error)
{
	char where[32];
	const char *name;

	g_snprintf(where, sizeof where, "rows[%zu].", i);
	name = member_text(object, where, "variant", RES_NAME_BYTES - 1, error);
	if (name == NULL || !read_outcome(object, where, &row->outcome, error))
		return false;
	g_strlcpy(row->variant, name, sizeof row->variant);
	for (int col = 0; col < RES_N_COLUMNS && res_has_numbers(row); col++) {
		if (!read_number(object, where, col, &row->value[col], error))
			return false;
	}
	return true;
}

static bool
read_rows(JsonObject *root, struct rep_result *result, GError **error)
{
	JsonNode *node = member(root, "", "rows", JSON_NODE_ARRAY, error);
	JsonArray *rows;

	if (node == NULL)
		return false;
	rows = json_node_get_array(node);
	result->n_rows = json_array_get_length(rows);
	if (result->n_rows == 0)
		return input_error(error, "rows: empty");
	result->rows = g_new0(struct res_row, result->n_rows);
	result->groups = g_malloc0_n(result->n_rows, sizeof *result->groups);
	result->has_groups = true;
	for (size_t i = 0; i < result->n_rows; i++) {
		JsonNode *row = json_array_get_element(rows, (guint)i);

		if (!JSON_NODE_HOLDS_OBJECT(row))
			return input_error(error, "rows[%zu]: no object", i);
		if (!read_row(json_node_get_object(row), i, &result->rows[i],
			error))
			return false;
		read_hashes(json_node_get_object(row), i, result);
	}
	return true;
}

static void
read_effective(JsonObject *root, struct rep_result *result)
{
	JsonNode *node = json_object_get_member(root, "effective");
	JsonObject *effective = node != NULL && JSON_NODE_HOLDS_OBJECT(node)
	    ? json_node_get_object(node) : NULL;

	result->effective = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < result->n_rows; i++) {
		const char *text = text_of(effective, result->rows[i].variant);

		g_ptr_array_add(result->effective, g_strdup(text));
	}
}

static bool
read_schema(JsonObject *root, GError **error)
{
	JsonNode *node = member(root, "", "schema", JSON_NODE_VALUE, error);

	if (node == NULL)
		return false;
	if (json_node_get_value_type(node) != G_TYPE_INT64
	    || json_node_get_int(node) != REP_SCHEMA)
		return input_error(error,
		    "schema: this program reads schema %d only", REP_SCHEMA);
	return true;
}

static bool
read_root(JsonNode *node, struct rep_result *result, GError **error)
{
	JsonObject *root;
	const char *text;

	if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
		return input_error(error, "no JSON object");
	root = json_node_get_object(node);
	if (!read_schema(root, error))
		return false;
	if (json_object_has_member(root, "axes"))
		return input_error(error, "an export of a sweep; its store "
		    "says more");
	text = member_text(root, "", "scenario", 4096, error);
	if (text == NULL)
		return false;
	result->scenario = g_strdup(text);
	text = member_text(root, "", "title", 65536, error);
	if (text == NULL)
		return false;
	result->title = g_strdup(text);
	result->version = g_strdup(text_of(root, "version"));
	if (!read_rows(root, result, error))
		return false;
	read_effective(root, result);
	return true;
}

/* read_file: what is no plain file could go on for ever */
static bool
read_file(const char *path, char **text, gsize *len, GError **error)
{
	if (g_file_test(path, G_FILE_TEST_EXISTS)
	    && !g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return input_error(error, "%s: no regular file", path);
	return g_file_get_contents(path, text, len, error);
}

static bool
read_text(const char *text, gsize len, struct rep_result *result,
    GError **error)
{
	JsonParser *parser;
	bool done;

	if (len > FILE_BYTES_MAX)
		return input_error(error, "larger than any result");
	if (memchr(text, '\0', len) != NULL || !is_shallow(text))
		return input_error(error, "no result of ours");
	parser = json_parser_new_immutable();
	done = json_parser_load_from_data(parser, text, (gssize)len, error)
	    && read_root(json_parser_get_root(parser), result, error);
	g_object_unref(parser);
	return done;
}

struct rep_result *
rep_read(const char *path, GError **error)
{
	struct rep_result *result = g_new0(struct rep_result, 1);
	GError *why = NULL;
	char *text = NULL;
	gsize len = 0;

	if (read_file(path, &text, &len, &why)
	    && read_text(text, len, result, &why)) {
		g_free(text);
		return result;
	}
	/* GLib names the file itself when it cannot be read */
	g_set_error(error, REP_ERROR, REP_ERROR_INPUT, "%s%s%s",
	    text == NULL ? "" : path, text == NULL ? "" : ": ", why->message);
	g_error_free(why);
	g_free(text);
	rep_result_free(result);
	return NULL;
}

void
rep_result_free(struct rep_result *result)
{
	if (result == NULL)
		return;
	g_free(result->scenario);
	g_free(result->title);
	g_free(result->version);
	g_free(result->rows);
	g_free(result->groups);
	g_clear_pointer(&result->effective, g_ptr_array_unref);
	g_free(result);
}
