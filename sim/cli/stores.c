#include "sim/cli/stores.h"

#include <string.h>
#include <sys/stat.h>

#include "sim/cli/outcome.h"
#include "sim/report/output.h"

int
cli_store_error(GError *error)
{
	bool is_bad = g_error_matches(error, DB_ERROR, DB_ERROR_INPUT) ||
	    g_error_matches(error, DB_ERROR, DB_ERROR_CHANGED) ||
	    g_error_matches(error, REP_ERROR, REP_ERROR_INPUT);
	int status = cli_io_error(error);

	return is_bad ? CLI_SCENARIO : status;
}

int
cli_store_check(const char *path)
{
	/* what is no plain file could keep us waiting for ever */
	if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return CLI_OK;
	cli_error("%s: %s", path, g_file_test(path, G_FILE_TEST_EXISTS) ?
	    "no regular file" : "there is no such file");
	return CLI_SCENARIO;
}

int
cli_store_spare(const char *command, const char *path, const char *output)
{
	struct stat from, to;

	if (stat(path, &from) != 0 || stat(output, &to) != 0 ||
	    from.st_dev != to.st_dev || from.st_ino != to.st_ino)
		return CLI_OK;
	return cli_usage_error(command, "-o %s: is the store itself", output);
}

struct store *
cli_store_view(const char *path, int *status)
{
	GError *error = NULL;
	struct store *store;

	*status = cli_store_check(path);
	if (*status != CLI_OK)
		return NULL;
	store = store_view(path, &error);
	if (store == NULL)
		*status = cli_store_error(error);
	return store;
}

/* drop_last: the last two words, if they are an option and its value */
static int
drop_last(int argc, char *const *argv, const char *option)
{
	return argc >= 2 && strcmp(argv[argc - 2], option) == 0 ? argc - 2 :
	    argc;
}

char *
cli_store_command(const char *command, const char *into)
{
	g_auto(GStrv) argv = NULL;
	GString *line;
	int argc;

	if (!g_shell_parse_argv(command, &argc, &argv, NULL))
		return g_strdup(command);	/* of somebody's own hand */
	/* sweep puts these two at the end */
	argc = drop_last(argc, argv, "-o");
	argc = drop_last(argc, argv, "--shard");
	line = g_string_new(argc > 0 ? argv[0] : NULL);
	for (int i = 1; i < argc; i++)
		cli_append_word(line, "", argv[i]);
	if (into != NULL)
		cli_append_word(line, "-o ", into);
	return g_string_free(line, FALSE);
}
