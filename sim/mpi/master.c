#include "sim/mpi/master.h"

#include <signal.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/mpi/message.h"
#include "sim/scenario/scenario.h"

/* More than a rank needs that kills its children and looks every 20 ms. */
enum { FAREWELL_US = 5000000 };

static bool
rank_error(GError **error, int rank, const char *what)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_SYSTEM, "%s: %s",
	    msg_rank_name(rank), what);
	return false;
}

/* check_programs: bytes of one must mean the same to the other */
static bool
check_programs(GError **error)
{
	for (int i = 1; i < msg_n_ranks(); i++) {
		g_autofree char *what = NULL;

		if (strcmp(msg_rank_program(i), msg_rank_program(0)) == 0)
			continue;
		what = g_strdup_printf("is another program, %s; this one is %s",
		    msg_rank_program(i), msg_rank_program(0));
		return rank_error(error, i, what);
	}
	return true;
}

/* hand_out: the next point to a rank with a free seat; false if none is left */
static bool
hand_out(struct sweep *sweep, int rank)
{
	struct msg_point head = { 0 };
	struct scn_point *pt;
	const char *folder;
	GString *text;

	if (!sweep_next(sweep, &head.index))
		return false;
	pt = scn_sweep_point(sweep->scn, head.index);
	text = scn_dump(pt);
	/* with the 0 at its end */
	folder = scn_point_folder(pt);
	g_string_prepend_len(text, folder, (gssize)strlen(folder) + 1);
	g_string_prepend_len(text, (char *)&head, sizeof head);
	msg_send(rank, MSG_POINT, text->str, text->len);
	g_string_free(text, TRUE);
	scn_sweep_point_free(pt);
	return true;
}

/* take_row: record it; its seat is the next point's */
static bool
take_row(struct sweep *sweep, const struct msg *msg, size_t *n_out,
    GError **error)
{
	struct run_done done;

	g_assert(msg->n == sizeof done);
	memcpy(&done, msg->data, sizeof done);
	sweep->host_ns += done.timing.host_ns;
	if (!sweep_record(sweep, done.id, &done.row, error))
		return false;
	if (!hand_out(sweep, msg->rank))
		(*n_out)--;
	return true;
}

/*
 * take_signal: a rank was interrupted.
 *
 * So is the whole job: who is told last depends on chance, and must not matter.
 */
static void
take_signal(const struct msg *msg)
{
	int number;

	g_assert(msg->n == sizeof number);
	memcpy(&number, msg->data, sizeof number);
	raise(number);
}

static bool
take(struct sweep *sweep, const struct msg *msg, size_t *n_out,
    GError **error)
{
	switch (msg->tag) {
	case MSG_DONE:
		return take_row(sweep, msg, n_out, error);
	case MSG_BROKEN:
		return rank_error(error, msg->rank, msg->data);
	case MSG_SIGNAL:
		take_signal(msg);
		return true;
	case MSG_LIMITS:
	case MSG_POINT:
	case MSG_STOP:
	case MSG_BYE:
		break;
	}
	g_assert_not_reached();
}

/* begin: one seat of each rank after the other; how many points are out */
static size_t
begin(struct sweep *sweep, const struct run_limits *limits)
{
	size_t n_out = 0;

	for (int i = 1; i < msg_n_ranks(); i++)
		msg_send(i, MSG_LIMITS, limits, sizeof *limits);
	for (unsigned seat = 0; seat < limits->n_jobs; seat++)
		for (int i = 1; i < msg_n_ranks(); i++)
			n_out += hand_out(sweep, i) ? 1 : 0;
	return n_out;
}

/* take_all: what has come meanwhile */
static bool
take_all(struct sweep *sweep, struct pace *pace, size_t *n_out,
    GError **error)
{
	struct msg msg;
	bool ok = true;

	while (ok && msg_take(&msg)) {
		ok = take(sweep, &msg, n_out, error);
		msg_clear(&msg);
		pace_reset(pace);
	}
	return ok;
}

/* lead: hand out and record, until all has come back */
static bool
lead(struct sweep *sweep, const struct run_limits *limits, GError **error)
{
	/* of no children here, but signals are noticed as elsewhere */
	struct run_pool *pool = run_pool_new(limits);
	size_t n_out = begin(sweep, limits);
	struct pace pace = { 0 };
	struct run_done done;
	bool ended, ok = true;

	while (ok && n_out > 0)
		ok = take_all(sweep, &pace, &n_out, error) &&
		    run_pool_poll(pool, pace_next(&pace), &done, &ended, error);
	run_pool_free(pool);
	return ok;
}

bool
master_run(struct sweep *sweep, const struct run_limits *limits,
    GError **error)
{
	if (msg_n_ranks() == 1)
		return sweep_run(sweep, limits, error);
	return check_programs(error) && lead(sweep, limits, error);
}

/* farewell: has a rank left, or said something that is of no use now? */
static int
farewell(void)
{
	struct msg msg;
	int n = 0;

	while (msg_take(&msg)) {
		n += msg.tag == MSG_BYE ? 1 : 0;
		msg_clear(&msg);
	}
	return n;
}

void
master_dismiss(int status)
{
	gint64 until = g_get_monotonic_time() + FAREWELL_US;
	int n_left = msg_n_ranks() - 1;
	struct pace pace = { 0 };

	for (int i = 1; i < msg_n_ranks(); i++)
		msg_send(i, MSG_STOP, NULL, 0);
	while ((n_left -= farewell()) > 0) {
		if (g_get_monotonic_time() > until)
			msg_abort(status);
		pace_sleep(&pace);
	}
}
