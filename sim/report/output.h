/*
 * Output: the one place that writes files.
 *
 * Stands for: "-o PATH".  A regular file appears whole or not at all: a
 *	temporary beside it is filled, synced and moved into place.  A device,
 *	a pipe or standard output is written as a stream: it is no file of
 *	ours and is never replaced.
 * Errors: REP_ERROR with the path and the system's words; never half a file.
 * Owns: a stream its temporary, which is gone with it.
 */
#ifndef SIM_REPORT_OUTPUT_H
#define SIM_REPORT_OUTPUT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define REP_ERROR rep_error_quark()
GQuark rep_error_quark(void);

enum rep_error {
	REP_ERROR_EXISTS,	/* kept, as the user did not force it */
	REP_ERROR_WRITE,	/* refused: full disk, no permission */
	REP_ERROR_GNUPLOT,	/* missing, or it failed */
	REP_ERROR_FIGURE,	/* there is nothing to draw */
	REP_ERROR_INPUT		/* a result file that is none */
};

struct rep_output {
	const char *path;	/* "-" is standard output */
	bool force;		/* an existing file may be replaced */
};

/*
 * rep_output_check: would rep_write refuse at once?
 *
 * => asked before a long run; opens and creates nothing
 * => false and error: the file exists, or its folder does not
 */
bool rep_output_check(const struct rep_output *output, GError **error);

/*
 * rep_write: put len bytes where the user wants them.
 *
 * => standard output is only filled: cli_finish() flushes it, and tells what
 *    went wrong with it
 * => false and error: nothing was left behind, an older file is as it was;
 *    only if syncing its folder failed, the new file is there, and whole
 */
bool rep_write(const struct rep_output *output, const char *data, size_t len,
    GError **error);

/*
 * The same piece by piece, for what is too large to be held.
 *
 * rep_stream_open: => NULL and error
 * rep_stream_put: => false and error: rep_stream_drop() is all that is left
 * rep_stream_is_lost: standard output takes no more, and cli_finish() will
 *	tell why; to go on is in vain
 * rep_stream_close: the file appears. => false and error as rep_write(); the
 *	stream is gone either way
 * rep_stream_drop: the file does not appear
 *
 * => while a temporary is filled, a signal that ends us waits: the next piece
 *    fails then (EINTR), and the signal comes when the stream is dropped
 */
struct rep_stream;
struct rep_stream *rep_stream_open(const struct rep_output *output,
    GError **error);
bool rep_stream_put(struct rep_stream *stream, const char *data, size_t len,
    GError **error);
bool rep_stream_is_lost(const struct rep_stream *stream);
bool rep_stream_close(struct rep_stream *stream, GError **error);
void rep_stream_drop(struct rep_stream *stream);

#endif
