/*
 * Files, clients, servers and replays: what each may be told, and whom it
 * needs; every message of these rules.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/files.h"
#include "tests/support/sim/scenario_fixture.h"

#define FILE_A	"[file a]\nsize = 10 B\n"
#define FILE_B	"[file b]\nsize = 20 B\n"
#define SERVER	"[process s]\nprogram = httpd\n"
#define CLIENT	"[process c]\nprogram = client\nhost = clients\nfiles = a\n"
#define SERVED	FILE_A SERVER CLIENT

/* assert_only: this is the one mistake of the text, whatever follows in it */
static void
assert_only(const char *text, const char *expected)
{
	struct scn_fixture fix = fix_load(text, NULL);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 1 && fix_says(&fix, expected),
	    "expected \"%s\":%s", expected, all);
	fix_fini(&fix);
}

static void
assert_good(const char *text)
{
	struct scn_fixture fix = fix_load(text, NULL);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.scn != NULL, "%s", all);
	fix_fini(&fix);
}

/* assert_list: what a list of files is, "name percent" each */
static void
assert_list(const char *text, const char *expected)
{
	g_autofree char *wrong = NULL;
	g_autoptr(GArray) list = scn_files_parse(text, &wrong);
	g_autoptr(GString) got = g_string_new(NULL);

	ck_assert_msg(list != NULL, "%s: %s", text, wrong);
	for (size_t i = 0; i < list->len; i++) {
		const struct scn_file_entry *entry =
		    &g_array_index(list, struct scn_file_entry, i);

		g_string_append_printf(got, "%s %d;", entry->name,
		    (int)entry->percent);
	}
	ck_assert_str_eq(got->str, expected);
}

static void
assert_bad_list(const char *text, const char *expected)
{
	g_autofree char *wrong = NULL;

	ck_assert_ptr_null(scn_files_parse(text, &wrong));
	ck_assert_str_eq(wrong, expected);
}

START_TEST(lists_of_files)
{
	assert_list("a", "a 0;");
	assert_list("a,b , c-d_9", "a 0;b 0;c-d_9 0;");
	assert_list("a 100 %", "a 100;");
	assert_list("a 1%,b\t99  %", "a 1;b 99;");
	assert_bad_list("", "is empty");
	assert_bad_list("a,,b", "has \"\", which is no NAME or NAME N %");
	assert_bad_list("a,", "has \"\", which is no NAME or NAME N %");
	assert_bad_list("a.b", "has \"a.b\", which is no NAME or NAME N %");
	assert_bad_list("a 30", "has \"a 30\", which is no NAME or NAME N %");
	assert_bad_list("a 0 %", "has \"a 0 %\", which is no NAME or NAME N "
	    "%");
	assert_bad_list("a 101 %", "has \"a 101 %\", which is no NAME or NAME "
	    "N %");
	assert_bad_list("a 1.5 %", "has \"a 1.5 %\", which is no NAME or NAME "
	    "N %");
	assert_bad_list("a %", "has \"a %\", which is no NAME or NAME N %");
	assert_bad_list("a, b, a", "names \"a\" twice");
	assert_bad_list("a 50 %, b", "gives a share to some and not to others");
	assert_bad_list("a 50 %, b 49 %", "has shares of 99 % in all");
}
END_TEST

START_TEST(bad_list_is_told)
{
	assert_only(FILE_A "[process w]\nprogram = mmapwin\nfiles = a,,\n",
	    "t.scn:5: error: [process w] files: \"a,,\" has \"\", which is no "
	    "NAME or NAME N %; permitted: a list of [file NAME]s");
}
END_TEST

START_TEST(files_that_there_are)
{
	assert_good(FILE_A FILE_B "[process w]\nprogram = mmapwin\n"
	    "files = b, a\n");
	assert_only(FILE_A FILE_B "[process w]\nprogram = mmapwin\n"
	    "files = a, bb\n", "t.scn:7: error: [process w] files: there is no "
	    "[file NAME] named \"bb\"; there are a, b; did you mean \"b\"?");
	assert_only(FILE_A "[process w]\nprogram = mmapwin\nfiles = index\n",
	    "there is no [file NAME] named \"index\"; there is a");
	assert_only("[process w]\nprogram = mmapwin\nfiles = x\n",
	    "there is no [file NAME] named \"x\"; there is none at all");
	assert_only(FILE_A "[process w]\nprogram = mmapwin\n",
	    "t.scn:4: error: [process w] program: it needs the key files");
	assert_only(FILE_A FILE_B "[process w]\nprogram = filecopy\n"
	    "files = a 10 %, b 90 %\n", "t.scn:7: error: [process w] files: "
	    "only a client takes files by chance");
	/* a variant's list is looked at as well, and told where it stands */
	assert_only(FILE_A "[process w]\nprogram = mmapwin\nfiles = a\n"
	    "[variant v]\nprocess.w.files = q\n", "t.scn:7: error: [process w] "
	    "files: there is no [file NAME] named \"q\"");
}
END_TEST

/* where copies go: to a file that there is, and is not copied */
START_TEST(copies)
{
	assert_good(FILE_A FILE_B "[process w]\nprogram = filecopy\n"
	    "files = a\ncopy_to = b\n");
	assert_only(FILE_A FILE_B "[process w]\nprogram = filecopy\n"
	    "files = a\ncopy_to = c\n", "[process w] copy_to: there is no "
	    "[file NAME] named \"c\"; there are a, b");
	assert_only(FILE_A FILE_B "[process w]\nprogram = filecopy\n"
	    "files = a, b\ncopy_to = b\n", "[process w] copy_to: no file is "
	    "copied to itself");
}
END_TEST

START_TEST(groups_of_files)
{
	assert_only("[file f]\ncached = yes\n[process p]\n",
	    "t.scn:1: error: [file f]: has no size; write size = BYTES");
	assert_only(FILE_A FILE_A "[process p]\n",
	    "t.scn:3: error: [file a]: a second file of that name");
	assert_only("[file]\nsize = 1 B\n[process p]\n",
	    "t.scn:1: error: [file]: bad name; permitted: [file NAME]");
	assert_only(FILE_A "[process p]\n[variant v]\nfile.b.size = 1 B\n",
	    "t.scn:5: error: [variant v] file.b.size: there is no [file NAME] "
	    "named \"b\"; there is a; did you mean \"a\"?");
	assert_only(FILE_A "[process p]\n[variant v]\nfile.a.sise = 1 B\n",
	    "unknown key \"sise\" in [file]; did you mean \"size\"?");
	assert_only("[process p]\ncached = yes\n",
	    "unknown key; it belongs to [file NAME]");
	assert_only("[process p]\n[variant v]\nfile.size = 1 B\n",
	    "is no full name; permitted: GROUP.KEY, process.NAME.KEY or "
	    "file.NAME.KEY");
}
END_TEST

START_TEST(files_in_variants_and_overrides)
{
	static const char *const overrides[] = { "file.a.size=1 MiB", NULL };
	static const char text[] = FILE_A FILE_B "[process w]\n"
	    "program = mmapwin\nfiles = a\n"
	    "[variant u]\n[variant v]\nfile.b.size = 7 B\n"
	    "file.a.cached = yes\n";
	struct scn_fixture fix = fix_load(text, overrides);
	const struct scn_point *u, *v;

	ck_assert_ptr_nonnull(fix.scn);
	u = scn_point(fix.scn, 0);
	v = scn_point(fix.scn, 1);
	ck_assert_uint_eq(scn_n_files(u), 2);
	ck_assert_str_eq(scn_file_name(v, 1), "b");
	ck_assert_int_eq(scn_file_get(u, 0, SCN_FILE_SIZE), 1048576);
	ck_assert_int_eq(scn_file_get(v, 0, SCN_FILE_SIZE), 1048576);
	ck_assert_int_eq(scn_file_get(u, 1, SCN_FILE_SIZE), 20);
	ck_assert_int_eq(scn_file_get(v, 1, SCN_FILE_SIZE), 7);
	ck_assert(!scn_file_get(u, 0, SCN_FILE_CACHED) &&
	    scn_file_get(v, 0, SCN_FILE_CACHED));
	fix_fini(&fix);
}
END_TEST

START_TEST(who_runs_where)
{
	assert_good(SERVED);
	assert_only(FILE_A SERVER "[process c]\nprogram = client\nfiles = a\n",
	    "t.scn:6: error: [process c] program: a client needs host = "
	    "clients; program is client, host is board");
	assert_only("[process p]\nhost = clients\n", "t.scn:2: error: "
	    "[process p] host: clients run the program client only; program "
	    "is ttcp, host is clients");
	assert_only(FILE_A "[peer]\nkind = host\n[process w]\n"
	    "program = mmapwin\nhost = peer\nfiles = a\n",
	    "t.scn:7: error: [process w] host: it needs files, and only the "
	    "board has a disk; program is mmapwin, host is peer");
	assert_only(SERVED "[peer]\nkind = host\n", "t.scn:10: error: [peer] "
	    "kind: clients need kind = ideal in [peer]; host is clients, kind "
	    "is host");
}
END_TEST

START_TEST(who_answers_whom)
{
	assert_only(FILE_A CLIENT "port = 80\n" SERVER "port = 81\n"
	    "[process d]\nprogram = client\nhost = clients\nfiles = a\n"
	    "port = 81\n",
	    "t.scn:7: error: [process c] port: nobody answers at that port of "
	    "the board; ftpd, httpd, smbd or nfsd would");
	assert_only(SERVER, "t.scn:2: error: [process s] program: nobody asks "
	    "it; a client with its port would");
	assert_only(FILE_A "[process s]\nprogram = nfsd\n" CLIENT
	    "piece = 33 KiB\n", "t.scn:9: error: [process c] piece: an NFS "
	    "client asks for a piece of at most 32 KiB");
	assert_good(FILE_A "[process s]\nprogram = nfsd\n" CLIENT
	    "piece = 32 KiB\n");
	assert_only(FILE_A "[process s]\nprogram = smbd\n" CLIENT
	    "piece = whole\n", "t.scn:9: error: [process c] piece: an SMB "
	    "client asks for a piece of at most 64 KiB");
	assert_only(FILE_A "[process s]\nprogram = ftpd\n" CLIENT
	    "requests = 2\n", "t.scn:9: error: [process c] requests: ftpd "
	    "sends one file over a connection");
	assert_only(FILE_A "[process s]\nprogram = ftpd\n" CLIENT
	    "piece = 1 B\n", "t.scn:9: error: [process c] piece: ftpd sends "
	    "whole files");
	assert_only(SERVED "think_spread = 10 %\n", "t.scn:9: error: "
	    "[process c] think_spread: a spread says nothing without a time to "
	    "think; think_spread is 10 %, think is 0 s");
	assert_only(SERVED "abandon_after = 1 KiB\n", "t.scn:9: error: "
	    "[process c] abandon_after: when to abandon says nothing without "
	    "how often; abandon_after is 1 KiB, abandon is 0 %");
	/* a client alone: that its files are missing is told beside */
	assert_only(FILE_A CLIENT, "t.scn:3: error: [process c] port: nobody "
	    "answers");
}
END_TEST

START_TEST(networks)
{
	static const char small[] = "platform = " TEST_SOURCE_DIR
	    "/tests/platforms/small.xml\n";
	static const char bad[] = "[network]\nboard = server\nplatform = "
	    TEST_SOURCE_DIR "/tests/platforms/malformed.xml\n" SERVED;
	g_autofree char *no_board = g_strconcat("[network]\n", small,
	    SERVED, NULL);
	g_autofree char *on_small = g_strconcat("[network]\nboard = server\n",
	    small, NULL);
	g_autofree char *own_rate = g_strconcat(on_small,
	    "client_rate = 1 Mbit/s\n", SERVED, NULL);
	g_autofree char *good = g_strconcat(on_small, SERVED
	    "at = near, far\n", NULL);
	g_autofree char *no_at = g_strconcat(on_small, SERVED
	    "at = near, fra\n", NULL);
	g_autofree char *at_board = g_strconcat(on_small, SERVED
	    "at = near, server\n", NULL);
	g_autofree char *other_board = g_strconcat("[network]\n", small,
	    "board = b\n", SERVED, NULL);

	assert_only("[network]\nclient_delay = 1 ms\n[process p]\n",
	    "t.scn:2: error: [network] client_delay: nobody is on the network; "
	    "a process with host = clients would be, or a replay that was "
	    "called");
	assert_only("[network]\nplatform = none.xml\nboard = b\n" SERVED,
	    "t.scn:2: error: [network] platform: none.xml cannot be read: "
	    "No such file or directory");
	assert_only("[network]\nplatform = /\nboard = b\n" SERVED,
	    "[network] platform: / cannot be read: it is a directory");
	assert_only(no_board, "t.scn:2: error: [network] platform: which of "
	    "its hosts is the board? write board = NAME");
	assert_only(own_rate, "t.scn:4: error: [network] client_rate: a "
	    "platform has links of its own");
	assert_only("[network]\nboard = b\n" SERVED, "t.scn:2: error: "
	    "[network] board: only a platform from a file has hosts with "
	    "names; board is \"b\", platform is \"star\"");
	assert_only(SERVED "at = x\n", "t.scn:9: error: [process c] at: the "
	    "clients of a star have no names");
	assert_only(bad, "malformed.xml:6: error: no well-formed XML: ");
	assert_only(other_board, "t.scn:3: error: [network] board: "
	    TEST_SOURCE_DIR "/tests/platforms/small.xml has no host \"b\"; "
	    "there are: server, near, far");
	assert_only(no_at, "t.scn:12: error: [process c] at: "
	    TEST_SOURCE_DIR "/tests/platforms/small.xml has no host \"fra\"; "
	    "there are: server, near, far; did you mean \"far\"?");
	assert_only(at_board, "t.scn:12: error: [process c] at: that host is "
	    "the board, and no client's; at is \"near, server\", board is "
	    "\"server\"");
	assert_good(good);
}
END_TEST

START_TEST(traces)
{
	assert_only("[process r]\nprogram = replay\n", "t.scn:2: error: "
	    "[process r] program: replay needs a trace; write trace = PATH");
	assert_only("[process r]\nprogram = replay\ntrace = no.strace\n",
	    "t.scn:3: error: [process r] trace: no.strace cannot be read: "
	    "No such file or directory");
	assert_only("[process r]\nprogram = replay\ntrace = /\n",
	    "t.scn:3: error: [process r] trace: / cannot be read: it is a "
	    "directory");
	/* one that makes no sense: the line of the recording */
	assert_only("[process r]\nprogram = replay\ntrace = " TEST_SOURCE_DIR
	    "/README.md\n", "t.scn:3: error: [process r] trace: "
	    TEST_SOURCE_DIR "/README.md:1: no line of it is a call as strace "
	    "prints it");
	assert_good("[process r]\nprogram = replay\ntrace = " TEST_SOURCE_DIR
	    "/scenarios/traces/nginx-nosendfile-1m.strace\n");
}
END_TEST

/* ttcp takes a pattern, or files; and those are the board's */
START_TEST(files_of_ttcp)
{
	assert_good("[file a]\nsize = 1 B\n[process p]\nfiles = a\n");
	assert_good("[process p]\n");
	assert_good("[process p]\nfiles = none\n");
	assert_only("[peer]\nkind = host\n[file a]\nsize = 1 B\n"
	    "[process p]\nfiles = a\nhost = peer\n",
	    "t.scn:7: error: [process p] host: it needs files, and only the "
	    "board has a disk");
}
END_TEST

/* nginx was called, iperf3 called out; of one that is lost nobody knows */
START_TEST(networks_of_replays)
{
	static const char network[] = "[network]\nclient_delay = 1 ms\n";
	g_autofree char *called = g_strconcat(network, "[process r]\n"
	    "program = replay\ntrace = " TEST_SOURCE_DIR
	    "/scenarios/traces/nginx-nosendfile-1m.strace\n", NULL);
	g_autofree char *calls = g_strconcat(network, "[process r]\n"
	    "program = replay\ntrace = " TEST_SOURCE_DIR
	    "/scenarios/traces/iperf3-client-bulk-16m.strace\n", NULL);
	g_autofree char *lost = g_strconcat(network, "[process r]\n"
	    "program = replay\ntrace = no.strace\n", NULL);
	g_autofree char *far = g_strconcat("[peer]\nkind = host\n",
	    called + strlen(network), NULL);

	assert_good(called);
	assert_only(calls, "t.scn:2: error: [network] client_delay: nobody is "
	    "on the network");
	assert_only(lost, "no.strace cannot be read");
	assert_only(far, "t.scn:5: error: [process r] trace: its clients need "
	    "kind = ideal in [peer]");
}
END_TEST

START_TEST(events_without_buffers)
{
	static const char server[] = FILE_A "[process s]\nprogram = httpd\n"
	    "events = poll\n%s" CLIENT;
	g_autofree char *reads = g_strdup_printf(server, "");
	g_autofree char *maps = g_strdup_printf(server, "method = mmap\n");

	assert_only(reads, "t.scn:5: error: [process s] events: who serves "
	    "all connections at once has files mapped: method = mmap");
	assert_good(maps);
	/* a program that does not take it, at all or in a variant */
	assert_only(FILE_A "[process s]\nprogram = nfsd\nevents = poll\n"
	    CLIENT "piece = 4 KiB\n", "t.scn:5: error: [process s] events: "
	    "nfsd does not take it; those that do: httpd");
	assert_good(FILE_A "[process s]\nprogram = httpd\nmethod = mmap\n"
	    "events = poll\n" CLIENT "[variant poll]\n[variant ftp]\n"
	    "process.s.program = ftpd\nprocess.s.method = read\n");
}
END_TEST

START_TEST(keys_of_other_programs)
{
	assert_only("[process p]\nwindow = 4 KiB\n", "t.scn:2: error: "
	    "[process p] window: ttcp does not take it; those that do: "
	    "mmapwin, ftpd, filecopy");
	assert_only(FILE_A "[process s]\nprogram = nfsd\nmethod = mmap\n"
	    CLIENT "piece = 1 KiB\n", "t.scn:5: error: [process s] method: "
	    "nfsd does not take it; those that do: ftpd, httpd, smbd, "
	    "filecopy");
	assert_only(SERVED "backlog = 3\n", "t.scn:9: error: [process c] "
	    "backlog: client does not take it");
	assert_only(FILE_A "[process w]\nprogram = mmapwin\nfiles = a\n"
	    "window = 4097 B\n", "t.scn:6: error: [process w] window: a "
	    "window has whole pages, of 4 KiB");
	/* one that is bad in itself is told once */
	assert_only("[process p]\nwindow = 1 B\n", "\"1 B\" is out of range");
	/* all that every program may be told stays so */
	assert_good("[process p]\nread_size = 1 B\non_enobufs = sleep\n");
}
END_TEST

START_TEST(variants_may_differ_in_programs)
{
	static const char both[] = FILE_A "[process s]\nmethod = mmap\n"
	    "response_header = 1 B\n"
	    CLIENT "[variant h]\nprocess.s.program = httpd\n"
	    "[variant f]\nprocess.s.program = ftpd\n";
	static const char none[] = FILE_A "[process s]\n"
	    "response_header = 1 B\n" CLIENT
	    "[variant f]\nprocess.s.program = ftpd\n"
	    "[variant g]\nprocess.s.program = ftpd\n";

	assert_good(both);
	assert_only(none, "t.scn:4: error: [process s] response_header: ftpd "
	    "does not take it; those that do: httpd, smbd, nfsd");
	assert_only(SERVED "[variant v]\nprocess.c.window = 4 KiB\n",
	    "t.scn:10: error: [process c] window: client does not take it");
}
END_TEST

START_TEST(axes_that_somebody_takes)
{
	assert_good(SERVED "[sweep]\nfile.a.size = 1 KiB .. 4 KiB * 2\n"
	    "process.c.requests = 1, 10\n");
	assert_only(SERVED "[sweep]\nprocess.c.window = 4 KiB, 8 KiB\n",
	    "t.scn:10: error: [sweep] process.c.window: client does not take "
	    "it");
	assert_good(SERVED "[process q]\nwindow = 4 KiB\nfiles = a\n"
	    "[sweep]\nprocess.q.program = ttcp, mmapwin\n");
	assert_only(SERVED "[sweep]\nprocess.c.files = a\n",
	    "can be no axis; permitted: in a [variant NAME]");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("rules");
	TCase *tc = tcase_create("rules");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, lists_of_files);
	tcase_add_test(tc, bad_list_is_told);
	tcase_add_test(tc, files_that_there_are);
	tcase_add_test(tc, copies);
	tcase_add_test(tc, groups_of_files);
	tcase_add_test(tc, files_in_variants_and_overrides);
	tcase_add_test(tc, who_runs_where);
	tcase_add_test(tc, who_answers_whom);
	tcase_add_test(tc, networks);
	tcase_add_test(tc, traces);
	tcase_add_test(tc, files_of_ttcp);
	tcase_add_test(tc, networks_of_replays);
	tcase_add_test(tc, events_without_buffers);
	tcase_add_test(tc, keys_of_other_programs);
	tcase_add_test(tc, variants_may_differ_in_programs);
	tcase_add_test(tc, axes_that_somebody_takes);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
