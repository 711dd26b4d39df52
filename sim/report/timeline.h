/*
 * Figures over the time of one run: axis, and thinning.
 *
 * How: a recording may have millions of notes and a picture has a thousand
 *	columns.  Time is divided into REP_COLUMNS columns, two for each pixel
 *	of the PNG.  Of a line of steps each column keeps the first and the last
 *	value, and the least and the greatest: what is drawn is the same, to the
 *	pixel.  Of ticks, each column keeps one for all that touch or overlap
 *	each other.  What has fewer notes is drawn as it is.
 * Units: ps; values in bytes.
 * Owns: nothing; the numbers go to the caller's string.
 */
#ifndef SIM_REPORT_TIMELINE_H
#define SIM_REPORT_TIMELINE_H

#include "sim/report/figure.h"

enum { REP_COLUMNS = 2000 };

struct rep_span {
	sim_time from;
	sim_time to;
};

/* rep_column: which of the columns a date is in. => from <= at <= to */
int64_t rep_column(const struct rep_span *span, sim_time at);

/*
 * rep_timeline: title, terminal, sizes as shares, and the axis of time.
 *
 * => subtitle: a line below the title; height: of what is below both
 */
void rep_timeline(GString *out, const struct rep_data *data,
    const struct rep_span *span, enum rep_picture picture,
    const char *subtitle, int height);

/*
 * rep_check_connection: is it one of the run's?
 *
 * => a run without connections has none to choose: the first is as good
 */
bool rep_check_connection(const struct rep_data *data, GError **error);

/* rep_check_span: was there a run in that time at all? */
bool rep_check_span(const struct rep_data *data, const struct rep_span *span,
    GError **error);

/* rep_recorded_until: the end of what was asked for and has been recorded */
sim_time rep_recorded_until(const struct recording *recording);

/* A value that changes; one line "date value" for each change. */
struct rep_step {
	sim_time at;
	int64_t value;
};

struct rep_steps {
	GString *out;
	struct rep_span span;
	int64_t column;		/* of the four below */
	int64_t n_in_column;
	struct rep_step first, least, greatest, last;
	int64_t n_in;		/* changes */
	int64_t n_out;		/* lines */
};

void rep_steps_init(struct rep_steps *steps, GString *out,
    const struct rep_span *span);

/*
 * rep_steps_add: the value is this from now on.
 *
 * => dates in order; one before the span counts as its beginning, one behind it
 *    not at all
 */
void rep_steps_add(struct rep_steps *steps, sim_time at, int64_t value);

/* rep_steps_end: the value stays what it is up to the end of the span. */
void rep_steps_end(struct rep_steps *steps);

/* Ranges of bytes at a date; one line "date begin end" for each. */
struct rep_ticks {
	GString *out;
	struct rep_span span;
	int64_t column;
	sim_time at;
	int64_t begin;
	int64_t end;
	bool has_one;
	int64_t n_in;
	int64_t n_out;
};

void rep_ticks_init(struct rep_ticks *ticks, GString *out,
    const struct rep_span *span);

/* rep_ticks_add: => dates in order, within the span; begin <= end */
void rep_ticks_add(struct rep_ticks *ticks, sim_time at, int64_t begin,
    int64_t end);
void rep_ticks_end(struct rep_ticks *ticks);

#endif
