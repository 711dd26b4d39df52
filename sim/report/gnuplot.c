/*
 * gnuplot as a child: script on its stdin, picture on its stdout.
 *
 * So no temporary file is needed, and a picture that gnuplot gave up on never
 * gets a name.
 */
#include <gio/gio.h>
#include <string.h>

#include "sim/report/output.h"
#include "sim/report/plot.h"

static GSubprocess *
gnuplot_start(GError **error)
{
	/* "-d": the user's own start-up files would change the figure */
	const char *const argv[] = { "gnuplot", "-d", "-", NULL };
	GSubprocessLauncher *launcher = g_subprocess_launcher_new(
	    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
	    | G_SUBPROCESS_FLAGS_STDERR_PIPE);
	GSubprocess *child;

	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
	child = g_subprocess_launcher_spawnv(launcher, argv, error);
	g_object_unref(launcher);
	return child;
}

static void
missing_error(GError **error, const GError *why)
{
	if (g_error_matches(why, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
		g_set_error(error, REP_ERROR, REP_ERROR_GNUPLOT,
		    "gnuplot is not installed (Debian package: gnuplot-nox); "
		    "\"plot --print\" works without it");
	else
		g_set_error(error, REP_ERROR, REP_ERROR_GNUPLOT,
		    "cannot start gnuplot: %s", why->message);
}

/* failed_error: what gnuplot said, on one line */
static void
failed_error(GError **error, GBytes *talk)
{
	gsize len = 0;
	const char *data = g_bytes_get_data(talk, &len);
	char *text = g_strndup(data == NULL ? "" : data, len);
	char **words = g_strsplit_set(g_strstrip(text), " \t\r\n", -1);
	GString *line = g_string_new(NULL);

	for (char **word = words; *word != NULL; word++) {
		if (**word != '\0')
			g_string_append_printf(line, " %s", *word);
	}
	g_set_error(error, REP_ERROR, REP_ERROR_GNUPLOT,
	    "gnuplot failed:%s",
	    line->len == 0 ? " no reason given" : line->str);
	g_string_free(line, TRUE);
	g_strfreev(words);
	g_free(text);
}

/* gnuplot_talk: feed the script and collect what comes back */
static GBytes *
gnuplot_talk(GSubprocess *child, const char *script, GError **error)
{
	GBytes *input = g_bytes_new(script, strlen(script));
	GBytes *picture = NULL, *talk = NULL;

	if (g_subprocess_communicate(
		child, input, NULL, &picture, &talk, error)
	    && (!g_subprocess_get_successful(child)
		|| g_bytes_get_size(picture) == 0)) {
		failed_error(error, talk);
		g_clear_pointer(&picture, g_bytes_unref);
	}
	g_clear_pointer(&talk, g_bytes_unref);
	g_bytes_unref(input);
	return picture;
}

GBytes *
rep_plot_render(const char *script, GError **error)
{
	GError *why = NULL;
	GSubprocess *child = gnuplot_start(&why);
	GBytes *picture;

	if (child == NULL) {
		missing_error(error, why);
		g_error_free(why);
		return NULL;
	}
	picture = gnuplot_talk(child, script, error);
	g_object_unref(child);
	return picture;
}
