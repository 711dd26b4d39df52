/*
 * Whole recordings: halves, pids, times; three samples, cut and damaged.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/trace/strace_read.h"

enum { N_SEEN = 8, N_MUTATIONS = 100000 };

static struct seen {
	enum st_kind kind;
	int64_t pid, time_ns, result;
	size_t at;
} seen[N_SEEN];
static size_t n_seen;
static int64_t written;		/* bytes asked for, of sockets */
static size_t n_bulk;		/* writes of 131072 and more */
static struct st_messages messages;
static struct st_counts counts;

static const char *const samples[] = {
	"iperf3-client-bulk-16m", "apache-mmap-1m", "nginx-nosendfile-1m"
};

static void
setup(void)
{
	st_messages_init(&messages);
	n_seen = 0;
	written = 0;
	n_bulk = 0;
}

static void
teardown(void)
{
	st_messages_fini(&messages);
}

static void
take(void *to, const struct st_line *line, size_t at)
{
	(void)to;
	if (n_seen < N_SEEN)
		seen[n_seen] = (struct seen){ line->kind, line->pid,
			line->time_ns, line->result.number, at };
	n_seen++;
}

static void
read_text(const char *text)
{
	st_read_text("x", text, strlen(text), take, NULL, &messages, &counts);
}

static const char *
message(enum st_severity severity)
{
	ck_assert_uint_eq(messages.texts[severity]->len, 1);
	return messages.texts[severity]->pdata[0];
}

START_TEST(test_halves)
{
	read_text("1 110000010.5 write(3, \"a\", 1 <unfinished ...>\n"
	    "2 110000010.6 close(4) = 0\n"
	    "1 110000010.7 <... write resumed>) = 1 <0.2>\n");
	ck_assert_uint_eq(n_seen, 2);
	ck_assert_int_eq(seen[0].pid, 2);
	ck_assert_int_eq(seen[1].pid, 1);
	ck_assert_uint_eq(seen[1].at, 1);
	ck_assert_int_eq(seen[1].time_ns, 110000010500000000);
	ck_assert_uint_eq(counts.n_joined, 1);
	ck_assert_uint_eq(messages.n_total[ST_ERROR], 0);
}
END_TEST

/* A comma or a bracket may be on either side of the cut. */
START_TEST(test_halves_inside)
{
	read_text("1 read(3,  <unfinished ...>\n"
	    "1 <... read resumed>\"a\"..., 100) = 100\n"
	    "1 close(3 <unfinished ...>\n1 <... close resumed> ) = 0\n");
	ck_assert_uint_eq(n_seen, 2);
	ck_assert_int_eq(seen[0].result, 100);
	ck_assert_uint_eq(seen[1].at, 3);
	ck_assert_uint_eq(messages.n_total[ST_ERROR], 0);
}
END_TEST

START_TEST(test_half_alone)
{
	read_text("1 read(3,  <unfinished ...>\n"
	    "2 <... read resumed>\"a\", 100) = 1\n"
	    "3 poll( <unfinished ...>\n3 +++ exited with 0 +++\n");
	ck_assert_uint_eq(n_seen, 3);
	ck_assert_int_eq(seen[0].kind, ST_UNFINISHED);
	ck_assert_uint_eq(seen[0].at, 3);
	ck_assert_int_eq(seen[1].kind, ST_EXIT);
	ck_assert_int_eq(seen[2].kind, ST_UNFINISHED);
	ck_assert_int_eq(seen[2].pid, 1);
	ck_assert_uint_eq(counts.n_unfinished, 2);
	ck_assert_uint_eq(counts.n_broken, 0);
	ck_assert_uint_eq(counts.n_headless, 1);
	ck_assert_str_eq(message(ST_NOTE),
	    "x:2: note: the rest of a call whose beginning is missing");
}
END_TEST

/* The process that was there first has no pid until there is a second. */
START_TEST(test_terminal)
{
	read_text("close(3) = 0\nstrace: Process 12 attached\n"
	    "[pid    12] close(3) = 0\n[pid    11] close(4) = 0\n"
	    "[pid    12] +++ exited with 0 +++\nclose(5) = 0\n");
	ck_assert_uint_eq(n_seen, 5);
	ck_assert_int_eq(seen[0].pid, 0);
	ck_assert_int_eq(seen[1].pid, 12);
	ck_assert_int_eq(seen[2].pid, 0);
	ck_assert_int_eq(seen[4].pid, 0);
	ck_assert_uint_eq(counts.n_texts, 1);
}
END_TEST

START_TEST(test_times)
{
	read_text("23:59:59.5 close(3) = 0\n00:00:00.5 close(4) = 0\n");
	ck_assert_int_eq(seen[1].time_ns - seen[0].time_ns, 1000000000);
	n_seen = 0;
	read_text("0.000000 close(3) = 0\n 0.25 close(4) = 0\n"
	    " 0.5 close(5) = 0\n");
	ck_assert_int_eq(seen[2].time_ns, 750000000);
	n_seen = 0;
	read_text("close(3) = 0\n");
	ck_assert_int_eq(seen[0].time_ns, 0);
}
END_TEST

START_TEST(test_cut_end)
{
	read_text("1 close(3) = 0\n1 close(4");
	ck_assert_uint_eq(n_seen, 1);
	ck_assert(counts.is_cut);
	ck_assert_uint_eq(messages.n_total[ST_ERROR], 0);
	ck_assert_str_eq(message(ST_NOTE),
	    "x:2: note: the recording is cut off in this line");
}
END_TEST

START_TEST(test_messages_bounded)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < 1000; i++)
		g_string_append(text, "1 close(\n");
	read_text(text->str);
	ck_assert_uint_eq(messages.texts[ST_ERROR]->len, ST_MESSAGES_MAX);
	ck_assert_uint_eq(messages.n_total[ST_ERROR], 1000);
	ck_assert_str_eq(messages.texts[ST_ERROR]->pdata[99],
	    "x:100: error: ends within the arguments");
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(test_no_file)
{
	GError *error = NULL;

	ck_assert(!st_read("/nonexistent", take, NULL, &messages, &counts,
	    &error));
	ck_assert_ptr_nonnull(error);
	g_error_free(error);
	read_text("");
	ck_assert_uint_eq(counts.n_lines, 0);
}
END_TEST

/* What is asked for with write and writev, of sockets. */
static void
add_up(void *to, const struct st_line *line, size_t at)
{
	const struct st_arg *fd = st_arg_at(line, 0);
	const struct st_arg *data = st_arg_at(line, 1);
	int64_t sum = 0;

	(void)to;
	(void)at;
	if (!st_text_begins(line->name, "write") || data == NULL ||
	    !st_text_begins(fd->name, "socket:"))
		return;
	if (st_text_is(line->name, "write"))
		sum = st_arg_at(line, 2)->number;
	else
		for (size_t i = (size_t)(data - line->args) + 1;
		    i < data->next; i = line->args[i].next)
			sum += st_arg_key(line, &line->args[i],
			    "iov_len")->number;
	if (sum >= 32768) {
		written += sum;
		n_bulk++;
	}
}

static char *
sample_path(int i)
{
	return g_strdup_printf("%s/tests/support/strace/%s.strace",
	    TEST_SOURCE_DIR, samples[i]);
}

/*
 * Large writes only: the rest belongs to iperf3's control connection.
 * iperf3 128 * 131072; apache 211 + 1048576; nginx 246 + 32 * 32768.
 */
START_TEST(test_sample)
{
	static const int64_t bytes[] = { 16777216, 1048787, 1048822 };
	static const size_t writes[] = { 128, 1, 32 };
	char *path = sample_path(_i);

	ck_assert(st_read(path, add_up, NULL, &messages, &counts, NULL));
	ck_assert_int_eq(written, bytes[_i]);
	ck_assert_uint_eq(n_bulk, writes[_i]);
	ck_assert_uint_eq(counts.n_broken + counts.n_texts, 0);
	ck_assert_uint_eq(messages.n_total[ST_ERROR], 0);
	ck_assert(!counts.is_cut);
	g_free(path);
}
END_TEST

static void
read_copy(const char *text, size_t n)
{
	char *copy = g_memdup2(text, n);	/* its end is watched */

	st_read_text("x", copy, n, take, NULL, &messages, &counts);
	g_free(copy);
}

/*
 * Each prefix of a sample ends in one line that may be broken: that line
 * alone, and the text before it only every so often, which is the same.
 */
START_TEST(test_prefixes)
{
	char *path = sample_path(_i), *text;
	size_t n, start = 0;

	ck_assert(g_file_get_contents(path, &text, &n, NULL));
	for (size_t i = 0; i < n; i++) {
		read_copy(text + start, i - start);
		ck_assert_uint_eq(counts.n_broken, 0);
		if (i % 997 == 0)
			read_copy(text, i);
		if (text[i] == '\n')
			start = i + 1;
	}
	g_free(text);
	g_free(path);
}
END_TEST

/* Some lines of a sample, with some of their bytes replaced. */
START_TEST(test_mutations)
{
	static const char signs[] = "\"\\[]{}()<>,.=->\n 09?\0\xff";
	char *path = sample_path(_i), *text;
	guint32 seed = g_random_int();
	GRand *random = g_rand_new_with_seed(seed);
	size_t n;

	fprintf(stderr, "%s: mutations with seed %u\n", samples[_i], seed);
	ck_assert(g_file_get_contents(path, &text, &n, NULL));
	for (int i = 0; i < N_MUTATIONS / 3 + 1; i++) {
		gint32 at = g_rand_int_range(random, 0, (gint32)n - 600);
		char *copy = g_memdup2(text + at, 600);

		for (int k = g_rand_int_range(random, 1, 8); k > 0; k--)
			copy[g_rand_int_range(random, 0, 600)] =
			    signs[g_rand_int_range(random, 0,
			    (gint32)sizeof(signs) - 1)];
		st_read_text("x", copy, 600, take, NULL, &messages, &counts);
		g_free(copy);
	}
	g_rand_free(random);
	g_free(text);
	g_free(path);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("read");
	Suite *s = suite_create("trace.strace_read");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_halves);
	tcase_add_test(tc, test_halves_inside);
	tcase_add_test(tc, test_half_alone);
	tcase_add_test(tc, test_terminal);
	tcase_add_test(tc, test_times);
	tcase_add_test(tc, test_cut_end);
	tcase_add_test(tc, test_messages_bounded);
	tcase_add_test(tc, test_no_file);
	tcase_add_loop_test(tc, test_sample, 0, 3);
	tcase_add_loop_test(tc, test_prefixes, 0, 3);
	tcase_add_loop_test(tc, test_mutations, 0, 3);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
