#include "sim/mpi/message.h"

#include <glib.h>
#include <mpi.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/run/program.h"
#include "sim/run/result.h"

/* Between a point's end and the next look nobody may notice the delay; a rank
 * that waits long must not be noticed among the others' processes. */
enum { PACE_FIRST_NS = 50000, PACE_LAST_NS = 2000000 };

enum { PROGRAM_BYTES = 256 };

/* What a rank tells of itself; all programs of this name send it so. */
struct hello {
	char program[PROGRAM_BYTES];
	char host[MPI_MAX_PROCESSOR_NAME];
};

/* One message that MPI may still be reading. */
struct outgoing {
	MPI_Request request;
	void *data;
};

static int own_rank, n_ranks;
static struct hello *hellos;		/* of all ranks, at rank 0 */
static GPtrArray *names;		/* char *: of all ranks, at rank 0 */
static GArray *all_outgoing;		/* struct outgoing */

/*
 * set_defaults: for children beside MPI, where the user has not decided.
 *
 * Messages are few and small: TCP and shared memory carry them well.  Networks
 * that register memory are left out, as a child would share what they have
 * registered; so is reading another process's memory, which containers forbid.
 * MPI's handlers for crashes would talk where a child's end is a result.
 */
static void
set_defaults(void)
{
	setenv("OMPI_MCA_mpi_warn_on_fork", "0", 0);
	setenv("OMPI_MCA_pml", "ob1", 0);
	setenv("OMPI_MCA_btl", "^openib,uct,ofi,usnic,smcuda", 0);
	setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0);
	setenv("OMPI_MCA_opal_signal", "", 0);
}

/* init_quietly: MPI's threads leave the user's signals to ours */
static void
init_quietly(int *argc, char ***argv)
{
	sigset_t mask, before;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &mask, &before);
	MPI_Init(argc, argv);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void
introduce(void)
{
	struct hello own = { { 0 }, { 0 } };
	int length;

	g_snprintf(own.program, sizeof own.program,
	    "loansim %s (%s), rows of %zu bytes in order %d",
	    program_version(), program_revision(), sizeof(struct res_row),
	    G_BYTE_ORDER);
	MPI_Get_processor_name(own.host, &length);
	if (own_rank == 0)
		hellos = g_new0(struct hello, (size_t)n_ranks);
	MPI_Gather(&own, sizeof own, MPI_BYTE, hellos, sizeof own, MPI_BYTE,
	    0, MPI_COMM_WORLD);
	names = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; hellos != NULL && i < n_ranks; i++)
		g_ptr_array_add(names, g_strdup_printf("rank %d on %s", i,
		    hellos[i].host));
}

void
msg_init(int *argc, char ***argv)
{
	set_defaults();
	init_quietly(argc, argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &own_rank);
	MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
	all_outgoing = g_array_new(FALSE, FALSE, sizeof(struct outgoing));
	introduce();
}

void
msg_fini(void)
{
	struct pace pace = { 0 };

	while (!msg_all_sent())
		pace_sleep(&pace);
	MPI_Finalize();
	g_array_unref(all_outgoing);
	g_ptr_array_unref(names);
	g_free(hellos);
}

_Noreturn void
msg_abort(int status)
{
	MPI_Abort(MPI_COMM_WORLD, status);
	abort();
}

int
msg_rank(void)
{
	return own_rank;
}

int
msg_n_ranks(void)
{
	return n_ranks;
}

const char *
msg_rank_name(int rank)
{
	return g_ptr_array_index(names, (guint)rank);
}

const char *
msg_rank_program(int rank)
{
	return hellos[rank].program;
}

char *
msg_library(void)
{
	char text[MPI_MAX_LIBRARY_VERSION_STRING];
	int length;

	MPI_Get_library_version(text, &length);
	return g_strndup(text, strcspn(text, ",\n"));
}

void
msg_send(int rank, enum msg_tag tag, const void *data, size_t n)
{
	struct outgoing out = { .data = g_memdup2(data, n) };

	/* a blocking call would wait for a rank that is itself sending */
	MPI_Isend(out.data, (int)n, MPI_BYTE, rank, (int)tag, MPI_COMM_WORLD,
	    &out.request);
	g_array_append_val(all_outgoing, out);
}

bool
msg_all_sent(void)
{
	for (guint i = all_outgoing->len; i-- > 0;) {
		struct outgoing *out = &g_array_index(all_outgoing,
		    struct outgoing, i);
		int is_sent;

		MPI_Test(&out->request, &is_sent, MPI_STATUS_IGNORE);
		if (!is_sent)
			continue;
		g_free(out->data);
		g_array_remove_index_fast(all_outgoing, i);
	}
	return all_outgoing->len == 0;
}

bool
msg_take(struct msg *msg)
{
	MPI_Status status;
	int is_there, n;

	msg_all_sent();
	MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &is_there,
	    &status);
	if (!is_there)
		return false;
	MPI_Get_count(&status, MPI_BYTE, &n);
	*msg = (struct msg){ .rank = status.MPI_SOURCE,
		.tag = (enum msg_tag)status.MPI_TAG, .n = (size_t)n,
		.data = g_malloc0((size_t)n + 1) };
	MPI_Recv(msg->data, n, MPI_BYTE, msg->rank, status.MPI_TAG,
	    MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	return true;
}

void
msg_clear(struct msg *msg)
{
	g_free(msg->data);
	msg->data = NULL;
}

void
pace_reset(struct pace *pace)
{
	pace->ns = 0;
}

int64_t
pace_next(struct pace *pace)
{
	pace->ns = CLAMP(2 * pace->ns, PACE_FIRST_NS, PACE_LAST_NS);
	return pace->ns;
}

void
pace_sleep(struct pace *pace)
{
	struct timespec time = { 0, pace_next(pace) };

	nanosleep(&time, NULL);
}
