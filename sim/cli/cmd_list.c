/*
 * loansim list: what is shipped, one line each.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/scenario/find.h"

enum { NAME_COLUMN = 20 };

const struct cli_option cmd_list_options[] = {
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

static void
list_scenario(const char *name)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = scn_find("", name);
	struct scenario *scn = path == NULL ? NULL :
	    scn_load(path, NULL, errors);
	const char *question = scn == NULL ?
	    "(has mistakes: see \"loansim check\")" :
	    scn_get_text(scn_point(scn, 0), SCN_QUESTION);

	printf("  %-*s", NAME_COLUMN - 2, name);
	if (strlen(name) + 2 >= NAME_COLUMN)
		printf("\n%*s", NAME_COLUMN, "");
	cli_print_wrapped(question, NAME_COLUMN, NAME_COLUMN);
	scn_free(scn);
}

static void
list_profiles(const char *title, const char *kind)
{
	g_auto(GStrv) names = scn_list(kind);

	printf("\n%s:\n", title);
	for (size_t i = 0; names[i] != NULL; i++)
		printf("  %s\n", names[i]);
}

int
cmd_list(int argc, char **argv)
{
	g_auto(GStrv) names = NULL;
	int status;

	if (!cli_parse(&argc, argv, NULL, &status))
		return status;
	if (argc > 1)
		return cli_usage_error("list", "list: takes no operand");
	names = scn_list("");
	printf("Scenarios:\n");
	for (size_t i = 0; names[i] != NULL; i++)
		list_scenario(names[i]);
	list_profiles("Boards", "boards");
	list_profiles("Kernels", "kernels");
	return CLI_OK;
}
