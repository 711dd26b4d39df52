#include "tests/support/sim/made_store.h"

#include <check.h>
#include <glib/gstdio.h>

#include "tests/support/sim/scenario_fixture.h"

const char made_scenario[] =
    "[scenario]\n"
    "title = Made, not \"run\"\n"
    "duration = 2 s\n"
    "[process ttcp]\n"
    "[variant before]\n"
    "[variant loan]\n"
    "kernel.sosend_loan = yes\n"
    "[sweep]\n"
    "process.ttcp.write_size = 1 KiB, 4 KiB\n"
    "replications = 2\n";

void
folder_init(struct made_folder *folder)
{
	folder->path = g_dir_make_tmp("loansim-store-XXXXXX", NULL);
	ck_assert_ptr_nonnull(folder->path);
	folder->names = g_ptr_array_new_with_free_func(g_free);
}

void
folder_fini(struct made_folder *folder)
{
	for (size_t i = 0; i < folder->names->len; i++)
		g_unlink(folder->names->pdata[i]);
	ck_assert_int_eq(g_rmdir(folder->path), 0);
	g_ptr_array_unref(folder->names);
	g_free(folder->path);
}

const char *
folder_file(struct made_folder *folder, const char *name)
{
	char *path = g_build_filename(folder->path, name, NULL);

	g_ptr_array_add(folder->names, path);
	return path;
}

struct res_row
made_row(size_t index)
{
	struct res_row row = { .outcome = RES_DONE };

	for (int col = 0; col < RES_N_COLUMNS; col++)
		row.value[col] = 100 * col;
	row.value[RES_THROUGHPUT_KBPS] = 10000 + 10 * (int64_t)index;
	for (int i = 0; i < RES_N_DETAILS; i++)
		row.detail[i] = 7 * i;
	row.cause[0].compute_ps = 5 + (int64_t)index;
	return row;
}

void
made_store(const char *path, const char *text, unsigned points,
    void (*change)(struct res_row *row))
{
	struct scn_fixture fix = fix_load(text, NULL);
	g_autofree char *mistakes = fix_all(&fix);
	g_autofree char *command = g_strdup_printf("loansim sweep t.scn "
	    "--shard 1/2 -o %s", path);
	GError *error = NULL;
	struct store *store;

	ck_assert_msg(fix.scn != NULL, "%s", mistakes);
	store = store_open(path, fix.scn, command, true, &error);
	ck_assert_msg(store != NULL, "%s", error != NULL ? error->message :
	    "");
	for (size_t i = 0; i < scn_sweep_size(fix.scn); i++) {
		struct res_row row = made_row(i);

		if ((points >> i & 1) == 0)
			continue;
		if (change != NULL)
			change(&row);
		ck_assert(store_record(store, fix.scn, i, &row, NULL));
	}
	ck_assert(store_close(store, NULL));
	fix_fini(&fix);
}
