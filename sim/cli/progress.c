#include "sim/cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DRAW_US = 100000 };

static bool
is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term != NULL &&
	    !g_str_equal(term, "dumb");
}

void
progress_begin(struct progress *p, bool is_wanted, size_t n_before)
{
	*p = (struct progress){ .is_shown = is_wanted && is_terminal(),
		.began_us = g_get_monotonic_time(), .n_before = n_before };
}

char *
progress_time(gint64 seconds)
{
	if (seconds >= 3600)
		return g_strdup_printf("%d h %d min", (int)(seconds / 3600),
		    (int)(seconds / 60 % 60));
	if (seconds >= 60)
		return g_strdup_printf("%d min %d s", (int)(seconds / 60),
		    (int)(seconds % 60));
	return g_strdup_printf("%d s", (int)seconds);
}

/* points_line: how far a sweep is; g_free it */
static char *
points_line(const struct progress *p, size_t n, size_t all, size_t n_failed)
{
	double used = (double)(g_get_monotonic_time() - p->began_us) / 1e6;
	double rate = used > 0 ? (double)(n - p->n_before) / used : 0;
	g_autofree char *left = rate > 0 ?
	    progress_time((gint64)((double)(all - n) / rate)) :
	    g_strdup("?");

	return g_strdup_printf("%zu of %zu points, %zu failed, "
	    "%.1f a second, %s left", n, all, n_failed, rate, left);
}

void
progress_show(struct progress *p, size_t n, size_t all, size_t n_failed)
{
	progress_say(p, points_line(p, n, all, n_failed));
}

void
progress_say(struct progress *p, char *line)
{
	gint64 now = g_get_monotonic_time();

	if (p->is_shown && (p->drawn_us == 0 ||
	    now - p->drawn_us >= DRAW_US)) {
		p->drawn_us = now;
		fprintf(stderr, "\r\033[K%s", line);
		fflush(stderr);
	}
	g_free(line);
}

void
progress_erase(struct progress *p)
{
	if (p->is_shown && p->drawn_us != 0)
		fputs("\r\033[K", stderr);
	p->drawn_us = 0;
}
