/*
 * Points: making, copying, asking.
 */
#include "sim/scenario/point.h"

#include <string.h>

#include "models/hw/disk.h"
#include "sim/scenario/expect.h"
#include "sim/scenario/sweep.h"

static void
point_destroy(gpointer data)
{
	scn_point_free(data);
}

/* file_stem: "thorpe-2002" of "scenarios/thorpe-2002.scn" */
static char *
file_stem(const char *path)
{
	char *base = g_path_get_basename(path);

	if (g_str_has_suffix(base, ".scn") && strlen(base) > 4)
		base[strlen(base) - 4] = '\0';
	return base;
}

struct scenario *
scn_new(const char *path)
{
	struct scenario *scn = g_new0(struct scenario, 1);
	g_autofree char *stem = file_stem(strcmp(path, "-") == 0 ? "stdin" :
	    path);
	/* it goes into results, which are UTF-8 */
	g_autofree char *printable = scn_escape(stem);

	scn->strings = g_string_chunk_new(4096);
	scn->points = g_ptr_array_new_with_free_func(point_destroy);
	scn->expects = g_array_new(FALSE, FALSE, sizeof(struct scn_expect));
	scn->axes = g_ptr_array_new_with_free_func(scn_axis_destroy);
	scn->swept = g_array_new(FALSE, FALSE, sizeof(size_t));
	scn->n_replications = 1;
	scn->name = scn_keep(scn, printable);
	return scn;
}

void
scn_free(struct scenario *scn)
{
	if (scn == NULL)
		return;
	g_ptr_array_unref(scn->points);
	g_array_unref(scn->expects);
	g_ptr_array_unref(scn->axes);
	g_array_unref(scn->swept);
	g_string_chunk_free(scn->strings);
	g_free(scn);
}

const char *
scn_keep(struct scenario *scn, const char *text)
{
	return g_string_chunk_insert(scn->strings, text);
}

static void
slot_reset(struct scn_slot *slot, enum scn_key key)
{
	*slot = (struct scn_slot){ .value = scn_schema[key].def };
	if (scn_key_is_text(key))
		slot->text = scn_schema[key].special != NULL ?
		    scn_schema[key].special : "";
}

struct scn_point *
scn_point_new(const char *name)
{
	struct scn_point *pt = g_new0(struct scn_point, 1);

	pt->name = name;
	pt->processes = g_array_new(FALSE, FALSE, sizeof(struct scn_process));
	for (unsigned k = 0; k < SCN_N_PLAIN; k++)
		slot_reset(&pt->slots[k], (enum scn_key)k);
	for (unsigned k = 0; k < SCN_N_MACHINE; k++)
		slot_reset(&pt->far_slots[k],
		    (enum scn_key)(SCN_MACHINE_FIRST + k));
	return pt;
}

struct scn_point *
scn_point_copy(const struct scn_point *pt, const char *name)
{
	struct scn_point *copy = g_new(struct scn_point, 1);

	*copy = *pt;
	copy->name = name;
	copy->processes = g_array_copy(pt->processes);
	return copy;
}

void
scn_point_free(struct scn_point *pt)
{
	g_array_unref(pt->processes);
	g_free(pt);
}

static struct scn_process *
nth_process(const struct scn_point *pt, size_t i)
{
	g_assert(i < pt->processes->len);
	return &g_array_index(pt->processes, struct scn_process, i);
}

struct scn_process *
scn_point_add_process(struct scn_point *pt, const char *name)
{
	struct scn_process process = { .name = name };

	for (unsigned k = 0; k < SCN_N_PER_PROCESS; k++)
		slot_reset(&process.slots[k],
		    (enum scn_key)(SCN_PROC_PROGRAM + k));
	g_array_append_val(pt->processes, process);
	return nth_process(pt, pt->processes->len - 1);
}

struct scn_process *
scn_point_process(const struct scn_point *pt, const char *name)
{
	for (size_t i = 0; i < pt->processes->len; i++)
		if (strcmp(nth_process(pt, i)->name, name) == 0)
			return nth_process(pt, i);
	return NULL;
}

struct scn_slot *
scn_point_slot(struct scn_point *pt, struct scn_process *process,
    enum scn_key key)
{
	g_assert(scn_key_is_process(key) == (process != NULL));
	if (process != NULL)
		return &process->slots[key - SCN_PROC_PROGRAM];
	return &pt->slots[key];
}

struct scn_slot *
scn_machine_slot(struct scn_machine machine, enum scn_key key)
{
	g_assert(scn_key_is_machine(key));
	return machine.is_far ?
	    &machine.pt->far_slots[key - SCN_MACHINE_FIRST] :
	    &machine.pt->slots[key];
}

const char *
scn_name(const struct scenario *scn)
{
	return scn->name;
}

size_t
scn_n_points(const struct scenario *scn)
{
	return scn->points->len;
}

const struct scn_point *
scn_point(const struct scenario *scn, size_t i)
{
	g_assert(i < scn->points->len);
	return g_ptr_array_index(scn->points, i);
}

const char *
scn_point_name(const struct scn_point *pt)
{
	return pt->name;
}

int64_t
scn_get(const struct scn_point *pt, enum scn_key key)
{
	g_assert(!scn_key_is_process(key));
	g_assert(!scn_key_is_text(key));
	return pt->slots[key].value;
}

const char *
scn_get_text(const struct scn_point *pt, enum scn_key key)
{
	g_assert(!scn_key_is_process(key));
	g_assert(scn_key_is_text(key));
	return pt->slots[key].text;
}

const char *
scn_get_origin(const struct scn_point *pt, enum scn_key key)
{
	g_assert(!scn_key_is_process(key));
	return pt->slots[key].origin;
}

const char *
scn_get_cited(const struct scn_point *pt, enum kern_op op)
{
	return pt->slots[SCN_COST_FIRST + (int)op].cited;
}

bool
scn_far_is_host(const struct scn_point *pt)
{
	return pt->slots[SCN_PEER_KIND].value == SCN_PEER_HOST;
}

static const struct scn_slot *
far_slot(const struct scn_point *pt, enum scn_key key)
{
	g_assert(scn_key_is_machine(key) && scn_far_is_host(pt));
	return &pt->far_slots[key - SCN_MACHINE_FIRST];
}

int64_t
scn_get_far(const struct scn_point *pt, enum scn_key key)
{
	return far_slot(pt, key)->value;
}

const char *
scn_get_far_origin(const struct scn_point *pt, enum scn_key key)
{
	return far_slot(pt, key)->origin;
}

const char *
scn_get_far_cited(const struct scn_point *pt, enum kern_op op)
{
	return far_slot(pt, (enum scn_key)(SCN_COST_FIRST + (int)op))->cited;
}

int64_t
scn_end_get(struct scn_end end, enum scn_key key)
{
	return end.is_far ? scn_get_far(end.pt, key) : scn_get(end.pt, key);
}

const char *
scn_end_origin(struct scn_end end, enum scn_key key)
{
	return end.is_far ? scn_get_far_origin(end.pt, key) :
	    scn_get_origin(end.pt, key);
}

const char *
scn_end_cited(struct scn_end end, enum kern_op op)
{
	return end.is_far ? scn_get_far_cited(end.pt, op) :
	    scn_get_cited(end.pt, op);
}

int64_t
scn_disk_bytes(struct scn_end end)
{
	return scn_end_get(end, SCN_DISK_CYLINDERS) *
	    scn_end_get(end, SCN_DISK_HEADS) *
	    scn_end_get(end, SCN_DISK_SECTORS) * DISK_SECTOR_BYTES;
}

size_t
scn_n_processes(const struct scn_point *pt)
{
	return pt->processes->len;
}

const char *
scn_process_name(const struct scn_point *pt, size_t proc)
{
	return nth_process(pt, proc)->name;
}

int64_t
scn_process_get(const struct scn_point *pt, size_t proc, enum scn_key key)
{
	g_assert(scn_key_is_process(key));
	return nth_process(pt, proc)->slots[key - SCN_PROC_PROGRAM].value;
}
