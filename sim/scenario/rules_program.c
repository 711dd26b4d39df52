/*
 * Rules of the programs that serve, ask, and do again what was recorded: where
 * each may run, and whom it needs.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sim/process/replay_expand.h"
#include "sim/scenario/rules_own.h"
#include "sim/trace/story_shared.h"

#define KIB	(INT64_C(1) << 10)

static int64_t
program_of(const struct rules_of *c)
{
	return rules_value(c, SCN_PROC_PROGRAM);
}

static bool
is_server(int64_t program)
{
	return program == SCN_PROGRAM_FTPD || program == SCN_PROGRAM_HTTPD ||
	    program == SCN_PROGRAM_SMBD || program == SCN_PROGRAM_NFSD;
}

/* has_files: does it open files?  They are the board's. */
static bool
has_files(const struct rules_of *c)
{
	int64_t program = program_of(c);

	if (program == SCN_PROGRAM_TTCP)
		return *rules_slot(c, SCN_PROC_FILES)->text != '\0';
	return is_server(program) || program == SCN_PROGRAM_MMAPWIN ||
	    program == SCN_PROGRAM_FILECOPY || program == SCN_PROGRAM_REPLAY;
}

/*
 * find_at_port: another process with that port, on clients or a server.
 *
 * => any if a program is not known: what it was to be is not known either
 */
static const struct scn_named *
find_at_port(const struct rules_of *c, bool is_client)
{
	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		struct rules_of other = *c;

		other.named = scn_point_named(c->pt, SCN_PROCESSES, i);
		if (rules_slot(&other, SCN_PROC_PROGRAM)->is_bad)
			return other.named;
		if (rules_value(&other, SCN_PROC_PORT) ==
		    rules_value(c, SCN_PROC_PORT) && (is_client ?
		    program_of(&other) == SCN_PROGRAM_CLIENT :
		    is_server(program_of(&other))))
			return other.named;
	}
	return NULL;
}

static void
check_host(const struct rules_of *c)
{
	int64_t host = rules_value(c, SCN_PROC_HOST);
	bool is_client = program_of(c) == SCN_PROGRAM_CLIENT;

	if (is_client && host != SCN_ON_CLIENTS)
		rules_broken(c, SCN_PROC_PROGRAM, SCN_PROC_HOST,
		    "a client needs host = clients");
	else if (!is_client && host == SCN_ON_CLIENTS)
		rules_broken(c, SCN_PROC_PROGRAM, SCN_PROC_HOST,
		    "clients run the program client only");
	else if (has_files(c) && host == SCN_ON_PEER)
		rules_broken(c, SCN_PROC_PROGRAM, SCN_PROC_HOST,
		    "it needs files, and only the board has a disk");
}

/* check_request: may this server be asked for such a piece? */
static void
check_request(const struct rules_of *c, int64_t server)
{
	int64_t piece = rules_value(c, SCN_PROC_PIECE);

	if (server == SCN_PROGRAM_NFSD && (piece == 0 || piece > 32 * KIB))
		rules_told(c, SCN_PROC_PIECE, "an NFS client asks for a piece "
		    "of at most 32 KiB");
	else if (server == SCN_PROGRAM_SMBD && piece == 0)
		rules_told(c, SCN_PROC_PIECE, "an SMB client asks for a piece "
		    "of at most 64 KiB");
	else if (server == SCN_PROGRAM_FTPD &&
	    rules_value(c, SCN_PROC_REQUESTS) > 1)
		rules_told(c, SCN_PROC_REQUESTS, "ftpd sends one file over a "
		    "connection");
	else if (server == SCN_PROGRAM_FTPD && piece != 0)
		rules_told(c, SCN_PROC_PIECE, "ftpd sends whole files");
}

static void
check_client(const struct rules_of *c)
{
	struct rules_of server = *c;

	if (scn_far_is_host(c->pt))
		rules_broken(c, SCN_PROC_HOST, SCN_PEER_KIND, "clients need "
		    "kind = ideal in [peer]");
	server.named = (struct scn_named *)(gpointer)find_at_port(c, false);
	if (server.named == NULL)
		rules_told(c, SCN_PROC_PORT, "nobody answers at that port of "
		    "the board; ftpd, httpd, smbd or nfsd would");
	else
		check_request(c, program_of(&server));
	if (rules_idle(c, SCN_PROC_THINK_SPREAD, SCN_PROC_THINK))
		rules_broken(c, SCN_PROC_THINK_SPREAD, SCN_PROC_THINK,
		    "a spread says nothing without a time to think");
	if (rules_idle(c, SCN_PROC_ABANDON_AFTER, SCN_PROC_ABANDON))
		rules_broken(c, SCN_PROC_ABANDON_AFTER, SCN_PROC_ABANDON,
		    "when to abandon says nothing without how often");
}

/* unreadable: why the file of a path is; NULL: it is not; g_free it */
static char *
unreadable(const char *path)
{
	g_autofree char *printable = scn_escape(path);

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return g_strdup_printf("%s cannot be read: it is a directory",
		    printable);
	if (access(path, R_OK) != 0)
		return g_strdup_printf("%s cannot be read: %s", printable,
		    g_strerror(errno));
	return NULL;
}

/* told_of_trace: "file:line: error: what" is told without its "error" */
static void
told_of_trace(const struct rules_of *c, const char *what)
{
	static const char word[] = ": error: ";
	const char *at = strstr(what, word);
	g_autofree char *text = at == NULL ? g_strdup(what) :
	    g_strdup_printf("%.*s: %s", (int)(at - what), what,
	    at + strlen(word));

	rules_told(c, SCN_PROC_TRACE, text);
}

/* check_story: all that stands in the way of a replay, at the trace's line */
static void
check_story(const struct rules_of *c)
{
	const char *text = rules_slot(c, SCN_PROC_TRACE)->text;
	g_autofree char *path = scn_point_path(c->pt, text);
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *what = unreadable(path);
	const struct story *story = what != NULL ? NULL :
	    story_shared(path, errors);
	struct replay_limits limits = {
	    .port = (uint16_t)rules_value(c, SCN_PROC_PORT),
	    .disk_bytes = scn_disk_bytes((struct scn_end){.pt = c->pt}),
	    .open_max = scn_get(c->pt, SCN_OPEN_MAX)};

	if (what != NULL)
		rules_told(c, SCN_PROC_TRACE, what);
	if (story != NULL)
		story_check(story, &limits, errors);
	if (story != NULL && story->lanes->len > 0 && scn_far_is_host(c->pt))
		rules_broken(c, SCN_PROC_TRACE, SCN_PEER_KIND, "its clients "
		    "need kind = ideal in [peer]");
	for (guint i = 0; i < errors->len; i++)
		told_of_trace(c, errors->pdata[i]);
}

static void
check_replay(const struct rules_of *c)
{
	if (rules_slot(c, SCN_PROC_TRACE)->is_bad)
		return;
	if (*rules_slot(c, SCN_PROC_TRACE)->text == '\0')
		rules_told(c, SCN_PROC_PROGRAM, "replay needs a trace; "
		    "write trace = PATH");
	else
		check_story(c);
	if (rules_value(c, SCN_PROC_COUNT) != 1)
		rules_told(c, SCN_PROC_COUNT, "a recording says how many "
		    "processes there are");
}

/* check_events: who does not wait has no buffer for each connection */
static void
check_events(const struct rules_of *c)
{
	if (scn_key_takes(SCN_PROC_EVENTS, program_of(c)) &&
	    rules_value(c, SCN_PROC_EVENTS) != 0 &&
	    rules_value(c, SCN_PROC_METHOD) == 0)
		rules_broken(c, SCN_PROC_EVENTS, SCN_PROC_METHOD, "who serves "
		    "all connections at once has files mapped: method = mmap");
}

void
rules_check_program(const struct rules_of *c)
{
	check_host(c);
	check_events(c);
	if (rules_value(c, SCN_PROC_WINDOW) % (4 * KIB) != 0)
		rules_told(c, SCN_PROC_WINDOW, "a window has whole pages, of "
		    "4 KiB");
	if (program_of(c) == SCN_PROGRAM_CLIENT)
		check_client(c);
	else if (program_of(c) == SCN_PROGRAM_REPLAY)
		check_replay(c);
	else if (is_server(program_of(c)) && find_at_port(c, true) == NULL)
		rules_told(c, SCN_PROC_PROGRAM, "nobody asks it; a client "
		    "with its port would");
}
