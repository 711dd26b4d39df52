/*
 * What the commands share: messages, loading, the end of standard output.
 */
#include "sim/cli/cli.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/scenario/find.h"
#include "sim/scenario/load.h"

static void
print_error(const char *fmt, va_list ap)
{
	g_autofree char *text = g_strdup_vprintf(fmt, ap);

	fprintf(stderr, "%s: %s\n", cli_program.name, text);
}

const char *
cli_points(size_t n)
{
	return n == 1 ? "point" : "points";
}

void
cli_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_error(fmt, ap);
	va_end(ap);
}

int
cli_usage_error(const char *command, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_error(fmt, ap);
	va_end(ap);
	fprintf(stderr, "Try \"%s help%s%s\".\n", cli_program.name,
	    command != NULL ? " " : "", command != NULL ? command : "");
	return CLI_USAGE;
}

/*
 * check_overrides: are they assignments?  What they assign is the loader's to
 * judge, together with all else that is wrong.
 */
static bool
check_overrides(const char *const *overrides)
{
	bool is_good = true;

	for (; overrides != NULL && *overrides != NULL; overrides++) {
		g_autofree char *quoted = scn_quote(*overrides);

		if (strchr(*overrides, '=') != NULL)
			continue;
		cli_error("-s %s: is not of the form GROUP.KEY=VALUE or "
		    "GROUP.NAME.KEY=VALUE", quoted);
		is_good = false;
	}
	return is_good;
}

/* find_scenario: the path of a name or path, or NULL after a message */
static char *
find_scenario(const char *name)
{
	char *path = strcmp(name, "-") == 0 ? g_strdup(name) :
	    scn_find("", name);
	g_auto(GStrv) known = NULL;
	g_autofree char *hint = NULL, *quoted = NULL;

	/* a file in the current folder needs neither slash nor extension */
	if (path == NULL && g_file_test(name, G_FILE_TEST_EXISTS))
		path = g_strdup(name);
	if (path != NULL)
		return path;
	known = scn_list("");
	hint = scn_did_you_mean(scn_suggest(name,
	    (const char *const *)known));
	quoted = scn_quote(name);
	cli_error("no scenario and no file is named %s%s", quoted,
	    *hint != '\0' ? hint : "; \"loansim list\" tells which there are");
	return NULL;
}

static void
print_lines(const GPtrArray *lines)
{
	for (size_t i = 0; i < lines->len; i++)
		fprintf(stderr, "%s\n",
		    (const char *)g_ptr_array_index(lines, i));
}

struct scenario *
cli_load_scenario(const char *name_or_path, const char *const *overrides,
    int *status)
{
	g_autoptr(GPtrArray) errors = NULL;
	g_autofree char *path = NULL;
	struct scenario *scn;

	if (!check_overrides(overrides)) {
		*status = CLI_USAGE;
		return NULL;
	}
	*status = CLI_SCENARIO;
	path = find_scenario(name_or_path);
	if (path == NULL)
		return NULL;
	errors = g_ptr_array_new_with_free_func(g_free);
	scn = scn_load(path, overrides, errors);
	print_lines(errors);
	if (scn != NULL)
		*status = CLI_OK;
	return scn;
}

/*
 * reader_is_gone: is standard output a pipe that nobody reads?
 *
 * Asked of the system, since stdio forgets the errno of an early failure.
 */
static bool
reader_is_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

int
cli_finish(int status)
{
	bool failed = ferror(stdout) != 0;
	int error = 0;

	if (fflush(stdout) != 0) {
		failed = true;
		error = errno;
	}
	if (failed && !reader_is_gone())
		cli_error("standard output: %s", error != 0 ?
		    g_strerror(error) : "results could not be written");
	if (fclose(stdout) != 0 && !failed) {
		cli_error("standard output: %s", g_strerror(errno));
		failed = true;
	}
	return failed ? CLI_IO : status;
}
