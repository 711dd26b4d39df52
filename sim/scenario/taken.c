/*
 * What is said of a process whose program does not take it, and of a network
 * that nobody is on, would say nothing, and is told.  Variants may differ in
 * their programs: then each value has to be taken in one of them at least.
 */
#include "sim/scenario/load.h"
#include "sim/scenario/sweep.h"

static struct scn_point *
nth_point(const struct scn_loader *ld, size_t i)
{
	return g_ptr_array_index(ld->scn->points, i);
}

static int64_t
program_of(struct scn_point *pt, size_t process)
{
	return scn_process_get(pt, process, SCN_PROC_PROGRAM);
}

/* is_taken: does any point with this value of the key take it? */
static bool
is_taken(const struct scn_loader *ld, size_t process, enum scn_key key,
    unsigned owner)
{
	for (size_t i = 0; i < ld->scn->points->len; i++) {
		struct scn_point *pt = nth_point(ld, i);
		const struct scn_named *named =
		    scn_point_named(pt, SCN_PROCESSES, process);

		if (named->slots[0].is_bad ||
		    (named->slots[key - SCN_PROC_PROGRAM].owner == owner &&
		    scn_key_takes(key, program_of(pt, process))))
			return true;
	}
	return false;
}

static void
not_taken(struct scn_loader *ld, const struct scn_spot *at, enum scn_key key,
    int64_t program)
{
	g_autofree char *programs = scn_key_programs(key);

	scn_mistake(ld->mistakes, at, "%s does not take it; those that do: %s",
	    scn_row(SCN_PROC_PROGRAM)->words[program], programs);
}

static void
check_process(struct scn_loader *ld, struct scn_point *pt, size_t process)
{
	struct scn_named *named = scn_point_named(pt, SCN_PROCESSES, process);
	g_autofree char *group = g_strconcat("process ", named->name, NULL);

	for (unsigned k = 0; k < SCN_N_PER_PROCESS; k++) {
		enum scn_key key = (enum scn_key)(SCN_PROC_PROGRAM + k);
		const struct scn_slot *slot = &named->slots[k];
		struct scn_spot at = { slot->place, group, scn_row(key)->name };

		if (slot->owner != 0 && !slot->is_bad &&
		    !is_taken(ld, process, key, slot->owner))
			not_taken(ld, &at, key, program_of(pt, process));
	}
}

/* is_swept: does an axis choose the program of the process? */
static bool
is_swept(const struct scn_loader *ld, size_t process)
{
	for (size_t i = 0; i < scn_sweep_n_axes(ld->scn); i++) {
		const struct scn_axis *axis = scn_sweep_axis(ld->scn, i);

		for (size_t k = 0; k < axis->n_keys; k++)
			if (axis->targets[k].key == SCN_PROC_PROGRAM &&
			    axis->targets[k].index == process)
				return true;
	}
	return false;
}

/* check_axis_key: along one that no point takes all are the same */
static void
check_axis_key(struct scn_loader *ld, const struct scn_axis *axis, size_t k)
{
	const struct scn_target *target = &axis->targets[k];
	struct scn_spot at = { axis->place, "sweep", axis->names[k] };

	for (size_t i = 0; i < ld->scn->points->len; i++)
		if (scn_key_takes(target->key,
		    program_of(nth_point(ld, i), target->index)))
			return;
	not_taken(ld, &at, target->key,
	    program_of(nth_point(ld, 0), target->index));
}

static void
check_axes(struct scn_loader *ld, size_t process)
{
	for (size_t i = 0; i < scn_sweep_n_axes(ld->scn); i++) {
		const struct scn_axis *axis = scn_sweep_axis(ld->scn, i);

		for (size_t k = 0; k < axis->n_keys; k++)
			if (scn_key_is_process(axis->targets[k].key) &&
			    axis->targets[k].index == process)
				check_axis_key(ld, axis, k);
	}
}

/* check_network: [network] of a point; somebody is on it, or it is told */
static void
check_network(struct scn_loader *ld, struct scn_point *pt)
{
	for (int k = SCN_NET_PLATFORM; k < SCN_FILE_SIZE; k++) {
		const struct scn_slot *slot = &pt->slots[k];
		struct scn_spot at = {
			slot->place, "network", scn_row((enum scn_key)k)->name
		};

		if (slot->owner != 0 && !slot->is_bad)
			scn_mistake(ld->mistakes, &at, "nobody is on the "
			    "network; a process with host = clients would be, "
			    "or a replay that was called");
	}
}

void
scn_taken_check(struct scn_loader *ld)
{
	size_t n_points = ld->scn->points->len;
	size_t n_processes = scn_n_processes(nth_point(ld, 0));
	bool has_clients = false;

	for (size_t process = 0; process < n_processes; process++) {
		if (is_swept(ld, process))
			continue;
		for (size_t i = 0; i < n_points; i++)
			check_process(ld, nth_point(ld, i), process);
		check_axes(ld, process);
	}
	for (size_t i = 0; i < n_points; i++)
		has_clients |= scn_point_has_clients(nth_point(ld, i));
	for (size_t i = 0; i < n_points && !has_clients; i++)
		check_network(ld, nth_point(ld, i));
}
