#include "sim/compare/match.h"

#include <string.h>

/* A point as the hash tables know it: the seed is 0 where it does not count. */
struct id {
	const char *name;
	int64_t seed;
};

static guint
id_hash(gconstpointer key)
{
	const struct id *id = key;

	return g_str_hash(id->name) ^ g_int64_hash(&id->seed);
}

static gboolean
id_equal(gconstpointer a, gconstpointer b)
{
	const struct id *x = a, *y = b;

	return x->seed == y->seed && strcmp(x->name, y->name) == 0;
}

static const struct cmp_point *
point_at(const struct cmp_side *side, size_t i)
{
	return &g_array_index(side->points, struct cmp_point, i);
}

/* index_of: the points of a side: id -> index + 1; the first of equal ones */
static GHashTable *
index_of(const struct cmp_side *side, bool by_seed)
{
	GHashTable *index = g_hash_table_new_full(id_hash, id_equal, g_free,
	    NULL);

	for (size_t i = 0; i < side->points->len; i++) {
		const struct cmp_point *point = point_at(side, i);
		struct id id = { point->name, by_seed ? point->seed : 0 };

		if (!g_hash_table_contains(index, &id))
			g_hash_table_insert(index, g_memdup2(&id, sizeof id),
			    GSIZE_TO_POINTER(i + 1));
	}
	return index;
}

/* number_of: of a name, a new one if it was not seen before */
static size_t
number_of(GHashTable *numbers, const char *name)
{
	gsize number = GPOINTER_TO_SIZE(g_hash_table_lookup(numbers, name));

	if (number == 0) {
		number = g_hash_table_size(numbers) + 1;
		g_hash_table_insert(numbers, (gpointer)(guintptr)name,
		    GSIZE_TO_POINTER(number));
	}
	return number - 1;
}

/* by_group: those of a group stay in the order in which they came */
static gint
by_group(gconstpointer a, gconstpointer b)
{
	const struct cmp_pair *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->a < y->a ? -1 : x->a > y->a;
}

/* find_pairs: taken is set for what of b has found its like */
static void
find_pairs(struct cmp_match *match, const struct cmp_side *a,
    const struct cmp_side *b, bool by_seed, GByteArray *taken)
{
	g_autoptr(GHashTable) index = index_of(b, by_seed);
	g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash,
	    g_str_equal);

	for (size_t i = 0; i < a->points->len; i++) {
		const struct cmp_point *point = point_at(a, i);
		struct id id = { point->name, by_seed ? point->seed : 0 };
		gsize found = GPOINTER_TO_SIZE(g_hash_table_lookup(index,
		    &id));
		struct cmp_pair pair = { .a = point };

		if (found == 0) {
			g_ptr_array_add(match->only_a,
			    (gpointer)(guintptr)point);
			continue;
		}
		pair.b = point_at(b, found - 1);
		pair.group = number_of(numbers, point->name);
		taken->data[found - 1] = 1;
		g_array_append_val(match->pairs, pair);
	}
}

void
cmp_match_init(struct cmp_match *match, const struct cmp_side *a,
    const struct cmp_side *b, bool by_seed)
{
	g_autoptr(GByteArray) taken = g_byte_array_new();

	match->pairs = g_array_new(FALSE, FALSE, sizeof(struct cmp_pair));
	match->only_a = g_ptr_array_new();
	match->only_b = g_ptr_array_new();
	g_byte_array_set_size(taken, b->points->len);
	memset(taken->data, 0, taken->len);
	find_pairs(match, a, b, by_seed, taken);
	g_array_sort(match->pairs, by_group);
	for (size_t i = 0; i < b->points->len; i++)
		if (taken->data[i] == 0)
			g_ptr_array_add(match->only_b,
			    (gpointer)(guintptr)point_at(b, i));
}

void
cmp_match_fini(struct cmp_match *match)
{
	g_array_unref(match->pairs);
	g_ptr_array_unref(match->only_a);
	g_ptr_array_unref(match->only_b);
}

bool
cmp_has_numbers(const struct cmp_point *point)
{
	struct res_row row = { .outcome = point->outcome };

	return res_has_numbers(&row);
}

static bool
is_result(const struct cmp_point *point)
{
	struct res_row row = { .outcome = point->outcome };

	return res_is_result(&row);
}

bool
cmp_column_differs(const struct cmp_pair *pair, enum res_column column)
{
	return cmp_has_numbers(pair->a) && cmp_has_numbers(pair->b) &&
	    pair->a->value[column] != pair->b->value[column];
}

bool
cmp_group_differs(const struct cmp_pair *pair, enum rep_group group)
{
	return strcmp(pair->a->groups[group], pair->b->groups[group]) != 0;
}

bool
cmp_differs(const struct cmp_pair *pair, bool has_groups)
{
	bool differs = pair->a->outcome != pair->b->outcome;

	for (int g = 0; has_groups && !differs && g < REP_N_GROUPS; g++)
		differs = cmp_group_differs(pair, (enum rep_group)g);
	for (int col = 0; !differs && col < RES_N_COLUMNS; col++)
		differs = cmp_column_differs(pair, (enum res_column)col);
	return differs;
}

static fraction_int
size_of(int64_t value)
{
	return value < 0 ? (fraction_int)(-(uint64_t)value) :
	    (fraction_int)(uint64_t)value;
}

bool
cmp_exceeds(const struct cmp_pair *pair, enum res_column column,
    struct fraction percent)
{
	int64_t a = pair->a->value[column], b = pair->b->value[column];

	if (is_result(pair->a) != is_result(pair->b))
		return true;
	/* it all fits: values below 2^63, a percentage of 15 digits */
	return cmp_column_differs(pair, column) &&
	    size_of(b - a) * 100 * percent.den > percent.num * size_of(a);
}

double
cmp_change(int64_t a, int64_t b)
{
	return ((double)b - (double)a) / (double)a * 100.0;
}
