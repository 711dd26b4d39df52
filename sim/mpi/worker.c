#include "sim/mpi/worker.h"

#include <string.h>

#include "sim/engine/engine.h"
#include "sim/mpi/message.h"
#include "sim/run/pool.h"
#include "sim/scenario/load.h"

/* A rank without a free seat can be told nothing but to stop. */
enum { BUSY_NS = 20000000 };

struct worker {
	struct run_pool *pool;	/* once points are to come */
	struct pace pace;
	bool is_broken;		/* rank 0 knows, and will say stop */
	bool must_stop;
};

/* report: what keeps this rank from running points */
static void
report(struct worker *w, GError *error)
{
	int number = run_signal();

	if (g_error_matches(error, RUN_ERROR, RUN_ERROR_INTERRUPTED))
		msg_send(0, MSG_SIGNAL, &number, sizeof number);
	else
		msg_send(0, MSG_BROKEN, error->message,
		    strlen(error->message));
	g_error_free(error);
	w->is_broken = true;
}

/* is_same: the text says what rank 0 has read into its point */
static bool
is_same(const struct scn_point *pt, const char *text)
{
	GString *dump = scn_dump(pt);
	bool same = strcmp(dump->str, text) == 0;

	g_string_free(dump, TRUE);
	return same;
}

/* load: a point in a file of that folder, as far as paths are concerned */
static struct scenario *
load(const char *folder, const char *text, GError **error)
{
	g_autofree char *file = strcmp(folder, ".") == 0 ?
	    g_strdup("rank 0") : g_build_filename(folder, "rank 0", NULL);
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	struct scenario *scn = scn_load_data(file, text, strlen(text),
	    NULL, errors);

	if (scn != NULL && is_same(scn_point(scn, 0), text))
		return scn;
	scn_free(scn);
	g_set_error(error, RUN_ERROR, RUN_ERROR_SYSTEM,
	    "does not read a point as rank 0 does: %s", errors->len > 0 ?
	    (char *)g_ptr_array_index(errors, 0) : "its text differs");
	return NULL;
}

static void
start(struct worker *w, const struct msg *msg)
{
	struct msg_point head;
	GError *error = NULL;
	struct scenario *scn;
	const char *folder;

	g_assert(w->pool != NULL && msg->n > sizeof head);
	if (w->is_broken)
		return;
	memcpy(&head, msg->data, sizeof head);
	folder = msg->data + sizeof head;
	scn = load(folder, folder + strlen(folder) + 1, &error);
	if (scn == NULL || !run_pool_start(w->pool, &(struct run_job){
	    .pt = scn_point(scn, 0) }, head.index, &error))
		report(w, error);
	scn_free(scn);
}

static void
prepare(struct worker *w, const struct msg *msg)
{
	struct run_limits limits;

	g_assert(w->pool == NULL && msg->n == sizeof limits);
	memcpy(&limits, msg->data, sizeof limits);
	eng_prepare();
	w->pool = run_pool_new(&limits);
}

static void
take(struct worker *w, const struct msg *msg)
{
	switch (msg->tag) {
	case MSG_LIMITS:
		prepare(w, msg);
		return;
	case MSG_POINT:
		start(w, msg);
		return;
	case MSG_STOP:
		w->must_stop = true;
		return;
	case MSG_DONE:
	case MSG_BROKEN:
	case MSG_SIGNAL:
	case MSG_BYE:
		break;
	}
	g_assert_not_reached();
}

/* wait_a_while: for a child, where there are any */
static void
wait_a_while(struct worker *w)
{
	struct run_done done;
	GError *error = NULL;
	bool has_ended;

	if (w->pool == NULL || w->is_broken) {
		pace_sleep(&w->pace);
		return;
	}
	/* what was sent last may need a look of MPI to get under way */
	if (!run_pool_poll(w->pool, run_pool_is_full(w->pool) &&
	    msg_all_sent() ? BUSY_NS : pace_next(&w->pace), &done, &has_ended,
	    &error)) {
		report(w, error);
	} else if (has_ended) {
		msg_send(0, MSG_DONE, &done, sizeof done);
		pace_reset(&w->pace);
	}
}

void
worker_run(void)
{
	struct worker w = { NULL, { 0 }, false, false };
	struct msg msg;

	while (!w.must_stop) {
		while (msg_take(&msg)) {
			take(&w, &msg);
			msg_clear(&msg);
			pace_reset(&w.pace);
		}
		if (!w.must_stop)
			wait_a_while(&w);
	}
	if (w.pool != NULL)
		run_pool_free(w.pool);
	msg_send(0, MSG_BYE, NULL, 0);
}
