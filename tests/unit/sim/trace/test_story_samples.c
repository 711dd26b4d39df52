/*
 * Four real recordings, whole, cut and damaged.
 */
#include <stdio.h>

#include "tests/unit/sim/trace/story_script.h"

enum { N_MUTATIONS = 1500, N_CUTS = 300 };

static const char *const samples[] = {
	"apache-mmap-1m", "nginx-nosendfile-1m", "iperf3-client-bulk-16m",
	"lighttpd-ten-20k"
};

static char *
sample_text(int i, size_t *n)
{
	g_autofree char *path = g_strdup_printf(
	    "%s/scenarios/traces/%s.strace", TEST_SOURCE_DIR, samples[i]);
	char *text;

	ck_assert(g_file_get_contents(path, &text, n, NULL));
	return text;
}

static struct story *
load_sample(int i)
{
	size_t n;
	g_autofree char *text = sample_text(i, &n);

	return load(text);
}

static const struct story_process *
only_process(const struct story *story)
{
	ck_assert_uint_eq(story->processes->len, 1);
	ck_assert_uint_eq(n_of(story, FATE_UNKNOWN), 0);
	return story_process_at(story, 0);
}

/*
 * The file is 1048576 bytes and mapped whole; the header is 211.  It reads the
 * end of the connection twice, before and after its shutdown.
 */
START_TEST(test_apache)
{
	struct story *story = load_sample(0);
	const struct story_process *process = only_process(story);
	const struct story_connection *conn;

	assert_part(&process->recorded, "accept(0) receive(0:86) open(1) "
	    "mmap(0:0+1048576) say(0) send(0:211@b0+0!,1048576@m0+0) "
	    "munmap(0:0+1048576) close(1) end(0) shutdown(0) end(0) "
	    "close(0)");
	assert_part(&process->as_mmap, "accept(0) receive(0:86) open(1) "
	    "mmap(0:0+1048576) say(0) send(0:211@b0+0!,1048576@m0+0) "
	    "munmap(0:0+1048576) close(1) end(0) shutdown(0) end(0) "
	    "close(0)");
	conn = &g_array_index(story->connections, struct story_connection, 0);
	ck_assert(conn->client_closes);
	story_free(story);
}
END_TEST

/* 32 * 32768 = 1048576, through one buffer; 246 of header with the first */
START_TEST(test_nginx)
{
	struct story *story = load_sample(1);
	const struct story_process *process = only_process(story);
	GString *recorded = g_string_new("accept(0) receive(0:86) open(1)");
	GString *mapped = g_string_new(recorded->str);

	for (int i = 0; i < 32; i++) {
		const char *head = i == 0 ? "246@b1+0!," : "";
		const char *say = i == 0 ? " say(0)" : "";

		g_string_append_printf(recorded, " read(1:%d+32768>0+0)%s "
		    "send(0:%s32768@r0+0)", 32768 * i, say, head);
		g_string_append_printf(mapped, " mmap(%d:%d+32768)%s "
		    "send(0:%s32768@m%d+0) munmap(%d:0+32768)", i, 32768 * i,
		    say, head, i, i);
	}
	g_string_append(recorded, " close(1) end(0) close(0)");
	g_string_append(mapped, " close(1) end(0) close(0)");
	assert_part(&process->recorded, recorded->str);
	assert_part(&process->as_mmap, mapped->str);
	g_string_free(recorded, TRUE);
	g_string_free(mapped, TRUE);
	story_free(story);
}
END_TEST

/* 128 writes of 131072 from a file of that size that it has mapped. */
START_TEST(test_iperf3)
{
	struct story *story = load_sample(2);
	const struct story_part *part = &only_process(story)->recorded;
	int64_t bytes = 0;
	guint n = 0;

	for (guint i = 0; i < part->pieces->len; i++) {
		const struct story_piece *piece =
		    &g_array_index(part->pieces, struct story_piece, i);

		if (piece->source != STORY_FROM_MAPPING)
			continue;
		ck_assert_int_eq(piece->len, 131072);
		ck_assert_int_eq(piece->offset, 0);
		bytes += piece->len;
		n++;
	}
	ck_assert_uint_eq(n, 128);
	ck_assert_int_eq(bytes, 16777216);
	ck_assert_uint_eq(story->connections->len, 0);
	story_free(story);
}
END_TEST

/* One loop of epoll, ten connections; four files, opened for all of them. */
START_TEST(test_lighttpd)
{
	struct story *story = load_sample(3);
	const struct story_process *process = story_process_at(story, 0);
	guint n_shared = 0;

	ck_assert_uint_eq(story->processes->len, 1);
	ck_assert(process->is_events);
	ck_assert_uint_eq(process->n_lanes, 10);
	for (guint i = 0; i < process->recorded.ops->len; i++) {
		const struct story_op *op = &g_array_index(
		    process->recorded.ops, struct story_op, i);

		n_shared += op->kind == STORY_OPEN &&
		    op->strand == STORY_SHARED;
		if (op->kind == STORY_SENDFILE)
			ck_assert_int_eq(op->len, 20480);
	}
	ck_assert_uint_eq(n_shared, 4);
	story_free(story);
}
END_TEST

static int64_t
buffer_of(const struct story_part *part, uint32_t i)
{
	ck_assert_uint_lt(i, part->buffers->len);
	return g_array_index(part->buffers, int64_t, i);
}

/* Whatever comes out of it: every index is one of something. */
static void
assert_sound(const struct story *story, const struct story_part *part)
{
	for (guint i = 0; i < part->ops->len; i++) {
		const struct story_op *op =
		    &g_array_index(part->ops, struct story_op, i);

		ck_assert(op->handle < part->n_handles ||
		    op->handle == STORY_NONE);
		ck_assert_int_ge(op->len, 0);
		ck_assert_int_ge(op->offset, 0);
		ck_assert_int_ge(op->think_ns, 0);
		ck_assert_uint_le((guint64)op->first_piece + op->n_pieces,
		    part->pieces->len);
		if (op->kind == STORY_READ)
			ck_assert_int_le(op->at + op->len,
			    buffer_of(part, op->index));
		else if (op->kind == STORY_OPEN)
			ck_assert_uint_lt(op->index, story->files->len);
		else if (op->kind == STORY_ACCEPT || op->kind == STORY_SAY)
			ck_assert_uint_lt(op->index,
			    story->connections->len);
	}
	for (guint i = 0; i < part->pieces->len; i++) {
		const struct story_piece *piece =
		    &g_array_index(part->pieces, struct story_piece, i);

		ck_assert_int_gt(piece->len, 0);
		ck_assert_int_ge(piece->offset, 0);
		if (piece->source == STORY_FROM_MAPPING)
			ck_assert_uint_lt(piece->index, part->n_mappings);
		else
			ck_assert_int_le(piece->offset + piece->len,
			    buffer_of(part, piece->index));
	}
}

/* Each operation has its place, and no accept is done before all others. */
static void
assert_strands(const struct story_process *process,
    const struct story_part *part)
{
	for (guint i = 0; i < part->ops->len && process->is_events; i++) {
		const struct story_op *op =
		    &g_array_index(part->ops, struct story_op, i);

		if (op->kind == STORY_ACCEPT || op->kind == STORY_SAY ||
		    op->kind == STORY_SEND || op->kind == STORY_RECEIVE)
			ck_assert_uint_lt(op->strand, process->n_lanes);
		else
			ck_assert(op->strand < process->n_lanes ||
			    op->strand == STORY_FIRST ||
			    op->strand == STORY_SHARED);
	}
}

static void
load_damaged(const char *text, size_t n)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	char *copy = g_memdup2(text, n);	/* its end is watched */
	struct story *story = story_load_text("x", copy, n, errors);

	ck_assert((story == NULL) == (errors->len > 0));
	for (guint i = 0; story != NULL && i < story->processes->len; i++) {
		const struct story_process *process =
		    story_process_at(story, i);

		assert_sound(story, &process->recorded);
		assert_sound(story, &process->as_mmap);
		assert_strands(process, &process->recorded);
		assert_strands(process, &process->as_mmap);
	}
	story_free(story);
	g_free(copy);
}

START_TEST(test_cuts)
{
	size_t n;
	g_autofree char *text = sample_text(_i, &n);

	for (size_t i = 0; i < N_CUTS; i++)
		load_damaged(text, n * i / N_CUTS + i % 7);
	for (size_t i = 0; i < N_CUTS; i++)
		load_damaged(text + n * i / N_CUTS, n - n * i / N_CUTS);
}
END_TEST

/* Digits and words of some lines, so that what is broken still makes sense. */
static void
mutate(GRand *random, char *text, size_t n)
{
	for (int k = g_rand_int_range(random, 1, 60); k > 0; k--) {
		char *at = text + g_rand_int_range(random, 0, (gint32)n);

		if (g_ascii_isdigit(*at))
			*at = (char)('0' + g_rand_int_range(random, 0, 10));
		else if (*at == '\n' && g_rand_boolean(random))
			*at = ' ';
	}
}

/* Lines change places. */
static void
shuffle(GRand *random, char **lines, guint n)
{
	for (int k = g_rand_int_range(random, 0, 40); k > 0; k--) {
		char **a = &lines[g_rand_int_range(random, 0, (gint32)n)];
		char **b = &lines[g_rand_int_range(random, 0, (gint32)n)];
		char *line = *a;

		*a = *b;
		*b = line;
	}
}

START_TEST(test_mutations)
{
	size_t n;
	g_autofree char *text = sample_text(_i, &n);
	guint32 seed = g_random_int();
	GRand *random = g_rand_new_with_seed(seed);

	fprintf(stderr, "%s: mutations with seed %u\n", samples[_i], seed);
	for (int i = 0; i < N_MUTATIONS / 3; i++) {
		char **lines = g_strsplit(text, "\n", -1);
		char *mixed;

		shuffle(random, lines, g_strv_length(lines));
		mixed = g_strjoinv("\n", lines);
		if (i % 3 > 0)
			mutate(random, mixed, n);
		load_damaged(mixed, n);
		g_free(mixed);
		g_strfreev(lines);
	}
	g_rand_free(random);
}
END_TEST

/* A recording of 1 MB in less than 0.1 s; said, not asserted, when slower. */
START_TEST(test_speed)
{
	GString *all = g_string_new(NULL);
	gint64 before;

	for (int i = 0; all->len < 1000000; i++) {
		size_t n;
		g_autofree char *text = sample_text(i % 3, &n);

		g_string_append(all, text);
	}
	before = g_get_monotonic_time();
	story_free(load(all->str));
	fprintf(stderr, "%zu bytes in %" G_GINT64_FORMAT " us\n", all->len,
	    g_get_monotonic_time() - before);
	g_string_free(all, TRUE);
}
END_TEST

/* Many descriptors, and as many processes that would inherit them. */
START_TEST(test_many_descriptors)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < 8000; i++)
		g_string_append_printf(text, "1 open(\"/f%d\", O_RDONLY) = "
		    "%d\n", i, i + 3);
	for (int i = 0; i < 8000; i++)
		g_string_append_printf(text, "%d close(3) = 0\n", i + 10);
	story_free(load(text->str));
	g_string_free(text, TRUE);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("samples");
	Suite *s = suite_create("trace.story_samples");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tc, 240);
	tcase_add_test(tc, test_apache);
	tcase_add_test(tc, test_nginx);
	tcase_add_test(tc, test_iperf3);
	tcase_add_test(tc, test_lighttpd);
	tcase_add_loop_test(tc, test_cuts, 0, G_N_ELEMENTS(samples));
	tcase_add_loop_test(tc, test_mutations, 0, G_N_ELEMENTS(samples));
	tcase_add_test(tc, test_speed);
	tcase_add_test(tc, test_many_descriptors);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
