/*
 * Points: making, copying, asking.
 */
#include "sim/scenario/point.h"

#include <string.h>

#include "models/hw/disk.h"
#include "sim/scenario/expect.h"
#include "sim/scenario/sweep.h"
#include "sim/trace/story_shared.h"

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
	*slot = (struct scn_slot){ .value = scn_row(key)->def };
	if (scn_key_is_text(key))
		slot->text = scn_row(key)->special != NULL ?
		    scn_row(key)->special : "";
}

static guint
named_bytes(enum scn_kind kind)
{
	return (guint)(sizeof(struct scn_named) +
	    scn_kinds[kind].n_keys * sizeof(struct scn_slot));
}

struct scn_point *
scn_point_new(const char *name, const char *folder)
{
	struct scn_point *pt = g_new0(struct scn_point, 1);

	pt->name = name;
	pt->folder = folder;
	for (int kind = 0; kind < SCN_N_KINDS; kind++)
		pt->named[kind] = g_array_new(FALSE, TRUE,
		    named_bytes((enum scn_kind)kind));
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
	for (int kind = 0; kind < SCN_N_KINDS; kind++)
		copy->named[kind] = g_array_copy(pt->named[kind]);
	return copy;
}

void
scn_point_free(struct scn_point *pt)
{
	for (int kind = 0; kind < SCN_N_KINDS; kind++)
		g_array_unref(pt->named[kind]);
	g_free(pt);
}

struct scn_named *
scn_point_named(const struct scn_point *pt, enum scn_kind kind, size_t i)
{
	const GArray *all = pt->named[kind];

	g_assert(i < all->len);
	return (struct scn_named *)(gpointer)(all->data +
	    i * named_bytes(kind));
}

struct scn_named *
scn_point_add(struct scn_point *pt, enum scn_kind kind, const char *name)
{
	const struct scn_kind_info *info = &scn_kinds[kind];
	struct scn_named *named;
	guint n = pt->named[kind]->len;

	g_array_set_size(pt->named[kind], n + 1);
	named = scn_point_named(pt, kind, n);
	named->name = name;
	named->kind = kind;
	for (unsigned k = 0; k < info->n_keys; k++)
		slot_reset(&named->slots[k], (enum scn_key)(info->first + k));
	return named;
}

struct scn_named *
scn_point_find(const struct scn_point *pt, enum scn_kind kind,
    const char *name)
{
	for (size_t i = 0; i < pt->named[kind]->len; i++)
		if (strcmp(scn_point_named(pt, kind, i)->name, name) == 0)
			return scn_point_named(pt, kind, i);
	return NULL;
}

struct scn_slot *
scn_point_slot(struct scn_point *pt, struct scn_named *named,
    enum scn_key key)
{
	g_assert(scn_key_kind(key) ==
	    (named != NULL ? named->kind : SCN_N_KINDS));
	if (named != NULL)
		return &named->slots[key - scn_kinds[named->kind].first];
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
	g_assert(scn_key_kind(key) == SCN_N_KINDS);
	g_assert(!scn_key_is_text(key));
	return pt->slots[key].value;
}

const char *
scn_get_text(const struct scn_point *pt, enum scn_key key)
{
	g_assert(scn_key_kind(key) == SCN_N_KINDS);
	g_assert(scn_key_is_text(key));
	return pt->slots[key].text;
}

const char *
scn_get_origin(const struct scn_point *pt, enum scn_key key)
{
	g_assert(scn_key_kind(key) == SCN_N_KINDS);
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

/* named_slot: of the i-th group of the key's kind */
static const struct scn_slot *
named_slot(const struct scn_point *pt, size_t i, enum scn_key key)
{
	enum scn_kind kind = scn_key_kind(key);

	g_assert(kind != SCN_N_KINDS);
	return &scn_point_named(pt, kind, i)->slots[key -
	    scn_kinds[kind].first];
}

size_t
scn_n_processes(const struct scn_point *pt)
{
	return pt->named[SCN_PROCESSES]->len;
}

const char *
scn_process_name(const struct scn_point *pt, size_t proc)
{
	return scn_point_named(pt, SCN_PROCESSES, proc)->name;
}

int64_t
scn_process_get(const struct scn_point *pt, size_t proc, enum scn_key key)
{
	g_assert(scn_key_is_process(key) && !scn_key_is_text(key));
	return named_slot(pt, proc, key)->value;
}

const char *
scn_process_text(const struct scn_point *pt, size_t proc, enum scn_key key)
{
	g_assert(scn_key_is_process(key) && scn_key_is_text(key));
	return named_slot(pt, proc, key)->text;
}

/* has_callers: of a recording that cannot be read nobody knows */
static bool
has_callers(const struct scn_point *pt, size_t proc)
{
	const char *trace = scn_process_text(pt, proc, SCN_PROC_TRACE);
	g_autofree char *path = scn_point_path(pt, trace);
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	const struct story *story = story_shared(path, errors);

	return story == NULL || story->lanes->len > 0;
}

bool
scn_point_has_clients(const struct scn_point *pt)
{
	for (size_t i = 0; i < scn_n_processes(pt); i++)
		if (scn_process_get(pt, i, SCN_PROC_HOST) == SCN_ON_CLIENTS ||
		    (scn_process_get(pt, i, SCN_PROC_PROGRAM) ==
		    SCN_PROGRAM_REPLAY && has_callers(pt, i)))
			return true;
	return false;
}

size_t
scn_n_files(const struct scn_point *pt)
{
	return pt->named[SCN_FILES]->len;
}

const char *
scn_file_name(const struct scn_point *pt, size_t file)
{
	return scn_point_named(pt, SCN_FILES, file)->name;
}

int64_t
scn_file_get(const struct scn_point *pt, size_t file, enum scn_key key)
{
	g_assert(scn_key_kind(key) == SCN_FILES);
	return named_slot(pt, file, key)->value;
}

const char *
scn_point_folder(const struct scn_point *pt)
{
	return pt->folder;
}

char *
scn_path_from(const char *folder, const char *path)
{
	if (g_path_is_absolute(path) || strcmp(folder, ".") == 0)
		return g_strdup(path);
	return g_build_filename(folder, path, NULL);
}

char *
scn_point_path(const struct scn_point *pt, const char *path)
{
	return scn_path_from(pt->folder, path);
}
