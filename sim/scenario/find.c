/*
 * The places are tried in turn for each file, so that a user's own
 * LOANSIM_DATADIR may hold a single board and the rest is still found.
 */
#include "sim/scenario/find.h"

#include <string.h>

#include "sim/scenario/scenario.h"

/* exe_folder: where the running program lies, or NULL; g_free it */
static char *
exe_folder(void)
{
	g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);

	return exe == NULL ? NULL : g_path_get_dirname(exe);
}

static void
add_below(GPtrArray *folders, const char *folder, const char *relative)
{
	g_ptr_array_add(folders, g_build_filename(folder, relative, NULL));
}

/* data_folders: all places, in order; g_ptr_array_unref the result */
static GPtrArray *
data_folders(void)
{
	GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
	const char *set = g_getenv("LOANSIM_DATADIR");
	g_autofree char *exe = exe_folder();

	if (set != NULL && *set != '\0')
		g_ptr_array_add(folders, g_strdup(set));
	if (exe != NULL) {
		add_below(folders, exe, ".");
		add_below(folders, exe, "../share/loansim");
		add_below(folders, exe, "..");
	}
#ifdef LOANSIM_SOURCE_DIR
	g_ptr_array_add(folders, g_strdup(LOANSIM_SOURCE_DIR));
#endif
#ifdef LOANSIM_INSTALL_DATADIR
	g_ptr_array_add(folders, g_strdup(LOANSIM_INSTALL_DATADIR));
#endif
	return folders;
}

char *
scn_find_data(const char *relative)
{
	g_autoptr(GPtrArray) folders = data_folders();

	for (size_t i = 0; i < folders->len; i++) {
		char *path = g_build_filename(
		    g_ptr_array_index(folders, i), relative, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
			return path;
		g_free(path);
	}
	return NULL;
}

static const char *
extension_of(const char *kind)
{
	if (strcmp(kind, "boards") == 0)
		return ".board";
	return strcmp(kind, "kernels") == 0 ? ".kernel" : ".scn";
}

char *
scn_find(const char *kind, const char *name)
{
	const char *extension = extension_of(kind);
	g_autofree char *file = NULL, *relative = NULL;

	if (strpbrk(name, "/.") != NULL)
		return g_strdup(name);
	if (*name == '\0')
		return NULL;
	file = g_strconcat(name, extension, NULL);
	relative = g_build_filename("scenarios", kind, file, NULL);
	return scn_find_data(relative);
}

/* add_names: the files of one folder that have the extension */
static void
add_names(GPtrArray *names, const char *folder, const char *extension)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *file;

	if (dir == NULL)
		return;
	while ((file = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(file, extension))
			g_ptr_array_add(names, g_strndup(file,
			    strlen(file) - strlen(extension)));
	g_dir_close(dir);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* without_repeats: the sorted names, each once, as a string vector */
static char **
without_repeats(GPtrArray *names)
{
	GPtrArray *once = g_ptr_array_new();

	for (size_t i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);

		if (once->len == 0 || strcmp(name,
		    g_ptr_array_index(once, once->len - 1)) != 0)
			g_ptr_array_add(once, g_strdup(name));
	}
	g_ptr_array_add(once, NULL);
	return (char **)g_ptr_array_free(once, FALSE);
}

char **
scn_list(const char *kind)
{
	g_autoptr(GPtrArray) folders = data_folders();
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < folders->len; i++) {
		g_autofree char *folder = g_build_filename(
		    g_ptr_array_index(folders, i), "scenarios", kind, NULL);

		add_names(names, folder, extension_of(kind));
	}
	g_ptr_array_sort(names, compare_names);
	return without_repeats(names);
}
