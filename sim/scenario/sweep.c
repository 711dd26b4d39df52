/*
 * The points of a sweep: which there are, and what each is.
 */
#include "sim/scenario/sweep.h"

size_t
scn_sweep_n_axes(const struct scenario *scn)
{
	return scn->axes->len;
}

const struct scn_axis *
scn_sweep_axis(const struct scenario *scn, size_t i)
{
	g_assert(i < scn->axes->len);
	return g_ptr_array_index(scn->axes, i);
}

int64_t
scn_sweep_n_replications(const struct scenario *scn)
{
	return scn->n_replications;
}

size_t
scn_sweep_size(const struct scenario *scn)
{
	size_t n = scn->swept->len * (size_t)scn->n_replications;

	/* no overflow: each product but the last is at most SCN_MAX_SWEEP */
	for (size_t i = 0; i < scn->axes->len && n <= SCN_MAX_SWEEP; i++)
		n *= scn_axis_n_values(scn_sweep_axis(scn, i));
	return n;
}

struct scn_coordinates
scn_sweep_coordinates(const struct scenario *scn, size_t index)
{
	size_t n_replications = (size_t)scn->n_replications;
	struct scn_coordinates at = { { 0 }, 0, 0 };

	g_assert(index < scn_sweep_size(scn));
	at.replication = (int64_t)(index % n_replications);
	index /= n_replications;
	at.variant = g_array_index(scn->swept, size_t,
	    index % scn->swept->len);
	index /= scn->swept->len;
	for (size_t i = scn->axes->len; i-- > 0;) {
		size_t n = scn_axis_n_values(scn_sweep_axis(scn, i));

		at.value[i] = index % n;
		index /= n;
	}
	return at;
}

static void
apply_axis(struct scn_point *pt, const struct scn_axis *axis, size_t value)
{
	for (size_t k = 0; k < axis->n_keys; k++)
		*scn_target_slot(pt, &axis->targets[k]) =
		    *scn_axis_slot(axis, value, k);
}

struct scn_point *
scn_sweep_point(const struct scenario *scn, size_t index)
{
	struct scn_coordinates at = scn_sweep_coordinates(scn, index);
	const struct scn_point *variant = scn_point(scn, at.variant);
	struct scn_point *pt = scn_point_copy(variant, scn_point_name(variant));

	for (size_t i = 0; i < scn->axes->len; i++)
		apply_axis(pt, scn_sweep_axis(scn, i), at.value[i]);
	pt->slots[SCN_SEED].value += at.replication;
	return pt;
}

void
scn_sweep_point_free(struct scn_point *pt)
{
	scn_point_free(pt);
}

/* plan_variant: all that is in force, but for what is only said of it */
static void
plan_variant(GString *out, const struct scn_point *variant)
{
	struct scn_point *pt = scn_point_copy(variant,
	    scn_point_name(variant));
	GString *dump;

	pt->slots[SCN_TITLE].text = "";
	pt->slots[SCN_QUESTION].text = "";
	dump = scn_dump(pt);
	g_string_append(out, dump->str);
	g_string_free(dump, TRUE);
	scn_point_free(pt);
}

static void
plan_axis(GString *out, const struct scn_axis *axis)
{
	g_string_append_printf(out, "%s =", axis->name);
	for (size_t i = 0; i < scn_axis_n_values(axis); i++)
		for (size_t k = 0; k < axis->n_keys; k++) {
			g_autofree char *value = scn_value_format(
			    axis->targets[k].key,
			    scn_axis_slot(axis, i, k)->value);

			g_string_append_printf(out, "%s %s", k > 0 ? " &" :
			    i > 0 ? "," : "", value);
		}
	g_string_append_c(out, '\n');
}

GString *
scn_sweep_plan(const struct scenario *scn)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < scn->swept->len; i++)
		plan_variant(out, scn_point(scn,
		    g_array_index(scn->swept, size_t, i)));
	g_string_append(out, "\n[sweep]\n");
	for (size_t i = 0; i < scn->axes->len; i++)
		plan_axis(out, scn_sweep_axis(scn, i));
	g_string_append_printf(out, "replications = %" G_GINT64_FORMAT "\n",
	    (gint64)scn->n_replications);
	return out;
}
