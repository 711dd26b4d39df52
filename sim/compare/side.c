#include "sim/compare/side.h"

#include <string.h>

#define SEED_KEY	"scenario.seed"

static bool
open_store(struct cmp_side *side, GError **error)
{
	const struct store_about *about;

	side->store = store_view(side->path, error);
	if (side->store == NULL)
		return false;
	about = store_about(side->store);
	side->scenario = g_strdup(about->scenario);
	side->version = g_strdup_printf("%s (%s)", about->version,
	    about->revision);
	side->has_groups = true;
	return true;
}

static bool
open_result(struct cmp_side *side, GError **error)
{
	side->result = rep_read(side->path, error);
	if (side->result == NULL)
		return false;
	side->scenario = g_strdup(side->result->scenario);
	side->version = g_strdup(side->result->version);
	side->has_groups = side->result->has_groups;
	return true;
}

struct cmp_side *
cmp_side_open(const char *path, GError **error)
{
	struct cmp_side *side = g_new0(struct cmp_side, 1);

	side->path = path;
	side->points = g_array_new(FALSE, FALSE, sizeof(struct cmp_point));
	side->texts = g_string_chunk_new(4096);
	if (store_may_be(path) ? open_store(side, error) :
	    open_result(side, error))
		return side;
	cmp_side_free(side);
	return NULL;
}

static void
close_input(struct cmp_side *side)
{
	if (side->store != NULL)
		store_close(side->store, NULL);
	side->store = NULL;
	g_clear_pointer(&side->result, rep_result_free);
}

void
cmp_side_free(struct cmp_side *side)
{
	if (side == NULL)
		return;
	close_input(side);
	g_array_unref(side->points);
	g_string_chunk_free(side->texts);
	g_free(side->scenario);
	g_free(side->version);
	g_free(side);
}

/* column_of: which of a store's columns has a key, or -1 */
static int
column_of(const struct cmp_side *side, const char *key)
{
	const GPtrArray *keys = side->store == NULL ? NULL :
	    store_about(side->store)->keys;

	for (size_t i = 0; keys != NULL && i < keys->len; i++)
		if (strcmp(keys->pdata[i], key) == 0)
			return (int)i;
	return -1;
}

static bool
has_key(const struct cmp_keys *keys, const char *key)
{
	for (size_t i = 0; i < keys->keys->len; i++)
		if (strcmp(keys->keys->pdata[i], key) == 0)
			return true;
	return false;
}

static void
add_keys(struct cmp_keys *keys, const struct cmp_side *side)
{
	const struct store_about *about;

	if (side->store == NULL)
		return;
	about = store_about(side->store);
	for (size_t i = 0; i < about->keys->len; i++) {
		const char *key = about->keys->pdata[i];

		if (strcmp(key, SEED_KEY) == 0 || has_key(keys, key))
			continue;
		g_ptr_array_add(keys->keys, g_strdup(key));
		g_ptr_array_add(keys->columns,
		    g_strdup(about->columns->pdata[i]));
	}
}

void
cmp_keys_init(struct cmp_keys *keys, const struct cmp_side *a,
    const struct cmp_side *b)
{
	keys->keys = g_ptr_array_new_with_free_func(g_free);
	keys->columns = g_ptr_array_new_with_free_func(g_free);
	add_keys(keys, a);
	add_keys(keys, b);
}

void
cmp_keys_fini(struct cmp_keys *keys)
{
	g_ptr_array_unref(keys->keys);
	g_ptr_array_unref(keys->columns);
}

/* append_value: SQLite writes 0.00001 as 1.0e-05: one spelling for both */
static void
append_value(GString *name, const char *text)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	char *end;
	double value = g_ascii_strtod(text, &end);

	if (*text == '\0' || *end != '\0')
		g_string_append(name, text);
	else
		g_string_append(name, g_ascii_formatd(number, sizeof number,
		    "%.15g", value));
}

/*
 * add_point: a point with its name.
 *
 * => values: of the store's columns, or NULL; effective: for all other keys
 */
static void
add_point(struct cmp_side *side, const struct cmp_keys *keys,
    const struct res_row *row, int64_t seed, const char *const *values,
    const char *effective, char groups[REP_N_GROUPS][REP_HASH_BYTES])
{
	struct cmp_point point = { .seed = seed, .outcome = row->outcome };
	GString *name = g_string_new(row->variant);

	for (size_t i = 0; i < keys->keys->len; i++) {
		const char *key = keys->keys->pdata[i];
		int column = column_of(side, key);
		g_autofree char *value = column >= 0 ?
		    g_strdup(values[column]) :
		    cmp_effective_value(effective, key);

		g_string_append_printf(name, ", %s=",
		    (char *)keys->columns->pdata[i]);
		append_value(name, value);
	}
	point.name = g_string_chunk_insert_const(side->texts, name->str);
	memcpy(point.value, row->value, sizeof point.value);
	memcpy(point.groups, groups, sizeof point.groups);
	g_array_append_val(side->points, point);
	g_string_free(name, TRUE);
}

/* needs_effective: is there a key that the store has no column of? */
static bool
needs_effective(const struct cmp_side *side, const struct cmp_keys *keys)
{
	for (size_t i = 0; i < keys->keys->len; i++)
		if (column_of(side, keys->keys->pdata[i]) < 0)
			return true;
	return false;
}

static bool
read_store(struct cmp_side *side, const struct cmp_keys *keys,
    GError **error)
{
	bool needs = needs_effective(side, keys);
	struct store_cursor *cursor = store_read(side->store, error);
	struct store_point point;
	GError *why = NULL;

	if (cursor == NULL)
		return false;
	while (why == NULL && store_next(cursor, &point, &why)) {
		g_autofree char *effective = needs ? store_effective(
		    side->store, point.index, &why) : NULL;

		add_point(side, keys, &point.row, point.seed, point.values,
		    effective != NULL ? effective : "", point.groups);
	}
	store_cursor_free(cursor);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

static void
read_result(struct cmp_side *side, const struct cmp_keys *keys)
{
	struct rep_result *result = side->result;

	for (size_t i = 0; i < result->n_rows; i++) {
		const char *effective = result->effective->pdata[i];
		g_autofree char *seed = cmp_effective_value(effective,
		    SEED_KEY);

		add_point(side, keys, &result->rows[i],
		    g_ascii_strtoll(seed, NULL, 10), NULL, effective,
		    result->groups[i]);
	}
}

bool
cmp_side_read(struct cmp_side *side, const struct cmp_keys *keys,
    GError **error)
{
	bool ok = true;

	if (side->store != NULL)
		ok = read_store(side, keys, error);
	else
		read_result(side, keys);
	close_input(side);
	return ok;
}
