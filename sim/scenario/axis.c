/*
 * One axis: "KEY & KEY = VALUE & VALUE, FROM & FROM .. TO * FACTOR & ...".
 *
 * A line is parted into items at its commas, an item into one part for each key
 * at its "&", and a part is a value or a range.
 */
#include <string.h>

#include "sim/scenario/fraction.h"
#include "sim/scenario/sweep.h"

#define RANGES	"\"1 KiB .. 64 KiB * 2\", \"1 KiB .. 64 KiB + 1 KiB\""

/* One axis under way. */
struct line {
	struct scn_loader *ld;
	const struct scn_spot *at;
	struct scn_axis *axis;
	unsigned owner;
};

/* A range taken apart; the texts are copies. */
struct range {
	char *from, *to, *step;
	char by;		/* '*' or '+' */
};

void
scn_axis_destroy(gpointer data)
{
	struct scn_axis *axis = data;

	g_array_unref(axis->slots);
	g_free(axis);
}

size_t
scn_axis_n_values(const struct scn_axis *axis)
{
	return axis->slots->len / axis->n_keys;
}

const struct scn_slot *
scn_axis_slot(const struct scn_axis *axis, size_t value, size_t key)
{
	g_assert(value < scn_axis_n_values(axis) && key < axis->n_keys);
	return &g_array_index(axis->slots, struct scn_slot,
	    value * axis->n_keys + key);
}

static bool
complain(const struct line *line, const char *text, const char *what)
{
	g_autofree char *quoted = scn_quote(text);

	scn_mistake(line->ld->mistakes, line->at, "%s %s", quoted, what);
	return false;
}

/* split: what stands between the separators, without blanks around it */
static char **
split(const char *text, const char *separator)
{
	char **parts = g_strsplit(text, separator, -1);

	if (*parts == NULL) {		/* of nothing there is one, too */
		g_strfreev(parts);
		parts = g_new0(char *, 2);
		*parts = g_strdup("");
	}
	for (char **part = parts; *part != NULL; part++)
		g_strstrip(*part);
	return parts;
}

/* parse_one: a single value */
static bool
parse_one(const struct line *line, enum scn_key key, const char *text,
    struct scn_slot *slot)
{
	*slot = (struct scn_slot){ .owner = 0 };
	scn_value_set(line->ld, slot, key, text, line->at, line->owner);
	return !slot->is_bad;
}

static void
range_clear(struct range *range)
{
	g_free(range->from);
	g_free(range->to);
	g_free(range->step);
}

/* range_split: "FROM .. TO * FACTOR", or with "+ STEP" */
static bool
range_split(const struct line *line, const char *text, struct range *range)
{
	const char *dots = strstr(text, "..");
	const char *sign = strpbrk(dots, "*+");

	*range = (struct range){ NULL, NULL, NULL, '\0' };
	if (sign == NULL)
		return complain(line, text, "has no step; permitted: " RANGES);
	range->from = g_strstrip(g_strndup(text, (size_t)(dots - text)));
	range->to = g_strstrip(g_strndup(dots + 2,
	    (size_t)(sign - dots - 2)));
	range->step = g_strstrip(g_strdup(sign + 1));
	range->by = *sign;
	return true;
}

/* next_value: what follows in a range; wide, as it may be past any end */
static fraction_int
next_value(int64_t value, struct fraction factor, int64_t step)
{
	return (fraction_int)(uint64_t)value * factor.num / factor.den +
	    (fraction_int)(uint64_t)step;
}

/* parse_step: by which a value is multiplied, or what is added */
static bool
parse_step(const struct line *line, enum scn_key key,
    const struct range *range, struct fraction *factor, int64_t *step)
{
	const char *rest;

	*factor = (struct fraction){ 1, 1 };
	*step = 0;
	if (range->by == '+')
		return scn_quantity_parse(range->step, scn_row(key)->unit,
		    step) == SCN_QUANTITY_OK || complain(line, range->step,
		    "is no step; permitted: a quantity of the key's unit");
	rest = fraction_parse(range->step, factor);
	return (rest != NULL && *rest == '\0') || complain(line, range->step,
	    "is no factor; permitted: a number above 1, like 2 or 1.5");
}

/* fill_range: from the first slot on, until the end is passed */
static bool
fill_range(const struct line *line, const struct range *range,
    enum scn_key key, int64_t end, GArray *slots)
{
	struct scn_slot slot = g_array_index(slots, struct scn_slot,
	    slots->len - 1);
	struct fraction factor;
	fraction_int next;
	int64_t step;

	if (!parse_step(line, key, range, &factor, &step))
		return false;
	if (slot.value > end)
		return complain(line, range->to, "is below the first value");
	for (;;) {
		next = next_value(slot.value, factor, step);
		if (next <= (fraction_int)(uint64_t)slot.value)
			return complain(line, range->step,
			    "does not make the values grow");
		if (next > (fraction_int)(uint64_t)end)
			return true;
		slot.value = (int64_t)next;
		g_array_append_val(slots, slot);
		if (slots->len > SCN_MAX_AXIS_VALUES)
			return complain(line, range->step, "makes more than "
			    "10000 values; permitted: a larger step");
	}
}

static bool
parse_range(const struct line *line, enum scn_key key, const char *text,
    GArray *slots)
{
	struct scn_slot first, last;
	struct range range;
	bool ok;

	if (scn_row(key)->type != SCN_TYPE_QUANTITY)
		return complain(line, text,
		    "is a range, and the key takes words");
	if (!range_split(line, text, &range))
		return false;
	ok = parse_one(line, key, range.from, &first);
	ok = parse_one(line, key, range.to, &last) && ok;
	if (ok) {
		g_array_append_val(slots, first);
		ok = fill_range(line, &range, key, last.value, slots);
	}
	range_clear(&range);
	return ok;
}

/* parse_part: the values of one key in an item */
static bool
parse_part(const struct line *line, enum scn_key key, const char *text,
    GArray *slots)
{
	struct scn_slot slot;

	if (strstr(text, "..") != NULL)
		return parse_range(line, key, text, slots);
	if (!parse_one(line, key, text, &slot))
		return false;
	g_array_append_val(slots, slot);
	return true;
}

/* append_rows: from one column for each key to one row for each value */
static bool
append_rows(const struct line *line, const char *item, GArray *const *columns)
{
	struct scn_axis *axis = line->axis;

	for (size_t k = 1; k < axis->n_keys; k++)
		if (columns[k]->len != columns[0]->len)
			return complain(line, item,
			    "has ranges of different lengths");
	if (scn_axis_n_values(axis) + columns[0]->len > SCN_MAX_AXIS_VALUES)
		return complain(line, item, "makes more than 10000 values");
	for (size_t i = 0; i < columns[0]->len; i++)
		for (size_t k = 0; k < axis->n_keys; k++)
			g_array_append_val(axis->slots,
			    g_array_index(columns[k], struct scn_slot, i));
	return true;
}

/* parse_item: what stands between two commas */
static bool
parse_item(const struct line *line, const char *item)
{
	struct scn_axis *axis = line->axis;
	g_auto(GStrv) parts = split(item, "&");
	GArray *columns[SCN_MAX_AXIS_KEYS];
	bool ok = true;

	if (g_strv_length(parts) != axis->n_keys)
		return complain(line, item, axis->n_keys == 1 ?
		    "has an & for a single key" :
		    "has not one value for each key, joined by &");
	for (size_t k = 0; k < axis->n_keys; k++) {
		columns[k] = g_array_new(FALSE, FALSE,
		    sizeof(struct scn_slot));
		ok = parse_part(line, axis->targets[k].key, parts[k],
		    columns[k]) && ok;
	}
	ok = ok && append_rows(line, item, columns);
	for (size_t k = 0; k < axis->n_keys; k++)
		g_array_unref(columns[k]);
	return ok;
}

/* check_key: not every key makes an axis */
static bool
check_key(const struct line *line, const char *name, enum scn_key key)
{
	struct scn_axis *axis = line->axis;

	if (scn_key_is_text(key))
		return complain(line, name,
		    "can be no axis; permitted: in a [variant NAME]");
	for (size_t k = 0; k < axis->n_keys; k++)
		if (strcmp(axis->names[k], name) == 0)
			return complain(line, name, "stands twice in an axis");
	return true;
}

static bool
parse_keys(const struct line *line, const char *text)
{
	struct scn_axis *axis = line->axis;
	struct scn_point *any = g_ptr_array_index(line->ld->scn->points, 0);
	g_auto(GStrv) names = split(text, "&");
	g_autofree char *joined = g_strjoinv(" & ", names);

	if (g_strv_length(names) > SCN_MAX_AXIS_KEYS)
		return complain(line, text, "are more than 8 keys");
	for (char **name = names; *name != NULL; name++) {
		struct scn_target target;

		if (!scn_target_find(line->ld, any, *name, line->at, &target)
		    || !check_key(line, *name, target.key))
			return false;
		axis->names[axis->n_keys] = scn_keep(line->ld->scn, *name);
		axis->targets[axis->n_keys++] = target;
	}
	axis->name = scn_keep(line->ld->scn, joined);
	return true;
}

/* is_same: do two values of an axis have the same in all keys? */
static bool
is_same(const struct scn_axis *axis, size_t a, size_t b)
{
	for (size_t k = 0; k < axis->n_keys; k++)
		if (scn_axis_slot(axis, a, k)->value !=
		    scn_axis_slot(axis, b, k)->value)
			return false;
	return true;
}

/* check_values: one that comes again would be run again, for nothing */
static bool
check_values(const struct line *line)
{
	const struct scn_axis *axis = line->axis;

	for (size_t i = 1; i < scn_axis_n_values(axis); i++)
		for (size_t j = 0; j < i; j++)
			if (is_same(axis, i, j)) {
				g_autofree char *text = scn_value_format(
				    axis->targets[0].key,
				    scn_axis_slot(axis, i, 0)->value);

				return complain(line, text, "comes twice");
			}
	return true;
}

static bool
parse_values(const struct line *line, const char *values)
{
	g_auto(GStrv) items = split(values, ",");
	bool ok = true;

	if (*values == '\0')
		return complain(line, values, "is empty; permitted: values "
		    "and ranges, parted by commas; " RANGES);
	for (char **item = items; *item != NULL; item++)
		ok = parse_item(line, *item) && ok;
	return ok && check_values(line);
}

struct scn_axis *
scn_axis_parse(struct scn_loader *ld, const char *name, const char *values,
    const struct scn_spot *at)
{
	struct scn_axis *axis = g_new0(struct scn_axis, 1);
	struct line line = { ld, at, axis, ++ld->n_groups };

	axis->place = at->place;
	axis->slots = g_array_new(FALSE, FALSE, sizeof(struct scn_slot));
	if (parse_keys(&line, name) && parse_values(&line, values))
		return axis;
	scn_axis_destroy(axis);
	return NULL;
}
