/*
 * Progress on a terminal: one line on stderr that is drawn again and again.
 *
 *	1234 of 10000 points, 3 failed, 41.2 a second, 3 min 33 s left
 *
 * Stands for: the only output that depends on the clock of the wall.  At most
 *	ten times a second; erased before anything else is said.
 * Leaves out: anything at all where stderr is no terminal, or TERM is "dumb".
 * Owns: nothing.
 */
#ifndef SIM_CLI_PROGRESS_H
#define SIM_CLI_PROGRESS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool is_shown;
	gint64 began_us, drawn_us;	/* monotonic */
	size_t n_before;		/* there at the beginning */
};

/* progress_begin: => is_wanted false: nothing is ever drawn */
void progress_begin(struct progress *p, bool is_wanted, size_t n_before);

/* progress_show: n of all are there, of which some have failed */
void progress_show(struct progress *p, size_t n, size_t all,
    size_t n_failed);

/* progress_say: a line of other words, g_free'd here */
void progress_say(struct progress *p, char *line);

/* progress_erase: make room for a message */
void progress_erase(struct progress *p);

/* progress_time: "3 min 33 s", for whole seconds; g_free it */
char *progress_time(gint64 seconds);

#endif
